"""A store's opening calendar: spans per weekday, dated exceptions both ways (design.md 14, 营业日历)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from itertools import pairwise

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit
from cheyi.foundation.models import CalendarException, CalendarSpan, Store
from cheyi.kernel import OpeningHours, OpenSpan, Refused

USUAL_DAY = (OpenSpan(time(8, 30), time(18, 0)),)
USUAL_WEEK: Mapping[int, tuple[OpenSpan, ...]] = dict.fromkeys(range(7), USUAL_DAY)


def opening_hours(store: Store) -> OpeningHours:
    """When the store is open, for the clocks of ``kernel``. Two queries.

    A store that has not set its calendar counts as open from 08:30 to 18:00 every day.
    """
    week: dict[int, list[OpenSpan]] = defaultdict(list)
    for span in CalendarSpan.objects.filter(store=store).order_by("weekday", "opens"):
        week[span.weekday].append(OpenSpan(span.opens, span.closes))
    exceptions: dict[date, list[OpenSpan]] = defaultdict(list)
    for day in CalendarException.objects.filter(store=store).order_by("dated_on", "opens"):
        spans = exceptions[day.dated_on]
        if day.opens is not None and day.closes is not None:
            spans.append(OpenSpan(day.opens, day.closes))
    return OpeningHours(
        week={weekday: tuple(spans) for weekday, spans in week.items()} or USUAL_WEEK,
        exceptions={day: tuple(spans) for day, spans in exceptions.items()},
        zone=store.zone,
    )


@act
def set_week(store: Store, *, week: Mapping[int, Sequence[OpenSpan]], by: Viewer, now: datetime) -> None:
    """Replace the weekly hours (0 = Monday; a weekday left out is closed).

    Raises Refused ``foundation.calendar.never`` for a week without hours, ``foundation.calendar.overlap``.
    """
    if not any(week.values()):
        raise Refused("foundation.calendar.never")
    for spans in week.values():
        _demand_apart(spans)
    CalendarSpan.objects.filter(store=store).delete()
    CalendarSpan.objects.bulk_create(
        CalendarSpan(
            store=store, weekday=weekday, opens=s.opens, closes=s.closes, created_at=now, created_by_id=by.user_id
        )
        for weekday, spans in week.items()
        for s in spans
    )
    shown = {str(weekday): [_shown(span) for span in sorted(spans)] for weekday, spans in sorted(week.items())}
    audit(by, "foundation.calendar.week_set", store, now=now, week=shown)


@act
def set_day(store: Store, *, day: date, spans: Sequence[OpenSpan], reason: str = "", by: Viewer, now: datetime) -> None:
    """Make a date an exception: closed without spans, else open as given, on a Sunday too (调休).

    Raises Refused ``foundation.calendar.overlap``.
    """
    _demand_apart(spans)
    CalendarException.objects.filter(store=store, dated_on=day).delete()
    hours: Sequence[OpenSpan | None] = spans or [None]
    CalendarException.objects.bulk_create(
        CalendarException(
            store=store,
            dated_on=day,
            opens=span.opens if span else None,
            closes=span.closes if span else None,
            reason=reason,
            created_at=now,
            created_by_id=by.user_id,
        )
        for span in hours
    )
    audit(
        by, "foundation.calendar.day_set", store, now=now, day=day.isoformat(), hours=[_shown(span) for span in spans]
    )


@act
def clear_day(store: Store, *, day: date, by: Viewer, now: datetime) -> None:
    """Take an exception back, so that the date is like its weekday again."""
    CalendarException.objects.filter(store=store, dated_on=day).delete()
    audit(by, "foundation.calendar.day_cleared", store, now=now, day=day.isoformat())


def _shown(span: OpenSpan) -> str:
    return f"{span.opens:%H:%M}-{span.closes:%H:%M}"


def _demand_apart(spans: Sequence[OpenSpan]) -> None:
    for earlier, later in pairwise(sorted(spans)):
        if earlier.closes == time(0) or later.opens < earlier.closes:
            raise Refused("foundation.calendar.overlap", first=_shown(earlier), second=_shown(later))
