"""What settlement's API takes and gives: whole fen with tax, days, moments with their zone."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema

from cheyi.foundation.api import Body, Fen, Id
from cheyi.kernel import Money
from cheyi.settlement.models import Approval, Bill, CashierShift, Payment, Prepayment, Refund, ShiftCount
from cheyi.settlement.rules.tendering import Tender


class BillOut(Schema):
    """A bill as it stands: what it asks for and what was paid."""

    id: int
    no: str
    state: str
    source_kind: str
    source_id: int
    source_label: str
    payer_type: str
    payer_id: int | None
    gross_fen: int
    net_due_fen: int
    paid_fen: int
    outstanding_fen: int
    credit_fen: int
    presented_at: datetime
    met_at: datetime | None

    @classmethod
    def of(cls, bill: Bill) -> BillOut:
        """The shape of a row."""
        names = ("no", "state", "source_kind", "source_id", "source_label", "payer_type", "payer_id")
        return cls(
            id=bill.pk,
            gross_fen=bill.gross.fen,
            net_due_fen=bill.net_due.fen,
            paid_fen=bill.paid.fen,
            outstanding_fen=bill.outstanding.fen,
            credit_fen=bill.credit.fen,
            presented_at=bill.presented_at,
            met_at=bill.met_at,
            **{name: getattr(bill, name) for name in names},
        )


class BillLineOut(Schema):
    """A line of a bill, as the customer reads it."""

    seq: int
    kind: str
    name: str
    amount_text: str
    unit: str
    gross_fen: int
    discount_fen: int
    net_fen: int


class WholeBillOut(BillOut):
    """A bill with its lines."""

    lines: list[BillLineOut]

    @classmethod
    def whole(cls, bill: Bill) -> WholeBillOut:
        """The shape of a row with its lines."""
        lines = [
            BillLineOut(
                seq=line.seq,
                kind=line.kind,
                name=line.name,
                amount_text=line.amount_text,
                unit=line.unit,
                gross_fen=line.gross.fen,
                discount_fen=line.discount.fen,
                net_fen=line.net.fen,
            )
            for line in bill.lines.order_by("seq")
        ]
        return cls(**BillOut.of(bill).model_dump(), lines=lines)


class BillsOut(Schema):
    """A page of bills; ``next`` is the cursor of the following page."""

    bills: list[BillOut]
    next: int | None


class PaymentOut(Schema):
    """Money that came in on a bill."""

    id: int
    receipt_no: str
    bill_id: int
    method: str
    amount_fen: int
    change_fen: int
    refunded_fen: int
    channel_txn_no: str
    received_at: datetime
    business_on: date
    cashier_name: str
    state: str

    @classmethod
    def of(cls, row: Payment) -> PaymentOut:
        """The shape of a row."""
        names = (
            "receipt_no",
            "bill_id",
            "method",
            "channel_txn_no",
            "received_at",
            "business_on",
            "cashier_name",
            "state",
        )
        return cls(
            id=row.pk,
            amount_fen=row.amount.fen,
            change_fen=row.change.fen,
            refunded_fen=row.refunded.fen,
            **{name: getattr(row, name) for name in names},
        )


class PaymentsOut(Schema):
    """A page of payments; ``next`` is the cursor of the following page."""

    payments: list[PaymentOut]
    next: int | None


class PaidOut(Schema):
    """What a taking made: the payments, and how the bills stand now."""

    payments: list[PaymentOut]
    bills: list[BillOut]


class RefundOut(Schema):
    """Money that went back: on a payment the way it came, or of a deposit by ``method``."""

    id: int
    no: str
    payment_id: int | None
    prepayment_id: int | None
    method: str
    amount_fen: int
    reason: str
    business_on: date

    @classmethod
    def of(cls, row: Refund) -> RefundOut:
        """The shape of a row."""
        names = ("no", "payment_id", "prepayment_id", "reason", "business_on")
        way = row.method if row.payment is None else row.payment.method
        return cls(id=row.pk, amount_fen=row.amount.fen, method=way, **{name: getattr(row, name) for name in names})


class PrepaymentOut(Schema):
    """A deposit with what is left of it."""

    id: int
    no: str
    customer_id: int
    kind: str
    method: str
    amount_fen: int
    left_fen: int
    business_on: date

    @classmethod
    def of(cls, row: Prepayment) -> PrepaymentOut:
        """The shape of a row."""
        names = ("no", "customer_id", "kind", "method", "business_on")
        return cls(
            id=row.pk,
            amount_fen=row.amount.fen,
            left_fen=row.left.fen,
            **{name: getattr(row, name) for name in names},
        )


class PrepaymentsOut(Schema):
    """What a customer has left, oldest first."""

    prepayments: list[PrepaymentOut]


class CreditOut(Schema):
    """A payer's credit account."""

    customer_id: int
    limit_fen: int
    used_fen: int
    days: int


class CountOut(Schema):
    """One way of paying at the end of a shift: what should be there, and what was counted."""

    method: str
    expected_fen: int
    counted_fen: int

    @classmethod
    def of(cls, row: ShiftCount) -> CountOut:
        """The shape of a row."""
        return cls(method=row.method, expected_fen=row.expected.fen, counted_fen=row.counted.fen)


class ShiftOut(Schema):
    """A cashier's shift."""

    id: int
    state: str
    cashier_id: int
    cashier_name: str
    float_fen: int
    opened_at: datetime
    counted_at: datetime | None
    closed_at: datetime | None
    audited_at: datetime | None
    note: str
    counts: list[CountOut]

    @classmethod
    def of(cls, row: CashierShift) -> ShiftOut:
        """The shape of a row with its counts."""
        names = ("state", "cashier_id", "cashier_name", "opened_at", "counted_at", "closed_at", "audited_at", "note")
        counts = [CountOut.of(one) for one in ShiftCount.objects.filter(shift=row).order_by("method")]
        return cls(
            id=row.pk,
            float_fen=row.float_amount.fen,
            counts=counts,
            **{name: getattr(row, name) for name in names},
        )


class ShiftsOut(Schema):
    """A page of shifts, newest first; ``next`` is the cursor of the following page."""

    shifts: list[ShiftOut]
    next: int | None


class ApprovalOut(Schema):
    """A request for a second person's agreement, and what became of it; ``thing_id`` is what ``act`` is about."""

    id: int
    act: str
    thing_id: int
    source_kind: str
    source_id: int
    source_label: str
    amount_fen: int
    method: str
    reason: str
    asked_by: str
    asked_at: datetime
    state: str
    decided_at: datetime | None
    decided_by: str
    answer: str

    @classmethod
    def of(cls, row: Approval) -> ApprovalOut:
        """The shape of a row."""
        names = ("act", "thing_id", "source_kind", "source_id", "source_label", "method", "reason")
        answers = ("asked_by", "state", "decided_at", "decided_by", "answer")
        facts = {name: getattr(row, name) for name in (*names, *answers)}
        return cls(id=row.pk, amount_fen=row.amount.fen, asked_at=row.created_at, **facts)


class ApprovalsOut(Schema):
    """A page of requests; ``next`` is the cursor of the following page."""

    approvals: list[ApprovalOut]
    next: int | None


class BillTenderIn(Body):
    """One way of paying in whole fen; ``prepayment_id`` with the method ``deposit_offset``."""

    method: str = Field(max_length=16)
    amount_fen: Fen
    channel_txn_no: str = Field(default="", max_length=64)
    prepayment_id: Id | None = None

    def tender(self) -> Tender:
        """As the action takes it."""
        return Tender(self.method, Money(self.amount_fen), self.channel_txn_no, self.prepayment_id)
