"""What settlement announces."""

from __future__ import annotations

from cheyi.foundation.events import Event, fact
from cheyi.kernel import Money


@fact("settlement.bill.due")
class BillDue(Event):
    """A bill was presented to its payer."""

    bill_id: int
    source_kind: str
    source_id: int


@fact("settlement.bill.paid")
class BillPaid(Event):
    """A bill is paid in full."""

    bill_id: int
    source_kind: str
    source_id: int


@fact("settlement.bill.on_credit")
class BillOnCredit(Event):
    """A bill was put on its payer's credit."""

    bill_id: int
    source_kind: str
    source_id: int


@fact("settlement.bill.voided")
class BillVoided(Event):
    """A bill was withdrawn before anything was paid."""

    bill_id: int
    source_kind: str
    source_id: int


@fact("settlement.payment.succeeded")
class PaymentSucceeded(Event):
    """Money came in."""

    payment_id: int
    bill_id: int
    amount: Money


@fact("settlement.payment.refunded")
class PaymentRefunded(Event):
    """Money went back."""

    payment_id: int
    bill_id: int
    amount: Money
    source_kind: str
    source_id: int


@fact("settlement.approval.agreed")
class ApprovalAgreed(Event):
    """Somebody agreed to what a colleague had asked for; whose act it is does it now, in the same transaction."""

    approval_id: int
    act: str
    thing_id: int
    asked_by_id: int
    agreed_by_id: int
