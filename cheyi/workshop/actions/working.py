"""Work on the floor: clocks, pauses, done jobs, and the order following them."""

from __future__ import annotations

from datetime import datetime

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit, lock
from cheyi.foundation.models import Employee
from cheyi.kernel import Refused
from cheyi.workshop.actions import clocks, telling
from cheyi.workshop.actions.dispatching import end_assignments
from cheyi.workshop.actions.finishing import JOB_FINISHED, finish_if_done, resume
from cheyi.workshop.actions.moves import walk
from cheyi.workshop.actions.placing import Placement, assignments_for
from cheyi.workshop.models import Assignment, JobClock, LabourLine, TechnicianProfile, WorkOrder
from cheyi.workshop.queries.facts import order_facts
from cheyi.workshop.rules.life import LABOUR, ORDER
from cheyi.workshop.rules.missing import demand


@act
def start_job(line: LabourLine, *, technician: Employee | None = None, by: Viewer, now: datetime) -> LabourLine:
    """Clock in on a job. The first one starts the order; a foreman may clock in for a technician.

    A job that nobody has yet is taken by whoever starts it; an order on hold goes on with it when what it waited for has
    come. Raises Refused ``workshop.line.already_clocked`` (naming the other job), ``workshop.line.not_yours``,
    ``workshop.order.dispatch_first``, ``workshop.order.parts_still_missing``, ``workshop.order.answer_still_missing``,
    ``workshop.order.walk_around_missing``, ``workshop.order.approval_missing`` and those of the dispatch rules.
    """
    order = lock(line.order)
    if order.state == "hold":
        order = resume(order, by=by, now=now)
    line = lock(line)
    who = technician.pk if technician is not None else _me(by)
    _may_start(order, line)
    profile = _profile(who)
    if order.state in {"open", "dispatched"}:
        demand("start", order_facts(order))
    _one_clock(who, line, profile)
    _assign_or_own(order, line, who, by=by, now=now)
    _clock_in(line, profile, by=by, now=now)
    audit(
        by,
        "workshop.line.started",
        order,
        now=now,
        undo=("workshop.line.pause_job", {"line_id": line.pk, "technician_id": who}),
        line=line.pk,
        technician=who,
    )
    if order.state in {"open", "dispatched"}:
        walk(order, "start", by=by, now=now)
    return line


@act
def pause_job(
    line: LabourLine, *, technician: Employee | None = None, reason: str = "", by: Viewer, now: datetime
) -> LabourLine:
    """Clock out of a job that goes on later; the line is paused when nobody works on it any more.

    ``reason`` may be a hold reason (待件…) or empty. Raises Refused ``workshop.line.not_clocked``.
    """
    order = lock(line.order)
    line = lock(line)
    LABOUR.after(line.state, "pause_job")
    clocks.stop(line, technician.pk if technician is not None else _me(by), reason, now=now)
    if not clocks.running(line):
        line.state = LABOUR.after(line.state, "pause_job")
        line.pause_reason = reason[:20]
        line.save(update_fields=["state", "pause_reason"])
    audit(
        by,
        "workshop.line.paused",
        order,
        now=now,
        undo=("workshop.line.start_job", {"line_id": line.pk}),
        line=line.pk,
        reason=reason,
    )
    return line


@act
def finish_job(
    line: LabourLine, *, technician: Employee | None = None, self_checked: bool = False, by: Viewer, now: datetime
) -> LabourLine:
    """A job is done for this technician; the last one on it makes it done, the last job finishes the order.

    ``self_checked`` ticks the self-check in the same tap. What still keeps the order from being finished (parts not
    handed out, other jobs) keeps it at work without refusing the tap. Raises Refused ``workshop.line.not_now``.
    """
    order = lock(line.order)
    line = lock(line)
    LABOUR.after(line.state, "finish_job")
    clock = clocks.stop(line, technician.pk if technician is not None else _me(by), "done", now=now, must=False)
    if clocks.running(line):
        audit(by, "workshop.line.left", order, now=now, line=line.pk, technician=clock.technician_id if clock else None)
        return line
    line.state = LABOUR.after(line.state, "finish_job")
    line.pause_reason = ""
    line.save(update_fields=["state", "pause_reason"])
    clocks.count_hours(line, by=by, now=now)
    if order.sent_back:
        telling.came_right(line, by=by, now=now)
    audit(
        by,
        JOB_FINISHED,
        order,
        now=now,
        undo=("workshop.line.reopen_job", {"line_id": line.pk}),
        line=line.pk,
        self_checked=self_checked,
        technician=by.employee_id,
    )
    finish_if_done(order, self_checked=self_checked, by=by, now=now)
    return line


@act
def reopen_job(line: LabourLine, *, by: Viewer, now: datetime) -> LabourLine:
    """A job that was called done too early is at work again; an order that followed it is too."""
    order = lock(line.order)
    line = lock(line)
    if order.state != "working":
        walk(order, "reopen", by=by, now=now, facts={"because": "job reopened"})
    if order.sent_back and line.state == "done":
        telling.came_back_again(line, by=by, now=now)
    line.state = LABOUR.after(line.state, "reopen_job")
    line.save(update_fields=["state"])
    audit(by, "workshop.line.reopened", order, now=now, line=line.pk)
    return line


def _clock_in(line: LabourLine, profile: TechnicianProfile, *, by: Viewer, now: datetime) -> None:
    line.state = LABOUR.after(line.state, "start_job")
    line.pause_reason = ""
    line.save(update_fields=["state", "pause_reason"])
    JobClock.objects.create(
        store_id=line.store_id,
        created_at=now,
        created_by_id=by.user_id,
        line=line,
        technician_id=profile.employee_id,
        started_at=now,
        parallel=profile.parallel_ok,
    )


def _me(by: Viewer) -> int:
    if by.employee_id is None:
        raise Refused("workshop.line.whose_clock", field="technician")
    return by.employee_id


def _profile(technician_id: int) -> TechnicianProfile:
    profile: TechnicianProfile | None = TechnicianProfile.objects.filter(employee_id=technician_id, active=True).first()
    if profile is None:
        raise Refused("workshop.order.not_a_technician", field="technician")
    return profile


def _may_start(order: WorkOrder, line: LabourLine) -> None:
    if order.state == "open" and not order.flow_profile.start_from_open:
        raise Refused("workshop.order.dispatch_first", no=order.no)
    if order.state != "working":
        ORDER.after(order.state, "start")
    if line.state != "approved":
        LABOUR.after(line.state, "start_job")


def _one_clock(technician_id: int, line: LabourLine, profile: TechnicianProfile) -> None:
    running = JobClock.objects.filter(technician_id=technician_id, stopped_at__isnull=True).select_related(
        "line__order"
    )
    for clock in running:
        if clock.line_id == line.pk or not profile.parallel_ok:
            raise Refused(
                "workshop.line.already_clocked",
                job=clock.line.name,
                no=clock.line.order.no,
                plate=clock.line.order.plate,
                line=clock.line_id,
            )


def _assign_or_own(order: WorkOrder, line: LabourLine, technician_id: int, *, by: Viewer, now: datetime) -> None:
    """The job is his, or nobody's yet and becomes his by the dispatch rules."""
    open_ones = Assignment.objects.filter(line=line, ended_at__isnull=True)
    people = set(open_ones.values_list("technician_id", flat=True))
    if technician_id in people:
        return
    if people:
        raise Refused("workshop.line.not_yours", job=line.name)
    placed = [(line, Placement(line.pk, technician_id))]
    if line.state != "approved":
        end_assignments([line], now=now)
    state = line.state
    rows = assignments_for(placed, order=order, on=order.store.business_date(now), by=by, now=now)
    Assignment.objects.bulk_create(rows)
    if state not in {"approved", "assigned"}:
        line.state = state
