"""A car that is not yet on file: plate or VIN, name and phone when known; then straight to the jobs."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from cheyi.customers import actions as customers
from cheyi.customers.access import customer as customer_of
from cheyi.customers.engine import plates, vins
from cheyi.customers.models import Customer
from cheyi.customers.queries import brief, by_mobile
from cheyi.foundation.pages import fragment, go, page, screen
from cheyi.foundation.pages.numbers import number_in
from cheyi.foundation.refusals import sentence
from cheyi.kernel import Refused
from cheyi.vehicles import actions as vehicles
from cheyi.vehicles.actions.identifying import read_plate, read_vin
from cheyi.vehicles.models import Vehicle
from cheyi.vehicles.queries import find_by_plate, find_by_vin
from cheyi.workshop import saying
from cheyi.workshop.queries.alike import people_like
from cheyi.workshop.queries.reception import reception

FIELDS = ("plate", "vin", "mobile", "name")
MAYBE_SAME = "customers.customer.maybe_same"
CHECK_DIGITS = ("vehicles.vehicle.check_digit", "vehicles.vehicle.foreign_check_digit")
CONFIRMABLE = {
    "vehicles.vehicle.check_digit",
    "vehicles.vehicle.foreign_check_digit",
    "vehicles.vehicle.odd_vin",
    "vehicles.vehicle.plate_kind",
    "vehicles.vehicle.plate_taken",
}


@page("workshop.order.open_order", methods=("GET",))
def preview(request: Any, vehicle_id: int) -> HttpResponse:
    """The search panel's right side."""
    view = reception(vehicle_id, viewer=request.viewer, store=request.store, now=request.now)
    opening = saying.point(view.points[0], request.store.local(request.now).date()) if view.points else ""
    return fragment(request, "workshop/_preview.html", view=view, opening=opening)


@page("workshop.order.open_order")
def new_car(request: Any) -> HttpResponse:
    """Ask for plate or VIN; a car that is known already is simply opened.

    With ``customer`` it is the car of somebody who is on file, who is then not asked for.
    """
    if request.method == "GET":
        return _form(request, _sorted_in(request.GET.get("text", "").strip()[:60]))
    values = {name: request.POST.get(name, "").strip() for name in FIELDS}
    confirmed = tuple(request.POST.getlist("confirmed"))
    try:
        with transaction.atomic():
            vehicle = _known(values) or _added(values, confirmed, request)
    except Refused as refused:
        return _form(request, values, refused)
    return go(request, "workshop:car", vehicle_id=vehicle.pk)


def _form(request: Any, values: dict[str, str], refused: Refused | None = None) -> HttpResponse:
    chosen = _chosen(request)
    asked = refused is not None and may_insist(refused.code) and refused.code != MAYBE_SAME
    return screen(
        request,
        "workshop/new_car.html",
        values=values,
        owner=brief(chosen) if chosen else None,
        wrong={refused.field: sentence(refused)} if refused else {},
        to_confirm=[(refused.code, _("I have checked it, go on"))] if refused and asked else [],
        repairs=_repairs(refused, values["vin"]),
        alike=people_like(refused, viewer=request.viewer) if refused else (),
        maybe_same=MAYBE_SAME,
        status=422 if refused else 200,
    )


def _repairs(refused: Refused | None, vin: str) -> list[str]:
    """What a VIN with a wrong check digit may have been, to take by one click."""
    wrong = refused is not None and refused.code in CHECK_DIGITS
    return list(vins.repairs(vins.normalise(vin))[:3]) if wrong else []


@page("workshop.order.open_order", methods=("GET",))
def check(request: Any) -> HttpResponse:
    """What is wrong with a plate or VIN, as soon as its field is left; or whose car it is already."""
    name = "vin" if "vin" in request.GET else "plate"
    text = request.GET.get(name, "").strip()[:30]
    known = (find_by_vin(text) if name == "vin" else find_by_plate(text)) if text else None
    refused = None
    try:
        if name == "vin":
            read_vin(text, this_year=request.store.local(request.now).year)
        else:
            read_plate(text)
    except Refused as error:
        refused = error
    words = sentence(refused) if refused else ""
    return fragment(
        request, "workshop/_field_check.html", name=name, words=words, known=known, repairs=_repairs(refused, text)
    )


def may_insist(code: str) -> bool:
    """Whether a person may go on in spite of a fault (domain.md 7: a warning, or a check digit seen on the car)."""
    return code == MAYBE_SAME or code in CONFIRMABLE


def _sorted_in(text: str) -> dict[str, str]:
    """What was typed into the search box, in the field where it belongs."""
    values = dict.fromkeys(FIELDS, "")
    if vins.looks_like_vin(text):
        values["vin"] = text
    elif text.lstrip("+").isdigit() and len(text) >= 7:
        values["mobile"] = text
    elif any(sign.isdigit() for sign in text) or not text:
        values["plate"] = plates.normalise(text)
    else:
        values["name"] = text
    return values


def _known(values: dict[str, str]) -> Vehicle | None:
    found = find_by_plate(values["plate"]) if values["plate"] else None
    return found or (find_by_vin(values["vin"]) if values["vin"] else None)


def _added(values: dict[str, str], confirmed: tuple[str, ...], request: Any) -> Vehicle:
    owner = _owner(values, confirmed, request)
    return vehicles.add(
        plate=values["plate"],
        vin=values["vin"],
        owner=owner,
        store=request.store,
        confirmed=confirmed,
        by=request.viewer,
        now=request.now,
    )


def _chosen(request: Any) -> Customer | None:
    named = number_in((request.POST if request.method == "POST" else request.GET).get("customer"))
    return customer_of(request.viewer, named) if named else None


def _owner(values: dict[str, str], confirmed: tuple[str, ...], request: Any) -> Customer | None:
    """Who was chosen, else the customer with that phone, else a new one; nobody when neither name nor phone is given."""
    if chosen := _chosen(request):
        return chosen
    if not values["name"] and not values["mobile"]:
        return None
    known = by_mobile(values["mobile"]) if values["mobile"] else []
    if known:
        return known[0]
    return customers.add(
        name=values["name"] or values["mobile"],
        mobile=values["mobile"],
        confirmed_new=MAYBE_SAME in confirmed,
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
