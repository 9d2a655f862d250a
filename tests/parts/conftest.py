"""Fixtures of the parts store."""

import pytest

from cheyi.foundation.scope import within
from tests.parts.stockroom import open_stockroom


@pytest.fixture
def stockroom(db):
    """The home store with its shelves, its scope open."""
    room = open_stockroom()
    with within(room.store):
        yield room
