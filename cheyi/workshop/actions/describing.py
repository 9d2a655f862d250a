"""Facts on an order that follow later: the true mileage, the words of the customer, who he is, the promise."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cheyi.customers import actions as customers
from cheyi.customers.models import Customer, CustomerContact
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, lock
from cheyi.kernel import Refused
from cheyi.vehicles import actions as vehicles
from cheyi.workshop.actions import stock, telling
from cheyi.workshop.events import PromiseChanged
from cheyi.workshop.models import PromiseChange, WorkOrder
from cheyi.workshop.rules.flow import ORDER_TYPES
from cheyi.workshop.rules.life import EDITING

WORDS = ("request_text", "diagnosis", "root_cause", "energy_in", "interview", "old_parts_choice")
FLAGS = ("waits_in_store", "wash_wanted", "approved_in_writing")


@act
def confirm_mileage(order: WorkOrder, *, km: int, reason: str = "", by: Viewer, now: datetime) -> WorkOrder:
    """Write the true reading at reception; what stood there before was the last known or estimated one.

    Raises Refused ``vehicles.mileage.lower`` (a lower one needs its reason), ``vehicles.mileage.…``.
    """
    order = lock(order)
    EDITING.after(order.state, "confirm_mileage")
    vehicles.record_mileage(
        order.vehicle, km=km, source=stock.source_of(order), reason=reason, store=order.store, by=by, now=now
    )
    order.mileage_in, order.mileage_confirmed = km, True
    if order.mileage_out is not None and order.mileage_out < km:
        order.mileage_out = None
    order.version += 1
    order.save(update_fields=["mileage_in", "mileage_out", "mileage_confirmed", "version"])
    audit(by, "workshop.order.mileage_confirmed", order, now=now, km=km, reason=reason)
    return order


@act
def describe(order: WorkOrder, *, version: int | None = None, by: Viewer, now: datetime, **words: Any) -> WorkOrder:
    """Write the customer's words, the interview, the diagnosis and the like; only what is given changes.

    ``version`` is the one the form was shown with. Raises Refused ``workshop.order.changed_meanwhile`` when somebody
    else wrote since, ``workshop.order.unknown_field``, ``workshop.order.unknown_type``.
    """
    order = lock(order)
    EDITING.after(order.state, "describe")
    if version is not None and version != order.version:
        raise Refused("workshop.order.changed_meanwhile", no=order.no)
    for name, value in words.items():
        if name not in (*WORDS, *FLAGS, "type"):
            raise Refused("workshop.order.unknown_field", field=name, name=name)
        if name == "type" and value not in ORDER_TYPES:
            raise Refused("workshop.order.unknown_type", field="type", order_type=str(value))
        setattr(order, name, value)
    order.version += 1
    order.save(update_fields=[*words, "version"])
    audit(by, "workshop.order.described", order, now=now, fields=sorted(words))
    return order


@act
def set_customer(
    order: WorkOrder, *, customer: Customer, sender: CustomerContact | None = None, by: Viewer, now: datetime
) -> WorkOrder:
    """Say for whom the work is done, when the car came without a known owner."""
    order = lock(order)
    EDITING.after(order.state, "describe")
    order.customer, order.sender = customer, sender
    order.version += 1
    order.save(update_fields=["customer", "sender", "version"])
    customers.know(customer, store=order.store, paper=stock.source_of(order), by=by, now=now)
    audit(by, "workshop.order.customer_set", order, now=now, customer=customer.pk)
    return order


@act
def change_promise(
    order: WorkOrder, *, promised_at: datetime, reason: str = "", told_customer: bool = False, by: Viewer, now: datetime
) -> WorkOrder:
    """Promise another time; the old one stays in the history and the customer is told unless he was already.

    Raises Refused ``workshop.order.promise_in_the_past``, ``workshop.order.promise_unchanged``.
    """
    order = lock(order)
    EDITING.after(order.state, "change_promise")
    if promised_at <= now:
        raise Refused("workshop.order.promise_in_the_past", field="promised_at")
    if promised_at == order.promised_at:
        raise Refused("workshop.order.promise_unchanged", field="promised_at")
    before = order.promised_at
    PromiseChange.objects.create(
        store_id=order.store_id,
        created_at=now,
        created_by_id=by.user_id,
        order=order,
        old_at=before,
        new_at=promised_at,
        reason=reason[:100],
        told_customer=told_customer,
    )
    order.promised_at, order.first_promised_at = promised_at, order.first_promised_at or promised_at
    order.version += 1
    order.save(update_fields=["promised_at", "first_promised_at", "version"])
    audit(
        by,
        "workshop.order.eta_changed",
        order,
        now=now,
        before=before.isoformat() if before else None,
        after=promised_at.isoformat(),
        reason=reason,
    )
    telling.promise_reviewed(order, by=by, now=now)
    announce(
        PromiseChanged(
            store_id=order.store_id, happened_at=now, order_id=order.pk, promised_at=promised_at, told=told_customer
        )
    )
    return order
