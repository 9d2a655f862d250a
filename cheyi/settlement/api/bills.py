"""Bills for machines: look, take money, put on credit, give up; and a payer's limit."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Field, Query, Router

from cheyi.customers.access import customer
from cheyi.foundation.api import Body, Cursor, Id, Nothing, question, second_person, turned, verb
from cheyi.kernel import Money
from cheyi.settlement import access, actions
from cheyi.settlement.api.shapes import (
    BillOut,
    BillsOut,
    BillTenderIn,
    CreditOut,
    PaidOut,
    PaymentOut,
    WholeBillOut,
)
from cheyi.settlement.models import Bill
from cheyi.settlement.rules.life import DEAD

router = Router()
MOST_LIMIT = 10**12


class AskedBillsIn(Body):
    """Which bills: of a document, in a state, of a payer; ``living`` leaves out what was withdrawn."""

    source_kind: str = Field(default="", max_length=40)
    source_id: Id | None = None
    state: str = Field(default="", max_length=12)
    payer_type: str = Field(default="", max_length=10)
    living: bool = True
    after: Cursor = 0


class TakePaymentIn(Body):
    """How it is paid; other bills of the same document may be paid in the same act."""

    tenders: list[BillTenderIn] = Field(min_length=1, max_length=20)
    with_bill_ids: list[Id] = Field(default_factory=list, max_length=20)


class WhyIn(Body):
    """Why the rest is given up."""

    reason: str = Field(max_length=100)


class LimitIn(Body):
    """How much a payer may owe in fen, and for how many days."""

    limit_fen: Annotated[int, Field(ge=0, le=MOST_LIMIT)]
    days: int = Field(default=30, ge=0, le=365)


@question(router, "/bills", permission="settlement.bill.view", response=BillsOut)
def bills(request: Any, asked: Query[AskedBillsIn]) -> BillsOut:  # noqa: ARG001 - the door opens the scope
    """Bills of the open store, oldest first, at most 50 at once."""
    rows = Bill.objects.exclude(state__in=DEAD) if asked.living else Bill.objects.all()
    wanted = asked.model_dump(include={"source_kind", "source_id", "state", "payer_type"})
    found, following = turned(rows.filter(**{name: value for name, value in wanted.items() if value}), asked.after)
    return BillsOut(bills=[BillOut.of(row) for row in found], next=following)


@question(router, "/bills/{int:bill_id}", permission="settlement.bill.view", response=WholeBillOut)
def bill(request: Any, bill_id: int) -> WholeBillOut:  # noqa: ARG001 - the door opens the scope
    """One bill with its lines."""
    return WholeBillOut.whole(access.bill(bill_id))


@verb(router, "/bills/{int:bill_id}/take-payment", permission="settlement.payment.take_payment", response=PaidOut)
def take_payment(request: Any, bill_id: int, body: TakePaymentIn) -> PaidOut:
    """Take one or several ways of payment; cash beyond what is due is change."""
    rows = [access.bill(pk) for pk in dict.fromkeys([bill_id, *body.with_bill_ids])]
    tenders = [one.tender() for one in body.tenders]
    made = actions.take_payment(rows, tenders, store=request.store, by=request.viewer, now=request.now)
    return PaidOut(
        payments=[PaymentOut.of(row) for row in made],
        bills=[BillOut.of(access.bill(row.pk)) for row in rows],
    )


@verb(router, "/bills/{int:bill_id}/put-on-credit", permission="settlement.bill.put_on_credit", response=BillOut)
def put_on_credit(request: Any, bill_id: int, body: Nothing) -> BillOut:
    """Let the payer pay later, within his limit."""
    del body
    row = access.bill(bill_id)
    return BillOut.of(actions.put_on_credit(row, store=request.store, by=request.viewer, now=request.now))


@verb(
    router,
    "/bills/{int:bill_id}/write-off",
    permission="settlement.bill.write_off",
    response=BillOut,
    approver=True,
)
def write_off(request: Any, bill_id: int, body: WhyIn) -> BillOut:
    """Give up what a payer on credit still owes; a second person agrees."""
    row = actions.write_off(
        access.bill(bill_id),
        reason=body.reason,
        approver=second_person(request),
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    return BillOut.of(row)


@verb(router, "/customers/{int:customer_id}/set-limit", permission="settlement.credit.set_limit", response=CreditOut)
def set_limit(request: Any, customer_id: int, body: LimitIn) -> CreditOut:
    """Open a payer's credit account, or change its limit."""
    row = actions.set_limit(
        customer_id=customer(request.viewer, customer_id).pk,
        limit=Money(body.limit_fen),
        days=body.days,
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    return CreditOut(customer_id=row.customer_id, limit_fen=row.limit.fen, used_fen=row.used.fen, days=row.days)
