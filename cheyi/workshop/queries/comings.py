"""How often somebody was here, for which of his cars an order may be opened, and which work waits on them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count, QuerySet

from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.kernel import Money
from cheyi.vehicles.models import VehicleOwnership
from cheyi.vehicles.queries import seen_by
from cheyi.workshop.access import orders
from cheyi.workshop.models import Advice, WorkOrder
from cheyi.workshop.rules.life import OPEN_STATES

MOST = 20
NO_VISIT_STATES = ("draft", "cancelled")
NO_VISIT_TYPES = ("internal", "pdi")

Of = Literal["customer", "vehicle"]


def real_visits(rows: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    """Those of some orders that were visits: opened, not cancelled, and not the house's own cars (domain.md 6.8)."""
    return rows.exclude(state__in=NO_VISIT_STATES).exclude(type__in=NO_VISIT_TYPES)


def counts_by(of: Of, ids: Collection[int], viewer: Viewer) -> dict[int, int]:
    """How many visits each customer or car made, among the orders that the viewer may see; 0 for none. One query."""
    rows = real_visits(orders(viewer)).filter(**{f"{of}_id__in": set(ids)})
    counted = dict(rows.values_list(f"{of}_id").annotate(times=Count("pk")).order_by())
    return {one: counted.get(one, 0) for one in ids}


def cars_of(customer_id: int) -> list[int]:
    """The cars that are a customer's in any way now. One query."""
    rows = VehicleOwnership.objects.filter(customer_id=customer_id, until_on=None).order_by("-pk")
    return list(dict.fromkeys(rows.values_list("vehicle_id", flat=True)))


@dataclass(frozen=True, slots=True)
class CarToOpen:
    """A car, and the order of this store that it has already."""

    id: int
    name: str
    order_id: int | None
    order_no: str


def cars_to_open(vehicle_ids: Collection[int], viewer: Viewer) -> list[CarToOpen]:
    """For which of some cars an order may be opened; those that left the base are not named. Two queries."""
    cars = seen_by(viewer).filter(pk__in=vehicle_ids, status="in_use").order_by("-pk")
    here = orders(viewer).filter(vehicle_id__in=vehicle_ids, state__in=("draft", *OPEN_STATES)).order_by("pk")
    standing = {car: (order, no) for car, order, no in here.values_list("vehicle_id", "pk", "no")}
    return [
        CarToOpen(pk, plate or vin[-6:], *standing.get(pk, (None, "")))
        for pk, plate, vin in cars.values_list("pk", "plate", "vin")
    ]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Work that was advised and not done: what, when, for which car, at which price, how urgent."""

    text: str
    on: datetime
    order_id: int
    plate: str
    price: Money | None
    urgency: str
    refused: bool


def waiting_advice(vehicle_ids: Collection[int], *, store: Store) -> list[Waiting]:
    """The work that waits on some cars, the latest first. One query."""
    rows = Advice.objects.filter(store=store, vehicle_id__in=vehicle_ids, resolved_at=None).select_related("vehicle")
    return [
        Waiting(
            row.text, row.advised_at, row.order_id, row.vehicle.plate, row.price, row.get_urgency_display(), row.refused
        )
        for row in rows.order_by("-advised_at", "-pk")[:MOST]
    ]
