"""A store's hours come from its calendar, with exceptions both ways."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cheyi.foundation.calendar import clear_day, opening_hours, set_day, set_week
from cheyi.foundation.models import AuditEntry, CalendarException, CalendarSpan
from cheyi.foundation.scope import within
from cheyi.kernel import OpenSpan, Refused
from tests.foundation.org import NOW

MORNING, AFTERNOON = OpenSpan(time(8), time(12)), OpenSpan(time(13, 30), time(18))
SATURDAY, SUNDAY = date(2026, 6, 20), date(2026, 6, 21)


@pytest.fixture
def boss(town):
    return town.person("store_manager")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def test_a_store_without_calendar_is_open_half_past_eight_to_six(town):
    with within(town.store):
        hours = opening_hours(town.store)
    assert hours.after(moment("2026-06-15T17:30"), timedelta(hours=2)) == moment("2026-06-16T10:00")


def test_a_clock_skips_the_noon_break_and_closed_days(town, boss):
    with within(town.store):
        set_week(town.store, week={day: [MORNING, AFTERNOON] for day in range(5)}, by=boss, now=NOW)
        hours = opening_hours(town.store)
    assert hours.after(moment("2026-06-19T11:00"), timedelta(hours=2)) == moment("2026-06-19T14:30")
    assert hours.after(moment("2026-06-19T17:00"), timedelta(hours=2)) == moment("2026-06-22T09:00")
    assert not hours.is_open(moment("2026-06-20T10:00"))


def test_exceptions_close_a_weekday_and_open_a_weekend(town, boss):
    with within(town.store):
        set_week(town.store, week={day: [MORNING, AFTERNOON] for day in range(5)}, by=boss, now=NOW)
        set_day(town.store, day=date(2026, 6, 19), spans=[], reason="端午节", by=boss, now=NOW)
        set_day(town.store, day=SUNDAY, spans=[AFTERNOON], reason="调休", by=boss, now=NOW)
        hours = opening_hours(town.store)
        assert not hours.is_open(moment("2026-06-19T10:00"))
        assert [hours.is_open(moment(f"2026-06-21T{at}")) for at in ("10:00", "14:00")] == [False, True]
        clear_day(town.store, day=SUNDAY, by=boss, now=NOW)
        assert not opening_hours(town.store).is_open(moment("2026-06-21T14:00"))


def test_setting_again_replaces_and_is_on_record(town, boss):
    with within(town.store):
        set_week(town.store, week={0: [MORNING]}, by=boss, now=NOW)
        set_week(town.store, week={0: [MORNING, AFTERNOON], 1: [MORNING]}, by=boss, now=NOW)
        set_day(town.store, day=SATURDAY, spans=[MORNING, AFTERNOON], by=boss, now=NOW)
        set_day(town.store, day=SATURDAY, spans=[], by=boss, now=NOW)
        assert CalendarSpan.objects.count() == 3
        assert CalendarException.objects.count() == 1
    entry = AuditEntry.objects.filter(code="foundation.calendar.week_set").latest("pk")
    assert entry.facts == {"week": {"0": ["08:00-12:00", "13:30-18:00"], "1": ["08:00-12:00"]}}
    assert entry.actor_name == "store_manager"


def test_a_span_may_end_at_midnight(town, boss):
    late = OpenSpan(time(18), time(0))
    with within(town.store):
        set_week(town.store, week={0: [AFTERNOON, late]}, by=boss, now=NOW)
        hours = opening_hours(town.store)
    assert hours.is_open(moment("2026-06-15T23:59"))
    assert not hours.is_open(moment("2026-06-16T00:00"))


@pytest.mark.parametrize(
    "spans",
    [[MORNING, OpenSpan(time(11), time(13))], [OpenSpan(time(8), time(0)), AFTERNOON], [MORNING, MORNING]],
)
def test_overlapping_spans_are_refused_and_nothing_changes(town, boss, spans):
    with within(town.store):
        set_week(town.store, week={0: [MORNING]}, by=boss, now=NOW)
        with pytest.raises(Refused, match=r"foundation\.calendar\.overlap"):
            set_week(town.store, week={1: spans}, by=boss, now=NOW)
        with pytest.raises(Refused, match=r"foundation\.calendar\.overlap"):
            set_day(town.store, day=SUNDAY, spans=spans, by=boss, now=NOW)
        assert [str(span) for span in CalendarSpan.objects.all()] == ["0 08:00–12:00"]
        assert not CalendarException.objects.exists()


def test_a_store_that_never_opens_is_refused(town, boss):
    with within(town.store):
        for week in ({}, {3: []}):
            with pytest.raises(Refused, match=r"foundation\.calendar\.never"):
                set_week(town.store, week=week, by=boss, now=NOW)
        assert opening_hours(town.store).is_open(NOW)


def test_the_database_keeps_the_order_of_opening_and_closing(town):
    with within(town.store):
        for opens, closes in (("12:00", "08:00"), ("12:00", "12:00")):
            with pytest.raises(IntegrityError), transaction.atomic():
                CalendarSpan.objects.create(store=town.store, weekday=0, opens=opens, closes=closes, created_at=NOW)
        with pytest.raises(IntegrityError), transaction.atomic():
            CalendarSpan.objects.create(store=town.store, weekday=7, opens="08:00", closes="12:00", created_at=NOW)
        with pytest.raises(IntegrityError), transaction.atomic():
            CalendarException.objects.create(store=town.store, dated_on=SUNDAY, opens="08:00", created_at=NOW)


def test_hours_are_read_in_one_query_and_in_the_store_s_zone(town, boss):
    town.store.zone = "Asia/Urumqi"
    with within(town.store):
        set_week(town.store, week={0: [MORNING]}, by=boss, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            hours = opening_hours(town.store)
        assert sum("foundation_calendar" in query["sql"] for query in queries) == 1
    assert hours.is_open(datetime(2026, 6, 15, 5, 59, tzinfo=UTC))
    assert not hours.is_open(datetime(2026, 6, 15, 6, 0, tzinfo=UTC))
