"""A store's opening calendar: spans per weekday, dated exceptions both ways (design.md 14, 营业日历)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit, inverse, lock
from cheyi.foundation.models import CalendarException, CalendarSpan, Store
from cheyi.foundation.unions import Fields, Part, side_by_side
from cheyi.kernel import OpeningHours, OpenSpan, Refused

USUAL_DAY = (OpenSpan(time(8, 30), time(18, 0)),)
Week = Mapping[int, tuple[OpenSpan, ...]]
USUAL_WEEK: Week = dict.fromkeys(range(7), USUAL_DAY)
EDIT = "foundation.calendar.edit"
HOURS: Fields = {
    "weekday": models.PositiveSmallIntegerField(),
    "dated_on": models.DateField(),
    "opens": models.TimeField(),
    "closes": models.TimeField(),
}


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date that differs from its weekday: closed without spans."""

    day: date
    spans: tuple[OpenSpan, ...]
    reason: str


def opening_hours(store: Store) -> OpeningHours:
    """When the store is open, for the clocks of ``kernel``. One query.

    A store that has not set its calendar counts as open from 08:30 to 18:00 every day.
    """
    hours = {"opens": "opens", "closes": "closes"}
    rows = side_by_side(
        HOURS,
        Part("week", CalendarSpan.objects.filter(store=store), {"weekday": "weekday", **hours}),
        Part("day", CalendarException.objects.filter(store=store), {"dated_on": "dated_on", **hours}),
    )
    week, days = defaultdict[int, list[OpenSpan]](list), defaultdict[date, list[OpenSpan]](list)
    for row in rows["week"]:
        week[row["weekday"]].append(OpenSpan(row["opens"], row["closes"]))
    for row in rows["day"]:
        days[row["dated_on"]] += [OpenSpan(row["opens"], row["closes"])] if row["opens"] is not None else []
    return OpeningHours(
        week={day: tuple(spans) for day, spans in week.items()} or USUAL_WEEK,
        exceptions={day: tuple(spans) for day, spans in days.items()},
        zone=store.zone,
    )


def week_of(store: Store) -> Week:
    """The hours of each weekday (0 = Monday; a weekday left out is closed). One query."""
    return _spans_by_weekday(_week_rows(store)) or USUAL_WEEK


def special_days(store: Store, *, since: date | None = None) -> list[SpecialDay]:
    """The dates that differ from their weekday, in order. One query."""
    found: dict[date, SpecialDay] = {}
    rows = CalendarException.objects.filter(store=store)
    for row in (rows if since is None else rows.filter(dated_on__gte=since)).order_by("dated_on", "opens"):
        spans = found[row.dated_on].spans if row.dated_on in found else ()
        if row.opens is not None and row.closes is not None:
            spans = (*spans, OpenSpan(row.opens, row.closes))
        found[row.dated_on] = SpecialDay(row.dated_on, spans, row.reason)
    return list(found.values())


def span_of(opens: time, closes: time, *, field: str = "") -> OpenSpan:
    """A stretch of a day. Raises Refused ``foundation.calendar.ends_first``."""
    try:
        return OpenSpan(opens, closes)
    except ValueError:
        shown = {"opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"}
        raise Refused("foundation.calendar.ends_first", field=field, **shown) from None


def demand_apart(spans: Sequence[OpenSpan], fields: Sequence[str] = ()) -> None:
    """Raises Refused ``foundation.calendar.overlap``, beside the later one where ``fields`` names each span's."""
    named = zip(spans, fields or [""] * len(spans), strict=True)
    for (earlier, _field), (later, field) in pairwise(sorted(named)):
        if earlier.closes == time(0) or later.opens < earlier.closes:
            raise Refused("foundation.calendar.overlap", field=field, first=_shown(earlier), second=_shown(later))


@act
def set_week(store: Store, *, week: Mapping[int, Sequence[OpenSpan]], by: Viewer, now: datetime) -> None:
    """Replace the weekly hours (0 = Monday; a weekday left out is closed).

    Raises Refused ``foundation.calendar.never`` for a week without hours, ``foundation.calendar.overlap``.
    """
    if not any(week.values()):
        raise Refused("foundation.calendar.never")
    for spans in week.values():
        demand_apart(spans)
    lock(store)
    rows = _week_rows(store)
    former = {"week": _plain_week(_spans_by_weekday(rows)), "set_by": rows[0].created_by_id if rows else None}
    shown = _plain_week(week)
    undo = {"store_id": store.pk, "former": former, "instead": shown}
    _write_week(store, week, set_by=by.user_id, now=now)
    audit(by, "foundation.calendar.week_set", store, now=now, undo=(EDIT, undo), week=shown)


@act
def set_day(store: Store, *, day: date, spans: Sequence[OpenSpan], reason: str = "", by: Viewer, now: datetime) -> None:
    """Make a date an exception: closed without spans, else open as given, on a Sunday too (调休).

    Raises Refused ``foundation.calendar.overlap``, ``foundation.calendar.day_past``.
    """
    demand_apart(spans)
    _demand_to_come(store, day, now)
    lock(store)
    former = _plain_day(store, day)
    _write_day(store, day, spans, reason, by=by, now=now)
    hours = [_shown(span) for span in spans]
    undo = {"store_id": store.pk, "day": day.isoformat(), "former": former, "instead": _plain_day(store, day)}
    audit(by, "foundation.calendar.day_set", store, now=now, undo=(EDIT, undo), day=day.isoformat(), hours=hours)


@act
def clear_day(store: Store, *, day: date, by: Viewer, now: datetime) -> None:
    """Take an exception back, so that the date is like its weekday again. Harmless when there is none.

    Raises Refused ``foundation.calendar.day_past``.
    """
    _demand_to_come(store, day, now)
    lock(store)
    former = _plain_day(store, day)
    if former is None:
        return
    CalendarException.objects.filter(store=store, dated_on=day).delete()
    undo = {"store_id": store.pk, "day": day.isoformat(), "former": former, "instead": None}
    audit(by, "foundation.calendar.day_cleared", store, now=now, undo=(EDIT, undo), day=day.isoformat())


@inverse(EDIT)
def put_back(*, store_id: int, former: Any, instead: Any, by: Viewer, now: datetime, day: str = "") -> str:
    """The week or the day as it was, unless somebody set it again meanwhile.

    Raises Refused ``foundation.undo.impossible``.
    """
    store = lock(Store.objects.get(pk=store_id))
    on = date.fromisoformat(day) if day else None
    stands = _plain_day(store, on) if on else _plain_week(_spans_by_weekday(_week_rows(store)))
    if stands != instead:
        raise Refused("foundation.undo.impossible")
    if on is None:
        week = {int(weekday): [_read(text) for text in hours] for weekday, hours in former["week"].items()}
        _write_week(store, week, set_by=former["set_by"], now=now)
        audit(by, "foundation.calendar.week_set", store, now=now, week=former["week"])
        return _("Opening hours as before")
    if former is None:
        CalendarException.objects.filter(store=store, dated_on=on).delete()
        audit(by, "foundation.calendar.day_cleared", store, now=now, day=day)
    else:
        spans = [_read(text) for text in former["hours"]]
        _write_day(store, on, spans, former["reason"], by=by, now=now)
        audit(by, "foundation.calendar.day_set", store, now=now, day=day, hours=former["hours"])
    return _("%(day)s as before") % {"day": day}


def _week_rows(store: Store) -> list[CalendarSpan]:
    return list(CalendarSpan.objects.filter(store=store).order_by("weekday", "opens"))


def _spans_by_weekday(rows: Iterable[CalendarSpan]) -> dict[int, tuple[OpenSpan, ...]]:
    found: dict[int, list[OpenSpan]] = defaultdict(list)
    for row in rows:
        found[row.weekday].append(OpenSpan(row.opens, row.closes))
    return {weekday: tuple(spans) for weekday, spans in found.items()}


def _write_week(store: Store, week: Mapping[int, Sequence[OpenSpan]], *, set_by: int | None, now: datetime) -> None:
    """Who set it stands at each span; nobody at those that came with the store."""
    CalendarSpan.objects.filter(store=store).delete()
    CalendarSpan.objects.bulk_create(
        CalendarSpan(store=store, weekday=weekday, opens=s.opens, closes=s.closes, created_at=now, created_by_id=set_by)
        for weekday, spans in week.items()
        for s in spans
    )


def _write_day(store: Store, day: date, spans: Sequence[OpenSpan], reason: str, *, by: Viewer, now: datetime) -> None:
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


def _plain_week(week: Mapping[int, Sequence[OpenSpan]]) -> dict[str, list[str]]:
    return {str(weekday): [_shown(span) for span in sorted(spans)] for weekday, spans in sorted(week.items()) if spans}


def _plain_day(store: Store, day: date) -> dict[str, Any] | None:
    found = [one for one in special_days(store, since=day) if one.day == day]
    return {"hours": [_shown(span) for span in found[0].spans], "reason": found[0].reason} if found else None


def _shown(span: OpenSpan) -> str:
    return f"{span.opens:%H:%M}-{span.closes:%H:%M}"


def _read(text: str) -> OpenSpan:
    opens, closes = text.split("-")
    return OpenSpan(time.fromisoformat(opens), time.fromisoformat(closes))


def _demand_to_come(store: Store, day: date, now: datetime) -> None:
    if day < store.local(now).date():
        raise Refused("foundation.calendar.day_past", field="day", day=day.isoformat())
