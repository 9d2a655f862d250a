"""Fixtures of the journeys."""

import pytest

from tests.journeys.garage import open_garage


@pytest.fixture
def store(db):
    with open_garage() as garage:
        yield garage
