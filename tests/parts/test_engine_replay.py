"""Some weeks of a small simulated store, replayed: the same world for every buyer, books that add up, and the engine ahead."""

from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest

from cheyi.kernel import Quantity, Rate
from cheyi.parts.engine.history import Asked, Window, month_series
from cheyi.parts.engine.supersession import heirs
from tests.simulators.parts_buyers import Computed, by_hand
from tests.simulators.parts_levels import ClassicLevels, EngineLevels
from tests.simulators.parts_replay import Shop, result, sold
from tests.simulators.parts_store import START, world

DAYS = 260
WARM = 270


@pytest.fixture(scope="module")
def small():
    return world(3, stores=2, visits=5.0, days=WARM + DAYS + 1, models=8)


@pytest.fixture(scope="module")
def shelves(small):
    return by_hand(small, 3, WARM)


@pytest.fixture(scope="module")
def replays(small, shelves):
    shop, hand = shelves
    buyers = {
        "hand": hand,
        "classic": Computed(ClassicLevels()),
        "engine": Computed(EngineLevels(fill=Rate(9600)), every=3, pools=True, clears=True),
    }
    return {name: shop.copy().run(buyer, DAYS) for name, buyer in buyers.items()}


def test_the_world_is_the_same_for_the_same_seed_and_another_for_another(small):
    again = world(3, stores=2, visits=5.0, days=WARM + DAYS + 1, models=8)
    assert np.array_equal(again.line_part, small.line_part)
    assert np.array_equal(again.lead, small.lead)
    other = world(4, stores=2, visits=5.0, days=WARM + DAYS + 1, models=8)
    assert len(other.line_day) != len(small.line_day)


def test_demand_is_rarer_and_wilder_than_a_constant_rate_would_make_it(small):
    months = np.stack([sold(Shop(small, np.zeros((2, small.parts))), 30 * m, 30 * m + 30) for m in range(17)], axis=2)
    often = months[months.mean(axis=2) > 3]
    assert np.median(often.var(axis=1) / often.mean(axis=1)) > 1.3
    assert (months.sum(axis=2) <= 2).mean() > 0.3


def test_the_shelf_follows_from_what_came_and_went(small):
    """Without a buyer only what customers ordered and did not fetch comes to the shelf, and only what is issued leaves it."""

    class Nobody:
        def evening(self, shop, day):
            pass

    first = np.full((2, small.parts), 3)
    shop = Shop(small, first.copy()).run(Nobody(), 60)
    lines = small.line_day < 60
    use = lines & shop.served
    issued = np.bincount(small.line_part[use], small.line_quantity[use], minlength=small.parts)
    came = np.zeros(small.parts)
    for part, _, _, pieces in shop.receipts:
        came[part] += pieces
    assert np.array_equal((first - shop.on_hand).sum(axis=0), issued - came)
    assert issued.sum() > came.sum() > 0
    assert result("nobody", shop, 60).stock_outs == 1 - shop.served[lines].mean()


def test_the_engine_is_seldom_out_of_stock_with_less_on_the_shelf(replays):
    told = {name: result(name, shop, DAYS) for name, shop in replays.items()}
    assert told["engine"].stock_outs < 0.6 * told["hand"].stock_outs
    assert told["engine"].dead < told["hand"].dead
    assert told["engine"].stock_days < told["hand"].stock_days
    assert told["engine"].dead < told["classic"].dead
    assert told["engine"].value < told["classic"].value


def test_no_shelf_falls_below_nothing_and_every_buyer_meets_the_same_customers(replays):
    for shop in replays.values():
        assert shop.on_hand.min() >= 0
        assert shop.on_order.min() >= 0
        assert len(shop.closing) == DAYS


def test_the_same_buyer_comes_to_the_same_end(small, shelves, replays):
    shop, _ = shelves
    again = shop.copy().run(Computed(EngineLevels(fill=Rate(9600)), every=3, pools=True, clears=True), DAYS)
    assert np.array_equal(again.on_hand, replays["engine"].on_hand)
    assert again.closing == replays["engine"].closing
    assert dict(again.fen) == dict(replays["engine"].fen)


def test_the_history_from_documents_is_what_customers_asked_for(small, replays):
    """The months that the replay counts in bulk are those that ``history`` reads from the same lines one by one."""
    shop = replays["hand"]
    upto = 151
    asked = [
        Asked(
            int(store),
            int(part),
            START + timedelta(int(day)),
            Quantity(1000 * int(pieces)),
            Quantity(1000 * int(pieces) if served else 0),
            Quantity(0 if served else 1000 * int(pieces)),
        )
        for store, part, day, pieces, served in zip(
            small.line_store, small.line_part, small.line_day, small.line_quantity, shop.served, strict=True
        )
        if day < upto
    ]
    window = Window(START.replace(day=1), 5)
    found = month_series(asked, window=window, heirs=heirs([]))
    firsts = [(first - START).days for first in window.firsts]
    for row in found:
        whole = [sold(shop, start, end)[row.store, row.part] for start, end in pairwise(firsts)]
        assert [amount / 1000 for amount in row.demand] == whole[:5]
        if row.part > 40:
            break
    total = sum(sum(row.demand) for row in found)
    assert total == 1000 * small.line_quantity[(small.line_day < firsts[5])].sum()
