"""What changes on a car by itself: its mileage, its plate, its owner."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cheyi.customers import access as customers
from cheyi.customers import queries as people
from cheyi.foundation.acts import to_undo
from cheyi.foundation.pages import go, page, say, screen
from cheyi.foundation.pages.cells import version_of
from cheyi.foundation.pages.numbers import number_in
from cheyi.foundation.sources import Source
from cheyi.vehicles import access, actions, queries
from cheyi.vehicles.pages import cells, forms, places


@page("vehicles.vehicle.record_mileage", methods=("POST",))
def mileage(request: Any, vehicle_id: int) -> HttpResponse:
    """Keep a reading; an odd one needs its reason."""
    vehicle = access.vehicle_to_edit(request.viewer, vehicle_id)
    row = actions.record_mileage(
        vehicle,
        km=forms.km_of(request.POST),
        reason=request.POST.get("mileage_reason", ""),
        source=Source("vehicles.vehicle", vehicle_id),
        version=version_of(request.POST),
        may_undo=True,
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    say(request, _("Mileage %(km)s km") % {"km": f"{row.km:,}"}, undo=to_undo())
    return places.answer(request, vehicle_id, cells.MILEAGE)


@page("vehicles.vehicle.change_plate", methods=("POST",))
def plate(request: Any, vehicle_id: int) -> HttpResponse:
    """Give the car another plate, or none."""
    vehicle = access.vehicle_to_edit(request.viewer, vehicle_id)
    changed = actions.change_plate(
        vehicle,
        plate=request.POST.get("plate", ""),
        plate_kind=request.POST.get("plate_kind", ""),
        confirmed=forms.insisted(request.POST),
        version=version_of(request.POST),
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    return places.kept(request, changed, cells.PLATE, before=vehicle.version)


@page("vehicles.vehicle.change_owner")
def owner(request: Any, vehicle_id: int) -> HttpResponse:
    """Find the new owner among the known customers, then write him down."""
    vehicle = access.vehicle_to_edit(request.viewer, vehicle_id)
    if request.method == "GET":
        text = request.GET.get("q", "").strip()[:60]
        hits = people.search(text, store=request.store, viewer=request.viewer, limit=12) if text else []
        car = queries.profile(vehicle_id, request.viewer)
        return screen(request, "vehicles/owner.html", car=car, text=text, hits=hits)
    chosen = customers.customer(request.viewer, number_in(request.POST.get("customer")) or 0)
    actions.change_owner(vehicle, owner=chosen, store=request.store, by=request.viewer, now=request.now)
    say(request, _("Now owned by %(name)s") % {"name": chosen.name}, undo=to_undo())
    return go(request, "vehicles:card", vehicle_id=vehicle_id)
