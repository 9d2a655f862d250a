"""Cars in lists: what the search finds, a customer's cars, a car's own history."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cheyi.customers.queries import CustomerBrief, briefs_seen
from cheyi.customers.queries import seen_by as customers_seen_by
from cheyi.foundation import search as index
from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.vehicles.models import MileageReading, Plate, Vehicle, VehicleModel, VehicleOwnership, VehicleStore
from cheyi.vehicles.queries.looking import in_order, owner_ids, seen_by
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
    """Cars and customers that the store knows under a text: plate, VIN, name, sound, phone. Six queries at most.

    A customer stands for his cars; ``by_phone`` are the ids of customers whom a phone number found. The customers are
    left out for a viewer who may not see them.
    """
    things = ("vehicle", "customer") if viewer.may(CUSTOMER_VIEW) else ("vehicle",)
    hits = index.look_up(text, store, things=things, limit=limit)
    customer_ids = [hit.target_id for hit in hits if hit.thing == "customer"]
    shown = set(customers_seen_by(viewer).filter(pk__in=customer_ids).values_list("pk", flat=True))
    cars_of_customers = _cars_of(shown)
    order: list[int] = []
    alone: list[int] = []
    for hit in hits:
        if hit.thing == "vehicle":
            order.append(hit.target_id)
        elif hit.target_id in shown:
            order += cars_of_customers.get(hit.target_id, [])
            alone += [] if cars_of_customers.get(hit.target_id) else [hit.target_id]
    cars = in_order(seen_by(viewer), order)[:limit]
    owners = owner_ids([car.pk for car in cars]) if viewer.may(CUSTOMER_VIEW) else {}
    people = briefs_seen([*owners.values(), *alone], viewer)
    return Found(
        tuple(_line(car, owner=people.get(owners.get(car.pk, 0))) for car in cars),
        tuple(people[one] for one in dict.fromkeys(alone) if one in people),
        frozenset(hit.target_id for hit in hits if hit.thing == "customer" and hit.by_phone),
    )


def _cars_of(customer_ids: Iterable[int]) -> dict[int, list[int]]:
    rows = VehicleOwnership.objects.filter(customer_id__in=set(customer_ids), until_on=None).order_by("-pk")
    cars: dict[int, list[int]] = {}
    for customer_id, vehicle_id in rows.values_list("customer_id", "vehicle_id"):
        cars.setdefault(customer_id, []).append(vehicle_id)
    return cars


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
    """A page of fifty of the cars that the viewer may see: those found, else those that came last. Eight queries at most.

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
    """The cars that came last, then those put on file last. Five queries at most."""
    return shown(_latest(viewer, limit, 0), viewer)


def shown(vehicle_ids: Collection[int], viewer: Viewer) -> tuple[CarLine, ...]:
    """Some cars as a list shows them, in the order given, as far as the viewer may see them. Three queries."""
    cars = in_order(seen_by(viewer), vehicle_ids)
    owners = owner_ids([car.pk for car in cars]) if viewer.may(CUSTOMER_VIEW) else {}
    people = briefs_seen(owners.values(), viewer)
    return tuple(_line(car, owner=people.get(owners.get(car.pk, 0))) for car in cars)


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
    """The cars that somebody owns, uses, pays for or brings, as far as the viewer may see them. Two queries."""
    rows = VehicleOwnership.objects.filter(customer_id=customer_id, until_on=None).order_by("-pk")
    roles = {row.vehicle_id: row.role for row in rows}
    return [_line(car, role=roles[car.pk]) for car in in_order(seen_by(viewer), list(roles))]


def plates_of_customers(customer_ids: Iterable[int], viewer: Viewer) -> dict[int, list[str]]:
    """Plates (VIN tails where there is none) of the cars of many customers, the latest first. One query."""
    rows = VehicleOwnership.objects.filter(
        customer_id__in=set(customer_ids), until_on=None, vehicle__in=seen_by(viewer)
    ).order_by("-pk")
    found: dict[int, list[str]] = {}
    for customer_id, plate, vin in rows.values_list("customer_id", "vehicle__plate", "vehicle__vin"):
        shown = found.setdefault(customer_id, [])
        if (text := plate or vin[-VIN_TAIL:]) not in shown:
            shown.append(text)
    return found


@dataclass(frozen=True, slots=True)
class PlateLine:
    """A plate that the car carried."""

    number: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """What somebody was to the car, and from when until when."""

    customer: CustomerBrief
    role: str
    label: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """A reading of the odometer, with the reason given for an odd one."""

    km: int
    read_on: date
    reason: str
    source_label: str

    @property
    def reason_label(self) -> str:
        """Why an odd reading was taken, in words."""
        return str(MileageReading.Reason(self.reason).label) if self.reason else ""


@dataclass(frozen=True, slots=True)
class Curve:
    """A car's readings as a line: points in a box of 600 by 120, its first and last day and the highest reading."""

    points: tuple[tuple[int, int], ...]
    first_on: date
    last_on: date
    highest: int

    @property
    def path(self) -> str:
        """The points as an SVG polyline reads them."""
        return " ".join(f"{x},{y}" for x, y in self.points)


CURVE_WIDTH, CURVE_HEIGHT = 600, 120


def curve_of(readings: Sequence[ReadingLine]) -> Curve | None:
    """The curve of some readings in any order; None where they are fewer than two, or all of one day."""
    rows = sorted(readings, key=lambda row: (row.read_on, row.km))
    if len(rows) < 2 or rows[0].read_on == rows[-1].read_on:
        return None
    days = (rows[-1].read_on - rows[0].read_on).days
    highest = max(1, *(row.km for row in rows))
    points = tuple(
        (
            round(CURVE_WIDTH * (row.read_on - rows[0].read_on).days / days),
            round(CURVE_HEIGHT * (1 - row.km / highest)),
        )
        for row in rows
    )
    return Curve(points, rows[0].read_on, rows[-1].read_on, highest)


def plates_of(vehicle_id: int) -> list[PlateLine]:
    """The plates of a car, the present one first."""
    rows = Plate.objects.filter(vehicle_id=vehicle_id).order_by("-from_on", "-pk")
    return [PlateLine(row.number, row.from_on, row.until_on) for row in rows]


def owners_of(vehicle_id: int, viewer: Viewer) -> list[OwnerLine]:
    """Who owns, uses, pays for and brings the car; former ones too. Only people the viewer may see. Two queries."""
    if not viewer.may(CUSTOMER_VIEW):
        return []
    rows = list(VehicleOwnership.objects.filter(vehicle_id=vehicle_id).order_by("-from_on", "-pk"))
    people = briefs_seen([row.customer_id for row in rows], viewer)
    return [
        OwnerLine(people[row.customer_id], row.role, str(row.get_role_display()), row.from_on, row.until_on)
        for row in sorted(rows, key=lambda row: row.until_on is not None)
        if row.customer_id in people
    ]


def readings_of(vehicle_id: int, limit: int = MOST_ROWS) -> list[ReadingLine]:
    """The latest readings of a car, the newest first."""
    rows = MileageReading.objects.filter(vehicle_id=vehicle_id).order_by("-read_at", "-pk")[:limit]
    return [ReadingLine(row.km, row.read_on, row.reason, row.source_label) for row in rows]
