"""Demand, not sales: what counts, on which day, for which number, and what circles and impossible links are answered."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheyi.kernel import Quantity, Refused
from cheyi.parts.engine.history import Asked, OutOfStock, Promotion, Returned, Window, month_series
from cheyi.parts.engine.supersession import Superseded, heirs

WINDOW = Window(date(2026, 1, 1), 4)
NOBODY = heirs([])


def q(text):
    return Quantity.of(text)


def asked(part=1, on=date(2026, 2, 10), wanted=1, issued=None, missing=0, returned=0, store=7):
    return Asked(store, part, on, q(wanted), q(wanted if issued is None else issued), q(missing), q(returned))


def series(*lines, links=(), **more):
    return month_series(lines, window=WINDOW, heirs=heirs(links), **more)


def pieces(one):
    return [amount / 1000 for amount in one.demand]


def only(*lines, **more):
    (found,) = series(*lines, **more)
    return found


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        (asked(wanted=5), 5),
        (asked(wanted=5, issued=3, missing=2), 5),
        (asked(wanted=5, issued=5, missing=2), 5),
        (asked(wanted=5, issued=0, missing=5), 5),
        (asked(wanted=5, issued=0), 0),
        (asked(wanted=5, issued=3), 3),
        (asked(wanted=5, issued=1, missing=2), 3),
        (asked(wanted=5, issued=5, returned=2), 3),
        (asked(wanted=5, issued=3, missing=2, returned=3), 2),
        (asked(wanted="4.5", issued="4.5"), 4.5),
        (asked(wanted=1, issued=0, missing=-1), 0),
        (asked(wanted=0, issued=0), 0),
        (asked(wanted=10**9, issued=10**9), 10**9),
    ],
    ids=[
        "issued",
        "given up for lack of the rest",
        "short, then filled",
        "declined for lack or lost",
        "given up for another reason",
        "the rest given up for another reason",
        "one issued, two missing, the rest not wanted any more",
        "some came back",
        "all that was issued came back, the lack remains",
        "litres",
        "less than nothing missing",
        "nothing",
        "a thousand million",
    ],
)
def test_what_counts_of_a_line(line, counts):
    assert pieces(only(line)) == [0, counts, 0, 0]


def test_demand_counts_on_the_day_it_was_asked_for():
    found = only(asked(on=date(2026, 1, 31)), asked(on=date(2026, 2, 1)), asked(on=date(2026, 4, 30), wanted=2))
    assert (found.store, found.part, pieces(found)) == (7, 1, [1, 1, 0, 2])


def test_stores_and_parts_are_kept_apart_and_in_order():
    found = series(asked(store=8), asked(part=2), asked(part=1))
    assert [(one.store, one.part) for one in found] == [(7, 1), (7, 2), (8, 1)]


def test_a_part_that_nobody_asked_for_can_be_named():
    assert pieces(only(parts=[(7, 5)])) == [0, 0, 0, 0]


def test_nothing_gives_nothing():
    assert series() == ()


def test_what_lies_outside_the_months_is_counted_as_left_out():
    found = only(asked(on=date(2025, 12, 31)), asked(on=date(2026, 5, 1)), asked(on=date(2027, 1, 1)))
    assert pieces(found) == [0, 0, 0, 0]
    assert [(one.code, one.facts) for one in found.reasons] == [
        ("before_the_window", {"count": 1}),
        ("after_the_window", {"count": 2}),
    ]


def test_a_return_counts_on_the_day_of_the_demand_it_undoes_else_in_its_own_month():
    lines = asked(on=date(2026, 1, 10), wanted=4), asked(on=date(2026, 3, 10), wanted=4)
    known = Returned(7, 1, date(2026, 3, 20), q(1), asked_on=date(2026, 1, 10))
    assert pieces(only(*lines, returned=[known])) == [3, 0, 4, 0]
    assert pieces(only(*lines, returned=[Returned(7, 1, date(2026, 3, 20), q(1))])) == [4, 0, 3, 0]


def test_no_month_falls_below_nothing_the_months_before_give_what_is_missing():
    lines = asked(on=date(2026, 1, 10), wanted=3), asked(on=date(2026, 2, 10), wanted=1)
    found = only(*lines, returned=[Returned(7, 1, date(2026, 3, 20), q(2))])
    assert (pieces(found), found.reasons) == ([2, 0, 0, 0], ())
    found = only(*lines, returned=[Returned(7, 1, date(2026, 3, 20), q(6))])
    assert pieces(found) == [0, 0, 0, 0]
    assert [(one.code, one.facts) for one in found.reasons] == [("returns_exceed_demand", {"quantity": q(2)})]


def test_a_superseded_number_passes_its_history_down_the_chain():
    links = [Superseded(2, 3), Superseded(1, 2)]
    found = only(asked(part=1), asked(part=2), asked(part=3), links=links)
    assert (found.part, pieces(found)) == (3, [0, 3, 0, 0])
    assert [(one.code, one.facts) for one in found.reasons] == [("joined_from", {"count": 2})]


def test_two_old_numbers_may_have_one_heir():
    found = only(asked(part=1), asked(part=2, wanted=2), links=[Superseded(1, 3), Superseded(2, 3)])
    assert (found.part, pieces(found)) == (3, [0, 3, 0, 0])


def test_other_pack_contents_are_reckoned_over():
    pair_for_two = [Superseded(1, 2, takes=1, instead_of=2)]
    assert pieces(only(asked(wanted=6), links=pair_for_two)) == [0, 3, 0, 0]
    two_for_one = [Superseded(1, 2, takes=2, instead_of=1)]
    assert pieces(only(asked(wanted=6), links=two_for_one)) == [0, 12, 0, 0]


def test_an_old_number_with_two_heirs_is_parted_and_nothing_gets_lost():
    links = [Superseded(1, 2, share=3333), Superseded(1, 3, share=6667)]
    left, right = series(asked(wanted=1), links=links)
    assert (left.demand[1], right.demand[1]) == (333, 667)


def test_what_is_needed_beside_the_new_number_inherits_all_of_it():
    links = [Superseded(1, 2), Superseded(1, 3, takes=4, beside=True)]
    assert [pieces(one)[1] for one in series(asked(wanted=2), links=links)] == [2, 8]


@pytest.mark.parametrize("names", [None, {1: "LR-01", 2: "LR-02", 3: "LR-03"}])
def test_a_circle_is_refused_with_the_numbers_in_it(names):
    links = [Superseded(9, 1), Superseded(1, 2), Superseded(2, 3), Superseded(3, 1)]
    with pytest.raises(Refused) as refusal:
        heirs(links, names)
    assert refusal.value.code == "parts.history.superseded_in_a_circle"
    told = "1 → 2 → 3 → 1" if names is None else "LR-01 → LR-02 → LR-03 → LR-01"
    assert refusal.value.facts["numbers"] == told


def test_a_number_that_supersedes_itself_is_a_circle():
    with pytest.raises(Refused) as refusal:
        heirs([Superseded(4, 4)])
    assert refusal.value.facts["numbers"] == "4 → 4"


@pytest.mark.parametrize(
    ("links", "code"),
    [
        ([Superseded(1, 2), Superseded(1, 3)], "parts.history.shares_do_not_add_up"),
        ([Superseded(1, 2, share=5000)], "parts.history.shares_do_not_add_up"),
        ([Superseded(1, 2, share=12_000), Superseded(1, 3, share=-2000)], "parts.history.shares_do_not_add_up"),
        ([Superseded(1, 2, beside=True)], "parts.history.shares_do_not_add_up"),
        ([Superseded(1, 2, takes=0)], "parts.history.ratio_not_positive"),
        ([Superseded(1, 2, instead_of=-1)], "parts.history.ratio_not_positive"),
    ],
)
def test_a_split_that_loses_or_makes_demand_is_refused(links, code):
    with pytest.raises(Refused) as refusal:
        heirs(links)
    assert (refusal.value.code, refusal.value.facts["number"]) == (code, "1")


def test_a_chain_of_five_thousand_numbers_is_followed():
    found = heirs([Superseded(at, at + 1) for at in range(5000)])
    assert found.of(0, 1000) == [(5000, 1000)]


def test_the_same_link_twice_is_one():
    assert heirs([Superseded(1, 2), Superseded(1, 2)]).of(1, 5) == [(2, 5)]


def test_what_was_asked_for_in_a_promotion_is_marked():
    spring = Promotion(frozenset({1}), date(2026, 2, 1), date(2026, 2, 11))
    there = Promotion(frozenset({1}), date(2026, 3, 1), date(2026, 4, 1), store=8)
    lines = asked(wanted=3), asked(on=date(2026, 2, 11)), asked(on=date(2026, 3, 5)), asked(part=2)
    first, second = series(*lines, promotions=[spring, there])
    assert [amount // 1000 for amount in first.promoted] == [0, 3, 0, 0]
    assert (pieces(first), sum(second.promoted)) == ([0, 4, 1, 0], 0)


def test_days_out_of_stock_are_counted_by_month_and_once():
    spans = [
        OutOfStock(7, 1, date(2025, 12, 20), date(2026, 1, 3)),
        OutOfStock(7, 1, date(2026, 1, 30), date(2026, 2, 3)),
        OutOfStock(7, 1, date(2026, 2, 1), date(2026, 2, 5)),
        OutOfStock(7, 1, date(2026, 4, 29)),
    ]
    assert only(out=spans).days_out == (4, 4, 0, 2)
    assert only(asked(), out=[OutOfStock(7, 1, date(2026, 2, 3), date(2026, 2, 3))]).days_out == (0, 0, 0, 0)


def test_days_out_of_an_old_number_count_until_it_was_superseded():
    links = [Superseded(1, 2, on=date(2026, 2, 5))]
    spans = [OutOfStock(7, 1, date(2026, 2, 1), date(2026, 4, 1)), OutOfStock(7, 2, date(2026, 3, 1), date(2026, 3, 4))]
    assert only(out=spans, links=links).days_out == (0, 4, 3, 0)


def test_the_months_run_over_the_turn_of_the_year():
    window = Window(date(2025, 11, 1), 4)
    assert window.firsts == tuple(date(*day, 1) for day in ((2025, 11), (2025, 12), (2026, 1), (2026, 2), (2026, 3)))
    (found,) = month_series([asked(on=date(2026, 1, 1))], window=window, heirs=NOBODY)
    assert pieces(found) == [0, 0, 1, 0]


LINES = st.lists(
    st.builds(
        asked,
        part=st.integers(1, 4),
        on=st.dates(date(2026, 1, 1), date(2026, 4, 30)),
        wanted=st.integers(0, 50),
        returned=st.integers(0, 1),
    ),
    max_size=12,
)


@given(LINES)
def test_no_demand_is_lost_nor_made_and_the_order_of_the_lines_does_not_matter(lines):
    links = [Superseded(1, 2), Superseded(2, 3, share=2500), Superseded(2, 4, share=7500)]
    found = series(*lines, links=links)
    assert found == series(*lines[::-1], links=links)
    assert {one.part for one in found} <= {3, 4}
    assert all(min(one.demand) >= 0 for one in found)
    total = sum(line.demand for line in lines)
    surplus = sum(one.facts["quantity"].parts for each in found for one in each.reasons if "quantity" in one.facts)
    assert sum(sum(one.demand) for one in found) == total + surplus
