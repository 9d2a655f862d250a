"""What the vehicles package hangs on lower pages: a customer's cars on his card and in the list."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from cheyi.foundation.panels import Column, Panel, column, panel, ways_at
from cheyi.vehicles import queries


@panel("customers.card", order=10, permission="vehicles.vehicle.view")
def cars(request: Any, customer_id: int) -> Panel | None:
    """The cars that the customer owns, uses, pays for or brings."""
    found = queries.cars_of(customer_id, request.viewer)
    in_use = [car.id for car in found if not car.status_label]
    ways = ways_at("vehicles.car", request, in_use, customer_id=customer_id)
    return Panel(_("Cars"), "vehicles/_cars.html", {"cars": found, "ways": ways})


@column("customers.list", order=10, permission="vehicles.vehicle.view")
def plates(request: Any, customer_ids: Collection[int]) -> Column:
    """The plates of the cars that each customer owns, uses, pays for or brings."""
    return Column(_("Cars"), "plates", queries.plates_of_customers(customer_ids, request.viewer))
