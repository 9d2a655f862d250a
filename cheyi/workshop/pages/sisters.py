"""What sister stores have done on a car, asked for by its card."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from cheyi.foundation.pages import fragment, page
from cheyi.vehicles import access as vehicles
from cheyi.workshop.access import may_see_history
from cheyi.workshop.queries.sisters import sister_visits


@page("workshop.order.view", methods=("GET",))
def visits(request: Any, vehicle_id: int) -> HttpResponse:
    """The service history of a car that the store knows, as far as sister stores share it."""
    car = vehicles.vehicle(request.viewer, vehicle_id)
    found = sister_visits(car.pk, store=request.store) if may_see_history(request.viewer, car.pk) else []
    return fragment(request, "workshop/_sisters_panel.html", vehicle_id=car.pk, asked=True, visits=found)
