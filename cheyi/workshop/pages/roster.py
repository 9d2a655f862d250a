"""The roster: a week of the technicians, one day or a usual week of one of them, a week as the last one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cheyi.foundation import rosters
from cheyi.foundation.acts import to_undo
from cheyi.foundation.calendar_page import WEEKDAYS
from cheyi.foundation.models import Employee
from cheyi.foundation.pages import fragment, page, say, screen
from cheyi.foundation.pages.numbers import number_in
from cheyi.foundation.pages.times import day_of, end_of, plain, time_of
from cheyi.foundation.rosters import DayShift, RosterDay
from cheyi.kernel import Refused
from cheyi.workshop import access
from cheyi.workshop.pages.answering import read_again
from cheyi.workshop.queries.roster import monday_of, suggested, technicians, week_of

FIELDS = ("starts", "ends", "rest_starts", "rest_ends")
WEEKDAY_NUMBERS = tuple("0123456")
USUAL_WEEKS = 4
WEEK = timedelta(days=7)


@page(rosters.EDIT, methods=("GET",))
def roster_page(request: Any) -> HttpResponse:
    """The grid of a week, this one unless the address names a day of another."""
    week = week_of(request.store, _monday(request, request.GET), now=request.now)
    return screen(request, "workshop/roster.html", week=week, weekdays=WEEKDAYS, step=WEEK)


def _monday(request: Any, form: Mapping[str, str]) -> date:
    """The Monday of the week that is meant; of this one for anything that is no day near ours."""
    today: date = request.store.local(request.now).date()
    try:
        day = day_of(form.get("week", ""), "week")
    except Refused:
        return monday_of(today)
    return monday_of(day if abs(day - today) <= rosters.FURTHEST else today)


@page(rosters.EDIT)
def day(request: Any, technician_id: int) -> HttpResponse:
    """GET asks for somebody's hours of a day; POST writes them, that he is free, or takes off what stands."""
    technician = access.technician(technician_id).employee
    on = day_of((request.GET if request.method == "GET" else request.POST).get("day", ""), "day")
    today = request.store.local(request.now).date()
    if request.method == "GET":
        rosters.demand_day(on, today=today)
        said = rosters.roster(request.store, [technician.pk], on, 1).get((technician.pk, on), rosters.NOTHING)
        begin = suggested(request.store, technician.pk, on)
        weekday = WEEKDAYS[on.weekday()]
        return fragment(
            request, "workshop/_ask_shift.html", technician=technician, day=on, weekday=weekday, said=said, begin=begin
        )
    said = _said(request.POST)
    rosters.set_days({(technician.pk, on): said}, store=request.store, by=request.viewer, now=request.now)
    told = {"name": technician.name, "day": on.isoformat(), "hours": _in_words(said)}
    say(request, _("%(name)s %(day)s: %(hours)s") % told, undo=to_undo())
    return read_again(request, "workshop:roster")


def _said(form: Mapping[str, str]) -> RosterDay:
    """What the button says of the day: free, nothing, or the hours that were typed."""
    if form.get("act") == "off":
        return RosterDay(off=True)
    return rosters.NOTHING if form.get("act") == "clear" else RosterDay((_shift(form),))


def _shift(form: Mapping[str, str]) -> DayShift:
    """The hours as they were typed. Raises Refused ``foundation.roster.no_hours``, ``.half_span`` and those of ``shift_of``."""
    texts = {name: plain(form.get(name, "")) for name in FIELDS}
    if not texts["starts"] and not texts["ends"]:
        raise Refused("foundation.roster.no_hours", field="starts")
    for one, other in (FIELDS[:2], FIELDS[2:]):
        if bool(texts[one]) != bool(texts[other]):
            raise Refused("foundation.roster.half_span", field=other if texts[one] else one)
    starts, ends = time_of(texts["starts"], "starts"), end_of(texts["ends"], "ends")
    pause = texts["rest_starts"], texts["rest_ends"]
    rest = (time_of(pause[0], FIELDS[2]), end_of(pause[1], FIELDS[3])) if all(pause) else None
    return rosters.shift_of(starts, ends, rest, fields=FIELDS)


def _in_words(said: RosterDay) -> str:
    hours = ["–".join(one.hours) for one in said.shifts]
    return _("day off") if said.off else _(", ").join(hours) or _("nothing planned")


@page(rosters.EDIT)
def usual_week(request: Any, technician_id: int) -> HttpResponse:
    """GET asks for the hours and days of a usual week; POST writes them for him or for all, for some weeks."""
    technician = access.technician(technician_id).employee
    if request.method == "GET":
        return fragment(request, "workshop/_ask_week.html", **_asked_week(request, technician))
    form, today = request.POST, request.store.local(request.now).date()
    said, ticked = (
        RosterDay((_shift(form),)),
        {int(text) for text in form.getlist("weekday") if text in WEEKDAY_NUMBERS},
    )
    if not ticked:
        raise Refused("foundation.roster.no_days", field="weekday")
    rosters.set_usual_week(
        request.store,
        people=list(technicians(request.store)) if "all" in form else [technician.pk],
        week=dict.fromkeys(ticked, said),
        first=max(day_of(form.get("first", ""), "first"), today),
        weeks=number_in(plain(form.get("weeks", ""))) or 0,
        by=request.viewer,
        now=request.now,
    )
    say(request, _("The usual week is planned"), undo=to_undo())
    return read_again(request, "workshop:roster")


def _asked_week(request: Any, technician: Employee) -> dict[str, Any]:
    """His hours and the days on which he works in the week that is shown, from today on."""
    monday = _monday(request, request.GET)
    first = max(monday, request.store.local(request.now).date())
    week = week_of(request.store, monday, now=request.now)
    cells = next((row.cells for row in week.rows if row.technician_id == technician.pk), ())
    return {
        "technician": technician,
        "begin": suggested(request.store, technician.pk, first),
        "first": first,
        "weekdays": WEEKDAYS,
        "ticked": {cell.day.weekday() for cell in cells if cell.said.shifts or cell.assumed},
        "weeks": USUAL_WEEKS,
    }


@page(rosters.EDIT, methods=("POST",))
def copy_week(request: Any) -> HttpResponse:
    """What is empty in a week becomes as it was the week before."""
    monday, people = _monday(request, request.POST), list(technicians(request.store))
    filled = rosters.copy_week(request.store, people=people, monday=monday, by=request.viewer, now=request.now)
    say(request, ngettext("%(n)d day filled", "%(n)d days filled", filled) % {"n": filled}, undo=to_undo())
    return read_again(request, "workshop:roster")
