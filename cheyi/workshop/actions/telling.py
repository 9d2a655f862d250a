"""What customers and colleagues are told: messages that wait ten seconds, and to-dos."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from cheyi.foundation import messages, todos
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act
from cheyi.foundation.models import Employee, Message, Todo
from cheyi.foundation.sources import Source
from cheyi.foundation.ui.filters import said_moment
from cheyi.workshop.models import LabourLine, WorkOrder
from cheyi.workshop.queries.progress import token_of
from cheyi.workshop.rules.calling import CALL_BACK, COMPLAINT

SERVICE = "service"
SENT_BACK = "workshop.todo.sent_back"
LINE = "workshop.line"
REVIEW_PROMISE = "workshop.todo.review_promise"
REVIEW_REWORK = "workshop.todo.review_rework"
NOT_FOR_CUSTOMERS = frozenset({"internal", "pdi"})
todos.ends_by_its_own_verb(CALL_BACK, refusal="workshop.call.say_outcome")


@act
def tell(order: WorkOrder, what: str, *, happened_at: datetime) -> None:
    """Write the customer a message about his order, ten seconds after the act at the earliest, so that undo stops it.

    ``what`` is one of opened, started, asked, checked, done, ready, settled, delivered, promise_changed. An order without a
    customer, and a car of the house, tell nobody. The same act told twice is one message.
    """
    if order.customer_id is None or order.type in NOT_FOR_CUSTOMERS:
        return
    messages.send_later(
        store=order.store,
        customer_id=order.customer_id,
        template=f"workshop.message.{what}",
        facts=_facts(order, happened_at),
        purpose=SERVICE,
        key=f"order-{order.pk}-{what}-{happened_at:%Y%m%d%H%M%S%f}",
        undoable=True,
        now=happened_at,
    )


def withdraw(order: WorkOrder, *whats: str) -> None:
    """Stop the messages of an order that are not sent yet: those named, or all."""
    rows = Message.objects.filter(key__startswith=f"order-{order.pk}-", state=Message.State.WAITING)
    for key in rows.values_list("key", flat=True):
        if not whats or key.split("-")[2] in whats:
            messages.withdraw(store=order.store, key=key)


def send_back_to(order: WorkOrder, lines: Iterable[LabourLine], *, reason: str, by: Viewer, now: datetime) -> None:
    """Put each failed job on its technician's list."""
    for line in lines:
        row = line.assignments.filter(ended_at__isnull=True).order_by("-share", "pk").first()
        technician: Employee | None = row.technician if row else None
        if technician is not None:
            todos.remind_to(
                store=order.store,
                assignee=technician,
                kind=SENT_BACK,
                source=Source(LINE, line.pk, order.no),
                due_at=now,
                facts={**plain(order), "job": line.name, "reason": reason},
                by=by,
                now=now,
            )


def came_right(line: LabourLine, *, by: Viewer, now: datetime) -> None:
    """A job that was sent back is done again: nobody has it on his list any more."""
    todos.settle(store=line.store, source=Source(LINE, line.pk), kinds=(SENT_BACK,), by=by, now=now)


def came_back_again(line: LabourLine, *, by: Viewer, now: datetime) -> None:
    """A job that was called done again too early: it is on the list of who had it."""
    rows = Todo.objects.filter(store=line.store, kind=SENT_BACK, source_kind=LINE, source_id=line.pk)
    last = rows.order_by("pk").last()
    if last is not None:
        todos.reopen(last, by=by, now=now)


def call_back(order: WorkOrder, *, due_at: datetime, by: Viewer, now: datetime) -> None:
    """The call of the third day, on the list of customer care; nobody is called who would hear no message either."""
    if order.customer_id is None or order.type in NOT_FOR_CUSTOMERS:
        return
    todos.remind_to(
        store=order.store,
        role="care_agent",
        kind=CALL_BACK,
        source=Source("workshop.order", order.pk, order.no),
        due_at=due_at,
        facts=plain(order),
        by=by,
        now=now,
    )


def complain(order: WorkOrder, *, role: str, due_at: datetime, by: Viewer, now: datetime) -> None:
    """A customer who is not satisfied, on the list of who answers for the service."""
    todos.remind_to(
        store=order.store,
        role=role,
        kind=COMPLAINT,
        source=Source("workshop.order", order.pk, order.no),
        due_at=due_at,
        facts=plain(order),
        by=by,
        now=now,
    )


def review_promise(order: WorkOrder, *, by: Viewer, now: datetime) -> None:
    """An order stands still: its advisor, or whoever advises where nobody is named, looks at the promise (domain.md 5.2)."""
    todos.remind_to(
        store=order.store,
        role="advisor",
        assignee=order.advisor,
        kind=REVIEW_PROMISE,
        source=Source("workshop.order", order.pk, order.no),
        due_at=now,
        facts=plain(order),
        by=by,
        now=now,
    )


def promise_reviewed(order: WorkOrder, *, by: Viewer, now: datetime) -> None:
    """The promise was moved, or the order does not stand still any more."""
    _over(order, REVIEW_PROMISE, by=by, now=now)


def review_rework(rework: WorkOrder, order: WorkOrder, *, by: Viewer, now: datetime) -> None:
    """The same fault is back: the inspector looks whose fault it was (domain.md 5.2)."""
    todos.remind_to(
        store=rework.store,
        role="inspector",
        kind=REVIEW_REWORK,
        source=Source("workshop.order", rework.pk, rework.no),
        due_at=now,
        facts={**plain(rework), "before": order.no},
        by=by,
        now=now,
    )


def rework_reviewed(rework: WorkOrder, *, by: Viewer, now: datetime) -> None:
    """It is said whose fault it was, or the rework did not take place."""
    _over(rework, REVIEW_REWORK, by=by, now=now)


def _over(order: WorkOrder, *kinds: str, by: Viewer, now: datetime) -> None:
    todos.settle(store=order.store, source=Source("workshop.order", order.pk), kinds=kinds, by=by, now=now)


def _facts(order: WorkOrder, now: datetime) -> Mapping[str, Any]:
    local = order.store.local
    promised = said_moment(local(order.promised_at), local(now)) if order.promised_at else "–"
    return {**plain(order), "promised_at": promised, "link": address_of(order)}


def address_of(order: WorkOrder) -> str:
    """Where the owner of the car follows the order: the store's public address and the path; empty without a link."""
    link = getattr(order, "progress_link", None)
    if link is None:
        return ""
    path = reverse("workshop:progress", kwargs={"token": token_of(link)})
    return str(order.store.setting("public_address", "")).rstrip("/") + path


def plain(order: WorkOrder) -> dict[str, Any]:
    """What messages and to-dos say of an order: plain values without a person or a price."""
    return {"plate": order.plate or order.vin[-6:], "no": order.no, "store": order.store.name, "order_id": order.pk}
