"""A car as screens and other packages see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from cheyi.customers.queries import CustomerBrief, brief, whose
from cheyi.customers.queries import known as customers_known
from cheyi.customers.queries import seen_by as customers_seen_by
from cheyi.foundation.access import Viewer
from cheyi.foundation.scope import current
from cheyi.kernel import Quantity
from cheyi.vehicles.models import RecallVehicle, Vehicle, VehicleOwnership
from cheyi.vehicles.models.catalogue import Energy
from cheyi.vehicles.queries.looking import known, seen_by
from cheyi.vehicles.rules.makers import maker_of
from cheyi.vehicles.rules.mileage import Reading, estimated_km

CUSTOMER_VIEW = "customers.customer.view"


@dataclass(frozen=True, slots=True)
class VehicleProfile:
    """All of a car that a reception or history page starts from. ``owner`` is None when unknown or not to be seen."""

    id: int
    version: int
    plate: str
    plate_kind: str
    is_nev: bool
    vin: str
    brand_name: str
    series_name: str
    model_id: int | None
    model_name: str
    model_text: str
    model_year: int | None
    size_class: str
    energy: str
    engine_no: str
    motor_no: str
    battery_pack_no: str
    body_colour: str
    use: str
    status: str
    sold_by_us: bool
    owner: CustomerBrief | None
    known_since: datetime | None
    last_visit_on: date | None
    note: str
    last_mileage: int | None
    last_mileage_on: date | None
    avg_daily_km: Quantity
    last_service_on: date | None
    last_service_km: int | None
    next_service_on: date | None
    next_service_km: int | None
    purchase_on: date | None
    first_registered_on: date | None
    warranty_until: date | None
    warranty_km: int | None
    battery_warranty_until: date | None
    battery_warranty_km: int | None
    insurer: str
    insurance_until: date | None
    compulsory_policy_no: str
    commercial_policy_no: str
    inspection_due_on: date | None
    open_recalls: tuple[str, ...]

    @property
    def energy_label(self) -> str:
        """What drives the car, in words."""
        return str(Energy(self.energy).label) if self.energy else ""

    @property
    def status_label(self) -> str:
        """What became of the car, where it is no longer in use."""
        return "" if self.status == Vehicle.Status.IN_USE else str(Vehicle.Status(self.status).label)

    def estimated_km(self, on: date) -> int | None:
        """The mileage expected on a day; None without any reading."""
        if self.last_mileage is None or self.last_mileage_on is None:
            return None
        return estimated_km(Reading(self.last_mileage, self.last_mileage_on), self.avg_daily_km, on)

    def in_warranty(self, on: date, km: int | None) -> bool:
        """Whether the maker's warranty runs on a day at a mileage; False when its end is not on file."""
        if self.warranty_until is None or on > self.warranty_until:
            return False
        return self.warranty_km is None or km is None or km <= self.warranty_km


SHOWN = (
    *("version", "plate", "plate_kind", "vin", "model_id", "model_year", "energy", "engine_no", "motor_no"),
    *("battery_pack_no", "body_colour", "use", "status", "sold_by_us", "last_mileage", "last_mileage_on"),
    *("avg_daily_km", "last_service_on", "last_service_km", "next_service_on", "next_service_km", "purchase_on"),
    *("warranty_until", "warranty_km", "battery_warranty_until", "battery_warranty_km", "insurer"),
    *("insurance_until", "inspection_due_on", "model_text", "first_registered_on"),
    *("compulsory_policy_no", "commercial_policy_no"),
)


def with_store(viewer: Viewer | None) -> QuerySet[Vehicle]:
    """The cars that a viewer may see (all known ones without one), each with its model and what the store knows of it."""
    rows = known() if viewer is None else seen_by(viewer)
    stores = current().store_ids if viewer is None else [viewer.store_id or 0]
    here = FilteredRelation("stores", condition=Q(stores__store_id__in=stores))
    noted = {f"here_{name}": F(f"here__{name}") for name in ("created_at", "last_visit_on", "note")}
    return rows.annotate(here=here, **noted).select_related("model__series__brand").order_by("here__pk")


def profile(vehicle_id: int, viewer: Viewer | None = None) -> VehicleProfile:
    """The profile of a known car; three queries. With a viewer: of one he may see, the owner only if he may see him.

    Raises Vehicle.DoesNotExist.
    """
    vehicle = with_store(viewer).filter(pk=vehicle_id).first()
    if vehicle is None:
        raise Vehicle.DoesNotExist
    people = customers_known() if viewer is None else customers_seen_by(viewer)
    owners = VehicleOwnership.objects.filter(whose("customer_id", people), vehicle=vehicle, role="owner", until_on=None)
    sees_owner = viewer is None or viewer.may(CUSTOMER_VIEW)
    owner = owners.select_related("customer").first() if sees_owner else None
    return profile_of(vehicle, brief(owner.customer) if owner else None, open_recalls(vehicle))


def open_recalls(vehicle: Vehicle) -> tuple[str, ...]:
    """Code and title of each recall that names the car and is not done."""
    if not vehicle.vin:
        return ()
    rows = RecallVehicle.objects.filter(vin=vehicle.vin, done_on=None).select_related("recall").order_by("pk")
    return tuple(f"{row.recall.code} {row.recall.title}" for row in rows)


def profile_of(vehicle: Any, owner: CustomerBrief | None, recalls: tuple[str, ...]) -> VehicleProfile:
    """The profile of a row of ``with_store``."""
    model = vehicle.model
    return VehicleProfile(
        **{name: getattr(vehicle, name) for name in SHOWN},
        id=vehicle.pk,
        is_nev=vehicle.is_nev,
        brand_name=model.series.brand.name if model else _maker(vehicle.vin),
        series_name=model.series.name if model else "",
        model_name=model_name(vehicle),
        size_class=model.size_class if model else "",
        owner=owner,
        known_since=vehicle.here_created_at,
        last_visit_on=vehicle.here_last_visit_on,
        note=vehicle.here_note or "",
        open_recalls=recalls,
    )


def _maker(vin: str) -> str:
    maker = maker_of(vin)
    return maker.name if maker else ""


def model_name(vehicle: Vehicle) -> str:
    """Series and model in one text, or what was typed, or nothing."""
    model = vehicle.model
    if model is None:
        return vehicle.model_text
    return model.name if model.series.name in model.name else f"{model.series.name} {model.name}"
