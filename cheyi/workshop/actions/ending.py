"""When an order does not go on: cancelling it, or stopping the work and paying what is done."""

from __future__ import annotations

from datetime import datetime, timedelta

from cheyi.foundation import search
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, lock
from cheyi.foundation.models import AuditEntry
from cheyi.kernel import Money, Refused
from cheyi.settlement import actions as settlement
from cheyi.settlement import queries as bills
from cheyi.settlement.models import Approval
from cheyi.workshop.actions import clocks, stock, telling
from cheyi.workshop.actions.dispatching import end_assignments
from cheyi.workshop.actions.finishing import pass_lines, use_parts
from cheyi.workshop.actions.lines import AnyLine, cancel_lines
from cheyi.workshop.actions.moves import LINE_TABLES, retotal, walk
from cheyi.workshop.actions.reminding import recall_again
from cheyi.workshop.models import Advice, JobClock, LabourLine, PartLine, WorkOrder
from cheyi.workshop.queries.jobs_at_hand import parts_moved
from cheyi.workshop.rules.life import DEAD_LINES, ORDER, cancel_or_stop, manager_ends

DONE = ("done", "passed", "used")
ASKED = Approval.Act.CANCEL_ORDER
MISTAKE = timedelta(minutes=1)
"""How long whoever opened an order may take it back alone: the toast stands for eight seconds, networks are slow."""


@act
def cancel(
    order: WorkOrder,
    *,
    reason: str,
    approver: Viewer | None = None,
    undone: bool = False,
    by: Viewer,
    now: datetime,
) -> WorkOrder:
    """Cancel an order (作废): what the store had reserved is free again, nobody is on it.

    From the dispatch on, and once parts moved, only a manager cancels, or agrees as ``approver``; ``undone`` takes an
    opening back that its author notices at once. Raises Refused ``workshop.order.no_reason``,
    ``workshop.order.manager_cancels``, ``workshop.order.parts_outstanding``, ``workshop.order.money_taken``,
    ``workshop.order.work_is_done`` when something is to be paid (``stop_work``), ``workshop.order.not_now``.
    """
    settlement.hold_asked(ASKED, order.pk)
    order = lock(order)
    ORDER.after(order.state, "cancel")
    if not reason.strip():
        raise Refused("workshop.order.no_reason", field="reason")
    lines = _lines(order)
    agreed = _demand_manager(order, approver, by=by, undone=undone, now=now)
    if _ending(order, lines) == "stop_work":
        raise Refused("workshop.order.work_is_done", no=order.no, count=len(_kept(lines)))
    _end_work(order, lines, by=by, now=now)
    Advice.objects.filter(resolved_by=order).update(resolved_by=None, resolved_at=None)
    recall_again(order, by=by, now=now)
    if order.no:
        search.drop_keys(group_id=order.store.group_id, thing="order", target_id=order.pk)
    walk(
        order,
        "cancel",
        by=by,
        now=now,
        facts={"reason": reason, "total": order.estimate_total.fen, **agreed},
        told={"reason": reason[:100]},
        cancel_reason=reason[:100],
        estimate_total=Money(0),
        approved_total=Money(0),
    )
    telling.withdraw(order)
    telling.rework_reviewed(order, by=by, now=now)
    settlement.lapse(ASKED, order.pk, now=now)
    return order


@act
def ask_cancel(order: WorkOrder, *, reason: str, by: Viewer, now: datetime) -> Approval:
    """Ask the manager to end an order: when he agrees it is cancelled, or its work stopped where jobs are to be paid.

    Raises Refused ``workshop.order.no_reason``, ``workshop.order.parts_outstanding``, ``workshop.order.money_taken``,
    ``workshop.order.not_now``, ``settlement.approval.waits``.
    """
    order = lock(order)
    ORDER.after(order.state, "cancel")
    if not reason.strip():
        raise Refused("workshop.order.no_reason", field="reason")
    _ending(order, _lines(order))
    wish = settlement.Wish(amount=order.estimate_total, reason=reason)
    return settlement.ask(ASKED, order.pk, stock.source_of(order), wish, store=order.store, by=by, now=now)


@act
def end_as_agreed(order: WorkOrder, *, reason: str, approver: Viewer, by: Viewer, now: datetime) -> WorkOrder:
    """The manager agreed to what was asked for. Refused as ``cancel`` and ``stop_work`` are."""
    order = lock(order)
    if ORDER.allows(order.state, "stop_work") and _ending(order, _lines(order)) == "stop_work":
        return stop_work(order, reason=reason, by=by, now=now)
    return cancel(order, reason=reason, approver=approver, by=by, now=now)


@act
def stop_work(order: WorkOrder, *, reason: str, by: Viewer, now: datetime) -> WorkOrder:
    """The customer gives the work up: done jobs and fees are billed, the rest is cancelled, unused parts are back.

    Raises Refused ``workshop.order.no_reason``, ``workshop.order.parts_outstanding``, ``workshop.order.nothing_done``
    (``cancel`` then), ``workshop.order.not_now``.
    """
    settlement.hold_asked(ASKED, order.pk)
    order = lock(order)
    ORDER.after(order.state, "stop_work")
    if not reason.strip():
        raise Refused("workshop.order.no_reason", field="reason")
    lines = _lines(order)
    if _ending(order, lines) == "cancel":
        raise Refused("workshop.order.nothing_done", no=order.no)
    kept = {(line.kind, line.pk) for line in _kept(lines)}
    use_parts(order)
    _end_work(order, [line for line in lines if (line.kind, line.pk) not in kept], by=by, now=now)
    pass_lines(order)
    retotal(order)
    walk(order, "stop_work", by=by, now=now, facts={"reason": reason}, cancel_reason=reason[:100])
    settlement.lapse(ASKED, order.pk, now=now)
    return order


def _lines(order: WorkOrder) -> list[AnyLine]:
    return [line for table in LINE_TABLES for line in table.objects.filter(order=order).exclude(state__in=DEAD_LINES)]


def _kept(lines: list[AnyLine]) -> list[AnyLine]:
    """Done jobs with the parts they took, and fees and sublet work that were agreed."""
    done = {line.pk for line in lines if isinstance(line, LabourLine) and line.state in DONE}
    return [
        line
        for line in lines
        if (isinstance(line, LabourLine) and line.pk in done)
        or (
            isinstance(line, PartLine)
            and (line.state in DONE or (line.state == "issued" and line.labour_line_id in done))
        )
        or (line.kind in {"sublet", "fee"} and line.state in {"approved", "done"})
    ]


def _ending(order: WorkOrder, lines: list[AnyLine]) -> str:
    kept = _kept(lines)
    names = {(line.kind, line.pk) for line in kept}
    out = [
        line
        for line in lines
        if isinstance(line, PartLine) and line.issued > line.returned and (line.kind, line.pk) not in names
    ]
    paid = bills.anything_paid(stock.source_of(order))
    return cancel_or_stop(parts_out=len(out), paid=paid, kept=len(kept), no=order.no)


def _demand_manager(
    order: WorkOrder, approver: Viewer | None, *, by: Viewer, undone: bool, now: datetime
) -> dict[str, str]:
    """Whose agreement is on record, where one is needed. Raises Refused ``workshop.order.manager_cancels``."""
    moved = parts_moved(order)
    if not manager_ends(order.state, parts_moved=moved) or by.is_system or by.may("workshop.order.cancel_begun"):
        return {}
    if undone and not moved and _just_opened(order, by=by, now=now):
        return {}
    if approver is None or approver.user_id == by.user_id or not approver.may("workshop.order.cancel_begun"):
        raise Refused("workshop.order.manager_cancels", field="approver", no=order.no)
    return {"approver": approver.name}


def _just_opened(order: WorkOrder, *, by: Viewer, now: datetime) -> bool:
    """Whether this person has opened the order a moment ago, and nobody has begun."""
    if JobClock.objects.filter(line__order=order).exists():
        return False
    rows = AuditEntry.objects.filter(thing=order._meta.label_lower, thing_id=order.pk)  # noqa: SLF001 - as audit names it
    opened = rows.filter(code="workshop.order.opened").order_by("pk").last()
    return opened is not None and opened.actor_id == by.user_id and now - opened.at <= MISTAKE


def _end_work(order: WorkOrder, lines: list[AnyLine], *, by: Viewer, now: datetime) -> None:
    clocks.stop_all(order, reason="stopped", now=now)
    telling.promise_reviewed(order, by=by, now=now)
    labour = [line for line in lines if isinstance(line, LabourLine)]
    for line in labour:
        line.refresh_from_db(fields=["state"])
    end_assignments(labour, now=now)
    cancel_lines(order, lines, verb="stop_work", by=by, now=now)
