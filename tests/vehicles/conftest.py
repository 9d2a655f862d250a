"""Fixtures for cars."""

import pytest

from cheyi.foundation.scope import within
from tests.customers.people import open_street


@pytest.fixture
def street(db):
    """Three stores; the home store's scope is open."""
    made = open_street()
    with within(made.home):
        yield made
