"""Lead times from the supplier's own receipts: partial, late, still open, few, impossible."""

from datetime import date, timedelta

import pytest

from cheyi.kernel import Quantity, Rate
from cheyi.parts.engine.leadtimes import MOST_DAYS, OrderLine, Receipt, learn

TODAY = date(2026, 6, 15)
ORDERED = date(2026, 5, 1)
MEDIAN, MOST = Rate(5000), Rate(9500)


def line(*came, part=1, supplier=9, ordered=ORDERED, quantity=None, **more):
    """``came`` are (days after the order, pieces)."""
    receipts = tuple(Receipt(ordered + timedelta(days), Quantity.of(pieces)) for days, pieces in came)
    wanted = sum(pieces for _, pieces in came) if quantity is None else quantity
    return OrderLine(supplier, part, ordered, Quantity.of(wanted), receipts, **more)


def found(lines, part=1, **more):
    return learn(lines, today=TODAY).lead_time(9, part, **more)


def codes(told):
    return [one.code for one in told.reasons]


def test_without_receipts_it_is_what_was_agreed_with_the_usual_tail():
    told = found([], agreed_days=10)
    assert (told.days, told.chances) == ((10, 15, 20, 30), pytest.approx((0.60, 0.25, 0.10, 0.05)))
    assert (told.quantile(MEDIAN), told.quantile(MOST), told.late, told.lines) == (10, 20, None, 0)
    assert [(one.code, one.facts) for one in told.reasons] == [("as_agreed", {"days": 10})]
    assert told.mean_days == pytest.approx(13.25)


@pytest.mark.parametrize("agreed", [None, -1])
def test_without_an_agreed_time_it_is_a_week(agreed):
    assert found([], agreed_days=agreed).days == (7, 10, 14, 21)


def test_nothing_but_at_once_stays_at_once():
    told = found([], agreed_days=0)
    assert (told.days, told.quantile(MOST), told.deviation_days) == ((0,), 0, 0)


def test_many_receipts_outweigh_what_was_agreed():
    told = found([line((4, 1)) for _ in range(60)], agreed_days=30)
    assert (told.quantile(MEDIAN), told.quantile(Rate(9900)), told.lines) == (4, 4, 60)
    assert codes(told) == ["from_receipts"]
    assert told.mean_days == pytest.approx(4 + (6 / 66) * (4 / 64) * (39.75 - 4), abs=1e-9)


def test_a_few_receipts_are_drawn_to_the_suppliers_others_and_to_what_was_agreed():
    told = found([line((3, 1)), *(line((12, 1), part=2) for _ in range(5))], agreed_days=12)
    assert [(one.code, one.facts) for one in told.reasons] == [
        ("from_receipts", {"lines": 1}),
        ("drawn_to_supplier", {"lines": 1, "others": 5}),
        ("drawn_to_agreed", {"days": 12, "lines": 6}),
    ]
    own = 1 / 7
    assert told.chances[0] == pytest.approx(own + (1 - own) * 0.6 / 6)
    assert told.days[:2] == (3, 12)
    assert sum(told.chances) == pytest.approx(1, abs=1e-12)


def test_a_part_without_receipts_is_as_the_suppliers_others():
    told = found([line((5, 1), part=2) for _ in range(40)], part=1)
    assert (told.quantile(MEDIAN), told.lines, codes(told)) == (5, 0, ["drawn_to_supplier"])


def test_another_supplier_teaches_nothing():
    assert codes(found([line((5, 1), supplier=8) for _ in range(40)])) == ["as_agreed"]


def test_a_partial_receipt_counts_by_its_quantity():
    told = found([line((2, 9), (20, 1)) for _ in range(100)])
    assert told.quantile(Rate(8000)) == 2
    assert told.quantile(Rate(9400)) == 20
    assert told.chances[told.days.index(20)] == pytest.approx(0.1, abs=0.01)


def test_what_is_still_awaited_counts_as_waited_until_today():
    waiting = [line(quantity=1) for _ in range(10)]
    told = found([*(line((5, 1)) for _ in range(30)), *waiting], agreed_days=5)
    assert told.quantile(Rate(7000)) == 5
    assert told.quantile(Rate(9000)) == (TODAY - ORDERED).days
    assert {"code": "still_open", "count": 10} in [{"code": one.code, **one.facts} for one in told.reasons]


def test_a_line_that_was_closed_short_is_not_awaited():
    closed = [line((5, 1), quantity=10, closed=True) for _ in range(30)]
    assert found(closed, agreed_days=5).quantile(Rate(9000)) == 5
    assert found([line(quantity=10, closed=True)]).lines == 0


def test_the_last_year_counts_more_than_the_one_before():
    old = [line((30, 1), ordered=TODAY - timedelta(730 + 30)) for _ in range(20)]
    new = [line((3, 1), ordered=TODAY - timedelta(30)) for _ in range(20)]
    assert found([*old, *new], agreed_days=3).quantile(Rate(7500)) == 3


def test_the_late_share_is_by_what_was_promised():
    kept = [line((5, 1), promised_on=ORDERED + timedelta(5)) for _ in range(3)]
    broken = [line((6, 1), promised_on=ORDERED + timedelta(5))]
    overdue = [line(quantity=1, promised_on=ORDERED + timedelta(10))]
    assert found([*kept, *broken]).late == Rate(2500)
    assert found([*kept, *broken, *overdue]).late == Rate(4000)
    not_yet = line(quantity=1, promised_on=TODAY + timedelta(5))
    assert found([*kept, *broken, not_yet]).late == Rate(2500)


def test_receipts_that_cannot_be_are_not_believed():
    bad = [
        line((-1, 1)),
        line(((TODAY - ORDERED).days + 1, 1)),
        line((4, 0), quantity=1, closed=True),
        line((4, 1), ordered=TODAY + timedelta(1)),
        line((4, -1), quantity=-1),
    ]
    told = found(bad, agreed_days=8)
    assert [(one.code, one.facts) for one in told.reasons if one.code == "receipts_not_believed"] == [
        ("receipts_not_believed", {"count": 5})
    ]


def test_a_wait_of_many_years_is_cut():
    told = found([line((5000, 1), ordered=date(2010, 1, 1))])
    assert max(told.days) == MOST_DAYS


def test_the_order_of_the_lines_does_not_matter():
    lines = [line((day, 1 + day % 3), part=day % 4, ordered=ORDERED - timedelta(day)) for day in range(1, 30)]
    there, back = found(lines), found(lines[::-1])
    assert there.days == back.days
    assert there.chances == pytest.approx(back.chances, abs=1e-12)


def test_a_thousand_million_pieces_are_one_line():
    told = found([line((4, 10**9)), line((8, 1))], agreed_days=4)
    assert told.lines == 2
    assert told.chances[told.days.index(8)] == pytest.approx(0.25 * 0.5 + 0.75 * (2 / 6) * 0.5 + 0.75 * (4 / 6) * 0.1)
