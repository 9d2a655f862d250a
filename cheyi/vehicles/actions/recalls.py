"""Recalls: put on file with the VINs they name, and done car by car."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, lock
from cheyi.foundation.models import Store
from cheyi.kernel import Refused
from cheyi.vehicles.actions.identifying import ALL_DOUBTS, read_vin
from cheyi.vehicles.events import RecallOpen
from cheyi.vehicles.models import Brand, Recall, RecallVehicle, Vehicle


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
    wanted = {read_vin(vin, this_year=from_on.year, confirmed=ALL_DOUBTS).number for vin in vins} - {""}
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
