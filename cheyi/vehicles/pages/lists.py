"""Finding cars: those the store knows, and by a whole plate or VIN those of sister stores."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cheyi.foundation.pages import go, page, say, screen
from cheyi.foundation.pages.numbers import number_in
from cheyi.foundation.panels import columns_at
from cheyi.vehicles import actions, queries

LONGEST_TEXT = 60


@page("vehicles.vehicle.view", methods=("GET",))
def vehicles(request: Any) -> HttpResponse:
    """The cars the viewer may see, found by plate, VIN or owner; without a text those that came last."""
    text = request.GET.get("q", "").strip()[:LONGEST_TEXT]
    found = queries.list_page(
        text, store=request.store, viewer=request.viewer, number=number_in(request.GET.get("page", "")[:3]) or 1
    )
    columns = columns_at("vehicles.list", request, [car.id for car in found.cars])
    today = request.store.business_date(request.now)
    return screen(request, "vehicles/list.html", text=text, found=found, columns=columns, today=today, strangers=None)


@page("vehicles.vehicle.adopt", methods=("POST",))
def elsewhere(request: Any) -> HttpResponse:
    """Which car of the group has a whole plate or VIN."""
    number = request.POST.get("number", "")[:LONGEST_TEXT]
    strangers = queries.elsewhere(number, store=request.store)
    return screen(
        request,
        "vehicles/list.html",
        text="",
        found=None,
        columns=[],
        strangers=strangers,
        number=number,
    )


@page("vehicles.vehicle.adopt", methods=("POST",))
def adopt(request: Any) -> HttpResponse:
    """Make a sister store's car known here."""
    vehicle = actions.adopt(
        number=request.POST.get("number", ""), store=request.store, by=request.viewer, now=request.now
    )
    say(request, _("%(car)s is known here now") % {"car": vehicle})
    return go(request, "vehicles:card", vehicle_id=vehicle.pk)
