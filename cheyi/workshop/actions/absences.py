"""A technician is not here, and here again: his running clock stops, his work is to be given anew (planning.py)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from cheyi.foundation import absences
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act
from cheyi.foundation.models import Absence, Employee, Store
from cheyi.kernel import Refused
from cheyi.workshop.actions.working import pause_job, start_job
from cheyi.workshop.models import Assignment, JobClock, LabourLine

NOTE, END = "workshop.absence.note", "workshop.absence.end"
AWAY = "away"


@act
def note_absence(
    technician: Employee,
    *,
    store: Store,
    ends_at: datetime,
    starts_at: datetime | None = None,
    why: str,
    words: str = "",
    stop: Collection[int] = (),
    by: Viewer,
    now: datetime,
) -> Absence:
    """A technician is away from now, or from a moment to come, until another; nothing that he was given is lost.

    Work that he cannot do on its day any more is to be given anew. A clock of his that runs as he goes is stopped only
    on the jobs in ``stop``: whoever notes it has seen them; the job is paused and goes on with him or with whom it is
    given to. Raises Refused ``workshop.absence.clock_runs`` for another one (fact ``line``), and those of
    ``absences.note``.
    """
    begins = max(starts_at or now, now)
    absences.demand_span(begins, ends_at, now=now)
    stopped = _stop_clocks(technician, stop, by=by, now=now) if begins <= now else []
    return absences.note(
        technician,
        store=store,
        starts_at=begins,
        ends_at=ends_at,
        why=why,
        words=words,
        undo=(END, {"lines": stopped}),
        by=by,
        now=now,
    )


@act
def end_absence(absence: Absence, *, by: Viewer, now: datetime) -> Employee:
    """Somebody is here again, or does not go after all; what nobody else has begun is his as before.

    Raises Refused ``foundation.absence.over``.
    """
    return absences.end(absence, undo=NOTE, by=by, now=now)


@act
def take_back_absence(*, lines: Sequence[int] = (), by: Viewer, now: datetime, **noted: Any) -> Employee:
    """What undo does: what was noted is as before, and a clock that was stopped runs again where the job still is his.

    Raises Refused ``foundation.undo.impossible``.
    """
    technician = absences.take_back(by=by, now=now, **noted)
    busy = JobClock.objects.filter(technician=technician, stopped_at=None).exists()
    his = Assignment.objects.filter(line_id__in=lines, technician=technician, ended_at=None)
    for line in LabourLine.objects.filter(pk__in=his.values("line_id"), state="paused").order_by("pk"):
        if not busy:
            start_job(line, technician=technician, by=by, now=now)
    return technician


def _stop_clocks(technician: Employee, stop: Collection[int], *, by: Viewer, now: datetime) -> list[int]:
    running = (
        JobClock.objects.filter(technician=technician, stopped_at=None).select_related("line__order").order_by("pk")
    )
    clocks = list(running)
    for clock in clocks:
        if clock.line_id not in stop:
            order = clock.line.order
            facts = {"name": technician.name, "job": clock.line.name, "plate": order.plate or order.vin[-6:]}
            raise Refused("workshop.absence.clock_runs", field="stop", **facts, line=clock.line_id)
    for clock in clocks:
        pause_job(clock.line, technician=technician, reason=AWAY, by=by, now=now)
    return [clock.line_id for clock in clocks]
