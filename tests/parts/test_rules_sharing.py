"""First expiring lot first, oldest promise first, nothing handed out twice."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from cheyi.kernel import Quantity
from cheyi.parts.rules import Shelf, Shelves, Take, Want, by_promise

TODAY = date(2026, 6, 15)


def shelf(balance_id, free, *, expires=None, received=None, part_id=1):
    return Shelf(balance_id, part_id, Quantity.of(free), expires, received)


def want(line_id, quantity, *, promised=None, part_id=1):
    return Want(line_id, part_id, Quantity.of(quantity), promised)


def at(hour):
    return datetime(2026, 6, 15, hour, tzinfo=UTC)


def test_the_lot_that_expires_first_goes_first_and_undated_stock_last():
    shelves = Shelves(
        [
            shelf(1, 5),
            shelf(2, 5, expires=date(2026, 12, 1)),
            shelf(3, 1, expires=date(2026, 7, 1)),
        ],
        on=TODAY,
    )
    assert shelves.take(want(9, 8)) == [
        Take(9, 3, Quantity.of(1)),
        Take(9, 2, Quantity.of(5)),
        Take(9, 1, Quantity.of(2)),
    ]


def test_among_equals_what_came_first_goes_first():
    shelves = Shelves(
        [shelf(1, 1, received=date(2026, 5, 2)), shelf(2, 1, received=date(2026, 5, 1)), shelf(3, 1)], on=TODAY
    )
    assert [take.balance_id for take in shelves.take(want(9, 3))] == [2, 1, 3]


def test_a_lot_is_good_on_its_last_day_and_left_standing_after_it():
    shelves = Shelves([shelf(1, 4, expires=TODAY), shelf(2, 6, expires=date(2026, 6, 14))], on=TODAY)
    assert shelves.free(1) == Quantity.of(4)
    assert shelves.expired(1) == Quantity.of(6)
    assert shelves.take(want(9, 10)) == [Take(9, 1, Quantity.of(4))]
    assert shelves.free(1) == Quantity.of(0)


def test_an_unknown_part_has_nothing_free():
    shelves = Shelves([], on=TODAY)
    assert (shelves.free(7), shelves.expired(7), shelves.take(want(1, 1, part_id=7))) == (
        Quantity.of(0),
        Quantity.of(0),
        [],
    )


def test_the_oldest_promise_is_served_first_and_no_promise_last():
    wants = [want(1, 1), want(2, 1, promised=at(16)), want(3, 1, promised=at(9)), want(4, 1, promised=at(16))]
    assert [each.line_id for each in by_promise(wants)] == [3, 2, 4, 1]


def test_serving_gives_what_is_left_to_the_next():
    shelves = Shelves([shelf(1, 3)], on=TODAY)
    assert shelves.serve([want(1, 2), want(2, 2), want(3, 1)]) == [
        Take(1, 1, Quantity.of(2)),
        Take(2, 1, Quantity.of(1)),
    ]


@given(
    free=st.lists(st.integers(0, 9), max_size=6),
    wanted=st.lists(st.integers(1, 9), max_size=6),
)
def test_what_is_handed_out_never_exceeds_what_is_free_nor_what_is_wanted(free, wanted):
    shelves = Shelves([shelf(i, str(amount)) for i, amount in enumerate(free, 1)], on=TODAY)
    takes = shelves.serve([want(i, str(amount)) for i, amount in enumerate(wanted, 1)])
    given_out = sum(take.quantity.parts for take in takes)
    assert given_out == min(sum(free), sum(wanted)) * 1000
    for balance_id, amount in enumerate(free, 1):
        assert sum(t.quantity.parts for t in takes if t.balance_id == balance_id) <= amount * 1000
    for line_id, amount in enumerate(wanted, 1):
        assert sum(t.quantity.parts for t in takes if t.line_id == line_id) <= amount * 1000
