"""Readings of the odometer, services done, and when the next one is due."""

from __future__ import annotations

from datetime import date, datetime

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, lock
from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Quantity
from cheyi.vehicles.events import MileageRecorded, ServicePlanned
from cheyi.vehicles.models import MileageReading, Vehicle
from cheyi.vehicles.rules import mileage as rules
from cheyi.vehicles.rules.mileage import Reading
from cheyi.vehicles.rules.service import next_due

LOOKED_BACK = 20


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
) -> MileageReading:
    """Keep a reading of the odometer; the car's mileage and daily distance follow, unless it is doubtful.

    ``read_on`` dates a late entry; the business day of ``store`` (the viewer's unless given) is meant otherwise.
    Raises Refused as ``rules.mileage.check``: ``vehicles.mileage.lower``, ``.too_far``, ``.out_of_range``,
    ``.earlier_day``, ``.unknown_reason``.
    """
    vehicle = lock(vehicle)
    on = read_on or (store or Store.objects.get(pk=by.store_id or 0)).business_date(now)
    rules.check(km, on, last=last_reading(vehicle), reason=reason)
    row = MileageReading(
        group_id=vehicle.group_id,
        vehicle=vehicle,
        km=km,
        read_at=now,
        read_on=on,
        reason=reason,
        source_kind=source.kind,
        source_id=source.id,
        source_label=source.label,
        created_at=now,
        created_by_id=by.user_id,
    )
    counts = rules.counts(reason)
    if counts:
        _follow(vehicle, Reading(km, on, reason), now=now)
    row.save(force_insert=True)
    audit(by, "vehicles.vehicle.mileage_recorded", vehicle, now=now, km=km, reason=reason)
    announce(MileageRecorded(vehicle_id=vehicle.pk, km=km, counts=counts, store_id=by.store_id, happened_at=now))
    return row


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
    vehicle.save(update_fields=["last_mileage", "last_mileage_at", "last_mileage_on", "avg_daily_km"])


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
    vehicle.next_service_on, vehicle.next_service_km = on, km
    vehicle.save(update_fields=["next_service_on", "next_service_km"])
    audit(by, "vehicles.vehicle.service_planned", vehicle, now=now, on=on.isoformat() if on else None, km=km)
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
