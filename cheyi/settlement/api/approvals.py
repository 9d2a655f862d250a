"""Requests for a second person's agreement, for machines: ask, look, agree, decline, withdraw."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Field, Query, Router

from cheyi.foundation.api import Body, Cursor, Nothing, question, turned, verb
from cheyi.kernel import Money
from cheyi.settlement import access, actions
from cheyi.settlement.api.money import DepositBackIn, RefundIn
from cheyi.settlement.api.shapes import ApprovalOut, ApprovalsOut

router = Router()


class AskedApprovalsIn(Body):
    """Which requests."""

    state: Literal["", "waiting", "agreed", "declined", "withdrawn", "lapsed"] = ""
    after: Cursor = 0


class NoteIn(Body):
    """What is known about the difference."""

    note: str = Field(max_length=200)


class DeclineIn(Body):
    """Why not."""

    answer: str = Field(max_length=100)


@question(router, "/approvals", permission="settlement.approval.view", response=ApprovalsOut)
def approvals(request: Any, asked: Query[AskedApprovalsIn]) -> ApprovalsOut:
    """Requests of the open store, oldest first, at most 50 at once; without a till only one's own and what one decides."""
    rows = access.approvals(request.viewer)
    found, following = turned(rows.filter(state=asked.state) if asked.state else rows, asked.after)
    return ApprovalsOut(approvals=[ApprovalOut.of(row) for row in found], next=following)


@verb(
    router,
    "/payments/{int:payment_id}/ask-refund",
    permission="settlement.payment.ask_refund",
    response=ApprovalOut,
)
def ask_refund(request: Any, payment_id: int, body: RefundIn) -> ApprovalOut:
    """Ask that money goes back on a payment; it does when somebody agrees."""
    row = actions.ask_refund(
        access.payment(payment_id),
        amount=Money(body.amount_fen),
        reason=body.reason,
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    return ApprovalOut.of(row)


@verb(
    router,
    "/prepayments/{int:prepayment_id}/ask-refund",
    permission="settlement.payment.ask_refund",
    response=ApprovalOut,
)
def ask_refund_prepayment(request: Any, prepayment_id: int, body: DepositBackIn) -> ApprovalOut:
    """Ask that a deposit goes back; it does when somebody agrees."""
    row = actions.ask_refund_prepayment(
        access.prepayment(prepayment_id),
        amount=Money(body.amount_fen),
        method=body.method,
        reason=body.reason,
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    return ApprovalOut.of(row)


@verb(router, "/shifts/{int:shift_id}/ask-close", permission="settlement.shift.close_shift", response=ApprovalOut)
def ask_close_shift(request: Any, shift_id: int, body: NoteIn) -> ApprovalOut:
    """Ask that a till is handed over though it differs; it is when the manager agrees."""
    shift = access.shift(shift_id)
    row = actions.ask_close_shift(shift, note=body.note, store=request.store, by=request.viewer, now=request.now)
    return ApprovalOut.of(row)


@verb(router, "/approvals/{int:approval_id}/agree", permission="settlement.approval.decide", response=ApprovalOut)
def agree(request: Any, approval_id: int, body: Nothing) -> ApprovalOut:
    """Agree: what was asked for happens now."""
    del body
    row = access.approval(approval_id)
    return ApprovalOut.of(actions.agree(row, store=request.store, by=request.viewer, now=request.now))


@verb(router, "/approvals/{int:approval_id}/decline", permission="settlement.approval.decide", response=ApprovalOut)
def decline(request: Any, approval_id: int, body: DeclineIn) -> ApprovalOut:
    """Do not agree, and say why."""
    row = access.approval(approval_id)
    return ApprovalOut.of(actions.decline(row, answer=body.answer, by=request.viewer, now=request.now))


@verb(router, "/approvals/{int:approval_id}/withdraw", permission="settlement.approval.withdraw", response=ApprovalOut)
def withdraw(request: Any, approval_id: int, body: Nothing) -> ApprovalOut:
    """Take the own request back."""
    del body
    return ApprovalOut.of(actions.withdraw(access.approval(approval_id), by=request.viewer, now=request.now))
