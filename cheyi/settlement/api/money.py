"""Payments, refunds and deposits for machines; what came in on a day."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Field, Query, Router, Schema

from cheyi.customers.access import customer
from cheyi.foundation.api import Body, Cursor, Day, Fen, Id, question, second_person, turned, verb
from cheyi.kernel import Money
from cheyi.settlement import access, actions, queries
from cheyi.settlement.api.shapes import (
    PaymentOut,
    PaymentsOut,
    PrepaymentOut,
    PrepaymentsOut,
    RefundOut,
)
from cheyi.settlement.models import Payment

router = Router()


class AskedPaymentsIn(Body):
    """Which payments: of a business day, of a bill, by a way of paying."""

    on: Day | None = None
    bill_id: Id | None = None
    method: str = Field(default="", max_length=16)
    after: Cursor = 0


class AskedTakingsIn(Body):
    """Of which business day; today without one."""

    on: Day | None = None


class RefundIn(Body):
    """How much goes back in fen, and why."""

    amount_fen: Fen
    reason: str = Field(max_length=100)


class DepositIn(Body):
    """What is paid ahead: earnest money, a deposit, a service prepayment."""

    amount_fen: Fen
    method: str = Field(max_length=16)
    kind: Literal["deposit", "earnest", "service"] = "deposit"


class DepositBackIn(RefundIn):
    """How much of a deposit goes back in fen, why, and how: the way it came, or in cash."""

    method: str = Field(max_length=16)


class MethodOut(Schema):
    """What one way of paying brought."""

    method: str
    received_fen: int
    refunded_fen: int
    count: int


class TakingsOut(Schema):
    """A business day's money."""

    on: Day
    total_fen: int
    methods: list[MethodOut]


@question(router, "/payments", permission="settlement.bill.view", response=PaymentsOut)
def payments(request: Any, asked: Query[AskedPaymentsIn]) -> PaymentsOut:  # noqa: ARG001 - the door opens the scope
    """Payments of the open store, oldest first, at most 50 at once."""
    wanted = {"business_on": asked.on, "bill_id": asked.bill_id, "method": asked.method}
    rows = Payment.objects.filter(**{name: value for name, value in wanted.items() if value})
    found, following = turned(rows, asked.after)
    return PaymentsOut(payments=[PaymentOut.of(row) for row in found], next=following)


@question(router, "/payments/{int:payment_id}", permission="settlement.bill.view", response=PaymentOut)
def payment(request: Any, payment_id: int) -> PaymentOut:  # noqa: ARG001 - the door opens the scope
    """One payment."""
    return PaymentOut.of(access.payment(payment_id))


@question(router, "/takings", permission="settlement.day.view", response=TakingsOut)
def takings(request: Any, asked: Query[AskedTakingsIn]) -> TakingsOut:
    """What the open store took on a business day, by way of paying."""
    day = queries.takings(request.store, asked.on or request.store.business_date(request.now))
    methods = [
        MethodOut(method=one.method, received_fen=one.received.fen, refunded_fen=one.refunded.fen, count=one.count)
        for one in day.methods
    ]
    return TakingsOut(on=day.on, total_fen=day.total.fen, methods=methods)


@question(
    router, "/customers/{int:customer_id}/prepayments", permission="settlement.bill.view", response=PrepaymentsOut
)
def prepayments(request: Any, customer_id: int) -> PrepaymentsOut:
    """A customer's deposits that still hold something, oldest first."""
    rows = queries.prepayments_of(customer(request.viewer, customer_id).pk)
    return PrepaymentsOut(prepayments=[PrepaymentOut.of(row) for row in rows])


@verb(
    router,
    "/payments/{int:payment_id}/refund",
    permission="settlement.payment.ask_refund",
    response=RefundOut,
    approver=True,
)
def refund(request: Any, payment_id: int, body: RefundIn) -> RefundOut:
    """Give money back the way it came; above the store's limit, and to a cashier always, a second person agrees."""
    row = actions.refund(
        access.payment(payment_id),
        amount=Money(body.amount_fen),
        reason=body.reason,
        approver=second_person(request),
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    return RefundOut.of(row)


@verb(
    router,
    "/customers/{int:customer_id}/take-prepayment",
    permission="settlement.payment.take_payment",
    response=PrepaymentOut,
)
def take_prepayment(request: Any, customer_id: int, body: DepositIn) -> PrepaymentOut:
    """Take money ahead of a bill."""
    row = actions.take_prepayment(
        customer_id=customer(request.viewer, customer_id).pk,
        amount=Money(body.amount_fen),
        method=body.method,
        kind=body.kind,
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    return PrepaymentOut.of(row)


@verb(
    router,
    "/prepayments/{int:prepayment_id}/refund",
    permission="settlement.payment.ask_refund",
    response=RefundOut,
    approver=True,
)
def refund_prepayment(request: Any, prepayment_id: int, body: DepositBackIn) -> RefundOut:
    """Give back what is left of a deposit, or a part of it; a second person agrees as with a refund."""
    row = actions.refund_prepayment(
        access.prepayment(prepayment_id),
        amount=Money(body.amount_fen),
        method=body.method,
        reason=body.reason,
        approver=second_person(request),
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    return RefundOut.of(row)
