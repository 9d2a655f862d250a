"""Levels by marginal value, orders in packs, rules, and what stands beside each proposal."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from cheyi.kernel import Money, Quantity, Rate, Refused
from cheyi.parts.engine.demand.backtest import choose
from cheyi.parts.engine.demand.forecast import forecast
from cheyi.parts.engine.demand.history import History, clean
from cheyi.parts.engine.proposals import ALWAYS, ON_ORDER_ONLY, STOCKING
from cheyi.parts.engine.stocking import Goal, Stock, propose
from cheyi.parts.engine.worth import Bounds, Misses, costs_of, levels
from tests.simulators import part_series

FILL = Goal(fill=Rate.of("0.9"))
ONE = 1000


@pytest.fixture(scope="module")
def store():
    series = part_series.mixed(300, 36, seed=5)
    return clean(History(series.demand)), np.round(series.price * 100).astype(np.int64)


def steady(parts=4, months=24, pieces=4):
    return clean(History(np.full((parts, months), float(pieces)) + np.arange(months) % 3 - 1))


def lead_of_a_month(**more):
    return Stock(**{"on_hand": 0, "price": 10_000, "lead_days": 23, "review_days": 7} | more)


def test_a_goal_is_a_budget_or_a_fill():
    for given in ({}, {"budget": Money.yuan(1), "fill": Rate.of("0.9")}, {"fill": Rate.of("1")}, {"budget": Money(-1)}):
        with pytest.raises(Refused) as refused:
            Goal(**given)
        assert refused.value.code == "parts.stocking.bad_goal"


def test_a_service_goal_is_reached_and_hardly_passed(store):
    history, price = store
    plan = propose(history, Stock(0, price, 20), FILL)
    assert plan.reached
    assert 0.9 <= plan.fill.parts / Rate.PER_UNIT < 0.905


def test_a_budget_is_kept_and_nearly_used(store):
    history, price = store
    plan = propose(history, Stock(0, price, 20), Goal(budget=Money.yuan(20_000)))
    assert plan.value <= Money.yuan(20_000)
    assert plan.value > Money.yuan(18_500)
    assert propose(history, Stock(0, price, 20), Goal(budget=Money(0))).level.sum() == 0


def test_a_large_budget_buys_nothing_that_is_hardly_ever_wanted(store):
    history, price = store
    rich = propose(history, Stock(0, price, 20), Goal(budget=Money.yuan(10_000_000)))
    found = forecast(history, (20 + 7) / 30, rich.choice.setting)
    assert np.array_equal(rich.level / ONE, found.quantile(0.995))
    assert rich.value < Money.yuan(1_000_000)


def test_by_worth_the_same_fill_costs_far_less_than_the_same_chance_for_every_part(store):
    history, price = store
    found = forecast(history, 1, choose(history, 1).setting)
    bounds = Bounds(np.zeros(300), np.full(300, np.inf))
    cost = costs_of(price.astype(float), np.zeros(300))
    alike = Misses(np.ones(300), np.ones(300))
    by_value = levels(found, cost, cost, FILL, bounds, alike)
    same_chance = levels(found, cost, np.ones(300), FILL, bounds, alike)
    assert by_value.fill >= 0.9
    assert by_value.fen < 0.75 * same_chance.fen


def test_more_money_never_fills_less(store):
    history, price = store
    choice = choose(history, 1)
    goals = [Goal(budget=Money.yuan(amount)) for amount in (2_000, 8_000, 30_000, 100_000)]
    fills = [propose(history, Stock(0, price, 20), goal, choice=choice).fill for goal in goals]
    assert fills == sorted(fills)


def test_an_order_is_rounded_up_to_packs_and_to_the_least_order():
    history = steady()
    plain = propose(history, lead_of_a_month(), FILL)
    level = int(plain.level[0])
    assert plain.order[0] == level
    packed = propose(history, lead_of_a_month(pack=[ONE, 4 * ONE, ONE, 5 * ONE], moq=[0, 0, 50 * ONE, 12 * ONE]), FILL)
    assert packed.order.tolist()[1:] == [
        -(-level // (4 * ONE)) * 4 * ONE,
        50 * ONE,
        15 * ONE if level <= 12 * ONE else level,
    ]
    reasons = [{reason.code for reason in proposal.reasons} for proposal in packed.proposals]
    assert "at_least" in reasons[2]
    assert "in_packs" in reasons[3]


def test_what_is_there_or_on_its_way_is_not_ordered_again():
    history = steady(parts=3)
    level = int(propose(history, lead_of_a_month(), FILL).level[0])
    stock = lead_of_a_month(on_hand=[level, level - ONE, level], reserved=[0, 0, 2 * ONE], on_order=[0, ONE, 0])
    plan = propose(history, stock, FILL)
    assert plan.order.tolist() == [0, 0, 2 * ONE]
    assert [proposal.part for proposal in plan.proposals] == [2]


def test_a_part_on_order_only_is_bought_for_a_waiting_customer_alone():
    history = steady(parts=2)
    plan = propose(history, lead_of_a_month(rule=ON_ORDER_ONLY, backordered=[0, 2 * ONE]), FILL)
    assert plan.level.tolist() == [0, 0]
    assert plan.order.tolist() == [0, 2 * ONE]
    assert [reason.code for reason in plan.proposals[0].reasons] == ["on_order_only", "backordered"]
    assert not plan.reached


def test_a_safety_part_is_always_there_even_when_nobody_ever_asked():
    history = clean(History(np.zeros((3, 24))))
    plan = propose(history, lead_of_a_month(rule=[ALWAYS, 0, 0]), FILL)
    assert plan.level.tolist() == [ONE, 0, 0]
    assert plan.proposals[0].reasons[0].code == "always_kept"


def test_no_more_is_kept_than_sells_before_it_expires():
    history = steady(parts=2, pieces=2)
    plan = propose(history, lead_of_a_month(lead_days=180, shelf_months=[0, 3]), Goal(fill=Rate.of("0.95")))
    assert plan.level[1] <= 6 * ONE < plan.level[0]
    assert plan.proposals[1].reasons[0].code == "held_to_shelf_life"


def test_limits_by_hand_hold():
    plan = propose(steady(parts=2), lead_of_a_month(least=[9 * ONE, 0], most=[-1, 2 * ONE]), FILL)
    assert plan.level[0] >= 9 * ONE
    assert plan.level[1] == 2 * ONE
    assert plan.proposals[1].reasons[0].code == "held_to_most"


def test_a_price_of_nothing_counts_as_a_hundredth_of_the_middle_price_and_is_said():
    assert costs_of(np.array([0.0, 100.0, 300.0]), np.zeros(3)).tolist() == [2.0, 100.0, 300.0]
    assert costs_of(np.zeros(2), np.zeros(2)).tolist() == [1.0, 1.0]
    plan = propose(steady(parts=3), lead_of_a_month(price=[0, 10_000, 10_000]), FILL)
    assert plan.level[0] >= plan.level[1]
    assert "price_missing" in {reason.code for reason in plan.proposals[0].reasons}
    assert plan.proposals[0].value == Money(0)


def test_what_matters_more_is_kept_higher():
    history = steady(parts=2, pieces=1)
    plan = propose(history, lead_of_a_month(weight=[20.0, 1.0]), FILL)
    assert plan.level[0] > plan.level[1]


def test_a_piece_that_is_an_eighth_of_a_line_is_worth_an_eighth():
    demand = np.tile(np.array([[0, 8, 0, 0, 8, 0, 0, 0], [0, 1, 0, 0, 1, 0, 0, 0]], dtype=float), (1, 3))
    history = clean(History(demand))
    by_pieces, by_lines = (
        propose(history, lead_of_a_month(line=[line * ONE, ONE]), Goal(budget=Money.yuan(900))) for line in (1, 8)
    )
    assert by_pieces.level[0] > by_lines.level[0]
    assert by_lines.level[1] > 0


def test_a_fill_of_lines_costs_less_when_lines_are_what_is_weighed(store):
    """Eight screws fill one line: whoever counts them as eight spends more for the same lines."""
    history, price = store
    size = part_series.mixed(300, 36, seed=5).taken * ONE
    found = forecast(history, 1, choose(history, 1).setting)
    lines = Misses(np.ones(300), size / ONE)
    bounds = Bounds(np.zeros(300), np.full(300, np.inf))
    cost = costs_of(price.astype(float), np.zeros(300))
    weighed = levels(found, cost, cost, FILL, bounds, lines)
    unweighed = levels(found, cost, cost * lines.lines, FILL, bounds, lines)
    assert weighed.fill >= 0.9
    assert weighed.fen < 0.97 * unweighed.fen


def test_the_size_of_a_line_alone_changes_no_level_when_all_are_alike(store):
    history, price = store
    plans = [propose(history, Stock(0, price, 20, line=line), FILL) for line in (ONE, 8 * ONE)]
    assert np.array_equal(plans[0].level, plans[1].level)
    assert plans[0].fill == plans[1].fill


def test_a_proposal_says_all_that_a_buyer_asks():
    demand = np.array([[1, 0, 2, 1, 0, 0, 3, 1, 0, 1, 2, 0, 1, 1, 0, 2, 1, 0, 1, 2.0]])
    plan = propose(clean(History(demand)), lead_of_a_month(), FILL)
    (one,) = plan.proposals
    assert one.last_months == tuple(Quantity.of(int(pieces)) for pieces in demand[0, -12:])
    assert one.low <= one.expected <= one.high
    assert Rate.of("0.5") < one.running_out < Rate.of("0.95")
    assert one.value == Money.yuan(100).times(one.order)
    assert one.past.origins == 2
    assert one.past.money == Money.yuan(100).times(one.past.error)
    assert one.past.naive_error > Quantity(0)


def test_every_reason_has_the_facts_it_promises(store):
    history, price = store
    stock = Stock(0, price, 20, rule=np.arange(300) % 3, backordered=ONE, pack=3 * ONE, moq=4 * ONE, shelf_months=2)
    plan = propose(history, stock, FILL)
    met = {reason.code for proposal in plan.proposals for reason in proposal.reasons}
    assert {"on_order_only", "in_packs", "at_least", "backordered", "more_than_lasts"} <= met
    for proposal in plan.proposals:
        for reason in proposal.reasons:
            assert tuple(reason.facts) == STOCKING[reason.code]


def test_a_part_without_a_past_says_so():
    demand = np.full((5, 24), 3.0)
    demand[0] = np.nan
    plan = propose(clean(History(demand)), lead_of_a_month(), FILL)
    assert "no_history" in {reason.code for reason in plan.proposals[0].reasons}
    assert plan.proposals[0].past.origins == 0
    assert plan.proposals[0].last_months == (None,) * 12


@pytest.mark.parametrize(
    ("column", "given"),
    [
        ("price", [1, -1, 1]),
        ("pack", [1, 2]),
        ("lead_days", np.nan),
        ("rule", 7),
        ("weight", 0),
        ("line", 0),
        ("on_hand", np.inf),
    ],
)
def test_a_column_that_cannot_be_is_named(column, given):
    with pytest.raises(Refused) as refused:
        propose(steady(parts=3), lead_of_a_month(**{column: given}), FILL)
    assert refused.value.code == "parts.stocking.wrong_column"
    assert refused.value.facts["column"] == column


@pytest.mark.race
def test_another_process_proposes_the_same():
    program = (
        "from tests.simulators import part_series as s; import numpy as np, hashlib\n"
        "from cheyi.parts.engine.stocking import *; from cheyi.parts.engine.demand.history import *\n"
        "x = s.mixed(200, 30, seed=9)\n"
        "plan = propose(clean(History(x.demand)), Stock(0, 100, 20), Goal(fill=Rate.of('0.95')))\n"
        "print(hashlib.sha256(repr(plan.proposals).encode()).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
