"""A new car on file, unless it is there already."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction

from cheyi.customers.models import Customer
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit
from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Refused
from cheyi.vehicles.actions.identifying import PlateForm, VinForm, read_both
from cheyi.vehicles.actions.knowing import know, link
from cheyi.vehicles.actions.owners import bind
from cheyi.vehicles.actions.plates import carry, put_on, record_plate, take_off
from cheyi.vehicles.actions.reading import columns_of
from cheyi.vehicles.events import VehicleAdded
from cheyi.vehicles.models import Vehicle, VehicleModel, VehicleOwnership, VehicleStore
from cheyi.vehicles.queries.looking import model_of_vin


class Details(TypedDict, total=False):
    """What may be known of a car beside plate, VIN and model."""

    model_text: str
    model_year: int | None
    energy: str
    displacement_ml: int | None
    transmission: str
    engine_no: str
    motor_no: str
    battery_pack_no: str
    body_colour: str
    interior_colour: str
    use: str
    sold_by_us: bool
    purchase_on: date | None
    invoice_on: date | None
    delivered_on: date | None
    first_registered_on: date | None
    warranty_until: date | None
    warranty_km: int | None
    battery_warranty_until: date | None
    battery_warranty_km: int | None
    insurer: str
    compulsory_policy_no: str
    commercial_policy_no: str
    insurance_until: date | None
    inspection_due_on: date | None
    status: str


@dataclass(frozen=True, slots=True)
class OnFile:
    """The cars on file that carry the plate or the VIN, and whether the store knows them."""

    by_plate: Vehicle | None
    by_vin: Vehicle | None
    known_here: frozenset[int]


@act
def add(
    *,
    plate: str = "",
    vin: str = "",
    plate_kind: str = "",
    model: VehicleModel | None = None,
    owner: Customer | None = None,
    store: Store,
    by: Viewer,
    now: datetime,
    paper: Source | None = None,
    confirmed: Collection[str] = (),
    **details: Unpack[Details],
) -> Vehicle:
    """Put a car on file and make it known to the store; plate or VIN is enough.

    A car that only sister stores know is linked and given back, with the plate it carries now; ``owner`` then becomes
    the one who brings it, unless it has no owner. Raises Refused
    ``vehicles.vehicle.plate_or_vin`` for neither, the faults of plate and VIN (see ``identifying``),
    ``.already_here`` for one the store knows, ``.two_cars`` when plate and VIN are two cars' on file, and
    ``.plate_taken`` when another car carries the plate; who insists on that by ``confirmed`` moves the plate.
    """
    this_year = store.business_date(now).year
    plated, numbered = read_both(plate, vin, kind=plate_kind, this_year=this_year, confirmed=confirmed)
    on_file = find(plated.number, numbered.number, store=store)
    existing = same_car(plated, numbered, on_file, confirmed=confirmed)
    if existing is not None:
        return _take_in(existing, plated, numbered, owner=owner, store=store, paper=paper, by=by, now=now)
    if on_file.by_plate is not None:
        take_off(on_file.by_plate, on=store.business_date(now), by=by, now=now)
        record_plate(on_file.by_plate, plated.number, by=by, now=now)
    columns = columns_of(details, model=model or _suggested(numbered), plate=plated, vin=numbered)
    vehicle = _insert(columns, plated, numbered, store=store, by=by, now=now)
    link(vehicle, store=store, paper=paper or Source("vehicles.vehicle", vehicle.pk), by=by, now=now)
    if owner is not None:
        bind(vehicle, owner, role=VehicleOwnership.Role.OWNER, on=store.business_date(now), by=by, now=now)
    audit(by, "vehicles.vehicle.added", vehicle, now=now, confirmed=sorted(confirmed))
    announce(VehicleAdded(vehicle_id=vehicle.pk, store_id=store.pk, happened_at=now))
    return vehicle


def find(plate: str, vin: str, *, store: Store) -> OnFile:
    """The cars of the group with this plate or VIN. Three queries at most."""
    by_vin = Vehicle.objects.filter(group_id=store.group_id, vin=vin).first() if vin else None
    by_plate = Vehicle.objects.filter(group_id=store.group_id, plate=plate).first() if plate else None
    ids = [row.pk for row in (by_vin, by_plate) if row is not None]
    here = VehicleStore.objects.filter(store=store, vehicle_id__in=ids).values_list("vehicle_id", flat=True)
    return OnFile(by_plate, by_vin, frozenset(here) if ids else frozenset())


def same_car(plate: PlateForm, vin: VinForm, on_file: OnFile, *, confirmed: Collection[str]) -> Vehicle | None:
    """The car on file that is meant and that only sister stores know; None for a new one; see ``add``."""
    by_vin, by_plate = on_file.by_vin, on_file.by_plate
    if by_vin is not None:
        if by_plate is not None and by_plate.pk != by_vin.pk:
            raise Refused("vehicles.vehicle.two_cars", field="plate", plate=plate.number, tail=by_vin.vin[-6:])
        return _not_here(by_vin, on_file, field="vin")
    if by_plate is None:
        return None
    if by_plate.vin and vin.number:
        if "vehicles.vehicle.plate_taken" in confirmed:
            return None
        raise Refused("vehicles.vehicle.plate_taken", field="plate", plate=plate.number, tail=by_plate.vin[-6:])
    return _not_here(by_plate, on_file, field="plate")


def _not_here(vehicle: Vehicle, on_file: OnFile, *, field: str) -> Vehicle:
    if vehicle.pk in on_file.known_here:
        raise Refused(
            "vehicles.vehicle.already_here",
            field=field,
            vehicle_id=vehicle.pk,
            what=vehicle.plate or vehicle.vin[-6:],
        )
    return vehicle


def _take_in(
    vehicle: Vehicle,
    plate: PlateForm,
    vin: VinForm,
    *,
    owner: Customer | None,
    store: Store,
    paper: Source | None,
    by: Viewer,
    now: datetime,
) -> Vehicle:
    """Make a sister store's car known here, with the numbers that it was seen to carry."""
    today = store.business_date(now)
    if vin.number and not vehicle.vin:
        vehicle.vin, vehicle.vin_stem, vehicle.version = vin.number, vin.stem, vehicle.version + 1
        vehicle.save(update_fields=["vin", "vin_stem", "version"])
        audit(by, "vehicles.vehicle.changed", vehicle, now=now, fields=["vin"], version=vehicle.version)
    if plate.number and plate.number != vehicle.plate:
        former = vehicle.plate
        put_on(vehicle, plate, on=today, by=by, now=now)
        record_plate(vehicle, former, by=by, now=now)
    know(vehicle, store=store, paper=paper or Source("vehicles.vehicle", vehicle.pk), by=by, now=now)
    if owner is not None:
        owned = VehicleOwnership.objects.filter(vehicle=vehicle, role="owner", until_on=None)
        role = VehicleOwnership.Role.SENDER if owned.exists() else VehicleOwnership.Role.OWNER
        if not owned.filter(customer=owner).exists():
            bind(vehicle, owner, role=role, on=today, by=by, now=now)
    return vehicle


def _suggested(vin: VinForm) -> VehicleModel | None:
    found = model_of_vin(vin.number)
    return VehicleModel.objects.get(pk=found) if found else None


def _insert(
    columns: dict[str, Any], plate: PlateForm, vin: VinForm, *, store: Store, by: Viewer, now: datetime
) -> Vehicle:
    vehicle = Vehicle(
        **columns,
        group_id=store.group_id,
        vin=vin.number,
        vin_stem=vin.stem,
        plate=plate.number,
        plate_kind=plate.kind,
        created_at=now,
        created_by_id=by.user_id,
        updated_at=now,
        updated_by_id=by.user_id,
    )
    try:
        with transaction.atomic():
            vehicle.save(force_insert=True)
            if plate.number:
                carry(vehicle, on=store.business_date(now), by=by, now=now)
    except IntegrityError:
        raise Refused("vehicles.vehicle.just_added", field="vin" if vin.number else "plate") from None
    return vehicle
