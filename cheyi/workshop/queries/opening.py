"""What opening an order must know: the car's other orders, its owner, the store's flow profiles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from cheyi.customers.models import Customer, CustomerStore
from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.foundation.scope import everywhere
from cheyi.vehicles.models import Vehicle, VehicleOwnership
from cheyi.workshop.models import FlowProfile, WorkOrder
from cheyi.workshop.rules.flow import profile_for
from cheyi.workshop.rules.life import OPEN_STATES


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
        rows = (
            WorkOrder.objects.filter(vehicle_id=vehicle.pk, state__in=OPEN_STATES, store__group_id=store.group_id)
            .select_related("store")
            .only("pk", "no", "state", "received_at", "store__name", "store__zone", "store__cut_over_hour")
            .order_by("pk")
        )
        found = [
            OpenOrder(row.pk, row.no, row.state, row.store_id, row.store.name, row.store.business_date(row.received_at))
            for row in rows
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
    here = CustomerStore.objects.filter(store_id=store.pk)
    if by.employee_id is not None:
        here = here.filter(served_by_id=by.employee_id)
    if named is not None:
        return Payer(named, here.filter(customer_id=named.pk).exists())
    row = (
        VehicleOwnership.objects.filter(vehicle=vehicle, role=VehicleOwnership.Role.OWNER, until_on__isnull=True)
        .select_related("customer")
        .annotate(is_known=Exists(here.filter(customer_id=OuterRef("customer_id"))))
        .first()
    )
    return Payer(row.customer, row.is_known) if row else Payer(None, is_known=True)


def profile_of(order_type: str, regulatory_class: str) -> FlowProfile:
    """The store's active profile for an order. Raises Refused ``workshop.flow.no_profile``."""
    rows = {row.code: row for row in FlowProfile.objects.filter(active=True).order_by("pk")}
    code = profile_for(order_type, regulatory_class, {one.code: tuple(one.order_types) for one in rows.values()})
    return rows[code]
