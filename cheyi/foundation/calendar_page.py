"""The page of a store's opening hours: its week and the days that differ from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from cheyi.foundation import calendar
from cheyi.foundation.acts import to_undo
from cheyi.foundation.pages import fragment, go, page, say, screen
from cheyi.foundation.pages.times import day_of, end_of, plain, time_of
from cheyi.kernel import OpenSpan, Refused

WEEKDAYS = (
    *(later("Monday"), later("Tuesday"), later("Wednesday"), later("Thursday"), later("Friday")),
    *(later("Saturday"), later("Sunday")),
)
MOST_SPANS = 4
DAY = "day"


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a weekday (``key`` 0 to 6) or of the special day as they stand in the form, whatever was typed.

    ``grown`` when a span was just added, which is to be typed next.
    """

    key: str
    label: str | Promise
    closed: bool
    spans: tuple[tuple[str, str], ...]
    grown: bool = False

    @property
    def has_room(self) -> bool:
        """Whether a further span may be added."""
        return len(self.spans) < MOST_SPANS


@page(calendar.EDIT, methods=("GET",))
def opening_hours_page(request: Any) -> HttpResponse:
    """The week and the special days to come."""
    week, today = calendar.week_of(request.store), request.store.local(request.now).date()
    rows = [_hours_of(str(number), label, week.get(number, ())) for number, label in enumerate(WEEKDAYS)]
    special = calendar.special_days(request.store, since=today)
    days = [(one.day, WEEKDAYS[one.day.weekday()], _shown(one.spans), one.reason) for one in special]
    new = replace(_hours_of(DAY, "", calendar.USUAL_DAY), closed=True)
    return screen(request, "foundation/opening_hours.html", rows=rows, days=days, new=new, today=today)


@page(calendar.EDIT)
def week(request: Any) -> HttpResponse:
    """GET draws the rows as they were typed, with a span more or less; POST keeps the week as a whole."""
    if request.method == "GET":
        rows = [_typed(request.GET, str(number), label) for number, label in enumerate(WEEKDAYS)]
        return fragment(request, "foundation/_week.html", rows=_changed(rows, request.GET))
    spans = {number: _read(request.POST, str(number)) for number in range(len(WEEKDAYS))}
    calendar.set_week(request.store, week=spans, by=request.viewer, now=request.now)
    say(request, _("Opening hours saved"), undo=to_undo())
    return go(request, "foundation:opening-hours")


@page(calendar.EDIT)
def special_day(request: Any) -> HttpResponse:
    """GET draws the hours of the day as they were typed, with a span more or less; POST keeps the day."""
    if request.method == "GET":
        rows = _changed([_typed(request.GET, DAY, "")], request.GET)
        return fragment(request, "foundation/_special_hours.html", new=rows[0])
    day, spans = day_of(request.POST.get("day", ""), "day"), _read(request.POST, DAY)
    reason = request.POST.get("reason", "").strip()[:60]
    calendar.set_day(request.store, day=day, spans=spans, reason=reason, by=request.viewer, now=request.now)
    say(request, _("%(day)s is noted") % {"day": day.isoformat()}, undo=to_undo())
    return go(request, "foundation:opening-hours")


@page(calendar.EDIT, methods=("POST",))
def remove_day(request: Any) -> HttpResponse:
    """The day is like its weekday again."""
    day = day_of(request.POST.get("day", ""), "day")
    calendar.clear_day(request.store, day=day, by=request.viewer, now=request.now)
    say(request, _("%(day)s is like its weekday again") % {"day": day.isoformat()}, undo=to_undo())
    return go(request, "foundation:opening-hours")


def _hours_of(key: str, label: str | Promise, spans: Sequence[OpenSpan]) -> Hours:
    """As they are kept; a closed day offers the usual hours for the day on which it is open again."""
    return Hours(key, label, not spans, _shown(spans or calendar.USUAL_DAY))


def _shown(spans: Sequence[OpenSpan]) -> tuple[tuple[str, str], ...]:
    """From and to; the midnight that ends a day is 24:00."""
    return tuple((f"{one.opens:%H:%M}", f"{one.closes:%H:%M}" if one.closes != time(0) else "24:00") for one in spans)


def _typed(form: Mapping[str, str], key: str, label: str | Promise) -> Hours:
    pairs = [(form.get(f"opens-{key}-{n}"), form.get(f"closes-{key}-{n}")) for n in range(MOST_SPANS)]
    spans = tuple((opens or "", closes or "") for opens, closes in pairs if opens is not None or closes is not None)
    return Hours(key, label, f"closed-{key}" in form, spans or (("", ""),))


def _changed(rows: list[Hours], asked: Mapping[str, str]) -> list[Hours]:
    """The rows with what a button asks for: ``add`` a span to a row, ``drop`` one (row-number), ``same`` hours for all."""
    dropped, _dash, number = asked.get("drop", "").partition("-")
    for model in rows:
        if model.key == asked.get("same"):
            return [replace(model, key=row.key, label=row.label) for row in rows]
    return [
        replace(row, spans=(*row.spans, ("", "")), grown=True)
        if row.key == asked.get("add") and row.has_room
        else _without(row, number)
        if row.key == dropped
        else row
        for row in rows
    ]


def _without(row: Hours, number: str) -> Hours:
    left = tuple(span for at, span in enumerate(row.spans) if str(at) != number)
    return replace(row, spans=left or (("", ""),))


def _read(form: Mapping[str, str], key: str) -> list[OpenSpan]:
    """The spans of a day, none when it is closed. Raises Refused ``foundation.calendar.…`` beside the field."""
    if f"closed-{key}" in form:
        return []
    spans: dict[str, OpenSpan] = {}
    for number in range(MOST_SPANS):
        fields = (f"opens-{key}-{number}", f"closes-{key}-{number}")
        texts = [plain(form.get(field, "")) for field in fields]
        if not any(texts):
            continue
        for text, field in zip(texts, fields, strict=True):
            if not text:
                raise Refused("foundation.calendar.half_span", field=field)
        opens, closes = time_of(texts[0], fields[0]), end_of(texts[1], fields[1])
        spans[fields[0]] = calendar.span_of(opens, closes, field=fields[1])
    if not spans:
        raise Refused("foundation.calendar.no_hours", field=f"opens-{key}-0")
    calendar.demand_apart(list(spans.values()), list(spans))
    return list(spans.values())
