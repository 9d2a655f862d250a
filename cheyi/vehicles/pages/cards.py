"""A car's file: what is known of it with its history, added, changed where its fields stand."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cheyi.foundation.pages import go, page, say, screen
from cheyi.foundation.pages.cells import version_of
from cheyi.foundation.panels import shown_at, ways_at
from cheyi.vehicles import access, actions, queries
from cheyi.vehicles.pages import cells, forms, places


@page("vehicles.vehicle.view", methods=("GET",))
def card(request: Any, vehicle_id: int) -> HttpResponse:
    """Everything the viewer may see of a car; ``?edit=vin`` opens a field."""
    may_edit = request.viewer.may("vehicles.vehicle.edit")
    file = queries.file_of(vehicle_id, request.viewer)
    return screen(
        request,
        "vehicles/card.html",
        file=file,
        car=file.car,
        today=request.store.business_date(request.now),
        ways=[] if file.car.status_label else ways_at("vehicles.car", request, [vehicle_id])[vehicle_id],
        panels=shown_at("vehicles.card", request, vehicle_id),
        last_panels=shown_at("vehicles.card.end", request, vehicle_id),
        cells=cells,
        open_cell=request.GET.get("edit", "") if may_edit else "",
        models=queries.models_to_choose() if may_edit and request.GET.get("edit") == "model" else (),
    )


@page("vehicles.vehicle.add")
def add(request: Any) -> HttpResponse:
    """Put a car on file; plate or VIN is enough."""
    if request.method == "GET":
        return screen(
            request,
            "vehicles/form.html",
            typed=forms.typed(request.GET.get("text", "")),
            models=queries.models_to_choose(),
            choices=forms.CHOICES,
            insisted=forms.INSISTED,
        )
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
    """One field where it stands: GET gives its input, takes it back or asks who holds; POST keeps what was typed."""
    vehicle = access.vehicle_to_edit(request.viewer, vehicle_id)
    if request.method == "GET":
        return places.asked(request, vehicle)
    cell = cells.cell_of(request.POST.get("field", ""))
    changed = actions.edit(
        vehicle,
        version=version_of(request.POST) or 0,
        confirmed=forms.insisted(request.POST),
        **cells.typed(cell, request.POST),
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    return places.kept(request, changed, cell, before=vehicle.version)
