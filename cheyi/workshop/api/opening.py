"""Opening and listing orders."""

from __future__ import annotations

from typing import Any

from ninja import Field, Router, Schema

from cheyi.foundation.api import Body, Id, Moment, question, verb
from cheyi.foundation.models import Employee
from cheyi.vehicles.access import vehicle
from cheyi.workshop import access, actions
from cheyi.workshop.api.shapes import JobIn, OrderOut

router = Router()
MOST = 50


class OpenIn(Body):
    """What may be said when an order is opened; only the car (in the address) is needed."""

    jobs: list[JobIn] = Field(default_factory=list, max_length=200)
    mileage: int | None = None
    mileage_reason: str = Field(default="", max_length=20)
    request_text: str = Field(default="", max_length=500)
    promised_at: Moment | None = None
    technician_id: Id | None = None
    second_order_reason: str = Field(default="", max_length=100)


class PointIn(Body):
    """What became of a talking point of a car."""

    code: str = Field(max_length=40)
    subject: str = Field(default="", max_length=80)
    answer: str = Field(max_length=12)


class PointOut(Schema):
    """A talking point that is not shown again for its subject."""

    id: int
    code: str
    subject: str
    answer: str


class OrdersOut(Schema):
    """A page of orders; ``next`` is the cursor of the following page."""

    orders: list[OrderOut]
    next: int | None


@verb(router, "/vehicles/{int:vehicle_id}/open-order", permission="workshop.order.open_order", response=OrderOut)
def open_order(request: Any, vehicle_id: int, body: OpenIn) -> OrderOut:
    """Open a work order for a car, dispatched when a technician is named."""
    technician = Employee.objects.get(pk=body.technician_id) if body.technician_id else None
    order = actions.open_order(
        vehicle=vehicle(request.viewer, vehicle_id),
        jobs=[actions.JobWanted(one.op_code, payer=one.payer, advice_id=one.advice_id) for one in body.jobs],
        dispatch_to=technician,
        mileage=body.mileage,
        mileage_reason=body.mileage_reason,
        request_text=body.request_text,
        promised_at=body.promised_at,
        second_order_reason=body.second_order_reason,
        by=request.viewer,
        now=request.now,
    )
    return OrderOut.of(order)


@verb(router, "/vehicles/{int:vehicle_id}/receive", permission="workshop.order.receive", response=OrderOut)
def receive(request: Any, vehicle_id: int, body: OpenIn) -> OrderOut:
    """Begin to receive a car: a draft without number."""
    order = actions.receive(
        vehicle=vehicle(request.viewer, vehicle_id),
        mileage=body.mileage,
        mileage_reason=body.mileage_reason,
        request_text=body.request_text,
        second_order_reason=body.second_order_reason,
        by=request.viewer,
        now=request.now,
    )
    return OrderOut.of(order)


@verb(router, "/vehicles/{int:vehicle_id}/answer-point", permission="workshop.order.receive", response=PointOut)
def answer_point(request: Any, vehicle_id: int, body: PointIn) -> PointOut:
    """The customer is ``interested`` in a talking point, or was ``told``."""
    row = actions.answer_point(
        vehicle(request.viewer, vehicle_id),
        code=body.code,
        subject=body.subject,
        answer=body.answer,
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    return PointOut(id=row.pk, code=row.code, subject=row.subject, answer=row.answer)


@question(router, "/orders", permission="workshop.order.view", response=OrdersOut)
def orders(request: Any, state: str = "", after: int = 0) -> OrdersOut:
    """Orders of the open store in the order of their opening, at most 50 at once."""
    rows = access.orders(request.viewer).filter(pk__gt=max(after, 0))
    rows = rows.filter(state=state) if state else rows
    found = list(rows.order_by("pk")[: MOST + 1])
    return OrdersOut(
        orders=[OrderOut.of(row) for row in found[:MOST]], next=found[MOST - 1].pk if len(found) > MOST else None
    )


@question(router, "/orders/{int:order_id}", permission="workshop.order.view", response=OrderOut)
def order(request: Any, order_id: int) -> OrderOut:
    """One order."""
    return OrderOut.of(access.order(request.viewer, order_id))
