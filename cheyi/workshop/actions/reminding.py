"""What the customer has put off: after thirty days customer care reminds him, unless the car was here meanwhile."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from cheyi.foundation import todos
from cheyi.foundation.access import SYSTEM, Viewer
from cheyi.foundation.acts import act
from cheyi.foundation.models import Store, Todo
from cheyi.workshop.actions import stock
from cheyi.workshop.actions.telling import plain
from cheyi.workshop.models import Advice, WorkOrder
from cheyi.workshop.rules.following import RECALL, RECALL_AFTER_DAYS

RECALL_AT = time(10, 0)
SHOWN = 3
"""How many jobs the reminder names."""


def recall_at(store: Store, advised_at: datetime) -> datetime:
    """Thirty days after the day of the advice at 10:00 on the store's clock (domain.md 5.3, 10.3)."""
    day = store.business_date(advised_at) + timedelta(days=RECALL_AFTER_DAYS)
    return datetime.combine(day, RECALL_AT, tzinfo=ZoneInfo(store.zone))


@act
def remind_of_advice(order: WorkOrder, *, by: Viewer, now: datetime) -> None:
    """Put what was put off on an order on the list of customer care, once for all of it; nothing left ends the reminder."""
    waiting = list(Advice.objects.filter(order=order, resolved_at__isnull=True).order_by("pk"))
    if not waiting:
        todos.settle(store=order.store, source=stock.source_of(order), kinds=(RECALL,), by=by, now=now)
        return
    todos.remind_to(
        store=order.store,
        role="care_agent",
        kind=RECALL,
        source=stock.source_of(order),
        due_at=recall_at(order.store, waiting[0].advised_at),
        facts=said_of(order, waiting),
        by=by,
        now=now,
    )


def said_of(order: WorkOrder, advice: list[Advice]) -> dict[str, object]:
    """What the reminder says: the car and its first jobs."""
    return {**plain(order), "jobs": " · ".join(one.text for one in advice[:SHOWN])}


@act
def end_recalls(*, vehicle_id: int, order_id: int, now: datetime) -> None:
    """The car is here again: its advisor talks with the owner, nobody needs to call. One query when nobody would have."""
    for todo in _recalls(vehicle_id, but=order_id).filter(done_at=None).select_related("store"):
        todos.settle(store=todo.store, source=todo.source, kinds=(RECALL,), by=SYSTEM, now=now)


def recall_again(order: WorkOrder, *, by: Viewer, now: datetime) -> None:
    """The visit did not take place: who would have been called is called."""
    ended = _recalls(order.vehicle_id, but=order.pk).filter(done_at__gte=order.received_at).values("source_id")
    for before in WorkOrder.objects.filter(pk__in=ended).order_by("pk"):
        remind_of_advice(before, by=by, now=now)


def _recalls(vehicle_id: int, *, but: int) -> QuerySet[Todo]:
    others = WorkOrder.objects.filter(vehicle_id=vehicle_id).exclude(pk=but).values("pk")
    rows: QuerySet[Todo] = Todo.objects.filter(kind=RECALL, source_kind=stock.KIND, source_id__in=others)
    return rows
