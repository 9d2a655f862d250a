"""What opening an order must know: the car's other orders, its owner, the store's flow profiles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from cheyi.customers.models import Customer, CustomerStore
from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.foundation.questions import Question
from cheyi.foundation.scope import everywhere
from cheyi.vehicles.models import Vehicle, VehicleOwnership
from cheyi.workshop.models import FlowProfile, WorkOrder
from cheyi.workshop.rules.flow import profile_for
from cheyi.workshop.rules.life import OPEN_STATES


def _owned(vehicle: Any, here: QuerySet[CustomerStore]) -> QuerySet[Any]:
    """Who owns a car now, and whether he is among those whom the store knows."""
    return (
        VehicleOwnership.objects.filter(vehicle_id=vehicle, role=VehicleOwnership.Role.OWNER, until_on__isnull=True)
        .select_related("customer")
        .annotate(is_known=Exists(here.filter(customer_id=OuterRef("customer_id"))))
        .order_by("pk")
    )


OWNED = Question(lambda vehicle, store: _owned(vehicle, CustomerStore.objects.filter(store_id=store)))
OWNED_BY_MY_CUSTOMER = Question(
    lambda vehicle, store, employee: _owned(
        vehicle, CustomerStore.objects.filter(store_id=store, served_by_id=employee)
    )
)
OPEN_ORDERS = Question(
    lambda vehicle, group: (
        WorkOrder.objects.filter(vehicle_id=vehicle, state__in=OPEN_STATES, store__group_id=group)
        .select_related("store")
        .only("pk", "no", "state", "received_at", "store__name", "store__zone", "store__cut_over_hour")
        .order_by("pk")
    )
)
PROFILES = Question(lambda: FlowProfile.objects.filter(active=True).order_by("pk"))


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order that still has the car: its number (or that it is a draft), state, and in which store."""

    id: int
    no: str
    state: str
    store_id: int
    store_name: str
    since: date


def open_orders(vehicle: Vehicle, *, store: Store) -> list[OpenOrder]:
    """The orders of a car that are not over, in this store and in the sister stores of the group, own ones first.

    Crosses stores on purpose (design.md 11: a check across the group); it gives number, state and store only.
    """
    with everywhere("one open order per car is checked across the group"):
        found = [
            OpenOrder(row.pk, row.no, row.state, row.store_id, row.store.name, row.store.business_date(row.received_at))
            for row in OPEN_ORDERS(vehicle=vehicle.pk, group=store.group_id)
        ]
    return sorted(found, key=lambda one: one.store_id != store.pk)


def owner_of(vehicle: Vehicle) -> Customer | None:
    """The customer to whom the car belongs now."""
    row = (
        VehicleOwnership.objects.filter(vehicle=vehicle, role=VehicleOwnership.Role.OWNER, until_on__isnull=True)
        .select_related("customer")
        .first()
    )
    return row.customer if row else None


@dataclass(frozen=True, slots=True)
class Payer:
    """The customer of an order, and whether the store knows him as somebody whom this person serves."""

    customer: Customer | None
    is_known: bool


def payer_of(vehicle: Vehicle, named: Customer | None, *, store: Store, by: Viewer) -> Payer:
    """The named customer, else the car's owner. One query."""
    served = {} if by.employee_id is None else {"served_by_id": by.employee_id}
    if named is not None:
        here = CustomerStore.objects.filter(store_id=store.pk, customer_id=named.pk, **served)
        return Payer(named, here.exists())
    about: dict[str, Any] = {"vehicle": vehicle.pk, "store": store.pk}
    row = OWNED_BY_MY_CUSTOMER.first(**about, employee=by.employee_id) if by.employee_id else OWNED.first(**about)
    return Payer(row.customer, row.is_known) if row else Payer(None, is_known=True)


def profile_of(order_type: str, regulatory_class: str) -> FlowProfile:
    """The store's active profile for an order. Raises Refused ``workshop.flow.no_profile``."""
    rows = {row.code: row for row in PROFILES()}
    code = profile_for(order_type, regulatory_class, {one.code: tuple(one.order_types) for one in rows.values()})
    return rows[code]
