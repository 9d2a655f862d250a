"""Who works when: the shifts of each person by day, a week as the last one, a usual week (排班)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit, inverse, lock
from cheyi.foundation.models import Employee, Store, WorkShift
from cheyi.kernel import OpenSpan, Refused

EDIT = "foundation.roster.edit"
FURTHEST = timedelta(days=366)
MOST_WEEKS = 12
OFF = "off"
Key = tuple[int, date]


@dataclass(frozen=True, order=True, slots=True)
class DayShift:
    """A stretch of work on a day by the store's clock, with the break in it; an end of 00:00 is midnight."""

    work: OpenSpan
    rest: OpenSpan | None = None

    def __str__(self) -> str:
        return " ".join(_shown(one) for one in (self.work, self.rest) if one)

    @property
    def hours(self) -> tuple[str, str]:
        """From and until as people write them: the midnight that ends the day is 24:00."""
        return _told(self.work)

    @property
    def pause(self) -> tuple[str, str]:
        """The same of the break, both empty without one."""
        return _told(self.rest) if self.rest else ("", "")


@dataclass(frozen=True, slots=True)
class RosterDay:
    """What the roster says of somebody's day: shifts, or that it is free, or nothing at all."""

    shifts: tuple[DayShift, ...] = ()
    off: bool = False

    def __str__(self) -> str:
        return OFF if self.off else ",".join(map(str, self.shifts))

    @classmethod
    def read(cls, text: str) -> RosterDay:
        """From what ``str`` gives."""
        if text in ("", OFF):
            return cls(off=text == OFF)
        return cls(tuple(DayShift(*(_span(piece) for piece in one.split(" "))) for one in text.split(",")))


NOTHING = RosterDay()


def shift_of(
    starts: time, ends: time, rest: tuple[time, time] | None = None, *, fields: Sequence[str] = ("", "", "", "")
) -> DayShift:
    """A shift from times; ``fields`` names those of both times and of the break's.

    Raises Refused ``foundation.roster.ends_first``, ``foundation.roster.break_outside``.
    """
    work = _ordered(starts, ends, fields[1])
    if rest is None:
        return DayShift(work)
    pause = _ordered(*rest, fields[3])
    if pause.opens < work.opens or _end(pause) > _end(work):
        raise Refused("foundation.roster.break_outside", field=fields[2], rest=_shown(pause), work=_shown(work))
    return DayShift(work, pause)


def demand_apart(shifts: Sequence[DayShift], *, field: str = "") -> None:
    """Raises Refused ``foundation.roster.overlap``."""
    for one, other in pairwise(sorted(shifts)):
        if other.work.opens < _end(one.work) or _end(one.work) == time.max:
            raise Refused("foundation.roster.overlap", field=field, first=_shown(one.work), second=_shown(other.work))


def roster(store: Store, people: Collection[int], first: date, days: int) -> dict[Key, RosterDay]:
    """What the roster says of each person's days, by (employee, day); what it says nothing of is left out. One query."""
    zone = ZoneInfo(store.zone)
    since = datetime.combine(first, time(0), tzinfo=zone)
    until = datetime.combine(first + timedelta(days=days), time(0), tzinfo=zone)
    rows = WorkShift.objects.filter(
        store=store, employee_id__in=people, starts_at__gte=since, starts_at__lt=until
    ).order_by("starts_at")
    found: dict[Key, RosterDay] = {}
    for row in rows:
        key = (row.employee_id, row.starts_at.astimezone(zone).date())
        before = found.get(key, NOTHING)
        found[key] = RosterDay(off=True) if row.off else RosterDay((*before.shifts, _shift_of_row(row, zone)))
    return found


@act
def set_days(days: Mapping[Key, RosterDay], *, store: Store, by: Viewer, now: datetime) -> None:
    """Write what the roster says of some people's days; what stood there gives way, nothing said takes it off.

    Raises Refused ``foundation.roster.day_past``, ``foundation.roster.too_far``, ``foundation.roster.overlap``,
    ``foundation.roster.not_here``.
    """
    today = store.local(now).date()
    for _person, day in days:
        demand_day(day, today=today)
    for said in days.values():
        demand_apart(said.shifts)
    people = _locked({person for person, _day in days})
    former = _standing(store, days)
    _write(store, days, by=by, now=now)
    cells = [
        [person, day.isoformat(), str(former.get((person, day), "")), str(said)] for (person, day), said in days.items()
    ]
    undo = (EDIT, {"store_id": store.pk, "cells": cells})
    span = [min(day for _person, day in days).isoformat(), max(day for _person, day in days).isoformat()]
    names = [people[one].name for one in sorted(people)]
    audit(by, "foundation.roster.set", store, now=now, undo=undo, people=names, days=span, count=len(days))


@act
def copy_week(store: Store, *, people: Collection[int], monday: date, by: Viewer, now: datetime) -> int:
    """Fill the empty days of a week, from today on, as they were a week before; how many were filled.

    Raises Refused ``foundation.roster.nothing_to_copy``, and those of ``set_days``.
    """
    week, today = timedelta(days=7), store.local(now).date()
    found = roster(store, people, monday - week, 14)
    days = {
        (person, day + week): said
        for (person, day), said in found.items()
        if day < monday and day + week >= today and (person, day + week) not in found
    }
    if not days:
        raise Refused("foundation.roster.nothing_to_copy")
    set_days(days, store=store, by=by, now=now)
    return len(days)


@act
def set_usual_week(
    store: Store,
    *,
    people: Collection[int],
    week: Mapping[int, RosterDay],
    first: date,
    weeks: int,
    by: Viewer,
    now: datetime,
) -> None:
    """Let some people work alike every week (0 = Monday; a weekday left out is free), from a day on for so many weeks.

    Raises Refused ``foundation.roster.weeks``, and those of ``set_days``.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise Refused("foundation.roster.weeks", field="weeks", most=MOST_WEEKS)
    off = RosterDay(off=True)
    days = [first + timedelta(days=number) for number in range(7 * weeks - first.weekday())]
    set_days(
        {(person, day): week.get(day.weekday()) or off for person in people for day in days},
        store=store,
        by=by,
        now=now,
    )


@inverse(EDIT)
def put_back(*, store_id: int, cells: Iterable[Sequence[Any]], by: Viewer, now: datetime) -> str:
    """The days as they were, unless one was set again meanwhile. Raises Refused ``foundation.undo.impossible``."""
    store = Store.objects.get(pk=store_id)
    rows = [(int(person), date.fromisoformat(day), former, instead) for person, day, former, instead in cells]
    _locked({person for person, *_rest in rows})
    stands = _standing(store, {(person, day) for person, day, *_rest in rows})
    if any(str(stands.get((person, day), "")) != instead for person, day, _former, instead in rows):
        raise Refused("foundation.undo.impossible")
    _write(store, {(person, day): RosterDay.read(former) for person, day, former, _now in rows}, by=by, now=now)
    audit(by, "foundation.roster.put_back", store, now=now, count=len(rows))
    return _("Roster as before")


def demand_day(day: date, *, today: date) -> None:
    """Raises Refused ``foundation.roster.day_past``, ``foundation.roster.too_far``."""
    if day < today:
        raise Refused("foundation.roster.day_past", field="day", day=day.isoformat())
    if day - today > FURTHEST:
        raise Refused("foundation.roster.too_far", field="day", day=day.isoformat())


def _locked(people: set[int]) -> dict[int, Employee]:
    """The people in ascending order, who all must work here. Raises Refused ``foundation.roster.not_here``."""
    rows = {row.pk: lock(row) for row in Employee.objects.filter(pk__in=people).order_by("pk")}
    if people - {pk for pk, row in rows.items() if row.status == Employee.Status.ACTIVE}:
        raise Refused("foundation.roster.not_here")
    return rows


def _standing(store: Store, keys: Collection[Key]) -> dict[Key, RosterDay]:
    first, last = min(day for _person, day in keys), max(day for _person, day in keys)
    return roster(store, {person for person, _day in keys}, first, (last - first).days + 1)


def _write(store: Store, days: Mapping[Key, RosterDay], *, by: Viewer, now: datetime) -> None:
    zone = ZoneInfo(store.zone)

    def at(day: date, clock: time, *, end: bool = False) -> datetime:
        return datetime.combine(day + timedelta(days=1) if end and clock == time(0) else day, clock, tzinfo=zone)

    wanted: dict[int, list[date]] = {}
    for person, day in days:
        wanted.setdefault(person, []).append(day)
    for person, his in wanted.items():
        rows = WorkShift.objects.filter(store=store, employee_id=person, starts_at__gte=at(min(his), time(0)))
        old = rows.filter(starts_at__lt=at(max(his) + timedelta(days=1), time(0))).values_list("pk", "starts_at")
        WorkShift.objects.filter(pk__in=[pk for pk, starts in old if starts.astimezone(zone).date() in his]).delete()
    made = []
    for (person, day), said in days.items():
        shifts = (DayShift(OpenSpan(time(0), time(0))),) if said.off else said.shifts
        made += [
            WorkShift(
                store=store,
                employee_id=person,
                starts_at=at(day, one.work.opens),
                ends_at=at(day, one.work.closes, end=True),
                break_starts_at=at(day, one.rest.opens) if one.rest else None,
                break_ends_at=at(day, one.rest.closes, end=True) if one.rest else None,
                off=said.off,
                created_at=now,
                created_by_id=by.user_id,
            )
            for one in shifts
        ]
    WorkShift.objects.bulk_create(made)


def _shift_of_row(row: WorkShift, zone: ZoneInfo) -> DayShift:
    def clock(moment: datetime) -> time:
        return moment.astimezone(zone).time().replace(second=0, microsecond=0)

    work = _loosely(clock(row.starts_at), clock(row.ends_at))
    begins, ends = row.break_starts_at, row.break_ends_at
    return DayShift(work, _loosely(clock(begins), clock(ends)) if begins and ends else None)


def _loosely(opens: time, closes: time) -> OpenSpan:
    """A span that may go on after midnight, as a roster from elsewhere can: it is shown until then."""
    return OpenSpan(opens, closes if closes > opens else time(0))


def _ordered(opens: time, closes: time, field: str) -> OpenSpan:
    try:
        return OpenSpan(opens, closes)
    except ValueError:
        shown = {"starts": f"{opens:%H:%M}", "ends": f"{closes:%H:%M}"}
        raise Refused("foundation.roster.ends_first", field=field, **shown) from None


def _end(span: OpenSpan) -> time:
    return span.closes if span.closes != time(0) else time.max


def _told(span: OpenSpan) -> tuple[str, str]:
    return f"{span.opens:%H:%M}", f"{span.closes:%H:%M}" if span.closes != time(0) else "24:00"


def _shown(span: OpenSpan) -> str:
    return f"{span.opens:%H:%M}-{span.closes:%H:%M}"


def _span(text: str) -> OpenSpan:
    opens, closes = text.split("-")
    return OpenSpan(time.fromisoformat(opens), time.fromisoformat(closes))
