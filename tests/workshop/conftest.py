"""Fixtures of the workshop."""

import pytest

from cheyi.foundation.scope import within
from tests.workshop.shop import open_shop


@pytest.fixture
def shop(db):
    shop = open_shop()
    with within(shop.store):
        yield shop
