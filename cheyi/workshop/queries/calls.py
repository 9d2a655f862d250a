"""What one needs to call a customer after his car was handed over, and what came of earlier calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from cheyi.customers.queries import CustomerBrief, brief, holds
from cheyi.foundation import todos
from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store, Todo
from cheyi.foundation.sources import Source
from cheyi.workshop.models import CallBack, LabourLine, WorkOrder
from cheyi.workshop.queries.waiting import PutOff, waiting
from cheyi.workshop.rules.calling import CALL_BACK, COMPLAINT, NOT_SATISFIED
from cheyi.workshop.rules.life import DEAD_LINES

ORDER = "workshop.order"
PERSONS = "customers.customer.view"
MOST_ADVICE = 5


@dataclass(frozen=True, slots=True)
class CallSheet:
    """Whom to call about which order: what was done, what was advised and not done, and the calls so far.

    ``owner`` is None where the viewer sees no persons; ``sender`` is who brought the car, if somebody else did.
    """

    order: WorkOrder
    owner: CustomerBrief | None
    sender: str
    wants_no_call: bool
    works: tuple[str, ...]
    advice: tuple[PutOff, ...]
    calls: tuple[CallBack, ...]


def due_of(order: WorkOrder) -> datetime | None:
    """When the customer is to be called about an order; None when nobody has to."""
    todo = todos.open_about(order.store_id, Source(ORDER, order.pk)).filter(kind=CALL_BACK).first()
    return todo.due_at if todo else None


def call_sheet(order: WorkOrder, viewer: Viewer, *, store: Store, now: datetime) -> CallSheet:
    """What one needs for the call; the order comes with customer and sender. Four queries."""
    sees = order.customer is not None and viewer.may(PERSONS)
    works = LabourLine.objects.filter(order=order).exclude(state__in=DEAD_LINES).order_by("seq")
    held = holds(order.customer_id, on=store.business_date(now)) if order.customer_id else []
    return CallSheet(
        order,
        brief(order.customer) if sees and order.customer else None,
        order.sender.name if sees and order.sender else "",
        any(hold.reach == "all" for hold in held),
        tuple(works.values_list("name", flat=True)),
        waiting(viewer, store=store, now=now, vehicle_id=order.vehicle_id).put_off[:MOST_ADVICE],
        tuple(CallBack.objects.filter(order=order, taken_back_at=None).order_by("-pk")),
    )


def complaints(store: Store) -> QuerySet[CallBack]:
    """The calls in which somebody complained and that nobody has dealt with yet."""
    waiting_ones = Todo.objects.filter(store=store, kind=COMPLAINT, source_kind=ORDER, done_at=None)
    rows = CallBack.objects.filter(store=store, outcome=NOT_SATISFIED, taken_back_at=None)
    return rows.filter(order_id__in=waiting_ones.values("source_id"))
