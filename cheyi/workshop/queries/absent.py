"""What is asked before a technician is noted as away: whether he is already, what runs, what he has in hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cheyi.foundation.models import Absence, Employee, Store
from cheyi.workshop.models import Assignment, JobClock


@dataclass(frozen=True, slots=True)
class Running:
    """A job whose clock runs for him, since when."""

    line_id: int
    name: str
    plate: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Leaving:
    """A technician as the board asks about him: absences that are not over, clocks that run, jobs not begun."""

    technician: Employee
    absences: tuple[Absence, ...]
    running: tuple[Running, ...]
    in_hand: int


def leaving(technician: Employee, *, store: Store, now: datetime) -> Leaving:
    """Three queries."""
    noted = Absence.objects.filter(store=store, employee=technician, ends_at__gt=now).order_by("starts_at")
    clocks = (
        JobClock.objects.filter(technician=technician, stopped_at=None).select_related("line__order").order_by("pk")
    )
    running = tuple(
        Running(one.line_id, one.line.name, one.line.order.plate or one.line.order.vin[-6:], one.started_at)
        for one in clocks
    )
    mine = Assignment.objects.filter(technician=technician, ended_at=None, line__state__in=("assigned", "paused"))
    live = mine.filter(line__order__state__in=("dispatched", "working", "hold"))
    return Leaving(technician, tuple(noted), running, live.count())
