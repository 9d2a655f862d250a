"""ABC and XYZ exactly as in domain.md 6.4, policies, and how long a part has not moved."""

from datetime import date, timedelta

import pytest

from cheyi.kernel import Money, Quantity, Rate, Refused
from cheyi.parts.engine import classes
from cheyi.parts.engine.classes import Limits, Used, classify, movement, policy_of

TODAY = date(2026, 6, 15)
# part, monthly demand, cost, value, cumulated %, CV, class – domain.md 6.4
VECTOR = [
    (1, "26 28 25 30 27 26 29 27 30 28 26 31", 250, 83250, "47.03", "0.0660", "AX"),
    (2, "6 8 5 9 7 6 8 7 6 9 8 5", 320, 26880, "62.21", "0.1934", "AX"),
    (3, "5 4 2 1 1 0 1 1 2 3 5 6", 480, 14880, "70.62", "0.7321", "AY"),
    (4, "30 32 28 35 31 29 33 30 34 32 30 36", 38, 14440, "78.77", "0.0744", "AX"),
    (5, "0 0 0 0 0 1 0 0 0 0 0 0", 9800, 9800, "84.31", "3.3166", "AZ"),
    (6, "10 4 6 25 30 28 26 12 8 6 5 8", 45, 7560, "88.58", "0.6894", "BY"),
    (7, "1 0 1 0 2 0 0 1 1 0 1 0", 980, 6860, "92.45", "1.0973", "BZ"),
    (8, "0 1 0 0 0 1 0 0 0 0 0 0", 2600, 5200, "95.39", "2.2361", "BZ"),
    (9, "2 3 4 8 12 14 10 6 4 3 2 2", 60, 4200, "97.76", "0.6887", "CY"),
    (10, "8 0 12 4 0 16 8 0 4 12 0 8", 55, 3960, "100", "0.8819", "CY"),
]


def used(part, months, cost, **more):
    return Used(part, tuple(Quantity.of(one) for one in str(months).split()), Money.yuan(cost), **more)


def steady(part, cost=1, pieces=1):
    return used(part, " ".join([str(pieces)] * 12), cost)


def test_the_table_of_the_domain_holds_to_the_last_digit():
    found = classify([used(part, months, cost) for part, months, cost, *_ in reversed(VECTOR)])
    assert [(one.part, one.value, one.letters) for one in found] == [
        (part, Money.yuan(value), letters) for part, _, _, value, _, _, letters in VECTOR
    ]
    assert [one.unrest for one in found] == [Rate.of(cv) for *_, cv, _ in VECTOR]
    for one, (*_, share, _, _) in zip(found, VECTOR, strict=True):
        assert abs(one.cumulated.parts - Rate.percent(share).parts) <= 1
    assert sum(one.value.fen for one in found) == 17_703_000


@pytest.mark.parametrize(
    ("letters", "policy"),
    [("AX", "hold"), ("AY", "hold"), ("BX", "hold"), ("BY", "min_max"), ("CX", "min_max"), ("CY", "small_stock")],
)
def test_each_class_has_its_policy(letters, policy):
    assert policy_of(*letters) == policy


@pytest.mark.parametrize("abc", "ABC")
@pytest.mark.parametrize("xyz", "ZN")
def test_what_is_restless_or_unwanted_is_ordered_only_when_wanted_unless_safety_depends_on_it(abc, xyz):
    assert policy_of(abc, xyz) == "on_order"
    assert policy_of(abc, xyz, safety_critical=True) == "small_stock"


def test_a_class_begins_exactly_where_its_limit_is():
    eight_and_two = [steady(1, 80), steady(2, 15), steady(3, 5)]
    assert [one.abc for one in classify(eight_and_two)] == ["A", "B", "C"]
    just_more = [steady(1, 7999), steady(2, 1501), steady(3, 500)]
    assert [one.abc for one in classify(just_more)] == ["A", "A", "C"]


def test_unrest_counts_as_steady_up_to_its_limit_inside():
    half = used(1, "1 3 1 3 1 3 1 3 1 3 1 3", 1)
    assert (classify([half])[0].unrest, classify([half])[0].xyz) == (Rate.of("0.5"), "X")
    whole = used(1, "0 2 0 2 0 2 0 2 0 2 0 2", 1)
    assert (classify([whole])[0].unrest, classify([whole])[0].xyz) == (Rate.of(1), "Y")
    assert classify([half], Limits(x_most=Rate(4999)))[0].xyz == "Y"


def test_a_part_that_nobody_wanted_is_n_and_last():
    found = classify([used(1, "0 " * 12, 9999), steady(2)])
    assert [(one.part, one.letters, one.unrest) for one in found] == [(2, "AX", Rate(0)), (1, "CN", None)]


def test_a_store_that_used_nothing_of_value_is_all_c():
    assert [one.letters for one in classify([steady(2, 0), steady(1, 0)])] == ["CX", "CX"]
    assert classify([]) == ()


def test_equal_values_are_ordered_by_part():
    assert [one.part for one in classify([steady(3), steady(1), steady(2)])] == [1, 2, 3]


def test_a_thousand_million_pieces_are_still_exact():
    found = classify([steady(1, 100_000, 10**9), steady(2, "0.01")])
    assert found[0].value == Money(12 * 10**9 * 10**7)
    assert [one.letters for one in found] == ["AX", "CX"]


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (used(7, "1 2 3", 1), "parts.classes.not_twelve_months"),
        (used(7, "1 1 1 1 1 1 1 1 1 1 1 -1", 1), "parts.classes.demand_negative"),
        (steady(7, -1), "parts.classes.cost_negative"),
    ],
)
def test_what_cannot_be_is_refused_with_the_part(part, code):
    with pytest.raises(Refused) as refusal:
        classify([steady(1), part])
    assert (refusal.value.code, refusal.value.facts["part"]) == (code, 7)


@pytest.mark.parametrize(
    ("days", "status"),
    [(0, "active"), (89, "active"), (90, "slow"), (179, "slow"), (180, "dead"), (364, "dead"), (365, "dead_long")],
)
def test_the_status_follows_the_days_since_the_last_outbound(days, status):
    found = movement(TODAY - timedelta(days), TODAY - timedelta(1000), today=TODAY)
    assert (found.status, found.days, found.reasons[0].code) == (status, days, "not_out_for")
    assert classes.status_after(days) == status


def test_what_came_in_lately_is_not_dead_however_long_nobody_took_it():
    found = movement(TODAY - timedelta(500), TODAY - timedelta(20), today=TODAY)
    assert (found.status, found.days, found.reasons[0].code) == ("active", 20, "on_hand_only")


def test_what_never_moved_counts_from_the_day_it_came():
    assert movement(None, TODAY - timedelta(400), today=TODAY).status == "dead_long"
    assert movement(None, TODAY, today=TODAY).reasons[0].code == "never_moved"


def test_without_stock_there_is_no_status():
    found = movement(TODAY - timedelta(500), None, today=TODAY)
    assert (found.status, [one.code for one in found.reasons]) == ("", ["not_on_hand"])


def test_an_outbound_after_today_is_not_believed():
    found = movement(TODAY + timedelta(1), TODAY - timedelta(200), today=TODAY)
    assert (found.status, [one.code for one in found.reasons]) == ("dead", ["outbound_in_the_future", "never_moved"])
