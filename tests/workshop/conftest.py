"""Fixtures of the workshop."""

import copy

import pytest
from django.db import transaction

from cheyi.foundation.scope import within
from tests.workshop.shop import open_shop


@pytest.fixture(scope="module")
def kept_shop(django_db_setup, django_db_blocker):
    """A garage, opened once for all tests of a file: each takes back what it did there."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        kept = open_shop()
    yield kept
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def shop(kept_shop, db):
    """The garage as it was opened, its store's scope open."""
    shop = copy.deepcopy(kept_shop)
    with within(shop.store):
        yield shop
