"""The order as a whole: hold and resume, finished work, the steps that fall away."""

from __future__ import annotations

from datetime import datetime

from cheyi.foundation.access import SYSTEM, Viewer
from cheyi.foundation.acts import act, lock
from cheyi.foundation.models import AuditEntry
from cheyi.kernel import Refused
from cheyi.workshop.actions import clocks, stock, telling
from cheyi.workshop.actions.moves import walk
from cheyi.workshop.models import FeeLine, LabourLine, PartLine, QCRecord, SubletLine, WorkOrder
from cheyi.workshop.queries.facts import order_facts
from cheyi.workshop.queries.jobs_at_hand import jobs_at_hand
from cheyi.workshop.rules import flow, quality
from cheyi.workshop.rules.life import LABOUR, ORDER, OTHER, PART, hold_reason, may_hold, may_resume
from cheyi.workshop.rules.missing import demand, missing

JOB_FINISHED = "workshop.line.finished"
WAITING_PARTS = ("requested", "backordered")


@act
def finish(order: WorkOrder, *, self_checked: bool = False, by: Viewer, now: datetime) -> WorkOrder:
    """All jobs are done: the order goes to its check, or on from there where the profile leaves the check out.

    Raises Refused ``workshop.order.job_missing``, ``workshop.order.clock_stop_missing``,
    ``workshop.order.part_issue_missing``, ``workshop.order.not_now``.
    """
    order = lock(order)
    demand("finish", order_facts(order))
    return _finished(order, self_checked=self_checked, by=by, now=now)


def finish_if_done(order: WorkOrder, *, self_checked: bool, by: Viewer, now: datetime) -> None:
    """Finish a locked order at work when nothing keeps it back."""
    if _is_done(order):
        _finished(order, self_checked=self_checked, by=by, now=now)


def finish_if_rest_is_off(order: WorkOrder, *, by: Viewer, now: datetime) -> None:
    """What was still to do is off a locked order: it goes on as it would have after the job that was finished last.

    The tick that was given with that job is the self-check, on the name and at the time of whoever ticked it.
    """
    if not _is_done(order) or not LabourLine.objects.filter(order=order, state__in=("done", "passed")).exists():
        return
    thing = WorkOrder._meta.label_lower  # noqa: SLF001 - as audit rows name it
    last = AuditEntry.objects.filter(thing=thing, thing_id=order.pk, code=JOB_FINISHED).order_by("pk").last()
    if last is not None and last.facts.get("self_checked"):
        technician = last.facts.get("technician")
        record_self_check(order, inspector_id=technician, inspector_name=last.actor_name, at=last.at, by=by)
    _finished(order, self_checked=False, by=by, now=now)


def _is_done(order: WorkOrder) -> bool:
    return order.state == "working" and not any(one.blocks == "finish" for one in missing(order_facts(order)))


def _finished(order: WorkOrder, *, self_checked: bool, by: Viewer, now: datetime) -> WorkOrder:
    use_parts(order)
    for table in (SubletLine, FeeLine):
        table.objects.filter(order=order, state="approved").update(state=OTHER.after("approved", "finish_job"))
    if self_checked:
        record_self_check(order, inspector_id=by.employee_id, inspector_name=by.name, at=now, by=by)
    profile = order.flow_profile.flow
    skips = flow.skips_after_finish(
        profile,
        regulatory_class=order.regulatory_class,
        self_checked="self_check" in order.checks,
        wash_wanted=order.wash_wanted,
    )
    if "skip_check" in skips:
        pass_lines(order)
    walk(order, "finish", *skips, by=by, now=now, checks=order.checks)
    return order


def record_self_check(
    order: WorkOrder, *, inspector_id: int | None, inspector_name: str, at: datetime, by: Viewer
) -> None:
    """Write the self-check that a technician ticked with his last job."""
    QCRecord.objects.create(
        store_id=order.store_id,
        created_at=at,
        created_by_id=by.user_id,
        order=order,
        level="self",
        items=dict.fromkeys(quality.checklist("self"), True),
        result=QCRecord.Result.PASSED,
        inspector_id=inspector_id,
        inspector_name=inspector_name,
        checked_at=at,
    )
    order.checks = sorted({*order.checks, "self_check"})


def pass_lines(order: WorkOrder) -> None:
    """The done jobs of an order have passed."""
    LabourLine.objects.filter(order=order, state="done").update(state=LABOUR.after("done", "pass_check"))


def use_parts(order: WorkOrder) -> None:
    """What was handed out and not brought back is used; a part of which less was used costs less."""
    for line in PartLine.objects.filter(order=order, state="issued").order_by("pk"):
        stock.price_used(line)
        line.state = PART.after(line.state, "use")
        line.save(update_fields=["state", *stock.USED])
    PartLine.objects.filter(order=order, state="approved", part__isnull=True).update(
        state=PART.after("approved", "use")
    )


@act
def hold(order: WorkOrder, *, reason: str, note: str = "", by: Viewer, now: datetime) -> WorkOrder:
    """Nothing on the order can go on: clocks stop, the reason is counted, the advisor looks at the promise.

    Raises Refused ``workshop.order.unknown_hold_reason``, ``workshop.order.not_now``, and while a job can go on
    ``workshop.order.job_goes_on`` or ``workshop.order.job_can_go_on``.
    """
    order = lock(order)
    ORDER.after(order.state, "hold")
    may_hold(hold_reason(reason), jobs_at_hand(order, holder_id=by.employee_id))
    clocks.stop_all(order, reason=reason, now=now)
    undo = ("workshop.order.resume", {"order_id": order.pk, "anyway": True})
    walk(
        order,
        "hold",
        by=by,
        now=now,
        undo=undo,
        facts={"reason": reason, "note": note},
        told={"reason": reason},
        hold_reason=reason,
        hold_note=note[:200],
    )
    telling.review_promise(order, by=by, now=now)
    return order


@act
def resume(order: WorkOrder, *, anyway: bool = False, reason: str = "", by: Viewer, now: datetime) -> WorkOrder:
    """Work goes on. Raises Refused ``workshop.order.parts_still_missing``, ``workshop.order.answer_still_missing``.

    ``anyway`` goes on although what was waited for has not come: some job can be done without it. The reason stays with
    the order then; without one Refused ``workshop.order.no_reason``.
    """
    order = lock(order)
    ORDER.after(order.state, "resume")
    if not anyway:
        facts = order_facts(order)
        waiting = sum(facts.parts.get(state, 0) for state in WAITING_PARTS)
        may_resume(order.hold_reason, parts_waiting=waiting, lines_pending=facts.lines_pending)
    elif not reason.strip():
        raise Refused("workshop.order.no_reason", field="reason")
    said = {"anyway": anyway, **({"reason": reason.strip()[:100]} if anyway else {})}
    telling.promise_reviewed(order, by=by, now=now)
    return walk(order, "resume", by=by, now=now, facts=said)


def resume_when_parts_came(order_id: int, *, now: datetime) -> None:
    """An order that waited for parts goes on by itself when none of them is short any more (domain.md 5.2)."""
    order = WorkOrder.objects.filter(pk=order_id, state="hold", hold_reason="wait_parts").first()
    if order is not None and not PartLine.objects.filter(order=order, state__in=WAITING_PARTS).exists():
        resume(order, by=SYSTEM, now=now)


def resume_when_answered(order: WorkOrder, *, now: datetime) -> None:
    """An order that waited for the customer goes on by itself when nothing is asked of him any more (domain.md 5.2).

    The locked ``order`` is as it was before; who goes on with it reads it again.
    """
    held = order.state == "hold" and order.hold_reason == "wait_approval"
    if held and not order_facts(order).lines_pending:
        resume(order, by=SYSTEM, now=now)
        order.refresh_from_db()
