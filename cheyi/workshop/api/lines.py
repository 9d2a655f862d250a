"""The verbs of a line."""

from __future__ import annotations

from typing import Any

from ninja import Field, Router

from cheyi.foundation.api import Body, Id, ReasonIn, verb
from cheyi.foundation.models import Employee
from cheyi.kernel import Hours, Money, Rate
from cheyi.workshop import access, actions
from cheyi.workshop.api.shapes import Kind, LineOut, OrderOut, Via

router = Router()


class WorkIn(Body):
    """For whom, when it is not oneself; why one pauses; whether the self-check is done."""

    technician_id: Id | None = None
    reason: str = Field(default="", max_length=20)
    self_checked: bool = False


class AnswerIn(Body):
    """How the customer answered."""

    via: Via = "counter"
    answered_by: str = Field(default="", max_length=60)
    later: bool = False


class PriceIn(Body):
    """A new unit price or hourly rate in fen, sold hours in hundredths, with the reason; what is left out stays."""

    price_fen: int | None = Field(default=None, ge=0, le=10**12)
    hours: int | None = Field(default=None, ge=0, le=10**9)
    reason: str = Field(max_length=100)


class DiscountIn(Body):
    """A discount in ten-thousandths, with its reason."""

    rate: int = Field(ge=0, le=Rate.PER_UNIT)
    reason: str = Field(max_length=30)


def _labour(request: Any, line_id: int) -> Any:
    return access.line(request.viewer, "labour", line_id)


def _technician(body: WorkIn) -> Employee | None:
    return Employee.objects.get(pk=body.technician_id) if body.technician_id else None


@verb(router, "/lines/labour/{int:line_id}/start-job", permission="workshop.line.start_job", response=LineOut)
def start_job(request: Any, line_id: int, body: WorkIn) -> LineOut:
    """Start the clock on a labour line."""
    line = _labour(request, line_id)
    return LineOut.of(actions.start_job(line, technician=_technician(body), by=request.viewer, now=request.now))


@verb(router, "/lines/labour/{int:line_id}/pause-job", permission="workshop.line.pause_job", response=LineOut)
def pause_job(request: Any, line_id: int, body: WorkIn) -> LineOut:
    """Stop the clock for now."""
    line = _labour(request, line_id)
    words = {"technician": _technician(body), "reason": body.reason, "by": request.viewer, "now": request.now}
    return LineOut.of(actions.pause_job(line, **words))


@verb(router, "/lines/labour/{int:line_id}/finish-job", permission="workshop.line.finish_job", response=LineOut)
def finish_job(request: Any, line_id: int, body: WorkIn) -> LineOut:
    """The job is done."""
    line = _labour(request, line_id)
    done = actions.finish_job(
        line, technician=_technician(body), self_checked=body.self_checked, by=request.viewer, now=request.now
    )
    return LineOut.of(done)


@verb(router, "/lines/{kind}/{int:line_id}/approve", permission="workshop.line.approve", response=OrderOut)
def approve(request: Any, kind: Kind, line_id: int, body: AnswerIn) -> OrderOut:
    """The customer agrees to a proposed line."""
    line = access.line(request.viewer, kind, line_id)
    words = {"via": body.via, "answered_by": body.answered_by, "by": request.viewer, "now": request.now}
    return OrderOut.of(actions.approve([line], **words))


@verb(router, "/lines/{kind}/{int:line_id}/decline", permission="workshop.line.decline", response=OrderOut)
def decline(request: Any, kind: Kind, line_id: int, body: AnswerIn) -> OrderOut:
    """The customer does not want a proposed line now; it waits on the car."""
    line = access.line(request.viewer, kind, line_id)
    order = actions.decline(
        [line], via=body.via, answered_by=body.answered_by, later=body.later, by=request.viewer, now=request.now
    )
    return OrderOut.of(order)


@verb(router, "/lines/{kind}/{int:line_id}/remove", permission="workshop.line.remove_line", response=LineOut)
def remove_line(request: Any, kind: Kind, line_id: int, body: ReasonIn) -> LineOut:
    """Take a line off the order."""
    line = access.line(request.viewer, kind, line_id)
    return LineOut.of(actions.remove_line(line, reason=body.reason, by=request.viewer, now=request.now))


@verb(router, "/lines/{kind}/{int:line_id}/change-price", permission="workshop.line.change_price", response=LineOut)
def change_price(request: Any, kind: Kind, line_id: int, body: PriceIn) -> LineOut:
    """Another price, with the reason; below the list price it is judged as the discount it is."""
    line = access.line(request.viewer, kind, line_id)
    words: dict[str, Any] = {
        "unit_price": None if body.price_fen is None else Money(body.price_fen),
        "hours": None if body.hours is None else Hours(body.hours),
        "reason": body.reason,
    }
    return LineOut.of(actions.change_price(line, **words, by=request.viewer, now=request.now))


@verb(router, "/lines/{kind}/{int:line_id}/discount", permission="workshop.line.discount", response=LineOut)
def discount(request: Any, kind: Kind, line_id: int, body: DiscountIn) -> LineOut:
    """A discount within the limit; above it a manager approves."""
    line = access.line(request.viewer, kind, line_id)
    words = {"rate": Rate(body.rate), "reason": body.reason, "by": request.viewer, "now": request.now}
    return LineOut.of(actions.discount(line, **words))
