"""From when to when the board shows a day: the hours of the store, of its rosters, and of work outside of them."""

import re
from datetime import time, timedelta

from cheyi.foundation import calendar
from cheyi.foundation.models import WorkShift
from cheyi.kernel import OpenSpan
from cheyi.workshop import actions
from cheyi.workshop.queries.board import board
from tests.foundation.org import NOW
from tests.workshop.test_pages_reception import at_desk


def test_the_board_begins_and_ends_with_the_store_and_its_rosters(shop):
    wang = shop.technician()
    hours = OpenSpan(time(13), time(20))
    calendar.set_week(shop.store, week=dict.fromkeys(range(7), (hours,)), by=shop.manager, now=NOW)
    axis = board(shop.store, NOW).axis
    assert (axis.opens, axis.closes) == (13, 20)
    start = NOW.replace(hour=3)  # eleven by the store's clock
    WorkShift.objects.create(
        store=shop.store,
        employee=shop.employee(wang),
        starts_at=start,
        ends_at=start + timedelta(hours=11, minutes=30),
        created_at=NOW,
    )
    axis = board(shop.store, NOW).axis
    assert (axis.opens, axis.closes) == (11, 23)


def test_work_outside_of_the_hours_is_seen_and_what_is_not_worked_is_hatched(shop):
    wang = shop.technician()
    hours = OpenSpan(time(10), time(18))
    calendar.set_week(shop.store, week=dict.fromkeys(range(7), (hours,)), by=shop.manager, now=NOW)
    order = shop.opened("MA001", to=wang, now=NOW - timedelta(hours=2))
    actions.start_job(shop.labour(order), by=wang, now=NOW - timedelta(hours=2))
    seen = board(shop.store, NOW)
    (lane,) = [one for one in seen.lanes if one.blocks]
    assert (seen.axis.opens, seen.axis.closes) == (7, 18)
    assert (lane.blocks[0].at, lane.gaps) == (0, ((0, 36),))


def test_the_page_says_where_its_day_begins(shop):
    hours = OpenSpan(time(6), time(0))
    calendar.set_week(shop.store, week=dict.fromkeys(range(7), (hours,)), by=shop.manager, now=NOW)
    text = at_desk(shop.foreman).get("/workshop/board").content.decode()
    assert 'slots-216" data-start="06:00"' in text
    assert set(re.findall(r">(\d+):00</span>", text)) <= {str(hour) for hour in range(7, 24, 2)}
