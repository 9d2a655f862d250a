"""The plate that a car carries, and those it carried."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, inverse, lock
from cheyi.foundation.changes import changed_since, demand_unchanged
from cheyi.foundation.models import Store
from cheyi.kernel import Refused
from cheyi.vehicles.actions import keys
from cheyi.vehicles.actions.identifying import PlateForm, read_plate
from cheyi.vehicles.events import PlateChanged
from cheyi.vehicles.models import Plate, Vehicle
from cheyi.vehicles.words import plate_back


@act
def change_plate(
    vehicle: Vehicle,
    *,
    plate: str,
    store: Store,
    by: Viewer,
    now: datetime,
    plate_kind: str = "",
    confirmed: Collection[str] = (),
    version: int | None = None,
) -> Vehicle:
    """Give a car another plate, or none (empty); the former one stays in its history.

    Raises Refused ``vehicles.vehicle.changed_meanwhile`` when somebody else gave it another plate since ``version``, for
    a faulty plate, ``vehicles.vehicle.plate_taken`` when another car carries it (who insists by
    ``confirmed`` takes it off that car), ``vehicles.vehicle.plate_or_vin`` when a car without VIN would lose its only
    name.
    """
    vehicle = lock(vehicle)
    wanted = read_plate(plate, kind=plate_kind, confirmed=confirmed)
    former = vehicle.plate
    if wanted.number == former:
        return vehicle
    demand_unchanged("vehicles.vehicle.changed_meanwhile", changed_since(vehicle, version, ["plate"]))
    today, former_kind = store.business_date(now), vehicle.plate_kind
    if not wanted.number:
        take_off(vehicle, on=today, by=by, now=now)
    else:
        _free(wanted, vehicle, today, confirmed=confirmed, by=by, now=now)
        put_on(vehicle, wanted, on=today, by=by, now=now)
    back = {"vehicle_id": vehicle.pk, "plate": former, "kind": former_kind, "version": vehicle.version}
    record_plate(vehicle, former, undo=("vehicles.vehicle.change_plate", back), by=by, now=now)
    return vehicle


def record_plate(
    vehicle: Vehicle, former: str, *, by: Viewer, now: datetime, undo: tuple[str, dict[str, Any]] | None = None
) -> None:
    """Write down that a car carries another plate now, beside the version that says so; inside an act."""
    facts = {"plate": vehicle.plate, "former": former, "fields": ["plate"], "version": vehicle.version}
    audit(by, "vehicles.vehicle.plate_changed", vehicle, now=now, undo=undo, **facts)


def _free(
    wanted: PlateForm, vehicle: Vehicle, today: date, *, confirmed: Collection[str], by: Viewer, now: datetime
) -> None:
    other = Vehicle.objects.filter(group_id=vehicle.group_id, plate=wanted.number).exclude(pk=vehicle.pk).first()
    if other is None:
        return
    if "vehicles.vehicle.plate_taken" not in confirmed or not other.vin:
        raise Refused("vehicles.vehicle.plate_taken", field="plate", plate=wanted.number, tail=other.vin[-6:])
    take_off(other, on=today, by=by, now=now)
    record_plate(other, wanted.number, by=by, now=now)


def put_on(vehicle: Vehicle, plate: PlateForm, *, on: date, by: Viewer, now: datetime) -> None:
    """Write that a car carries another plate from a day on; inside an act."""
    former = vehicle.plate
    Plate.objects.filter(vehicle=vehicle, until_on=None).update(until_on=on)
    vehicle.plate, vehicle.plate_kind = plate.number, plate.kind
    vehicle.version += 1
    vehicle.energy = vehicle.energy or plate.energy
    try:
        with transaction.atomic():
            vehicle.save(update_fields=["plate", "plate_kind", "energy", "version"])
            carry(vehicle, on=on, by=by, now=now)
    except IntegrityError:
        raise Refused("vehicles.vehicle.just_added", field="plate") from None
    _tell(vehicle, former, by=by, now=now)


def carry(vehicle: Vehicle, *, on: date, by: Viewer, now: datetime) -> None:
    """The history's row of the plate that a car carries from a day on; inside an act."""
    Plate(
        group_id=vehicle.group_id,
        vehicle=vehicle,
        number=vehicle.plate,
        kind=vehicle.plate_kind,
        from_on=on,
        created_at=now,
        created_by_id=by.user_id,
    ).save(force_insert=True)


def take_off(vehicle: Vehicle, *, on: date, by: Viewer, now: datetime) -> None:
    """Write that a car carries no plate from a day on; inside an act. Raises Refused for a car without VIN."""
    if not vehicle.vin:
        raise Refused("vehicles.vehicle.plate_or_vin", field="plate")
    former, vehicle.plate, vehicle.plate_kind = vehicle.plate, "", ""
    vehicle.version += 1
    vehicle.save(update_fields=["plate", "plate_kind", "version"])
    Plate.objects.filter(vehicle=vehicle, until_on=None).update(until_on=on)
    _tell(vehicle, former, by=by, now=now)


def _tell(vehicle: Vehicle, former: str, *, by: Viewer, now: datetime) -> None:
    keys.rewrite(vehicle)
    announce(
        PlateChanged(vehicle_id=vehicle.pk, plate=vehicle.plate, former=former, store_id=by.store_id, happened_at=now)
    )


@inverse("vehicles.vehicle.change_plate")
def undo_plate(*, vehicle_id: int, plate: str, kind: str, by: Viewer, now: datetime, version: int | None = None) -> str:
    """Give the car its former plate back. Raises Refused as ``change_plate``."""
    store = Store.objects.get(pk=by.store_id or 0)
    vehicle = Vehicle.objects.get(pk=vehicle_id)
    change_plate(vehicle, plate=plate, plate_kind=kind, version=version, store=store, by=by, now=now)
    return plate_back(plate)
