"""The call of the third day (回访): what came of it, a complaint for the manager, and a call taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from cheyi.customers import actions as customers
from cheyi.customers.models import ContactHold
from cheyi.foundation import todos
from cheyi.foundation.access import SYSTEM, Viewer
from cheyi.foundation.acts import act, audit, lock
from cheyi.foundation.calendar import opening_hours
from cheyi.foundation.models import Grant, Store, Todo
from cheyi.kernel import Refused
from cheyi.workshop.actions import stock, telling
from cheyi.workshop.models import CallBack, LabourLine, WorkOrder
from cheyi.workshop.rules import calling

TAKE_BACK = "workshop.order.take_back_call"


@act
def record_call(order: WorkOrder, *, outcome: str, note: str = "", by: Viewer, now: datetime) -> CallBack:
    """Write down what came of the call: ``satisfied``, ``not_satisfied`` (with what he said) or ``not_reached``.

    Whoever is reached is called no more; not reached, he is called tomorrow at the same hour, three times in all. A
    complaint goes to the manager, and no offers reach the customer until it is dealt with (domain.md 5.11, 10.4).
    Raises Refused ``workshop.call.not_waiting`` and those of ``rules.calling.said``.
    """
    words = calling.said(outcome, note)
    order = lock(order)
    source = stock.source_of(order)
    todo = todos.open_about(order.store_id, source).filter(kind=calling.CALL_BACK).first()
    if todo is None:
        raise Refused("workshop.call.not_waiting", no=order.no)
    tries = _calls(order).filter(todo_id=todo.pk).count()
    call = CallBack(order=order, store=order.store, todo_id=todo.pk, due_at=todo.due_at, outcome=outcome, note=words)
    call.created_at, call.created_by_id = now, by.user_id
    call.save(force_insert=True)
    if outcome == calling.NOT_SATISFIED:
        _complain(order, by=by, now=now)
    if calling.is_last(outcome, tries_before=tries):
        todos.settle(store=order.store, source=source, kinds=(calling.CALL_BACK,), result=outcome, by=by, now=now)
    else:
        telling.call_back(order, due_at=_tomorrow(order.store, todo.due_at, now), by=by, now=now)
    audit(by, "workshop.order.call_recorded", order, now=now, undo=(TAKE_BACK, {"call_id": call.pk}), outcome=outcome)
    return call


@act
def take_back_call(call: CallBack, *, by: Viewer, now: datetime) -> WorkOrder:
    """A call written down by mistake: it is due again as it was, and what followed from it is over.

    An order that was closed by it stays closed. Raises Refused ``workshop.call.later_one`` once a later call was made.
    """
    order = lock(call.order)
    call = lock(call)
    if call.taken_back_at is not None or _calls(order).filter(pk__gt=call.pk).exists():
        raise Refused("workshop.call.later_one")
    call.taken_back_at = now
    call.save(update_fields=["taken_back_at"])
    if call.outcome == calling.NOT_SATISFIED:
        todos.settle(store=order.store, source=stock.source_of(order), kinds=(calling.COMPLAINT,), by=by, now=now)
    todos.reopen(Todo.objects.get(pk=call.todo_id), by=by, now=now)
    telling.call_back(order, due_at=call.due_at, by=by, now=now)
    audit(by, "workshop.order.call_taken_back", order, now=now, outcome=call.outcome)
    return order


def hold_offers(order: WorkOrder, *, by: Viewer = SYSTEM, now: datetime) -> None:
    """No offers for a customer who complains; he has one hold for it, however often it is said."""
    if order.customer is not None and not _holds(order).exists():
        paper, reason = stock.source_of(order), ContactHold.Reason.COMPLAINT
        customers.hold_contact(order.customer, reason=reason, paper=paper, by=by, now=now)


def lift_hold(order: WorkOrder, *, by: Viewer = SYSTEM, now: datetime) -> None:
    """The complaint is dealt with: offers may reach the customer again."""
    for hold in _holds(order):
        customers.release_hold(hold, by=by, now=now)


def end_sent_back(order_id: int, *, now: datetime) -> None:
    """Nobody has to do jobs again of an order that is given up."""
    lines = LabourLine.objects.filter(order_id=order_id).values("pk")
    open_ones = Todo.objects.filter(kind=telling.SENT_BACK, source_kind=telling.LINE, source_id__in=lines, done_at=None)
    for todo in open_ones.select_related("store").order_by("pk"):
        todos.settle(store=todo.store, source=todo.source, kinds=(telling.SENT_BACK,), by=SYSTEM, now=now)


def end_call(order_id: int, *, now: datetime) -> None:
    """Nobody is called any more about an order that is over."""
    order = WorkOrder.objects.select_related("store").get(pk=order_id)
    source = stock.source_of(order)
    todos.settle(store=order.store, source=source, kinds=(calling.CALL_BACK,), by=SYSTEM, now=now)


def _complain(order: WorkOrder, *, by: Viewer, now: datetime) -> None:
    due = opening_hours(order.store).after(now, timedelta(hours=calling.ANSWER_HOURS))
    head = Grant.objects.filter(store_id=order.store_id, role="service_manager", user__is_active=True).exists()
    telling.complain(order, role="service_manager" if head else "store_manager", due_at=due, by=by, now=now)
    hold_offers(order, by=by, now=now)


def _calls(order: WorkOrder) -> QuerySet[CallBack]:
    return CallBack.objects.filter(order=order, taken_back_at=None)


def _holds(order: WorkOrder) -> QuerySet[ContactHold]:
    return ContactHold.objects.filter(
        customer_id=order.customer_id or 0,
        reason=ContactHold.Reason.COMPLAINT,
        source_kind=stock.KIND,
        source_id=order.pk,
        lifted_at=None,
    )


def _tomorrow(store: Store, due_at: datetime, now: datetime) -> datetime:
    """The next business day at the hour at which the call was due."""
    day, zone = store.business_date(now) + timedelta(days=1), ZoneInfo(store.zone)
    return datetime.combine(day, due_at.astimezone(zone).time(), tzinfo=zone)
