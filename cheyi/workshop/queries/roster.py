"""The week of the technicians: who works when, what the opening hours say where nothing is rostered, who is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cheyi.foundation.absences import absences
from cheyi.foundation.calendar import opening_hours
from cheyi.foundation.models import Absence, Store
from cheyi.foundation.rosters import NOTHING, DayShift, RosterDay, roster
from cheyi.kernel import OpenSpan, Span
from cheyi.workshop.models import TechnicianProfile

GRID = 7
LOOKED_BACK = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Cell:
    """A technician's day: what the roster says, and where it says nothing of anybody when the store is open (``assumed``).

    ``away`` are absences that touch the day; ``can_change`` when it is not over.
    """

    day: date
    said: RosterDay
    assumed: tuple[Span, ...]
    away: tuple[Absence, ...]
    can_change: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A technician's week."""

    technician_id: int
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """The grid of a week; ``unplanned`` are its days of which the roster says nothing."""

    monday: date
    days: tuple[date, ...]
    rows: tuple[Row, ...]
    unplanned: frozenset[date]
    today: date


def technicians(store: Store) -> dict[int, str]:
    """Who works in the workshop, by employee id in the order of the board. One query."""
    rows = TechnicianProfile.objects.filter(store=store, active=True, employee__status="active").order_by("pk")
    return dict(rows.values_list("employee_id", "employee__name"))


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week_of(store: Store, monday: date, *, now: datetime) -> Week:
    """The grid of a week. Four queries."""
    people, today = technicians(store), store.local(now).date()
    days = tuple(monday + timedelta(days=number) for number in range(GRID))
    said = roster(store, people, monday, GRID)
    planned = {day for _person, day in said}
    hours, begins = opening_hours(store), _midnight(store, monday, now)
    away = absences(store, since=begins)
    rows = tuple(
        Row(
            person,
            name,
            tuple(
                Cell(
                    day,
                    said.get((person, day), NOTHING),
                    () if day in planned else tuple(hours.on(day)),
                    tuple(one for one in away if one.employee_id == person and _touches(one, store, day, now)),
                    day >= today,
                )
                for day in days
            ),
        )
        for person, name in people.items()
    )
    return Week(monday, days, rows, frozenset(set(days) - planned), today)


def suggested(store: Store, person: int, day: date) -> DayShift | None:
    """The hours with which a form begins: his that day, his nearest before, a colleague's, else while the store is open.

    None where the store is closed that day and nobody worked in the four weeks before. Three queries.
    """
    said = roster(store, technicians(store), day - LOOKED_BACK, LOOKED_BACK.days + 1)
    worked = [(who == person, on, one.shifts[0]) for (who, on), one in said.items() if one.shifts]
    if worked:
        return max(worked, key=lambda one: one[:2])[2]
    open_then = opening_hours(store).on(day)
    if not open_then:
        return None
    first, last = open_then[0].start.time(), open_then[-1].end.time()
    return DayShift(OpenSpan(first, last))


def _midnight(store: Store, day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(0), tzinfo=store.local(now).tzinfo)


def _touches(one: Absence, store: Store, day: date, now: datetime) -> bool:
    start = _midnight(store, day, now)
    return Span(one.starts_at, one.ends_at).overlaps(Span(start, _midnight(store, day + timedelta(days=1), now)))
