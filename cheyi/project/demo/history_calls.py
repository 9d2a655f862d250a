"""The calls of the third day behind the last orders: most were made and closed their order, some are still on the list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cheyi.foundation.models import Store, Todo
from cheyi.workshop.actions.handing_over import follow_up_at
from cheyi.workshop.actions.telling import CALL_BACK, plain
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.rules.following import CLOSE_AFTER

if TYPE_CHECKING:
    from cheyi.project.demo.history import Written

MISSED_EVERY = 6
"""One owner in so many was not reached on the day of the call."""


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


def _call(store: Store, order: WorkOrder) -> Todo:
    assert order.delivered_at is not None
    return Todo(
        store=store,
        kind=CALL_BACK,
        role="care_agent",
        due_at=follow_up_at(store, order.delivered_at),
        facts=plain(order),
        source_kind="workshop.order",
        source_id=order.pk,
        source_label=order.no,
        done_at=order.closed_at,
        created_at=order.delivered_at,
    )
