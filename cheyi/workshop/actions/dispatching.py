"""Giving jobs to technicians, moving them, taking them back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, lock
from cheyi.foundation.models import Employee
from cheyi.kernel import Rate, Refused
from cheyi.workshop.actions.moves import walk
from cheyi.workshop.actions.placing import Placed, Placement, assignments_for, place_all
from cheyi.workshop.events import OrderDispatched
from cheyi.workshop.models import Assignment, Bay, JobClock, LabourLine, WorkOrder
from cheyi.workshop.queries.short_parts import jobs_held_back
from cheyi.workshop.rules.life import EDITING, LABOUR, ORDER

DISPATCHABLE = ("approved", "assigned")


@act
def dispatch(
    order: WorkOrder,
    *,
    technician: Employee | None = None,
    placements: Sequence[Placement] = (),
    bay: Bay | None = None,
    reason: str = "",
    by: Viewer,
    now: datetime,
) -> WorkOrder:
    """Give every approved job of an order to one technician, or each to whom ``placements`` say.

    Placements may leave out what waits for a part that nobody has a date for. Raises Refused ``workshop.order.not_now``,
    ``workshop.order.diagnosis_missing`` for an order without jobs, ``workshop.order.technician_missing`` when another
    job is left out, and those of ``assignments_for``.
    """
    order = lock(order)
    ORDER.after(order.state, "dispatch")
    lines = list(LabourLine.objects.filter(order=order, state__in=DISPATCHABLE).order_by("seq"))
    if not lines:
        raise Refused("workshop.order.diagnosis_missing", verb="dispatch", count=1, target="lines", also=[])
    placed = _placed(lines, technician, placements, bay)
    _nobody_left_out(order, lines, placed, now)
    rows = _assign(order, placed, reason=reason, by=by, now=now)
    people = tuple(sorted({row.technician_id for row in rows}))
    return walk(
        order,
        "dispatch",
        by=by,
        now=now,
        undo=("workshop.order.take_off", {"order_id": order.pk}),
        facts={"technicians": list(people), "reason": reason},
        told={"technician_ids": people},
    )


@act
def assign(
    order: WorkOrder,
    *,
    placements: Sequence[Placement] = (),
    free: Sequence[int] = (),
    reason: str = "",
    by: Viewer,
    now: datetime,
) -> WorkOrder:
    """Give some jobs of a dispatched or running order to other technicians, bays or times; the order stays as it is.

    The jobs ``free`` (line numbers) are nobody's again. A job that is running keeps whoever works on it. Raises Refused
    ``workshop.order.not_now``, ``workshop.line.clock_runs``, ``workshop.order.clock_exists`` for a job to be free that
    somebody has begun, and those of ``assignments_for``.
    """
    order = lock(order)
    EDITING.after(order.state, "assign")
    wanted = {one.line_id for one in placements} | set(free)
    lines = {line.pk: line for line in LabourLine.objects.filter(order=order, pk__in=wanted)}
    if set(lines) != wanted or not wanted:
        raise Refused("workshop.line.not_of_order", order=order.no)
    before = _open_assignments(lines)
    running = JobClock.objects.filter(line__in=lines.values(), stopped_at__isnull=True).select_related("technician")
    for clock in running:
        raise Refused("workshop.line.clock_runs", technician=clock.technician.name)
    rows = _assign(order, [(lines[one.line_id], one) for one in placements], reason=reason, by=by, now=now)
    _let_go(order, [lines[line_id] for line_id in free], now=now)
    nobodys = sorted(wanted - {row["line_id"] for row in before})
    undo = ("workshop.order.assign", {"order_id": order.pk, "rows": before, "free": nobodys})
    people = sorted({row.technician_id for row in rows})
    audit(
        by,
        "workshop.order.assigned",
        order,
        now=now,
        undo=undo,
        technicians=people,
        lines=sorted(wanted),
        reason=reason,
    )
    announce(OrderDispatched(store_id=order.store_id, happened_at=now, order_id=order.pk, technician_ids=tuple(people)))
    return order


def _let_go(order: WorkOrder, lines: Sequence[LabourLine], *, now: datetime) -> None:
    if not lines:
        return
    if JobClock.objects.filter(line__in=lines).exists():
        raise Refused("workshop.order.clock_exists", no=order.no)
    end_assignments(lines, now=now)
    for state in {line.state for line in lines}:
        mine = [line.pk for line in lines if line.state == state]
        LabourLine.objects.filter(pk__in=mine).update(state=LABOUR.after(state, "take_off"))


@act
def take_off(order: WorkOrder, *, by: Viewer, now: datetime) -> WorkOrder:
    """Take the technicians off an order that nobody has begun. Raises Refused ``workshop.order.clock_exists``."""
    order = lock(order)
    ORDER.after(order.state, "take_off")
    if JobClock.objects.filter(line__order=order).exists():
        raise Refused("workshop.order.clock_exists", no=order.no)
    end_assignments(LabourLine.objects.filter(order=order), now=now)
    LabourLine.objects.filter(order=order, state="assigned").update(state=LABOUR.after("assigned", "take_off"))
    return walk(order, "take_off", by=by, now=now)


def end_assignments(lines: Iterable[LabourLine], *, now: datetime) -> None:
    """Nobody is on these lines any more; the rows stay as history."""
    Assignment.objects.filter(line__in=lines, ended_at__isnull=True).update(ended_at=now)


def _placed(
    lines: Sequence[LabourLine], technician: Employee | None, placements: Sequence[Placement], bay: Bay | None
) -> list[Placed]:
    if technician is not None:
        return place_all(lines, technician, bay=bay)
    known = {line.pk: line for line in lines}
    for one in placements:
        if one.line_id not in known:
            raise Refused("workshop.line.not_of_order", order=lines[0].order_id)
    return [(known[one.line_id], one) for one in placements]


def _nobody_left_out(order: WorkOrder, lines: Sequence[LabourLine], placed: Sequence[Placed], now: datetime) -> None:
    taken = {line.pk for line, _ in placed}
    left = [line for line in lines if line.pk not in taken and line.state == "approved"]
    if left and placed:
        late = jobs_held_back(order.pk, store=order.store, now=now)
        left = [line for line in left if line.pk not in late]
    if left or not placed:
        raise Refused("workshop.order.technician_missing", verb="dispatch", count=len(left), target="dispatch", also=[])


def _assign(order: WorkOrder, placed: Sequence[Placed], *, reason: str, by: Viewer, now: datetime) -> list[Assignment]:
    rows = assignments_for(placed, order=order, on=order.store.business_date(now), reason=reason, by=by, now=now)
    lines = list({line.pk: line for line, _ in placed}.values())
    end_assignments(lines, now=now)
    Assignment.objects.bulk_create(rows)
    for state in {line.state for line in lines}:
        LabourLine.objects.filter(pk__in=[line.pk for line in lines if line.state == state]).update(state=state)
    return rows


def _open_assignments(lines: dict[int, LabourLine]) -> list[dict[str, Any]]:
    """Who is on these lines now, as plain values from which undo can make placements."""
    return [
        {
            "line_id": row.line_id,
            "technician_id": row.technician_id,
            "share": row.share.parts,
            "bay_id": row.bay_id,
            "start_at": row.planned_start_at.isoformat() if row.planned_start_at else None,
            "end_at": row.planned_end_at.isoformat() if row.planned_end_at else None,
            "dragged": row.dragged,
        }
        for row in Assignment.objects.filter(line_id__in=lines, ended_at__isnull=True)
    ]


def placements_of(rows: Sequence[dict[str, Any]]) -> list[Placement]:
    """The placements that an undo entry keeps."""
    return [
        Placement(
            line_id=row["line_id"],
            technician_id=row["technician_id"],
            share=Rate(row["share"]),
            bay_id=row["bay_id"],
            start_at=datetime.fromisoformat(row["start_at"]) if row["start_at"] else None,
            end_at=datetime.fromisoformat(row["end_at"]) if row["end_at"] else None,
            dragged=row.get("dragged", False),
        )
        for row in rows
    ]
