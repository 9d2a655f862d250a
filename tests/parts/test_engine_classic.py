"""The classic formulas against the vectors of the domain reference, and against the table form."""

from __future__ import annotations

import numpy as np
import pytest

from cheyi.kernel import Money, Rate, Refused
from cheyi.parts.engine import classic
from cheyi.parts.engine.classic import Lead, Position
from cheyi.parts.engine.demand import classics
from tests.simulators import part_series

PADS = (6, 8, 5, 9, 7, 6, 8, 7, 6, 9, 8, 5)
BUMPER = (1, 0, 1, 0, 2, 0, 0, 1, 1, 0, 1, 0)


@pytest.mark.parametrize(
    ("service", "safety", "before_rounding"), [("0.90", 0.951, 2.118), ("0.95", 1.221, 2.388), ("0.98", 1.525, 2.691)]
)
def test_brake_pads_are_ordered_at_three(service, safety, before_rounding):
    found = classic.levels(PADS, Lead(5, 2), Rate.of(service))
    assert round(found.safety, 3) == safety
    assert round(7 / 30 * 5 + found.safety, 3) == before_rounding
    assert found.reorder_point == 3


def test_brake_pads_are_filled_up_to_five_in_packs_of_two():
    found = classic.levels(PADS, Lead(5, 2, review_days=7), Rate.of("0.95"))
    assert found.order_up_to == 5
    assert classic.order(found, Position(on_hand=3, reserved=1)) == 3
    assert classic.order(found, Position(on_hand=3, reserved=1), pack=2) == 4
    assert classic.order(found, Position(on_hand=3, reserved=1), least=10) == 10
    assert classic.order(found, Position(on_hand=3, on_order=1)) == 0


def test_the_economic_quantity_of_brake_pads_is_nine():
    assert classic.economic_quantity(84, Money.yuan(30), Money.yuan(320), Rate.of("0.2")) == 9


def test_a_bumper_sells_by_croston_and_by_sba():
    found = classic.croston(BUMPER)
    assert (round(found.size, 4), round(found.interval, 4)) == (1.0729, 1.4005)
    assert round(found.rate, 4) == 0.7661
    assert round(classic.sba(BUMPER), 4) == 0.7278


def test_a_part_that_never_sold_needs_nothing():
    nothing = (0,) * 12
    assert classic.croston(nothing).rate == classic.sba(nothing) == classic.smoothing(nothing) == 0
    assert classic.months_of_cover(nothing, 3) == classic.months_of_cover((), 3) == 0
    assert classic.levels(nothing, Lead(5), Rate.of("0.95")).order_up_to == 0


def test_months_of_cover_are_rounded_up():
    assert classic.months_of_cover(PADS, 1.5) == 11
    assert classic.months_of_cover(BUMPER, 1) == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (lambda: classic.levels((3,), Lead(5), Rate.of("0.95")), "parts.classic.too_few_months"),
        (lambda: classic.levels(PADS, Lead(5), Rate.of("1")), "parts.classic.bad_service"),
        (
            lambda: classic.economic_quantity(84, Money.yuan(30), Money.zero(), Rate.of("0.2")),
            "parts.classic.no_holding_cost",
        ),
    ],
)
def test_what_has_no_answer_is_refused(given, code):
    with pytest.raises(Refused) as refused:
        given()
    assert refused.value.code == code


def test_a_table_gives_what_each_part_gives():
    demand = part_series.mixed(40, 30, seed=3).demand
    demand = np.nan_to_num(demand)
    rows = [tuple(row) for row in demand]
    assert np.allclose(classics.croston(demand)[:, -1], [classic.croston(row).rate for row in rows])
    assert np.allclose(classics.sba(demand)[:, -1], [classic.sba(row) for row in rows])
    assert np.allclose(classics.smoothing(demand, 0.1)[:, -1], [classic.smoothing(row) for row in rows])
    assert np.allclose(classics.moving_average(demand)[:, -1], [classic.moving_average(row) for row in rows])
