"""What customer care asks of the packages below: when each car was here, and whose it is."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Max, Min

from cheyi.care.engine.life import Seen
from cheyi.foundation.models import Store
from cheyi.vehicles.models import Vehicle, VehicleOwnership, VehicleStore
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.queries.comings import real_visits

IN_BASE = "in_use"


def cars_seen(store: Store) -> dict[int, Seen]:
    """The visits of every car of the store's group to all its stores, by the car's id. Three queries.

    Days are the store's business days. A last visit that came with imported data counts as one visit.
    """
    orders = real_visits(WorkOrder.objects.filter(store__group_id=store.group_id)).values_list("vehicle_id")
    counted = orders.annotate(times=Count("pk"), first=Min("received_at"), last=Max("received_at")).order_by()
    ours = {row[0]: (row[1], store.business_date(row[2]), store.business_date(row[3])) for row in counted}
    told = dict(
        VehicleStore.objects.filter(store__group_id=store.group_id, last_visit_on__isnull=False)
        .values_list("vehicle_id")
        .annotate(last=Max("last_visit_on"))
        .order_by()
    )
    cars = Vehicle.objects.filter(group_id=store.group_id)
    return {
        car: _seen(ours.get(car), told.get(car), delivered, due, in_base=status == IN_BASE)
        for car, delivered, due, status in cars.values_list(
            "pk", "delivered_on", "next_service_on", "status"
        ).iterator()
    }


def _seen(
    ours: tuple[int, date, date] | None, told: date | None, delivered: date | None, due: date | None, *, in_base: bool
) -> Seen:
    times, first, last = ours or (0, told, told)
    latest = max((day for day in (last, told) if day is not None), default=None)
    return Seen(times or int(told is not None), first, latest, delivered, due, in_base)


def customers_of_cars(group_id: int) -> list[tuple[int, int]]:
    """Customer and car of every relation that holds now: owner, user, payer, sender. One query."""
    rows = VehicleOwnership.objects.filter(group_id=group_id, until_on=None, customer__merged_into=None)
    return list(rows.values_list("customer_id", "vehicle_id"))
