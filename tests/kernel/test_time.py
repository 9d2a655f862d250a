"""Spans and opening-hour clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cheyi.kernel import OpeningHours, OpenSpan, Refused, Span
from cheyi.kernel.spans import merged

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = (OpenSpan(time(8, 30), time(18)),)
WEEK = OpeningHours(dict.fromkeys(range(6), DAY))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=SHANGHAI)


def test_two_hours_from_half_past_five_are_ten_the_next_open_day():
    assert WEEK.after(at(15, 17, 30), timedelta(hours=2)) == at(16, 10)


def test_the_closed_sunday_does_not_count():
    assert WEEK.after(at(20, 17, 30), timedelta(hours=1)) == at(22, 9)


def test_a_clock_that_ends_at_closing_ends_that_day():
    assert WEEK.after(at(15, 16), timedelta(hours=2)) == at(15, 18)


def test_an_exception_can_open_a_sunday_and_close_a_monday():
    hours = OpeningHours(WEEK.week, {date(2026, 6, 21): DAY, date(2026, 6, 22): ()})
    assert hours.is_open(at(21, 9))
    assert not hours.is_open(at(22, 9))
    assert hours.after(at(20, 17, 30), timedelta(hours=1)) == at(21, 9)


def test_a_store_open_past_noon_break_counts_both_halves():
    halves = (OpenSpan(time(8), time(12)), OpenSpan(time(13), time(0)))
    hours = OpeningHours({0: halves})
    assert hours.after(at(15, 11), timedelta(hours=2)) == at(15, 14)
    assert hours.is_open(at(15, 23, 59))
    assert not hours.is_open(at(15, 12))


def test_a_store_that_never_opens_says_so():
    with pytest.raises(Refused) as refused:
        OpeningHours({}).after(at(15, 8), timedelta(minutes=1))
    assert refused.value.code == "kernel.clock.never_open"


def test_a_span_includes_its_start_and_excludes_its_end():
    span = Span(at(15, 8), at(15, 9))
    assert span.contains(at(15, 8))
    assert not span.contains(at(15, 9))
    assert not span.overlaps(Span(at(15, 9), at(15, 10)))
    assert span.length == timedelta(hours=1)
    assert span.clipped(Span(at(15, 8, 30), at(15, 12))) == Span(at(15, 8, 30), at(15, 9))
    assert span.clipped(Span(at(15, 9), at(15, 12))) is None


def test_spans_that_touch_become_one():
    pieces = [Span(at(15, 9), at(15, 10)), Span(at(15, 8), at(15, 9)), Span(at(15, 11), at(15, 12))]
    assert merged(pieces) == [Span(at(15, 8), at(15, 10)), Span(at(15, 11), at(15, 12))]


def test_a_span_needs_aware_moments_in_order():
    with pytest.raises(ValueError, match="aware"):
        Span(datetime(2026, 6, 15, 8), datetime(2026, 6, 15, 9, tzinfo=UTC))
    with pytest.raises(ValueError, match="before"):
        Span(at(15, 9), at(15, 8))
    with pytest.raises(ValueError, match="closes"):
        OpenSpan(time(9), time(8))
