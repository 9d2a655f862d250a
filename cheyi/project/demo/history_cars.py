"""What two years of visits leave on the cars and their owners: readings of the odometer and the day of the last visit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from cheyi.customers import actions as customers
from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Quantity
from cheyi.vehicles import actions as vehicles
from cheyi.vehicles.actions import PaperReading
from cheyi.vehicles.models import Vehicle
from cheyi.workshop.models import WorkOrder

LEAST_KM = 500


def km_on(car: Vehicle, day: date) -> int:
    """How far a car had gone on a day, before or after its last reading, at its daily distance; at least 500 km."""
    days = (day - (car.last_mileage_on or day)).days
    return max((car.last_mileage or 0) + days * car.avg_daily_km.parts // Quantity.PER_UNIT, LEAST_KM)


def write_visits(store: Store, orders: Sequence[WorkOrder], by: Viewer, now: datetime) -> None:
    """The last visit of a car and its owner is that of their last order; the odometer was read at each."""
    cars: dict[int, date] = {}
    owners: dict[int, date] = {}
    readings = []
    for order in orders:
        day = store.business_date(order.received_at)
        cars[order.vehicle_id] = max(day, cars.get(order.vehicle_id, day))
        if order.customer_id is not None:
            owners[order.customer_id] = max(day, owners.get(order.customer_id, day))
        paper = Source("workshop.order", order.pk, order.no)
        readings.append(PaperReading(order.vehicle_id, order.mileage_in or 0, order.received_at, day, paper))
    vehicles.date_visits(cars, store=store)
    vehicles.keep_readings(readings, store=store, by=by, now=now)
    customers.date_visits(owners, store=store)
