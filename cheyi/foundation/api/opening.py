"""A store's opening hours by machine: asked by everybody of the store, set by who may."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any

from ninja import Field, Router, Schema

from cheyi.foundation import calendar
from cheyi.foundation.api.plumbing import question, verb
from cheyi.foundation.api.shapes import Body, Clock, Day
from cheyi.foundation.models import Store
from cheyi.kernel import OpenSpan

router = Router(tags=["opening hours"])
MOST_SPANS = 10
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class SpanIn(Body):
    """A stretch of a day; an end of 00:00 is the midnight that ends it."""

    opens: Clock
    closes: Clock


Spans = Annotated[list[SpanIn], Field(max_length=MOST_SPANS)]


class WeekIn(Body):
    """The hours of each weekday; one that is left out is closed."""

    monday: Spans = []
    tuesday: Spans = []
    wednesday: Spans = []
    thursday: Spans = []
    friday: Spans = []
    saturday: Spans = []
    sunday: Spans = []


class ClearDayIn(Body):
    """Which day is like its weekday again."""

    day: Day


class SetDayIn(ClearDayIn):
    """A day that differs from its weekday: closed without spans."""

    spans: Spans = []
    reason: Annotated[str, Field(max_length=60)] = ""


class SpanOut(Schema):
    """A stretch of a day."""

    opens: str
    closes: str


class SpecialDayOut(Schema):
    """A day to come that differs from its weekday."""

    day: date
    spans: list[SpanOut]
    reason: str


class OpeningHoursOut(Schema):
    """The week, and the days to come that differ from it."""

    week: dict[str, list[SpanOut]]
    special_days: list[SpecialDayOut]


@question(router, "/opening-hours", permission="foundation.account.use", response=OpeningHoursOut)
def opening_hours(request: Any) -> OpeningHoursOut:
    """When the store is open."""
    return _hours_of(request)


@verb(router, "/opening-hours/set-week", permission=calendar.EDIT, response=OpeningHoursOut)
def set_week(request: Any, body: WeekIn) -> OpeningHoursOut:
    """Replace the weekly hours."""
    week = {number: _spans(getattr(body, name), name) for number, name in enumerate(WEEKDAYS)}
    calendar.set_week(request.store, week=week, by=request.viewer, now=request.now)
    return _hours_of(request)


@verb(router, "/opening-hours/set-day", permission=calendar.EDIT, response=OpeningHoursOut)
def set_day(request: Any, body: SetDayIn) -> OpeningHoursOut:
    """Close the store on a day, or open it with other hours."""
    spans, reason = _spans(body.spans, "spans"), body.reason.strip()
    calendar.set_day(request.store, day=body.day, spans=spans, reason=reason, by=request.viewer, now=request.now)
    return _hours_of(request)


@verb(router, "/opening-hours/clear-day", permission=calendar.EDIT, response=OpeningHoursOut)
def clear_day(request: Any, body: ClearDayIn) -> OpeningHoursOut:
    """The day is like its weekday again."""
    calendar.clear_day(request.store, day=body.day, by=request.viewer, now=request.now)
    return _hours_of(request)


def _spans(wanted: list[SpanIn], place: str) -> list[OpenSpan]:
    """The spans of a day. Raises Refused ``foundation.calendar.ends_first``, ``.overlap`` at their place in the call."""
    places = [f"{place}.{number}" for number in range(len(wanted))]
    spans = [
        calendar.span_of(time.fromisoformat(one.opens), time.fromisoformat(one.closes), field=at)
        for one, at in zip(wanted, places, strict=True)
    ]
    calendar.demand_apart(spans, places)
    return spans


def _hours_of(request: Any) -> OpeningHoursOut:
    store: Store = request.store
    week, today = calendar.week_of(store), store.local(request.now).date()
    return OpeningHoursOut(
        week={name: _shown(week.get(number, ())) for number, name in enumerate(WEEKDAYS)},
        special_days=[
            SpecialDayOut(day=one.day, spans=_shown(one.spans), reason=one.reason)
            for one in calendar.special_days(store, since=today)
        ],
    )


def _shown(spans: tuple[OpenSpan, ...]) -> list[SpanOut]:
    return [SpanOut(opens=f"{one.opens:%H:%M}", closes=f"{one.closes:%H:%M}") for one in sorted(spans)]
