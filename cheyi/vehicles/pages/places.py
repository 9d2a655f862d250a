"""A field of a car's file as an answer: its input, itself with what follows from it, the question who holds."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cheyi.foundation.acts import to_undo
from cheyi.foundation.changes import changed_since
from cheyi.foundation.pages import fragment, go, say
from cheyi.foundation.pages.cells import Cell
from cheyi.foundation.pages.numbers import number_in
from cheyi.foundation.panels import ways_at
from cheyi.vehicles import queries
from cheyi.vehicles.models import Vehicle
from cheyi.vehicles.pages import cells


def asked(request: Any, vehicle: Vehicle) -> HttpResponse:
    """The input of a field; with ``shown`` the field as it is read; with ``since`` what a colleague made of it."""
    query = request.GET
    if not request.headers.get("HX-Request"):
        address = reverse("vehicles:card", kwargs={"vehicle_id": vehicle.pk})
        return HttpResponseRedirect(f"{address}?{urlencode({'edit': query.get('field', 'vin')})}", status=303)
    cell = cells.cell_of(query.get("field", ""))
    if "shown" in query:
        return answer(request, vehicle.pk, cell)
    if "since" not in query:
        return _cell(request, vehicle.pk, cell, state="editing")
    changed = changed_since(
        vehicle, number_in(query["since"]) or 0, [cell.name], store_id=request.store.pk, own=("note",)
    )
    return _cell(request, vehicle.pk, cell, state="clash", changed=changed)


def kept(request: Any, vehicle: Vehicle, cell: Cell, *, before: int) -> HttpResponse:
    """The answer after a verb: what was kept is said, with its undo, when there is anything."""
    if vehicle.version > before:
        say(request, _("%(field)s saved") % {"field": cell.label}, undo=to_undo())
    return answer(request, vehicle.pk, cell)


def answer(request: Any, vehicle_id: int, cell: Cell) -> HttpResponse:
    """The field as it is read now, with what shows it too: head, readings, plates. Else the whole card again."""
    if not request.headers.get("HX-Request"):
        return go(request, "vehicles:card", vehicle_id=vehicle_id)
    file = queries.file_of(vehicle_id, request.viewer)
    ways = [] if file.car.status_label else ways_at("vehicles.car", request, [vehicle_id])[vehicle_id]
    today = request.store.business_date(request.now)
    context = {"file": file, "car": file.car, "ways": ways, "today": today, "cells": cells}
    return fragment(request, "vehicles/_changed.html", cell=cell, **context)


def _cell(request: Any, vehicle_id: int, cell: Cell, **more: Any) -> HttpResponse:
    car = queries.profile(vehicle_id, request.viewer)
    address = reverse("vehicles:edit", kwargs={"vehicle_id": vehicle_id})
    own = cells.POSTED.get(cell.name)
    if cell.name == "model":
        cell = cell.with_choices(queries.models_to_choose())
    return fragment(
        request,
        "ui/_cell.html",
        cell=cell,
        value=cells.value_of(car, cell),
        address=address,
        version=car.version,
        post=reverse(own, kwargs={"vehicle_id": vehicle_id}) if own else "",
        **more,
    )
