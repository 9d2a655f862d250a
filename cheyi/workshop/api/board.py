"""What the board proposes, taken by machines."""

from __future__ import annotations

from typing import Any

from ninja import Router, Schema

from cheyi.foundation.api import verb
from cheyi.foundation.api.shapes import Nothing
from cheyi.workshop import access, actions
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.queries.board import board

router = Router()


class GivenOut(Schema):
    """The technicians who got work, one for each order."""

    technician_ids: list[int]


@verb(router, "/orders/{int:order_id}/accept-proposal", permission="workshop.order.dispatch", response=GivenOut)
def accept(request: Any, order_id: int, body: Nothing) -> GivenOut:
    """Take the plan's proposal for one order."""
    del body
    return _given(request, [access.order(request.viewer, order_id)])


@verb(router, "/board/accept-proposals", permission="workshop.order.dispatch", response=GivenOut)
def accept_all(request: Any, body: Nothing) -> GivenOut:
    """Take every proposal that stands on the board."""
    del body
    waiting = board(request.store, request.now).waiting
    return _given(request, [access.order(request.viewer, one.order.pk) for one in waiting if one.is_proposed])


def _given(request: Any, orders: list[WorkOrder]) -> GivenOut:
    people = actions.accept(orders, store=request.store, by=request.viewer, now=request.now)
    return GivenOut(technician_ids=[one.pk for one in people])
