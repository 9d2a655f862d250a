"""The workshop's verbs for machines: ``/api/v1/orders``, ``/lines``, ``/appointments``, ``/operations`` and more."""

from ninja import Router

from cheyi.workshop.api import (
    absences,
    appointments,
    board,
    catalogue,
    flows,
    inspecting,
    lines,
    more_lines,
    more_orders,
    opening,
    orders,
    roster,
    technicians,
)

router = Router(tags=["workshop"])
for one in (
    opening,
    orders,
    more_orders,
    lines,
    more_lines,
    inspecting,
    appointments,
    catalogue,
    technicians,
    absences,
    board,
    roster,
    flows,
):
    router.add_router("", one.router)

__all__ = ["router"]
