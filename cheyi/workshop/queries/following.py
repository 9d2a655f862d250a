"""Which handed-over orders were followed up: their call is ticked off (domain.md 5.2)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from cheyi.foundation.models import Todo
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.rules.calling import CALL_BACK
from cheyi.workshop.rules.following import CLOSE_AFTER, may_be_closed

KIND = "workshop.order"


def is_followed_up(order: WorkOrder) -> bool:
    """Whether nobody has to call any more: hand-over put the call on the list. One query."""
    return not _calls().filter(store_id=order.store_id, source_id=order.pk).exists()


def is_over(order: WorkOrder, now: datetime) -> bool:
    """Whether a handed-over order may be closed now; no query for any other."""
    if order.state != "delivered":
        return False
    return may_be_closed(delivered_at=order.delivered_at, followed_up=is_followed_up(order), now=now)


def over(now: datetime) -> QuerySet[WorkOrder]:
    """Handed-over orders that may be closed now and whose VIN is known, in the stores in sight, the oldest first."""
    waits = Exists(_calls().filter(store_id=OuterRef("store_id"), source_id=OuterRef("pk")))
    rows: QuerySet[WorkOrder] = WorkOrder.objects.filter(state="delivered").exclude(vin="", vehicle__vin="")
    return rows.filter(Q(delivered_at__lte=now - CLOSE_AFTER) | ~waits).order_by("delivered_at")


def _calls() -> QuerySet[Todo]:
    rows: QuerySet[Todo] = Todo.objects.filter(kind=CALL_BACK, source_kind=KIND, done_at=None)
    return rows
