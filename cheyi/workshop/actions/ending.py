"""When an order does not go on: cancelling it, or stopping the work and paying what is done."""

from __future__ import annotations

from datetime import datetime

from cheyi.foundation import search
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, lock
from cheyi.kernel import Money, Refused
from cheyi.settlement import queries as bills
from cheyi.workshop.actions import clocks, stock, telling
from cheyi.workshop.actions.dispatching import end_assignments
from cheyi.workshop.actions.finishing import pass_lines, use_parts
from cheyi.workshop.actions.lines import AnyLine, cancel_lines
from cheyi.workshop.actions.moves import LINE_TABLES, retotal, walk
from cheyi.workshop.models import Advice, JobClock, LabourLine, PartLine, WorkOrder
from cheyi.workshop.rules.life import DEAD_LINES, ORDER, cancel_or_stop

DONE = ("done", "passed", "used")
BEGUN = ("dispatched", "working", "hold")


@act
def cancel(order: WorkOrder, *, reason: str, by: Viewer, now: datetime) -> WorkOrder:
    """Cancel an order (作废): what the store had reserved is free again, nobody is on it.

    Once work has begun or parts went out only a manager cancels. Raises Refused ``workshop.order.no_reason``,
    ``workshop.order.manager_cancels``, ``workshop.order.parts_outstanding``, ``workshop.order.money_taken``,
    ``workshop.order.work_is_done`` when something is to be paid (``stop_work``), ``workshop.order.not_now``.
    """
    order = lock(order)
    ORDER.after(order.state, "cancel")
    if not reason.strip():
        raise Refused("workshop.order.no_reason", field="reason")
    lines = _lines(order)
    _manager_once_begun(order, lines, by)
    if _ending(order, lines) == "stop_work":
        raise Refused("workshop.order.work_is_done", no=order.no, count=len(_kept(lines)))
    _end_work(order, lines, by=by, now=now)
    Advice.objects.filter(resolved_by=order).update(resolved_by=None, resolved_at=None)
    if order.no:
        search.drop_keys(group_id=order.store.group_id, thing="order", target_id=order.pk)
    walk(
        order,
        "cancel",
        by=by,
        now=now,
        facts={"reason": reason, "total": order.estimate_total.fen},
        told={"reason": reason[:100]},
        cancel_reason=reason[:100],
        estimate_total=Money(0),
        approved_total=Money(0),
    )
    telling.withdraw(order)
    return order


@act
def stop_work(order: WorkOrder, *, reason: str, by: Viewer, now: datetime) -> WorkOrder:
    """The customer gives the work up: done jobs and fees are billed, the rest is cancelled, unused parts are back.

    Raises Refused ``workshop.order.no_reason``, ``workshop.order.parts_outstanding``, ``workshop.order.nothing_done``
    (``cancel`` then), ``workshop.order.not_now``.
    """
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


def _manager_once_begun(order: WorkOrder, lines: list[AnyLine], by: Viewer) -> None:
    moved = any(isinstance(line, PartLine) and line.issued for line in lines)
    begun = order.state in BEGUN and JobClock.objects.filter(line__order=order).exists()
    if (moved or begun) and not (by.is_system or by.roles & {"store_manager", "service_manager"}):
        raise Refused("workshop.order.manager_cancels", no=order.no)


def _end_work(order: WorkOrder, lines: list[AnyLine], *, by: Viewer, now: datetime) -> None:
    clocks.stop_all(order, reason="stopped", now=now)
    telling.promise_reviewed(order, by=by, now=now)
    labour = [line for line in lines if isinstance(line, LabourLine)]
    for line in labour:
        line.refresh_from_db(fields=["state"])
    end_assignments(labour, now=now)
    cancel_lines(order, lines, verb="stop_work", by=by, now=now)
