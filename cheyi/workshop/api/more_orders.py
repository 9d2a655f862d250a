"""More verbs of an order: its words, its customer, comebacks, bills, the owner's link."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Router, Schema

from cheyi.customers.access import customer
from cheyi.foundation.api import Body, Fen, Id, Nothing, ReasonIn, question, second_person, verb
from cheyi.foundation.models import Employee
from cheyi.kernel import Money
from cheyi.workshop import access, actions
from cheyi.workshop.actions.telling import address_of
from cheyi.workshop.api.shapes import Level, OldParts, OrderOut, OrderTypes, Outcome, Responsible
from cheyi.workshop.queries.calls import due_of

router = Router()
Km = Field(default=None, ge=0, le=2_000_000)


class DescribeIn(Body):
    """The customer's words, the diagnosis and the like; only what is sent changes."""

    version: int | None = Field(default=None, ge=0, le=2**31 - 1)
    request_text: str | None = Field(default=None, max_length=2000)
    diagnosis: str | None = Field(default=None, max_length=2000)
    root_cause: str | None = Field(default=None, max_length=200)
    energy_in: str | None = Field(default=None, max_length=8)
    old_parts_choice: OldParts | None = None
    waits_in_store: bool | None = None
    wash_wanted: bool | None = None
    approved_in_writing: bool | None = None
    type: OrderTypes | None = None

    def words(self) -> dict[str, Any]:
        """What was sent."""
        return self.model_dump(exclude_none=True, exclude={"version"})


class CustomerIn(Body):
    """For whom the work is done."""

    customer_id: Id


class ComeBackIn(Body):
    """Which jobs failed, and who looks at them."""

    line_ids: list[Id] = Field(min_length=1, max_length=200)
    mileage: int | None = Km
    request_text: str = Field(default="", max_length=500)
    responsibility: Responsible | None = None
    technician_id: Id | None = None


class ResponsibilityIn(Body):
    """Whose fault it was."""

    responsibility: Responsible


class RoundIn(Body):
    """How the bills are written: a coupon in fen, and the step to which the customer's bill is rounded down."""

    coupon_fen: Fen | None = None
    round_to_fen: Fen | None = Field(default=None, ge=1, le=10_000)


class WhyUnsettleIn(Body):
    """Why the settlement is taken back."""

    reason: str = Field(max_length=100)


class TeamCheckIn(Body):
    """Who checked at which level, and the answers by item."""

    level: Level
    answers: dict[str, bool] = Field(default_factory=dict, max_length=100)
    road_test_km: int | None = Field(default=None, ge=0, le=1000)
    note: str = Field(default="", max_length=200)


class CallIn(Body):
    """What came of the call of the third day; ``note`` is what the customer said, needed where he is not satisfied."""

    outcome: Outcome
    note: str = Field(default="", max_length=500)


class CallOut(Schema):
    """A call that was written down, and when the next one is due; null when it was the last."""

    id: int
    order_id: int
    outcome: str
    next_at: datetime | None


class CheckOut(Schema):
    """An inspection that was written down."""

    id: int
    order_id: int
    level: str


class LinkOut(Schema):
    """Where the car's owner follows the order; empty without a link."""

    address: str


class BillNosOut(Schema):
    """The bills of an order."""

    bill_ids: list[int]


@verb(router, "/orders/{int:order_id}/describe", permission="workshop.order.describe", response=OrderOut)
def describe(request: Any, order_id: int, body: DescribeIn) -> OrderOut:
    """Write the customer's words, the diagnosis and the like."""
    order = access.order(request.viewer, order_id)
    words = {**body.words(), "by": request.viewer, "now": request.now}
    return OrderOut.of(actions.describe(order, version=body.version, **words))


@verb(router, "/orders/{int:order_id}/set-customer", permission="workshop.order.edit", response=OrderOut)
def set_customer(request: Any, order_id: int, body: CustomerIn) -> OrderOut:
    """Say for whom the work is done."""
    order, owner = access.order(request.viewer, order_id), customer(request.viewer, body.customer_id)
    return OrderOut.of(actions.set_customer(order, customer=owner, by=request.viewer, now=request.now))


@verb(router, "/orders/{int:order_id}/come-back", permission="workshop.order.come_back", response=OrderOut)
def come_back(request: Any, order_id: int, body: ComeBackIn) -> OrderOut:
    """The same fault returns: a rework order on the house."""
    order = access.order(request.viewer, order_id)
    made = actions.come_back(
        order,
        lines=list(order.labour.filter(pk__in=body.line_ids)),
        mileage=body.mileage,
        responsibility=body.responsibility or "",
        request_text=body.request_text,
        dispatch_to=Employee.objects.get(pk=body.technician_id) if body.technician_id else None,
        by=request.viewer,
        now=request.now,
    )
    return OrderOut.of(made)


@verb(
    router,
    "/orders/{int:order_id}/set-responsibility",
    permission="workshop.order.set_responsibility",
    response=OrderOut,
)
def set_responsibility(request: Any, order_id: int, body: ResponsibilityIn) -> OrderOut:
    """Say whose fault a comeback was."""
    order = access.order(request.viewer, order_id)
    words = {"responsibility": body.responsibility, "by": request.viewer, "now": request.now}
    return OrderOut.of(actions.set_responsibility(order, **words))


@verb(router, "/orders/{int:order_id}/record-check", permission="workshop.check.record_check", response=CheckOut)
def record_check(request: Any, order_id: int, body: TeamCheckIn) -> Any:
    """Write down an inspection of one level."""
    return actions.record_check(
        access.order(request.viewer, order_id),
        level=body.level,
        answers=body.answers,
        road_test_km=body.road_test_km,
        note=body.note,
        by=request.viewer,
        now=request.now,
    )


@verb(router, "/orders/{int:order_id}/record-call", permission="workshop.order.record_call", response=CallOut)
def record_call(request: Any, order_id: int, body: CallIn) -> CallOut:
    """Write down what came of calling the customer after the car was handed over; it ends or moves the to-do."""
    order = access.order_to_call(request.viewer, order_id)
    call = actions.record_call(order, outcome=body.outcome, note=body.note, by=request.viewer, now=request.now)
    return CallOut(id=call.pk, order_id=order.pk, outcome=call.outcome, next_at=due_of(order))


class AskedOut(Schema):
    """The request that waits now: see ``/approvals``."""

    approval_id: int


@verb(router, "/orders/{int:order_id}/present-bills", permission="workshop.order.settle", response=BillNosOut)
def present_bills(request: Any, order_id: int, body: RoundIn) -> BillNosOut:
    """Write the bills of a ready order, one per payer; earlier unpaid ones are withdrawn."""
    made = actions.present_bills(
        access.order(request.viewer, order_id),
        coupon=Money(body.coupon_fen) if body.coupon_fen is not None else None,
        round_to=Money(body.round_to_fen) if body.round_to_fen is not None else None,
        by=request.viewer,
        now=request.now,
    )
    return BillNosOut(bill_ids=[bill.pk for bill in made])


@verb(
    router,
    "/orders/{int:order_id}/unsettle",
    permission="workshop.order.unsettle",
    response=OrderOut,
    approver=True,
)
def unsettle(request: Any, order_id: int, body: WhyUnsettleIn) -> OrderOut:
    """Take a settlement back; a manager agrees by his token."""
    order = access.order(request.viewer, order_id)
    made = actions.unsettle(
        order, reason=body.reason, approver=second_person(request), by=request.viewer, now=request.now
    )
    return OrderOut.of(made)


@verb(router, "/orders/{int:order_id}/ask-unsettle", permission="workshop.order.unsettle", response=AskedOut)
def ask_unsettle(request: Any, order_id: int, body: WhyUnsettleIn) -> AskedOut:
    """Ask that a settlement is taken back; it is when the manager agrees."""
    order = access.order(request.viewer, order_id)
    row = actions.ask_unsettle(order, reason=body.reason, by=request.viewer, now=request.now)
    return AskedOut(approval_id=row.pk)


@verb(
    router,
    "/orders/{int:order_id}/cancel",
    permission="workshop.order.cancel",
    response=OrderOut,
    approver=True,
)
def cancel(request: Any, order_id: int, body: ReasonIn) -> OrderOut:
    """Cancel the order; from the dispatch on a manager does, or agrees by his token."""
    order = access.order(request.viewer, order_id)
    words = {"reason": body.reason, "by": request.viewer, "now": request.now}
    return OrderOut.of(actions.cancel(order, approver=second_person(request), **words))


@verb(router, "/orders/{int:order_id}/ask-cancel", permission="workshop.order.cancel", response=AskedOut)
def ask_cancel(request: Any, order_id: int, body: ReasonIn) -> AskedOut:
    """Ask that an order is cancelled, or its work stopped where jobs are to be paid; it is when the manager agrees."""
    order = access.order(request.viewer, order_id)
    row = actions.ask_cancel(order, reason=body.reason, by=request.viewer, now=request.now)
    return AskedOut(approval_id=row.pk)


@verb(router, "/orders/{int:order_id}/renew-link", permission="workshop.order.send_link", response=LinkOut)
def renew_link(request: Any, order_id: int, body: Nothing) -> LinkOut:
    """Give the owner's page another address; the old one is worthless."""
    del body
    order = access.order(request.viewer, order_id)
    actions.renew_link(order, by=request.viewer, now=request.now)
    return LinkOut(address=address_of(access.order(request.viewer, order_id)))


@question(router, "/orders/{int:order_id}/progress-link", permission="workshop.order.send_link", response=LinkOut)
def progress_link(request: Any, order_id: int) -> LinkOut:
    """Where the car's owner follows the order."""
    return LinkOut(address=address_of(access.order(request.viewer, order_id)))
