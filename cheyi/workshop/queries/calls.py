"""What one needs to call a customer after his car was handed over, and what came of earlier calls."""

from __future__ import annotations

from datetime import datetime

from cheyi.foundation import todos
from cheyi.foundation.sources import Source
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.rules.calling import CALL_BACK

ORDER = "workshop.order"


def due_of(order: WorkOrder) -> datetime | None:
    """When the customer is to be called about an order; None when nobody has to."""
    todo = todos.open_about(order.store_id, Source(ORDER, order.pk)).filter(kind=CALL_BACK).first()
    return todo.due_at if todo else None
