"""Every move of an order in one shape: state, moment, spell, audit row, fact; and the order's totals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import announce, audit
from cheyi.foundation.events import Event
from cheyi.foundation.fields import MoneyField, total
from cheyi.kernel import Money
from cheyi.workshop import events
from cheyi.workshop.models import FeeLine, LabourLine, OrderSpell, PartLine, SubletLine, WorkOrder
from cheyi.workshop.rules.life import DEAD_LINES, ORDER

LINE_TABLES: tuple[type[LabourLine | PartLine | SubletLine | FeeLine], ...] = (
    LabourLine,
    PartLine,
    SubletLine,
    FeeLine,
)
BY_KIND: Mapping[str, type[LabourLine | PartLine | SubletLine | FeeLine]] = {
    "labour": LabourLine,
    "part": PartLine,
    "sublet": SubletLine,
    "fee": FeeLine,
}
DONE_STATES = ("qc", "wash", "ready")
"""An order in one of these is at work again when a job is agreed to or put back."""
PAST: Mapping[str, str] = {
    "receive": "received",
    "open_order": "opened",
    "dispatch": "dispatched",
    "take_off": "taken_off",
    "start": "started",
    "hold": "held",
    "resume": "resumed",
    "finish": "finished",
    "pass_check": "qc_passed",
    "skip_check": "qc_skipped",
    "send_back": "qc_failed",
    "finish_wash": "washed",
    "skip_wash": "wash_skipped",
    "reopen": "reopened",
    "stop_work": "stopped",
    "settle": "settled",
    "unsettle": "unsettled",
    "hand_over": "delivered",
    "close": "closed",
    "cancel": "cancelled",
}
FACTS: Mapping[str, type[Event]] = {
    "receive": events.OrderReceived,
    "open_order": events.OrderOpened,
    "dispatch": events.OrderDispatched,
    "take_off": events.OrderTakenOff,
    "start": events.OrderStarted,
    "hold": events.OrderHeld,
    "resume": events.OrderResumed,
    "finish": events.OrderFinished,
    "pass_check": events.OrderPassed,
    "skip_check": events.OrderPassed,
    "send_back": events.OrderSentBack,
    "finish_wash": events.OrderWashed,
    "skip_wash": events.OrderWashed,
    "reopen": events.OrderReopened,
    "stop_work": events.OrderStopped,
    "settle": events.OrderSettled,
    "unsettle": events.OrderUnsettled,
    "hand_over": events.OrderDelivered,
    "close": events.OrderClosed,
    "cancel": events.OrderCancelled,
}
STAMPS: Mapping[str, str] = {
    "open": "opened_at",
    "qc": "finished_at",
    "ready": "ready_at",
    "settled": "settled_at",
    "delivered": "delivered_at",
    "closed": "closed_at",
}


def walk(
    order: WorkOrder,
    *verbs: str,
    by: Viewer,
    now: datetime,
    undo: tuple[str, dict[str, Any]] | None = None,
    facts: Mapping[str, Any] | None = None,
    told: Mapping[str, Any] | None = None,
    **changes: Any,
) -> WorkOrder:
    """Take one verb or several in a row with a locked order and save it once.

    ``facts`` go into the audit row of the first verb, ``told`` into its fact, ``changes`` are further columns to set.
    States that are only passed through keep a spell of no length, so every history has the same shape. Raises Refused
    ``workshop.order.not_now``.
    """
    moment = max(now, order.state_at)
    spells: list[OrderSpell] = []
    for name, value in changes.items():
        setattr(order, name, value)
    changed = {"state", "state_at", "hold_reason", "hold_note", "version", *changes}
    for step, verb in enumerate(verbs):
        before, order.state = order.state, ORDER.after(order.state, verb)
        if order.state != "hold":
            order.hold_reason = order.hold_note = ""
        changed |= _stamp(order, moment)
        for spell in spells:
            spell.ended_at = moment
        spells.append(spell_of(order, moment, by))
        extra = dict(facts or {}) if step == 0 else {}
        audit(
            by,
            f"workshop.order.{PAST[verb]}",
            order,
            now=now,
            undo=undo if step == 0 else None,
            before=before,
            after=order.state,
            **extra,
        )
    order.state_at = moment
    order.version += 1
    order.save(update_fields=sorted(changed))
    OrderSpell.objects.filter(order=order, ended_at__isnull=True).update(ended_at=moment)
    OrderSpell.objects.bulk_create(spells)
    tell(order, verbs, now, told)
    return order


def tell(order: WorkOrder, verbs: tuple[str, ...], now: datetime, told: Mapping[str, Any] | None) -> None:
    """Announce the fact of each verb, and that the order is ready when that is where it stands."""
    about: dict[str, Any] = {"store_id": order.store_id, "happened_at": now, "order_id": order.pk}
    for step, verb in enumerate(verbs):
        extra: dict[str, Any] = dict(told or {}) if step == 0 else {}
        if verb.startswith("skip_"):
            extra["skipped"] = True
        announce(FACTS[verb](**about, **extra))
    if order.state == "ready" and verbs[-1] != "unsettle":
        announce(events.OrderReady(store_id=order.store_id, happened_at=now, order_id=order.pk))


def spell_of(order: WorkOrder, began_at: datetime, by: Viewer) -> OrderSpell:
    """The spell that begins now, not yet written."""
    return OrderSpell(
        store_id=order.store_id,
        created_at=began_at,
        created_by_id=by.user_id,
        order=order,
        state=order.state,
        hold_reason=order.hold_reason,
        began_at=began_at,
    )


def _stamp(order: WorkOrder, moment: datetime) -> set[str]:
    if order.state == "working" and order.started_at is None:
        order.started_at = moment
        return {"started_at"}
    name = STAMPS.get(order.state)
    if name is None:
        return set()
    setattr(order, name, moment)
    return {name}


def retotal(order: WorkOrder) -> tuple[Money, Money]:
    """Write the estimate and what of it is approved, from the lines that live, and give both. Four queries and one write."""
    estimate = approved = Money(0)
    for table in LINE_TABLES:
        rows = table.objects.filter(order=order).exclude(state__in=DEAD_LINES)
        for state, net in rows.values_list("state").annotate(together=total("net", MoneyField)).order_by():
            estimate += net
            approved += net if state != "pending" else Money(0)
    order.estimate_total, order.approved_total = estimate, approved
    order.version += 1
    order.save(update_fields=["estimate_total", "approved_total", "version"])
    return estimate, approved
