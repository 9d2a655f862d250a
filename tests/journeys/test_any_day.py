"""Whatever people try, in whatever order: the books add up after each act, and a refusal leaves no trace (reliability.md 10).

ANY_DAYS=1000 plays more days than every commit can afford; each day is drawn from its number, which a failure names.
"""

import os

import pytest

from cheyi.foundation.scope import within
from tests.journeys.any_day import PLATES, AnyDay
from tests.workshop.shop import VIN, open_shop

DAYS, ACTS = int(os.environ.get("ANY_DAYS", "6")), 80


@pytest.fixture
def shop(db):
    shop = open_shop()
    with within(shop.store):
        for place, plate in enumerate(PLATES):
            owner = shop.customer(f"方志{'强明华'[place]}", f"1990000111{place}")
            shop.car(plate, owner=owner, vin="" if place else VIN)
        yield shop


@pytest.mark.parametrize("seed", range(DAYS))
def test_the_books_add_up_after_every_act_of_any_day(shop, seed):
    AnyDay(shop, seed).play(ACTS)
