"""Clocked time: stopping clocks, and what a finished job adds to each technician's hours."""

from __future__ import annotations

from datetime import datetime, timedelta

from cheyi.foundation.access import Viewer
from cheyi.kernel import Hours, Refused
from cheyi.workshop.models import Assignment, ClockedHours, JobClock, LabourLine, WorkOrder
from cheyi.workshop.rules.life import LABOUR
from cheyi.workshop.rules.pricing import shared_hours

TOO_LONG = timedelta(hours=12)


def stop(line: LabourLine, technician_id: int, reason: str, *, now: datetime, must: bool = True) -> JobClock | None:
    """Stop a technician's clock on a job. Raises Refused ``workshop.line.not_clocked`` when there ``must`` be one."""
    clock = (
        JobClock.objects.select_for_update(of=("self",))
        .filter(line=line, technician_id=technician_id, stopped_at__isnull=True)
        .first()
    )
    if clock is None:
        if must:
            raise Refused("workshop.line.not_clocked", job=line.name)
        return None
    return end(clock, reason, now)


def end(clock: JobClock, reason: str, now: datetime) -> JobClock:
    """Stop a clock; one that ran longer than 12 hours is flagged for the foreman."""
    clock.stopped_at = max(now, clock.started_at)
    clock.stop_reason = reason[:20]
    clock.flagged = clock.stopped_at - clock.started_at > TOO_LONG
    clock.save(update_fields=["stopped_at", "stop_reason", "flagged"])
    return clock


def running(line: LabourLine) -> bool:
    """Whether anybody is clocked in on the job."""
    return JobClock.objects.filter(line=line, stopped_at__isnull=True).exists()


def count_hours(line: LabourLine, *, by: Viewer, now: datetime) -> None:
    """Sold hours by share and clocked hours of everyone who worked on a done line."""
    shares = {row.technician_id: row.share for row in Assignment.objects.filter(line=line, ended_at__isnull=True)}
    minutes: dict[int, int] = dict.fromkeys(shares, 0)
    for clock in JobClock.objects.filter(line=line, stopped_at__isnull=False):
        if clock.stopped_at is not None:
            spent = int((clock.stopped_at - clock.started_at).total_seconds()) // 60
            minutes[clock.technician_id] = minutes.get(clock.technician_id, 0) + spent
    sold = shared_hours(line.sold_hours, shares) if shares else {}
    ClockedHours.objects.bulk_create(
        [
            ClockedHours(
                store_id=line.store_id,
                created_at=now,
                created_by_id=by.user_id,
                line=line,
                technician_id=technician_id,
                sold_hours=sold.get(technician_id, Hours(0)),
                actual_hours=Hours.from_minutes(spent),
                done_at=now,
            )
            for technician_id, spent in minutes.items()
        ],
        update_conflicts=True,
        unique_fields=["store", "line", "technician"],
        update_fields=["sold_hours", "actual_hours", "done_at"],
    )


def stop_all(order: WorkOrder, *, reason: str, now: datetime) -> None:
    """Every clock on an order stops; its running lines are paused."""
    clocks = JobClock.objects.filter(line__order=order, stopped_at__isnull=True)
    for clock in clocks.select_for_update(of=("self",)):
        end(clock, reason, now)
    LabourLine.objects.filter(order=order, state="working").update(
        state=LABOUR.after("working", "pause_job"), pause_reason=reason[:20]
    )
