"""What the workshop hangs on cards and lists of customers and cars: visits, bookings, advice, the way into an order."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cheyi.foundation.panels import Column, Panel, Way, asked_once, column, panel, way
from cheyi.settlement.queries import credit_account
from cheyi.workshop.access import may_see_history
from cheyi.workshop.queries import comings
from cheyi.workshop.queries import visits as history
from cheyi.workshop.queries.open_work import open_work
from cheyi.workshop.queries.waiting import Waiting, waiting

TIMES_HERE = pgettext_lazy("how often", "Visits")


@column("customers.list", order=20, permission="workshop.order.view")
def visits_of_customers(request: Any, customer_ids: Collection[int]) -> Column:
    """How many visits each customer made to this store."""
    return Column(TIMES_HERE, "num", comings.counts_by("customer", customer_ids, request.viewer))


@column("vehicles.list", order=20, permission="workshop.order.view")
def visits_of_cars(request: Any, vehicle_ids: Collection[int]) -> Column:
    """How many visits each car made to this store."""
    return Column(TIMES_HERE, "num", comings.counts_by("vehicle", vehicle_ids, request.viewer))


@way("vehicles.car", order=10, permission="workshop.order.open_order")
def into_order(request: Any, vehicle_ids: Collection[int], *, customer_id: int | None = None) -> dict[int, Way]:
    """What opens an order for each car, or leads to the one that it has."""
    found = _waiting(request, vehicle_id=None if customer_id else next(iter(vehicle_ids)), customer_id=customer_id)
    return {one: _into(one, found.standing.get(one)) for one in vehicle_ids}


def _into(vehicle_id: int, standing: tuple[int, str] | None) -> Way:
    if standing is None:
        return Way(_("Open order"), reverse("workshop:car", kwargs={"vehicle_id": vehicle_id}), "clipboard-plus")
    order_id, no = standing
    text = gettext("Order %(no)s") % {"no": no} if no else _("Received")
    return Way(text, reverse("workshop:order", kwargs={"order_id": order_id}), "clipboard-list", _("Here now"))


def _waiting(request: Any, *, customer_id: int | None = None, vehicle_id: int | None = None) -> Waiting:
    whose = {"customer_id": customer_id, "vehicle_id": vehicle_id}
    return asked_once(request, waiting, viewer=request.viewer, store=request.store, now=request.now, **whose)


@panel("customers.card", order=20, permission="workshop.order.view")
def customer_visits(request: Any, customer_id: int) -> Panel | None:
    """The customer's orders."""
    seen = history.visits(request.viewer, store=request.store, now=request.now, customer_id=customer_id)
    return Panel(_("Visits"), "workshop/_visits_panel.html", {"visits": seen, "with_plate": True})


@panel("customers.card", order=30, permission="workshop.appointment.view")
def customer_bookings(request: Any, customer_id: int) -> Panel | None:
    """The customer's appointments, where there are any."""
    return _booked(_waiting(request, customer_id=customer_id), with_plate=True)


@panel("vehicles.card", order=10, permission="workshop.order.view")
def car_visits(request: Any, vehicle_id: int) -> Panel | None:
    """The car's orders."""
    seen = history.visits(request.viewer, store=request.store, now=request.now, vehicle_id=vehicle_id)
    return Panel(_("Visits"), "workshop/_visits_panel.html", {"visits": seen, "with_plate": False})


@panel("vehicles.card", order=20, permission="workshop.appointment.view")
def car_bookings(request: Any, vehicle_id: int) -> Panel | None:
    """The car's appointments, where there are any."""
    return _booked(_waiting(request, vehicle_id=vehicle_id), with_plate=False)


@panel("vehicles.card", order=30, permission="workshop.order.view_prices")
def car_advice(request: Any, vehicle_id: int) -> Panel | None:
    """What was advised on the car and not done, where there is any."""
    return _put_off(_waiting(request, vehicle_id=vehicle_id), with_plate=False)


@panel("customers.card", order=35, permission="workshop.order.view_prices")
def put_off_by_customer(request: Any, customer_id: int) -> Panel | None:
    """Work that was declined or put off on the customer's cars, where there is any."""
    return _put_off(_waiting(request, customer_id=customer_id), with_plate=True)


@panel("customers.card", order=40, permission="settlement.credit.set_limit")
def credit(request: Any, customer_id: int) -> Panel:
    """How much the customer may owe, what of it is used, and the form that changes it."""
    account = credit_account(customer_id, request.store)
    return Panel(_("Credit"), "workshop/_credit_panel.html", {"account": account, "customer_id": customer_id})


@panel("foundation.colleague", order=10, permission="foundation.account.view")
def left_behind(request: Any, employee_id: int) -> Panel | None:
    """What somebody who leaves hands over: orders he has as advisor, bookings, jobs that he is on."""
    found = open_work(employee_id, viewer=request.viewer)
    return Panel(_("Work to hand over"), "workshop/_open_work_panel.html", {"rows": found}) if found else None


@panel("vehicles.card.end", order=10, permission="workshop.order.view")
def sister_visits(request: Any, vehicle_id: int) -> Panel | None:
    """What sister stores have done on the car; the panel asks for it once the card stands."""
    if not may_see_history(request.viewer, vehicle_id):
        return None
    return Panel(_("At sister stores"), "workshop/_sisters_panel.html", {"vehicle_id": vehicle_id, "asked": False})


def _booked(found: Waiting, *, with_plate: bool) -> Panel | None:
    context = {"bookings": found.booked, "with_plate": with_plate}
    return Panel(_("Booked"), "workshop/_bookings_panel.html", context) if found.booked else None


def _put_off(found: Waiting, *, with_plate: bool) -> Panel | None:
    context = {"rows": found.put_off, "with_plate": with_plate}
    return Panel(_("Put off"), "workshop/_put_off.html", context) if found.put_off else None
