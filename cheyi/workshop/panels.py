"""What the workshop hangs on cards and lists of customers and cars: visits, bookings, advice, the way into an order."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cheyi.foundation.panels import Column, Panel, column, panel
from cheyi.workshop.queries import comings
from cheyi.workshop.queries import visits as history

TIMES_HERE = pgettext_lazy("how often", "Visits")


@column("customers.list", order=20, permission="workshop.order.view")
def visits_of_customers(request: Any, customer_ids: Collection[int]) -> Column:
    """How many visits each customer made to this store."""
    return Column(TIMES_HERE, "num", comings.counts_by("customer", customer_ids, request.viewer))


@column("vehicles.list", order=20, permission="workshop.order.view")
def visits_of_cars(request: Any, vehicle_ids: Collection[int]) -> Column:
    """How many visits each car made to this store."""
    return Column(TIMES_HERE, "num", comings.counts_by("vehicle", vehicle_ids, request.viewer))


@panel("vehicles.card", order=5, permission="workshop.order.open_order")
def way_to_order(request: Any, vehicle_id: int) -> Panel:
    """The button that opens an order for the car, or leads to the one it has."""
    return _to_order(comings.cars_to_open([vehicle_id], request.viewer))


@panel("customers.card", order=5, permission="workshop.order.open_order")
def ways_to_order(request: Any, customer_id: int) -> Panel | None:
    """The same for each of the customer's cars."""
    cars = comings.cars_to_open(comings.cars_of(customer_id), request.viewer)
    return _to_order(cars) if cars else None


def _to_order(cars: list[comings.CarToOpen]) -> Panel:
    return Panel(_("Reception"), "workshop/_to_order.html", {"cars": cars})


@panel("customers.card", order=20, permission="workshop.order.view")
def customer_visits(request: Any, customer_id: int) -> Panel | None:
    """The customer's orders."""
    seen = history.visits(request.viewer, store=request.store, now=request.now, customer_id=customer_id)
    return Panel(_("Visits"), "workshop/_visits_panel.html", {"visits": seen, "with_plate": True})


@panel("customers.card", order=30, permission="workshop.appointment.view")
def customer_bookings(request: Any, customer_id: int) -> Panel | None:
    """The customer's appointments, where there are any."""
    return _booked(history.bookings(store=request.store, now=request.now, customer_id=customer_id))


@panel("vehicles.card", order=10, permission="workshop.order.view")
def car_visits(request: Any, vehicle_id: int) -> Panel | None:
    """The car's orders."""
    seen = history.visits(request.viewer, store=request.store, now=request.now, vehicle_id=vehicle_id)
    return Panel(_("Visits"), "workshop/_visits_panel.html", {"visits": seen, "with_plate": False})


@panel("vehicles.card", order=20, permission="workshop.appointment.view")
def car_bookings(request: Any, vehicle_id: int) -> Panel | None:
    """The car's appointments, where there are any."""
    return _booked(history.bookings(store=request.store, now=request.now, vehicle_id=vehicle_id))


@panel("vehicles.card", order=30, permission="workshop.order.view_prices")
def car_advice(request: Any, vehicle_id: int) -> Panel | None:
    """What was advised on the car and not done, where there is any."""
    found = history.put_off(vehicle_id, store=request.store)
    return Panel(_("Put off"), "workshop/_advice_panel.html", {"advice": found}) if found else None


@panel("customers.card", order=35, permission="workshop.order.view_prices")
def put_off_by_customer(request: Any, customer_id: int) -> Panel | None:
    """Work that was declined or put off on the customer's cars, where there is any."""
    rows = comings.waiting_advice(comings.cars_of(customer_id), store=request.store)
    return Panel(_("Put off"), "workshop/_put_off.html", {"rows": rows}) if rows else None


def _booked(found: Any) -> Panel | None:
    return Panel(_("Booked"), "workshop/_bookings_panel.html", {"bookings": found}) if found else None
