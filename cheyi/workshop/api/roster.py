"""The roster and the bays, for machines."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any

from ninja import Field, Router, Schema

from cheyi.foundation import rosters
from cheyi.foundation.api import Body, question, verb
from cheyi.foundation.api.shapes import Clock, Day
from cheyi.foundation.rosters import RosterDay
from cheyi.kernel import Refused
from cheyi.workshop import access, actions
from cheyi.workshop.models import Bay
from cheyi.workshop.models.choices import BayKind
from cheyi.workshop.queries.people import bays
from cheyi.workshop.queries.roster import monday_of, technicians

router = Router()
BAY = actions.people.BAY
Short = Annotated[str, Field(max_length=60)]
Weekday = Annotated[int, Field(ge=0, le=6)]
Weeks = Annotated[int, Field(ge=1, le=rosters.MOST_WEEKS)]


class WorkShiftIn(Body):
    """From when to when, and the break in it; an end of 00:00 is the midnight that ends the day."""

    starts: Clock
    ends: Clock
    rest_starts: Clock | None = None
    rest_ends: Clock | None = None


Shifts = Annotated[list[WorkShiftIn], Field(max_length=3)]


class RosterDayIn(Body):
    """Somebody's day: his shifts, or that he is free; neither takes off what is planned."""

    day: Day
    shifts: Shifts = []
    off: bool = False


class UsualWeekIn(Body):
    """The shifts of the weekdays on which he works (0 is Monday), from a day on, for so many weeks."""

    shifts: Shifts
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)]
    first: Day
    weeks: Weeks


class CopyWeekIn(Body):
    """A day of the week that is to be as the one before."""

    week: Day


class WorkShiftOut(Schema):
    """A stretch of work with its break."""

    starts: str
    ends: str
    rest_starts: str
    rest_ends: str


class RosterDayOut(Schema):
    """What the roster says of somebody's day."""

    employee_id: int
    day: date
    shifts: list[WorkShiftOut]
    off: bool


class RosterOut(Schema):
    """A week; what nothing is said of is left out."""

    monday: date
    days: list[RosterDayOut]


class BayIn(Body):
    """A bay as it shall be."""

    code: Short
    kind: Short = "general"
    ev_safe: bool = False


class BayChangeIn(BayIn):
    """The same, and whether it is in use."""

    active: bool = True


class BayOut(Schema):
    """A bay."""

    id: int
    code: str
    kind: str
    ev_safe: bool
    active: bool

    @classmethod
    def of(cls, bay: Bay) -> BayOut:
        """The shape of a row."""
        names = ("code", "kind", "ev_safe", "active")
        return cls(id=bay.pk, **{name: getattr(bay, name) for name in names})


class BayWithJobsOut(BayOut):
    """A bay and the orders whose jobs were given it."""

    orders: list[int]


class BaysOut(Schema):
    """All bays, and the kinds there are."""

    bays: list[BayWithJobsOut]
    kinds: list[str]


@question(router, "/roster", permission=rosters.EDIT, response=RosterOut)
def roster(request: Any, week: Day) -> RosterOut:
    """The roster of the week in which a day lies."""
    return _week(request, week)


@verb(router, "/technicians/{int:technician_id}/set-day", permission=rosters.EDIT, response=RosterOut)
def set_day(request: Any, technician_id: int, body: RosterDayIn) -> RosterOut:
    """Write what the roster says of a technician's day; gives its week."""
    technician = access.technician(technician_id)
    said = RosterDay(off=True) if body.off else RosterDay(_shifts(body.shifts))
    days = {(technician.employee_id, body.day): said}
    rosters.set_days(days, store=request.store, by=request.viewer, now=request.now)
    return _week(request, body.day)


@verb(router, "/technicians/{int:technician_id}/set-usual-week", permission=rosters.EDIT, response=RosterOut)
def set_usual_week(request: Any, technician_id: int, body: UsualWeekIn) -> RosterOut:
    """Let a technician work alike every week; gives the first one."""
    technician = access.technician(technician_id)
    rosters.set_usual_week(
        request.store,
        people=[technician.employee_id],
        week=dict.fromkeys(body.weekdays, RosterDay(_shifts(body.shifts))),
        first=body.first,
        weeks=body.weeks,
        by=request.viewer,
        now=request.now,
    )
    return _week(request, body.first)


@verb(router, "/roster/copy-week", permission=rosters.EDIT, response=RosterOut)
def copy_week(request: Any, body: CopyWeekIn) -> RosterOut:
    """Fill the empty days of a week as they were the week before."""
    people, monday = list(technicians(request.store)), monday_of(body.week)
    rosters.copy_week(request.store, people=people, monday=monday, by=request.viewer, now=request.now)
    return _week(request, body.week)


@question(router, "/bays", permission=BAY, response=BaysOut)
def list_bays(request: Any) -> BaysOut:
    """The bays of the store with what stands in them."""
    rows = [
        BayWithJobsOut(**BayOut.of(one.bay).model_dump(), orders=sorted({job.order_id for job in one.jobs}))
        for one in bays(request.store)
    ]
    return BaysOut(bays=rows, kinds=list(BayKind.values))


@verb(router, "/bays/add", permission=BAY, response=BayOut)
def add_bay(request: Any, body: BayIn) -> BayOut:
    """A further bay."""
    return BayOut.of(actions.add_bay(**body.model_dump(), store=request.store, by=request.viewer, now=request.now))


@verb(router, "/bays/{int:bay_id}/change", permission=BAY, response=BayOut)
def change_bay(request: Any, bay_id: int, body: BayChangeIn) -> BayOut:
    """Another name or kind, out of use or in use again."""
    bay = access.bay(bay_id)
    return BayOut.of(actions.change_bay(bay, **body.model_dump(), by=request.viewer, now=request.now))


def _shifts(wanted: list[WorkShiftIn]) -> tuple[rosters.DayShift, ...]:
    """Raises Refused ``foundation.roster.half_span`` and those of ``shift_of``, at their place in the call."""
    return tuple(_shift(one, f"shifts.{number}") for number, one in enumerate(wanted))


def _shift(one: WorkShiftIn, place: str) -> rosters.DayShift:
    begins, ends = one.rest_starts, one.rest_ends
    if (begins is None) != (ends is None):
        raise Refused("foundation.roster.half_span", field=f"{place}.{'rest_ends' if begins else 'rest_starts'}")
    rest = (time.fromisoformat(begins), time.fromisoformat(ends)) if begins and ends else None
    fields = [f"{place}.{name}" for name in ("starts", "ends", "rest_starts", "rest_ends")]
    return rosters.shift_of(time.fromisoformat(one.starts), time.fromisoformat(one.ends), rest, fields=fields)


def _week(request: Any, day: date) -> RosterOut:
    monday = monday_of(day)
    found = rosters.roster(request.store, technicians(request.store), monday, 7)
    days = [
        RosterDayOut(employee_id=person, day=on, shifts=[_told(one) for one in said.shifts], off=said.off)
        for (person, on), said in sorted(found.items(), key=lambda one: one[0])
    ]
    return RosterOut(monday=monday, days=days)


def _told(one: rosters.DayShift) -> WorkShiftOut:
    rest = one.rest
    return WorkShiftOut(
        starts=f"{one.work.opens:%H:%M}",
        ends=f"{one.work.closes:%H:%M}",
        rest_starts=f"{rest.opens:%H:%M}" if rest else "",
        rest_ends=f"{rest.closes:%H:%M}" if rest else "",
    )
