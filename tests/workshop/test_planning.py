"""Who is there to work: by the roster, else by the opening hours."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cheyi.foundation import calendar
from cheyi.foundation.models import Absence, WorkShift
from cheyi.foundation.scope import within
from cheyi.kernel import OpenSpan, Span
from cheyi.workshop.planning import present_minutes, standing
from cheyi.workshop.queries.board import board, stamp
from cheyi.workshop.queries.quoting import Wish, quote
from tests.workshop.shop import NOW


def spans(shop, store):
    for name in ("王建国", "赵磊"):
        shop.technician(name)
    with within(store):
        return {one.id: [shift.span for shift in one.shifts] for one in standing(store, NOW).shop.technicians}


def test_without_a_roster_everybody_is_there_while_the_store_is_open(shop):
    with within(shop.store):
        hours = calendar.opening_hours(shop.store)
    today = shop.store.local(NOW).date()
    open_hours = [span for number in range(7) for span in hours.on(today + timedelta(days=number)) if span.end > NOW]
    assert len(open_hours) >= 6
    assert set(map(tuple, spans(shop, shop.store).values())) == {tuple(open_hours)}


def roster(shop, who, starts_at, ends_at):
    WorkShift.objects.create(
        store=shop.store, employee_id=who, starts_at=starts_at, ends_at=ends_at, created_at=NOW, created_by_id=None
    )


def days_of(found):
    return [span.start.astimezone(ZoneInfo("Asia/Shanghai")).day for span in found]


def test_on_a_day_with_a_roster_who_is_not_on_it_is_away_and_on_other_days_everybody_is_here_in_opening_hours(shop):
    first, other = spans(shop, shop.store)
    ends = NOW + timedelta(hours=4)
    roster(shop, first, NOW, ends)
    found = spans(shop, shop.store)
    assert found[first] == [Span(NOW, ends), *found[other]]
    assert days_of(found[other]) == [16, 17, 18, 19, 20, 21]
    roster(shop, other, NOW + timedelta(days=2), ends + timedelta(days=2))
    found = spans(shop, shop.store)
    assert (days_of(found[first]), days_of(found[other])) == ([15, 16, 18, 19, 20, 21], [16, 17, 18, 19, 20, 21])
    assert found[other][1] == Span(NOW + timedelta(days=2), ends + timedelta(days=2))


def test_a_shift_that_is_over_today_still_tells_that_today_has_a_roster(shop):
    first, other = spans(shop, shop.store)
    roster(shop, first, NOW - timedelta(hours=8), NOW - timedelta(hours=1))
    assert days_of(spans(shop, shop.store)[other]) == [16, 17, 18, 19, 20, 21]


def test_the_roster_of_somebody_who_is_no_technician_here_says_nothing_about_technicians(shop):
    before = spans(shop, shop.store)
    roster(shop, shop.foreman.employee_id, NOW, NOW + timedelta(hours=4))
    assert spans(shop, shop.store) == before


def test_an_absence_is_cut_out_with_and_without_a_roster(shop):
    first, other = spans(shop, shop.store)
    ends = NOW + timedelta(hours=4)
    for who in (first, other):
        Absence.objects.create(
            store=shop.store, employee_id=who, starts_at=NOW, ends_at=ends, why="sick", created_at=NOW
        )
    people = {one.id: one for one in standing(shop.store, NOW).shop.technicians}
    day = Span(NOW - timedelta(hours=9), NOW + timedelta(hours=15))
    assert [present_minutes(people[who], day) for who in (first, other)] == [5 * 60 + 30, 5 * 60 + 30]
    roster(shop, first, NOW - timedelta(hours=1), NOW + timedelta(hours=9))
    people = {one.id: one for one in standing(shop.store, NOW).shop.technicians}
    assert [present_minutes(people[who], day) for who in (first, other)] == [60 + 5 * 60, 0]


TODAY = NOW.date()
LATER = OpenSpan(time(13), time(20))


@pytest.mark.parametrize("how", ["week", "day"])
def test_opening_later_moves_the_promise_and_the_board_at_once(shop, how):
    """09:00 on a Monday: behind an order of 0.6 h its like is promised in two hours, from now or from one o'clock on."""
    wang = shop.technician()
    order = shop.opened("MA001", to=wang, car=shop.car("沪A80002", vin="", owner=None))

    def promised():
        return shop.store.local(
            quote(shop.car(), [Wish("MA001")], customer=None, store=shop.store, now=NOW).promised_at
        )

    def planned():
        blocks = [block for lane in board(shop.store, NOW).lanes for block in lane.blocks if block.order_id == order.pk]
        return [shop.store.local(block.begins).strftime("%H:%M") for block in blocks]

    before, seen = (promised().strftime("%H:%M"), planned()), stamp(shop.store, NOW)
    if how == "week":
        calendar.set_week(shop.store, week=dict.fromkeys(range(7), (LATER,)), by=shop.manager, now=NOW)
    else:
        calendar.set_day(shop.store, day=TODAY, spans=(LATER,), by=shop.manager, now=NOW)
    assert (before, (promised().strftime("%H:%M"), planned())) == (("11:00", ["09:00"]), ("15:00", ["13:00"]))
    assert stamp(shop.store, NOW) != seen


def test_a_day_that_is_closed_is_planned_for_the_next(shop):
    shop.technician()
    calendar.set_day(shop.store, day=TODAY, spans=(), by=shop.manager, now=NOW)
    found = quote(shop.car(), [Wish("MA001")], customer=None, store=shop.store, now=NOW)
    assert shop.store.local(found.promised_at).date() == TODAY + timedelta(days=1)
