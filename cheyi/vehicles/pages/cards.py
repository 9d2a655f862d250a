"""A car's file: what is known of it, its history, and the panels that other packages hang on it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cheyi.foundation.pages import go, page, say, screen
from cheyi.foundation.panels import shown_at, ways_at
from cheyi.vehicles import access, actions, queries
from cheyi.vehicles.pages import forms


@page("vehicles.vehicle.view", methods=("GET",))
def card(request: Any, vehicle_id: int) -> HttpResponse:
    """Everything the viewer may see of a car."""
    today = request.store.business_date(request.now)
    file = queries.file_of(vehicle_id, request.viewer)
    return screen(
        request,
        "vehicles/card.html",
        file=file,
        car=file.car,
        today=today,
        ways=[] if file.car.status_label else ways_at("vehicles.car", request, [vehicle_id])[vehicle_id],
        panels=shown_at("vehicles.card", request, vehicle_id),
        choices=forms.CHOICES,
        insisted=forms.INSISTED,
    )


@page("vehicles.vehicle.add")
def add(request: Any) -> HttpResponse:
    """Put a car on file; plate or VIN is enough."""
    if request.method == "GET":
        return _form(request, None)
    vehicle = actions.add(
        plate=request.POST.get("plate", ""),
        vin=request.POST.get("vin", ""),
        plate_kind=request.POST.get("plate_kind", ""),
        confirmed=forms.insisted(request.POST),
        **forms.details(request.POST),
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    say(request, _("%(car)s is on file") % {"car": vehicle})
    return go(request, "vehicles:card", vehicle_id=vehicle.pk)


@page("vehicles.vehicle.edit")
def edit(request: Any, vehicle_id: int) -> HttpResponse:
    """Change what is on file of a car; plate, owner and mileage have forms of their own."""
    vehicle = access.vehicle_to_edit(request.viewer, vehicle_id)
    if request.method == "GET":
        return _form(request, vehicle)
    actions.edit(
        vehicle,
        version=int(request.POST.get("version") or 0),
        vin=request.POST.get("vin", ""),
        confirmed=forms.insisted(request.POST),
        **forms.details(request.POST),
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    say(request, _("Saved"))
    return go(request, "vehicles:card", vehicle_id=vehicle.pk)


def _form(request: Any, vehicle: Any) -> HttpResponse:
    return screen(
        request,
        "vehicles/form.html",
        vehicle=vehicle,
        models=queries.models_to_choose(),
        choices=forms.CHOICES,
        insisted=forms.INSISTED,
    )
