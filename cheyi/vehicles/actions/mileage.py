"""Readings of the odometer, services done, and when the next one is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, inverse, lock
from cheyi.foundation.changes import changed_since, demand_unchanged
from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Quantity
from cheyi.vehicles.events import MileageRecorded, ServicePlanned
from cheyi.vehicles.models import MileageReading, Vehicle
from cheyi.vehicles.rules import mileage as rules
from cheyi.vehicles.rules.mileage import Reading
from cheyi.vehicles.rules.service import next_due
from cheyi.vehicles.words import mileage_back

LOOKED_BACK = 20


@dataclass(frozen=True, slots=True)
class PaperReading:
    """A reading of the odometer (km) with the paper on which it stands."""

    vehicle_id: int
    km: int
    at: datetime
    on: date
    paper: Source


def _row(one: PaperReading, *, group_id: int, by: Viewer, now: datetime, reason: str = "") -> MileageReading:
    return MileageReading(
        group_id=group_id,
        vehicle_id=one.vehicle_id,
        km=one.km,
        read_at=one.at,
        read_on=one.on,
        reason=reason,
        source_kind=one.paper.kind,
        source_id=one.paper.id,
        source_label=one.paper.label,
        created_at=now,
        created_by_id=by.user_id,
    )


@act
def record_mileage(
    vehicle: Vehicle,
    *,
    km: int,
    source: Source,
    by: Viewer,
    now: datetime,
    reason: str = "",
    store: Store | None = None,
    read_on: date | None = None,
    version: int | None = None,
    may_undo: bool = False,
) -> MileageReading:
    """Keep a reading of the odometer; the car's mileage and daily distance follow, unless it is doubtful.

    Raises Refused ``vehicles.vehicle.changed_meanwhile`` when somebody else kept one since ``version``. With ``may_undo``
    the reading that stood before may be put back, as a corrected typing error. ``read_on`` dates a late entry; the business day of ``store`` (the viewer's unless given) is meant otherwise.
    Raises Refused as ``rules.mileage.check``: ``vehicles.mileage.lower``, ``.too_far``, ``.out_of_range``,
    ``.earlier_day``, ``.unknown_reason``.
    """
    vehicle = lock(vehicle)
    on = read_on or (store or Store.objects.get(pk=by.store_id or 0)).business_date(now)
    last = last_reading(vehicle)
    if last is None or last.km != km:
        demand_unchanged("vehicles.vehicle.changed_meanwhile", changed_since(vehicle, version, ["mileage"]))
    rules.check(km, on, last=last, reason=reason)
    reading = PaperReading(vehicle.pk, km, now, on, source)
    row = _row(reading, group_id=vehicle.group_id, reason=reason, by=by, now=now)
    counts = rules.counts(reason)
    if counts:
        _follow(vehicle, Reading(km, on, reason), now=now)
    row.save(force_insert=True)
    undo = _undo(vehicle, last) if may_undo and counts and last is not None else None
    counted = {"fields": ["mileage"], "version": vehicle.version} if counts else {}
    audit(by, "vehicles.vehicle.mileage_recorded", vehicle, now=now, undo=undo, km=km, reason=reason, **counted)
    announce(MileageRecorded(vehicle_id=vehicle.pk, km=km, counts=counts, store_id=by.store_id, happened_at=now))
    return row


@act
def keep_readings(readings: Sequence[PaperReading], *, store: Store, by: Viewer, now: datetime) -> None:
    """Keep readings from papers of the past, which are taken as they stand; a car's mileage follows where one is later.

    The daily distance stays what it is. One statement for each 500 readings and each 500 cars.
    """
    MileageReading.objects.bulk_create(
        (_row(one, group_id=store.group_id, by=by, now=now) for one in readings), batch_size=500
    )
    latest = {one.vehicle_id: one for one in sorted(readings, key=lambda one: one.at)}
    cars = [
        car
        for car in Vehicle.objects.select_for_update().filter(pk__in=latest).order_by("pk")
        if car.last_mileage_on is None or car.last_mileage_on < latest[car.pk].on
    ]
    for car in cars:
        one = latest[car.pk]
        car.last_mileage, car.last_mileage_at, car.last_mileage_on = one.km, one.at, one.on
    Vehicle.objects.bulk_update(cars, ["last_mileage", "last_mileage_at", "last_mileage_on"], batch_size=500)


def _undo(vehicle: Vehicle, last: Reading) -> tuple[str, dict[str, Any]]:
    return "vehicles.vehicle.record_mileage", {"vehicle_id": vehicle.pk, "km": last.km, "version": vehicle.version}


@inverse("vehicles.vehicle.record_mileage")
def take_back_mileage(*, vehicle_id: int, km: int, version: int, by: Viewer, now: datetime) -> str:
    """Put back the reading that stood before, as a correction of a typing error. Raises Refused as ``record_mileage``."""
    vehicle = Vehicle.objects.get(pk=vehicle_id)
    source = Source("vehicles.vehicle", vehicle_id)
    record_mileage(vehicle, km=km, reason="typo", source=source, version=version, by=by, now=now)
    return mileage_back(km)


def last_reading(vehicle: Vehicle) -> Reading | None:
    """The car's present mileage and its day."""
    if vehicle.last_mileage is None or vehicle.last_mileage_on is None:
        return None
    return Reading(vehicle.last_mileage, vehicle.last_mileage_on)


def _follow(vehicle: Vehicle, reading: Reading, *, now: datetime) -> None:
    since = _earlier(vehicle, reading)
    if since is not None:
        vehicle.avg_daily_km = rules.daily_km(since, reading)
    vehicle.last_mileage, vehicle.last_mileage_at, vehicle.last_mileage_on = reading.km, now, reading.on
    vehicle.version += 1
    vehicle.save(update_fields=["last_mileage", "last_mileage_at", "last_mileage_on", "avg_daily_km", "version"])


def _earlier(vehicle: Vehicle, reading: Reading) -> Reading | None:
    """Since when the daily distance is counted: the last service, else an older reading, else the purchase.

    Readings before an exchanged odometer or a corrected typing error do not count.
    """
    if reading.reason in rules.NEW_CHAIN:
        return None
    found = []
    if vehicle.last_service_on is not None and vehicle.last_service_km is not None:
        found.append(Reading(vehicle.last_service_km, vehicle.last_service_on))
    rows = MileageReading.objects.filter(vehicle=vehicle).exclude(reason="doubtful").order_by("-read_at", "-pk")
    chain_began = False
    for row in rows[:LOOKED_BACK]:
        found.append(Reading(row.km, row.read_on))
        if row.reason in rules.NEW_CHAIN:
            chain_began = True
            found = [one for one in found if one.on >= row.read_on]
            break
    if vehicle.purchase_on is not None and not chain_began:
        found.append(Reading(0, vehicle.purchase_on))
    return next((one for one in found if (reading.on - one.on).days >= rules.LEAST_DAYS and one.km <= reading.km), None)


@act
def record_service(vehicle: Vehicle, *, on: date, km: int, by: Viewer, now: datetime) -> Vehicle:
    """Write that a service was done, and when the next one is due by the model's intervals (domain.md 6.6)."""
    vehicle = lock(vehicle)
    vehicle.last_service_on, vehicle.last_service_km = on, km
    vehicle.save(update_fields=["last_service_on", "last_service_km"])
    audit(by, "vehicles.vehicle.serviced", vehicle, now=now, on=on.isoformat(), km=km)
    model = vehicle.model
    if model is not None:
        due = next_due(
            Reading(km, on),
            Reading(km, on),
            daily=vehicle.avg_daily_km,
            interval_km=model.service_km,
            interval_months=model.service_months,
        )
        if due is not None:
            set_next_service(vehicle, on=due.on, km=due.km, by=by, now=now)
    return vehicle


@act
def set_next_service(vehicle: Vehicle, *, on: date | None, km: int | None, by: Viewer, now: datetime) -> Vehicle:
    """Write when the next service is due: a day, a mileage, or both, whichever comes first."""
    vehicle = lock(vehicle)
    if (vehicle.next_service_on, vehicle.next_service_km) == (on, km):
        return vehicle
    fields = [name for name, to in (("next_service_on", on), ("next_service_km", km)) if getattr(vehicle, name) != to]
    vehicle.next_service_on, vehicle.next_service_km = on, km
    vehicle.version += 1
    vehicle.save(update_fields=["next_service_on", "next_service_km", "version"])
    facts: dict[str, Any] = {
        "on": on.isoformat() if on else None,
        "km": km,
        "fields": fields,
        "version": vehicle.version,
    }
    audit(by, "vehicles.vehicle.service_planned", vehicle, now=now, **facts)
    announce(ServicePlanned(vehicle_id=vehicle.pk, due_on=on, due_km=km, store_id=by.store_id, happened_at=now))
    return vehicle


@act
def set_daily_km(vehicle: Vehicle, *, daily: Quantity, by: Viewer, now: datetime) -> Vehicle:
    """Write a daily distance that was worked out elsewhere (thousandths of a km a day)."""
    vehicle = lock(vehicle)
    if vehicle.avg_daily_km != daily:
        vehicle.avg_daily_km = daily
        vehicle.save(update_fields=["avg_daily_km"])
        audit(by, "vehicles.vehicle.daily_km_set", vehicle, now=now, metres=daily.parts)
    return vehicle
