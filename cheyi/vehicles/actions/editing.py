"""Changing what is on file of a car, and the store's note on it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cheyi.customers.rules.limits import LONGEST_NOTE
from cheyi.customers.rules.texts import as_typed
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, inverse, lock
from cheyi.foundation.changes import changed_since, demand_unchanged
from cheyi.foundation.models import Store
from cheyi.kernel import Refused
from cheyi.vehicles.actions import keys
from cheyi.vehicles.actions.adding import Details
from cheyi.vehicles.actions.identifying import ALL_DOUBTS, read_vin
from cheyi.vehicles.actions.reading import DAYS, checked
from cheyi.vehicles.events import ServicePlanned, VehicleChanged
from cheyi.vehicles.models import Vehicle, VehicleModel, VehicleStore

CHANGED = "vehicles.vehicle.changed_meanwhile"
OWN = ("note",)
PLANNED = frozenset(["next_service_on", "next_service_km"])


class Changes(Details, total=False):
    """What may be changed: all that may be known, with VIN, model, next service and the store's own note."""

    vin: str
    model: VehicleModel | None
    next_service_on: date | None
    next_service_km: int | None
    note: str


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

    Raises Refused ``vehicles.vehicle.changed_meanwhile`` at a field that somebody else has changed since ``version``
    (what others did to other fields holds beside), the faults of a VIN, of days and of mileages, and
    ``vehicles.vehicle.just_added`` when another car has that VIN. The plate goes by ``change_plate``.
    """
    vehicle = lock(vehicle)
    typed: dict[str, Any] = dict(changes)
    here = noted(vehicle, typed.pop("note"), store=store) if "note" in typed else None
    columns: dict[str, Any] = {"model": typed.pop("model")} if "model" in typed else {}
    if "vin" in typed:
        columns |= _vin(vehicle, typed.pop("vin"), store=store, now=now, confirmed=confirmed)
    columns |= checked(typed, today=store.business_date(now))
    changed = {name: value for name, value in columns.items() if getattr(vehicle, name) != value}
    names = tuple(sorted([*changed, *(["note"] if here else [])]))
    if not names:
        return vehicle
    demand_unchanged(CHANGED, changed_since(vehicle, version, names, store_id=store.pk, own=OWN))
    undo = _undo(vehicle, changed, here)
    _save(vehicle, changed, by=by, now=now)
    if here:
        here.row.save(update_fields=["note"])
    if "vin" in changed:
        keys.rewrite(vehicle)
    audit(by, "vehicles.vehicle.changed", vehicle, now=now, undo=undo, fields=list(names), version=vehicle.version)
    announce(VehicleChanged(vehicle_id=vehicle.pk, fields=names, store_id=store.pk, happened_at=now))
    if PLANNED & changed.keys():
        due: dict[str, Any] = {"due_on": vehicle.next_service_on, "due_km": vehicle.next_service_km}
        announce(ServicePlanned(vehicle_id=vehicle.pk, **due, store_id=store.pk, happened_at=now))
    return vehicle


def _vin(vehicle: Vehicle, text: str, *, store: Store, now: datetime, confirmed: Collection[str]) -> dict[str, Any]:
    form = read_vin(text, this_year=store.business_date(now).year, confirmed=confirmed)
    if not form.number and not vehicle.plate:
        raise Refused("vehicles.vehicle.plate_or_vin", field="vin")
    return {"vin": form.number, "vin_stem": form.stem}


@dataclass(frozen=True, slots=True)
class Noted:
    """The store's row on a car with another note on it, not yet saved, and the note that stands there."""

    row: VehicleStore
    former: str


def noted(vehicle: Vehicle, note: str, *, store: Store) -> Noted | None:
    """What a note changes; None when it stays. Raises Refused ``vehicles.vehicle.not_known_here``, ``.too_long``."""
    row = VehicleStore.objects.filter(store=store, vehicle=vehicle).first()
    if row is None:
        raise Refused("vehicles.vehicle.not_known_here", field="note")
    former, row.note = row.note, as_typed(note)
    if len(row.note) > LONGEST_NOTE:
        raise Refused("vehicles.vehicle.too_long", field="note", longest=LONGEST_NOTE)
    return None if row.note == former else Noted(row, former)


def _undo(vehicle: Vehicle, changed: Collection[str], here: Noted | None) -> tuple[str, dict[str, Any]]:
    former = {name: _plain(getattr(vehicle, name)) for name in changed if name != "vin_stem"}
    if here:
        former["note"] = here.former
    return "vehicles.vehicle.edit", {"vehicle_id": vehicle.pk, "former": former, "version": vehicle.version + 1}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.pk if isinstance(value, VehicleModel) else value


@inverse("vehicles.vehicle.edit")
def take_back(*, vehicle_id: int, former: dict[str, Any], version: int, by: Viewer, now: datetime) -> str:
    """Put back what stood in a car's file before a change. Raises Refused as ``edit``."""
    typed: dict[str, Any] = {
        name: date.fromisoformat(value) if value and name in DAYS else value for name, value in former.items()
    }
    if typed.get("model"):
        typed["model"] = VehicleModel.objects.get(pk=typed["model"])
    store = Store.objects.get(pk=by.store_id or 0)
    edit(
        Vehicle.objects.get(pk=vehicle_id),
        version=version,
        confirmed=ALL_DOUBTS,
        **typed,
        store=store,
        by=by,
        now=now,
    )
    return _("Taken back")


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
