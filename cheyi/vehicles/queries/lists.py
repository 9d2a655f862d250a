"""Cars in lists: what the search finds, those that came last, a customer's cars."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import FilteredRelation, Q

from cheyi.customers.queries import CustomerBrief, brief, briefs_seen, whose
from cheyi.customers.queries import seen_by as customers_seen_by
from cheyi.foundation import search as index
from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.vehicles.models import Vehicle, VehicleModel, VehicleOwnership, VehicleStore
from cheyi.vehicles.queries.looking import in_order, seen_by
from cheyi.vehicles.queries.profiles import CUSTOMER_VIEW, model_name

MOST_ROWS = 50
LAST_PAGE = 20
VIN_TAIL = 6


@dataclass(frozen=True, slots=True)
class CarLine:
    """One car in a list, with its owner where the viewer may see him."""

    id: int
    plate: str
    is_nev: bool
    vin: str
    model_name: str
    last_mileage: int | None
    last_mileage_on: date | None
    status: str
    role: str = "owner"
    owner: CustomerBrief | None = None
    next_service_on: date | None = None

    @property
    def role_label(self) -> str:
        """What the customer in question is to the car, in words."""
        return str(VehicleOwnership.Role(self.role).label)

    @property
    def status_label(self) -> str:
        """What became of the car, where it is no longer in use."""
        return "" if self.status == Vehicle.Status.IN_USE else str(Vehicle.Status(self.status).label)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: cars first, in the order of the search, then customers without a car."""

    cars: tuple[CarLine, ...]
    customers: tuple[CustomerBrief, ...]
    by_phone: frozenset[int]


def search(text: str, *, store: Store, viewer: Viewer, limit: int = MOST_ROWS) -> Found:
    """Cars and customers that the store knows under a text: plate, VIN, name, sound, phone. Five queries at most.

    A customer stands for his cars; ``by_phone`` are the ids of customers whom a phone number found. The customers are
    left out for a viewer who may not see them.
    """
    things = ("vehicle", "customer") if viewer.may(CUSTOMER_VIEW) else ("vehicle",)
    hits = index.look_up(text, store, things=things, limit=limit)
    cars_of_customers = _cars_of({hit.target_id for hit in hits if hit.thing == "customer"}, viewer)
    order: list[int] = []
    alone: list[int] = []
    for hit in hits:
        if hit.thing == "vehicle":
            order.append(hit.target_id)
        elif hit.target_id in cars_of_customers:
            order += cars_of_customers[hit.target_id]
            alone += [] if cars_of_customers[hit.target_id] else [hit.target_id]
    cars = in_order(seen_by(viewer), order)[:limit]
    owners = _owners(cars, viewer)
    people = briefs_seen(alone, viewer) if alone else {}
    return Found(
        tuple(_line(car, owner=owners.get(car.pk)) for car in cars),
        tuple(people[one] for one in dict.fromkeys(alone) if one in people),
        frozenset(hit.target_id for hit in hits if hit.thing == "customer" and hit.by_phone),
    )


def _cars_of(customer_ids: Collection[int], viewer: Viewer) -> dict[int, list[int]]:
    """The cars of each of some customers, the latest first; only of those whom the viewer may see. One query."""
    if not customer_ids:
        return {}
    now = FilteredRelation("ownerships", condition=Q(ownerships__until_on=None))
    rows = customers_seen_by(viewer).filter(pk__in=customer_ids).annotate(now=now).order_by("-now__pk")
    cars: dict[int, list[int]] = {}
    for customer_id, vehicle_id in rows.values_list("pk", "now__vehicle_id"):
        cars.setdefault(customer_id, []).extend([] if vehicle_id is None else [vehicle_id])
    return cars


def _owners(cars: Collection[Vehicle], viewer: Viewer) -> dict[int, CustomerBrief]:
    """The present owner of each of some cars, as far as the viewer may see him. One query."""
    if not cars or not viewer.may(CUSTOMER_VIEW):
        return {}
    rows = VehicleOwnership.objects.filter(
        whose("customer_id", customers_seen_by(viewer)),
        vehicle__in=[car.pk for car in cars],
        role="owner",
        until_on=None,
    )
    return {row.vehicle_id: brief(row.customer) for row in rows.select_related("customer")}


def _line(car: Vehicle, *, owner: CustomerBrief | None = None, role: str = "owner") -> CarLine:
    return CarLine(
        car.pk,
        car.plate,
        car.is_nev,
        car.vin,
        model_name(car),
        car.last_mileage,
        car.last_mileage_on,
        car.status,
        role,
        owner,
        car.next_service_on,
    )


@dataclass(frozen=True, slots=True)
class CarPage:
    """One page of the list: the cars, when each was here last, and whether another page follows."""

    cars: tuple[CarLine, ...]
    last_visits: Mapping[int, date | None]
    number: int
    more: bool


def list_page(text: str, *, store: Store, viewer: Viewer, number: int = 1) -> CarPage:
    """A page of fifty of the cars that the viewer may see: those found, else those that came last. Six queries at most.

    ``number`` counts from 1; further than ``LAST_PAGE`` nobody turns pages, who looks for a car types.
    """
    number = min(max(number, 1), LAST_PAGE)
    start = (number - 1) * MOST_ROWS
    visited: dict[int, date | None]
    if text:
        found = search(text, store=store, viewer=viewer, limit=start + MOST_ROWS + 1).cars[start:]
        here = VehicleStore.objects.filter(store=store, vehicle__in=[car.id for car in found])
        visited = dict(here.values_list("vehicle_id", "last_visit_on"))
    else:
        visited = _latest(viewer, MOST_ROWS + 1, start)
        found = shown(visited, viewer)
    return CarPage(found[:MOST_ROWS], visited, number, len(found) > MOST_ROWS and number < LAST_PAGE)


def latest(viewer: Viewer, limit: int = MOST_ROWS) -> tuple[CarLine, ...]:
    """The cars that came last, then those put on file last. Four queries at most."""
    return shown(_latest(viewer, limit, 0), viewer)


def shown(vehicle_ids: Collection[int], viewer: Viewer) -> tuple[CarLine, ...]:
    """Some cars as a list shows them, in the order given, as far as the viewer may see them. Two queries."""
    cars = in_order(seen_by(viewer), vehicle_ids)
    owners = _owners(cars, viewer)
    return tuple(_line(car, owner=owners.get(car.pk)) for car in cars)


def _latest(viewer: Viewer, limit: int, start: int) -> dict[int, date | None]:
    """When the cars that came last were here, in their order, then those that never came."""
    known = VehicleStore.objects.filter(store_id=viewer.store_id or 0)
    visited = known.exclude(last_visit_on=None)
    order = visited.order_by("-last_visit_on", "-pk")
    came: dict[int, date | None] = dict(order.values_list("vehicle_id", "last_visit_on")[start : start + limit])
    if len(came) == limit:
        return came
    skipped = start - visited.count() if start and not came else 0
    rest = known.filter(last_visit_on=None).order_by("-pk").values_list("vehicle_id", flat=True)
    return came | dict.fromkeys(rest[skipped : skipped + limit - len(came)])


def models_to_choose() -> list[tuple[int, str]]:
    """The catalogue's models with their series and brand, for a list. One query."""
    rows = VehicleModel.objects.select_related("series__brand").order_by("series__brand__name", "series__name", "name")
    return [(row.pk, f"{row.series.brand.name} {row.series.name} · {row.name}") for row in rows]


def cars_of(customer_id: int, viewer: Viewer) -> list[CarLine]:
    """The cars that somebody owns, uses, pays for or brings, as far as the viewer may see them. One query."""
    rows = VehicleOwnership.objects.filter(whose("vehicle_id", seen_by(viewer)), customer_id=customer_id, until_on=None)
    found = {row.vehicle_id: row for row in rows.select_related("vehicle__model__series__brand").order_by("pk")}
    return [_line(row.vehicle, role=row.role) for row in reversed(found.values())]


def plates_of_customers(customer_ids: Iterable[int], viewer: Viewer) -> dict[int, list[str]]:
    """Plates (VIN tails where there is none) of the cars of many customers, the latest first. One query."""
    rows = VehicleOwnership.objects.filter(
        whose("vehicle_id", seen_by(viewer)), customer_id__in=set(customer_ids), until_on=None
    ).order_by("-pk")
    found: dict[int, list[str]] = {}
    for customer_id, plate, vin in rows.values_list("customer_id", "vehicle__plate", "vehicle__vin"):
        shown = found.setdefault(customer_id, [])
        if (text := plate or vin[-VIN_TAIL:]) not in shown:
            shown.append(text)
    return found
