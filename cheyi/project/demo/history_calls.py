"""The calls behind the last orders: those of the third day, most of them made, and the reminders of what was put off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cheyi.foundation.models import Store, Todo
from cheyi.workshop.actions.handing_over import follow_up_at
from cheyi.workshop.actions.reminding import recall_at
from cheyi.workshop.actions.telling import plain
from cheyi.workshop.models import Advice, WorkOrder
from cheyi.workshop.rules.calling import CALL_BACK
from cheyi.workshop.rules.following import CLOSE_AFTER, RECALL, RECALL_AFTER_DAYS

if TYPE_CHECKING:
    from cheyi.project.demo.history import Written

MISSED_EVERY = 6
"""One owner in so many was not reached on the day of the call."""
RECALLED_FOR = 7
"""Reminders that have been due for more days than these were made."""


def closed_at(order: WorkOrder, left_at: datetime, now: datetime) -> datetime | None:
    """When the order was closed: by its call, or by the clock; None while its owner is to be called."""
    due, number = follow_up_at(order.store, left_at), int(order.no[-4:])
    if left_at + CLOSE_AFTER <= now:
        return left_at + CLOSE_AFTER
    return due - timedelta(minutes=number * 7 % 150) if due <= now and number % MISSED_EVERY else None


def write_calls(store: Store, batch: Iterable[Written], now: datetime) -> None:
    """The to-dos of the last fifteen days; older ones tell nobody anything."""
    orders = [one.order for one in batch if one.order.delivered_at and one.order.delivered_at + CLOSE_AFTER > now]
    Todo.objects.bulk_create(_call(store, order) for order in orders)


def write_recalls(store: Store, written: Iterable[Written], now: datetime) -> None:
    """Reminders of work put off in the last weeks on cars that have not been here since."""
    last = {one.order.vehicle_id: one.order for one in written}
    since = now - timedelta(days=RECALL_AFTER_DAYS + RECALLED_FOR)
    rows = Advice.objects.filter(order__in=[one.pk for one in last.values() if one.received_at >= since])
    orders = {one.pk: one for one in last.values()}
    Todo.objects.bulk_create(
        _todo(store, orders[one.order_id], RECALL, recall_at(store, one.advised_at), one.advised_at, jobs=one.text)
        for one in rows.order_by("pk")
    )


def _call(store: Store, order: WorkOrder) -> Todo:
    assert order.delivered_at is not None
    made = _todo(store, order, CALL_BACK, follow_up_at(store, order.delivered_at), order.delivered_at)
    made.done_at = order.closed_at
    return made


def _todo(store: Store, order: WorkOrder, kind: str, due_at: datetime, created_at: datetime, **facts: str) -> Todo:
    return Todo(
        store=store,
        kind=kind,
        role="care_agent",
        due_at=due_at,
        facts={**plain(order), **facts},
        source_kind="workshop.order",
        source_id=order.pk,
        source_label=order.no,
        created_at=created_at,
    )
