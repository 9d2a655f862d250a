"""Taking money on bills, and giving it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, lock
from cheyi.foundation.fields import literal
from cheyi.foundation.models import Store
from cheyi.foundation.numbering import draw, draw_many
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Refused
from cheyi.settlement.actions.credit import give_room_back
from cheyi.settlement.actions.guards import (
    demand_agreement,
    demand_here,
    demand_payable,
    is_second_person,
    lapse,
    limit_of,
    use_prepayment,
)
from cheyi.settlement.actions.posting import post, unbook
from cheyi.settlement.events import BillPaid, PaymentRefunded, PaymentSucceeded
from cheyi.settlement.models import Bill, Payment, Prepayment, Receivable, Refund
from cheyi.settlement.queries import given_back_alone
from cheyi.settlement.rules import life
from cheyi.settlement.rules.tendering import OFFSET, Share, Tender, part_or_rest, spread

NOTHING = Money(0)


@act
def take_payment(
    bills: Sequence[Bill], tenders: Sequence[Tender], *, store: Store, by: Viewer, now: datetime
) -> list[Payment]:
    """Take one or several ways of payment on one or several bills of a document.

    Every tender becomes a payment with a receipt number without gaps; cash beyond what is due is change. Raises Refused
    as ``rules.tendering.spread`` and ``guards.demand_payable``, ``guards.use_prepayment``,
    ``settlement.payment.channel_used`` for a channel number that was booked before, ``settlement.bill.not_now`` for a
    bill that takes no money.
    """
    rows = Bill.objects.filter(pk__in=[bill.pk for bill in bills])
    locked = list(rows.select_for_update(of=("self",)).order_by("pk"))
    demand_payable(locked, tenders, store)
    owed = [_owed(bill) for bill in locked]
    shares = spread(owed, tenders)
    for share in shares:
        use_prepayment(share, locked[share.bill], store)
    payments = _record(locked, shares, store=store, by=by, now=now)
    for place, bill in enumerate(locked):
        amount = sum((share.amount for share in shares if share.bill == place), NOTHING)
        if amount:
            _receive(bill, owed[place], amount, now=now)
    for payment, share in zip(payments, shares, strict=True):
        _book(payment, locked[share.bill], store=store, by=by, now=now)
    for bill in locked:
        if bill.state == "paid":
            _tell_paid(bill, now=now)
    return payments


def _owed(bill: Bill) -> Money:
    """What money the bill still takes: on credit it is the credit that is collected."""
    if not any(life.BILL.allows(bill.state, verb) for verb in ("pay_part", "pay_rest")):
        life.BILL.after(bill.state, "pay_part")
    return bill.credit if bill.state == "on_credit" else bill.outstanding


def _record(bills: list[Bill], shares: list[Share], *, store: Store, by: Viewer, now: datetime) -> list[Payment]:
    numbers = draw_many(store, "RC", now, len(shares))
    payments = [
        Payment(
            store=store,
            receipt_no=no,
            bill=bills[share.bill],
            method=share.tender.method,
            amount=share.amount,
            change=share.change,
            channel_txn_no=share.tender.channel_txn_no.strip() if first else "",
            prepayment_id=share.tender.prepayment_id,
            received_at=now,
            business_on=store.business_date(now),
            cashier_id=by.employee_id,
            cashier_name=by.name,
            state=life.PAYMENT.after("pending", "confirm"),
            created_at=now,
            created_by_id=by.user_id,
        )
        for share, no, first in zip(shares, numbers, _first_of_its_tender(shares), strict=True)
    ]
    try:
        with transaction.atomic():
            return Payment.objects.bulk_create(payments)
    except IntegrityError:
        raise Refused("settlement.payment.channel_used", field="channel_txn_no") from None


def _first_of_its_tender(shares: list[Share]) -> list[bool]:
    """Which shares carry the channel's number: one transaction on two bills is two payments, and known by the first."""
    return [all(earlier.tender is not share.tender for earlier in shares[:place]) for place, share in enumerate(shares)]


def _receive(bill: Bill, owed: Money, amount: Money, *, now: datetime) -> None:
    verb = part_or_rest(owed, amount, "pay")
    if bill.state == "on_credit":
        bill.credit -= amount
        give_room_back(bill, amount)
        Receivable.objects.filter(bill=bill).update(
            collected=F("collected") + literal(amount), closed_at=now if verb == "pay_rest" else None
        )
    bill.state = life.BILL.after(bill.state, verb)
    bill.paid += amount
    bill.met_at = now if verb == "pay_rest" else bill.met_at
    bill.save(update_fields=["state", "paid", "credit", "met_at"])


def _book(payment: Payment, bill: Bill, *, store: Store, by: Viewer, now: datetime) -> None:
    account = "prepayments" if payment.method == OFFSET else f"money_{payment.method}"
    post(
        "payment",
        Source("settlement.payment", payment.pk, payment.receipt_no),
        {account: payment.amount, f"receivable_{bill.payer_type}": -payment.amount},
        store=store,
        now=now,
        by_id=by.user_id,
    )
    audit(
        by,
        "settlement.payment.succeeded",
        payment,
        now=now,
        bill=bill.no,
        method=payment.method,
        amount=payment.amount.parts,
    )
    announce(
        PaymentSucceeded(
            store_id=payment.store_id,
            happened_at=now,
            payment_id=payment.pk,
            bill_id=bill.pk,
            amount=payment.amount,
        )
    )


def _tell_paid(bill: Bill, *, now: datetime) -> None:
    announce(
        BillPaid(
            store_id=bill.store_id,
            happened_at=now,
            bill_id=bill.pk,
            source_kind=bill.source_kind,
            source_id=bill.source_id,
        )
    )


@act
def refund(
    payment: Payment,
    *,
    amount: Money,
    reason: str,
    store: Store,
    by: Viewer,
    now: datetime,
    approver: Viewer | None = None,
) -> Refund:
    """Give money back on a payment, the same way it came; a bill that is given back whole is reversed in the journal.

    Above the store's limit (``refund_limit_fen``, 200 yuan as shipped) a second person must approve (domain.md 2.3);
    what one person alone has given back on the payment before counts too. A cashier always needs one. Raises Refused
    ``settlement.refund.not_positive``, ``.too_much``, ``.reason_missing``, ``.second_person``, ``.not_alone``,
    ``settlement.bill.other_store``.
    """
    payment = lock(payment)
    bill = lock(payment.bill)
    demand_refundable(payment, amount, reason, store=store)
    before = given_back_alone(payment=payment)
    demand_agreement(amount + before, limit=limit_of(store), by=by, approver=approver)
    left = payment.amount - payment.refunded
    payment.state = life.PAYMENT.after(payment.state, part_or_rest(left, amount, "refund"))
    payment.refunded += amount
    payment.save(update_fields=["state", "refunded"])
    bill.state = life.BILL.after(bill.state, part_or_rest(bill.paid, amount, "refund"))
    bill.paid, bill.met_at = bill.paid - amount, None
    bill.save(update_fields=["state", "paid", "met_at"])
    if bill.state == "refunded":
        unbook(bill, store=store, now=now, by=by)
    if payment.prepayment_id:
        Prepayment.objects.filter(pk=payment.prepayment_id).update(used=F("used") - literal(amount))
    if payment.state == "refunded":
        lapse("refund", payment.pk, now=now)
    row = _refund(payment, amount, reason, approver, store=store, by=by, now=now)
    _book_refund(row, payment, bill, store=store, by=by, now=now)
    return row


def _refund(
    payment: Payment, amount: Money, reason: str, approver: Viewer | None, *, store: Store, by: Viewer, now: datetime
) -> Refund:
    agreed = is_second_person(approver, by)
    return Refund.objects.create(
        store=store,
        no=draw(store, "RF", now),
        payment=payment,
        amount=amount,
        reason=reason.strip()[:100],
        business_on=store.business_date(now),
        approved_by_id=approver.user_id if approver is not None and agreed else None,
        created_at=now,
        created_by_id=by.user_id,
    )


def demand_refundable(payment: Payment, amount: Money, reason: str, *, store: Store) -> None:
    """What can be given back on a payment of this store, with its reason; whoever must agree is not asked here.

    Raises Refused ``settlement.bill.other_store``, ``settlement.refund.not_positive``, ``.too_much``, ``.reason_missing``.
    """
    demand_here(payment.bill, store)
    if amount <= NOTHING:
        raise Refused("settlement.refund.not_positive", field="amount", amount=amount)
    left = payment.amount - payment.refunded
    if amount > left:
        raise Refused("settlement.refund.too_much", field="amount", left=left)
    if not reason.strip():
        raise Refused("settlement.refund.reason_missing", field="reason")


def _book_refund(row: Refund, payment: Payment, bill: Bill, *, store: Store, by: Viewer, now: datetime) -> None:
    account = "prepayments" if payment.method == OFFSET else f"money_{payment.method}"
    post(
        "refund",
        Source("settlement.refund", row.pk, row.no),
        {f"receivable_{bill.payer_type}": row.amount, account: -row.amount},
        store=store,
        now=now,
        by_id=by.user_id,
    )
    audit(
        by,
        "settlement.payment.refunded",
        payment,
        now=now,
        amount=row.amount.parts,
        reason=row.reason,
        approved_by=row.approved_by_id,
    )
    announce(
        PaymentRefunded(
            store_id=payment.store_id,
            happened_at=now,
            payment_id=payment.pk,
            bill_id=bill.pk,
            amount=row.amount,
            source_kind=bill.source_kind,
            source_id=bill.source_id,
        )
    )
