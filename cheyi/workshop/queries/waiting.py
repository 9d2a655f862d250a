"""What waits for a customer or a car: the order that stands, what is booked, work that was put off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from cheyi.foundation.access import Viewer
from cheyi.foundation.fields import MoneyField
from cheyi.foundation.models import Store
from cheyi.foundation.unions import Fields, Part, side_by_side
from cheyi.kernel import Money
from cheyi.vehicles.models import VehicleOwnership
from cheyi.workshop.access import appointments, orders
from cheyi.workshop.models import Advice
from cheyi.workshop.models.choices import AppointmentState, Urgency
from cheyi.workshop.rules.life import OPEN_STATES

MOST = 20
COMING = ("requested", "confirmed", "arrived")


@dataclass(frozen=True, slots=True)
class Booking:
    """A booked slot: for which car, when, what for."""

    plate: str
    wanted_at: datetime
    text: str
    state: str

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(AppointmentState(self.state).label)


@dataclass(frozen=True, slots=True)
class PutOff:
    """Work that was advised and not done: what, when, for which car, at which price, how urgent."""

    text: str
    advised_at: datetime
    order_id: int
    plate: str
    price: Money | None
    urgency: str
    refused: bool

    @property
    def urgency_label(self) -> str:
        """How soon it should be done, in words."""
        return str(Urgency(self.urgency).label)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The orders that stand (id and number by car), the coming bookings in their order, the latest advice first."""

    standing: Mapping[int, tuple[int, str]]
    booked: tuple[Booking, ...]
    put_off: tuple[PutOff, ...]


COMMON: Fields = {
    "vehicle_id": models.BigIntegerField(),
    "order_id": models.BigIntegerField(),
    "plate": models.CharField(),
    "text": models.TextField(),
    "code": models.CharField(),
    "at": models.DateTimeField(),
    "price": MoneyField(),
    "refused": models.BooleanField(),
}


def waiting(
    viewer: Viewer, *, store: Store, now: datetime, customer_id: int | None = None, vehicle_id: int | None = None
) -> Waiting:
    """What waits for a customer (his bookings, and what waits on his cars) or for a car, as the viewer may see. One query."""
    cars = {"vehicle_id": vehicle_id} if customer_id is None else {"vehicle_id__in": _cars_of(customer_id)}
    parts = []
    if viewer.may("workshop.order.open_order"):
        here = orders(viewer).filter(store=store, state__in=OPEN_STATES, **cars)
        parts.append(Part("standing", here, {"vehicle_id": "vehicle_id", "text": "no"}))
    if viewer.may("workshop.appointment.view"):
        whose = {"customer_id": customer_id} if vehicle_id is None else cars
        start = store.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
        coming = appointments(viewer).filter(store=store, state__in=COMING, wanted_at__gte=start, **whose)
        filled = {"plate": "vehicle__plate", "text": "request_text", "code": "state", "at": "wanted_at"}
        parts.append(Part("booked", coming, filled))
    if viewer.may("workshop.order.view_prices"):
        advised = Advice.objects.filter(store=store, resolved_at=None, **cars)
        same = {name: name for name in ("text", "price", "refused", "order_id")}
        parts.append(
            Part("put_off", advised, {**same, "plate": "vehicle__plate", "code": "urgency", "at": "advised_at"})
        )
    return _sorted(side_by_side(COMMON, *parts))


def _cars_of(customer_id: int) -> Any:
    return VehicleOwnership.objects.filter(customer_id=customer_id, until_on=None).values("vehicle_id")


def _sorted(found: Mapping[str, list[dict[str, Any]]]) -> Waiting:
    booked = sorted(found.get("booked", []), key=lambda row: row["at"])
    put_off = sorted(found.get("put_off", []), key=lambda row: (row["at"], row["id"]), reverse=True)
    return Waiting(
        {row["vehicle_id"]: (row["id"], row["text"]) for row in found.get("standing", [])},
        tuple(Booking(row["plate"] or "", row["at"], row["text"], row["code"]) for row in booked[:MOST]),
        tuple(
            PutOff(row["text"], row["at"], row["order_id"], row["plate"], row["price"], row["code"], row["refused"])
            for row in put_off[:MOST]
        ),
    )
