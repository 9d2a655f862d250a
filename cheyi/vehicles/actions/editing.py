"""Changing what is on file of a car; models, brands and series; recalls."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, Unpack

from django.db import IntegrityError, transaction

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, lock
from cheyi.foundation.models import Store
from cheyi.kernel import Refused
from cheyi.vehicles.actions import keys
from cheyi.vehicles.actions.adding import Details
from cheyi.vehicles.actions.identifying import read_vin
from cheyi.vehicles.actions.reading import checked
from cheyi.vehicles.events import RecallOpen, VehicleChanged
from cheyi.vehicles.models import Brand, Recall, RecallVehicle, Vehicle, VehicleModel


class Changes(Details, total=False):
    """What may be changed: all that may be known, with VIN and model."""

    vin: str
    model: VehicleModel | None


@act
def edit(
    vehicle: Vehicle,
    *,
    store: Store,
    by: Viewer,
    now: datetime,
    version: int | None = None,
    confirmed: Collection[str] = (),
    **changes: Unpack[Changes],
) -> Vehicle:
    """Change fields of a car; those not named stay. Nothing happens when nothing differs.

    Raises Refused ``vehicles.vehicle.changed_meanwhile`` for an old ``version``, the faults of a VIN, and
    ``vehicles.vehicle.just_added`` when another car has that VIN. The plate goes by ``change_plate``.
    """
    vehicle = lock(vehicle)
    if version is not None and version != vehicle.version:
        raise Refused("vehicles.vehicle.changed_meanwhile")
    typed: dict[str, Any] = dict(changes)
    columns: dict[str, Any] = {"model": typed.pop("model")} if "model" in typed else {}
    if "vin" in typed:
        form = read_vin(typed.pop("vin"), this_year=store.business_date(now).year, confirmed=confirmed)
        if not form.number and not vehicle.plate:
            raise Refused("vehicles.vehicle.plate_or_vin", field="vin")
        columns |= {"vin": form.number, "vin_stem": form.stem}
    columns |= checked(typed)
    changed = {name: value for name, value in columns.items() if getattr(vehicle, name) != value}
    if not changed:
        return vehicle
    _save(vehicle, changed, by=by, now=now)
    if "vin" in changed:
        keys.rewrite(vehicle)
    names = tuple(sorted(changed))
    audit(by, "vehicles.vehicle.changed", vehicle, now=now, fields=list(names))
    announce(VehicleChanged(vehicle_id=vehicle.pk, fields=names, store_id=store.pk, happened_at=now))
    return vehicle


def _save(vehicle: Vehicle, changed: dict[str, Any], *, by: Viewer, now: datetime) -> None:
    for name, value in changed.items():
        setattr(vehicle, name, value)
    vehicle.version += 1
    vehicle.updated_at, vehicle.updated_by_id = now, by.user_id
    try:
        with transaction.atomic():
            vehicle.save(update_fields=[*changed, "version", "updated_at", "updated_by_id"])
    except IntegrityError:
        raise Refused("vehicles.vehicle.just_added", field="vin") from None


@act
def open_recall(
    *,
    code: str,
    title: str,
    vins: Iterable[str],
    from_on: date,
    store: Store,
    by: Viewer,
    now: datetime,
    brand: Brand | None = None,
    kind: str = Recall.Kind.RECALL,
) -> Recall:
    """Put a recall on file with the VINs it names; a car that is on file is announced. VINs more than once count once.

    Repeating it adds the VINs that are new.
    """
    recall, created = Recall.objects.get_or_create(
        group_id=store.group_id,
        code=code,
        defaults={
            "kind": kind,
            "brand": brand,
            "title": title,
            "from_on": from_on,
            "created_at": now,
            "created_by_id": by.user_id,
        },
    )
    wanted = {read_vin(vin, this_year=from_on.year, confirmed=_ALL_DOUBTS).number for vin in vins} - {""}
    there = set(RecallVehicle.objects.filter(recall=recall, vin__in=wanted).values_list("vin", flat=True))
    fresh = sorted(wanted - there)
    RecallVehicle.objects.bulk_create(
        RecallVehicle(group_id=store.group_id, recall=recall, vin=vin, created_at=now, created_by_id=by.user_id)
        for vin in fresh
    )
    audit(by, "vehicles.recall.opened", recall, now=now, number=code, cars=len(fresh), created=created)
    for vehicle_id in Vehicle.objects.filter(group_id=store.group_id, vin__in=fresh).values_list("pk", flat=True):
        announce(RecallOpen(vehicle_id=vehicle_id, recall_id=recall.pk, store_id=store.pk, happened_at=now))
    return recall


_ALL_DOUBTS = frozenset(
    ["vehicles.vehicle.check_digit", "vehicles.vehicle.foreign_check_digit", "vehicles.vehicle.odd_vin"]
)


@act
def close_recall(vehicle: Vehicle, *, code: str, on: date, by: Viewer, now: datetime) -> None:
    """Write that a recall was done on a car. Harmless when it was; Refused ``vehicles.recall.not_named`` otherwise."""
    row = RecallVehicle.objects.filter(recall__code=code, vin=vehicle.vin).first()
    if row is None or not vehicle.vin:
        raise Refused("vehicles.recall.not_named", recall=code)
    row = lock(row)
    if row.done_on is None:
        row.done_on = on
        row.save(update_fields=["done_on"])
        audit(by, "vehicles.recall.done", vehicle, now=now, number=code)
