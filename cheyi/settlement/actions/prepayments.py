"""Money left in advance, and giving it back."""

from __future__ import annotations

from datetime import datetime

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit, lock
from cheyi.foundation.models import Store
from cheyi.foundation.numbering import draw
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Refused
from cheyi.settlement.actions.guards import demand_agreement, is_second_person, lapse, limit_of
from cheyi.settlement.actions.posting import post
from cheyi.settlement.models import Prepayment, Refund
from cheyi.settlement.queries import given_back_alone
from cheyi.settlement.rules.shifts import CASH
from cheyi.settlement.rules.tendering import METHODS, OFFSET, demand_amount


@act
def take_prepayment(
    *, customer_id: int, amount: Money, method: str, kind: str, store: Store, by: Viewer, now: datetime
) -> Prepayment:
    """Take a deposit (订金), earnest money (定金) or a service prepayment.

    Raises Refused ``settlement.payment.not_positive``, ``.too_large``, ``.unknown_method``.
    """
    demand_amount(amount)
    if method not in METHODS or method == OFFSET:
        raise Refused("settlement.payment.unknown_method", method=method)
    row = Prepayment.objects.create(
        store=store,
        no=draw(store, "PP", now),
        customer_id=customer_id,
        kind=kind,
        method=method,
        amount=amount,
        business_on=store.business_date(now),
        created_at=now,
        created_by_id=by.user_id,
    )
    amounts = {f"money_{method}": amount, "prepayments": -amount}
    post("prepayment", Source("settlement.prepayment", row.pk, row.no), amounts, store=store, now=now, by_id=by.user_id)
    audit(by, "settlement.prepayment.taken", row, now=now, amount=amount.parts, method=method)
    return row


@act
def refund_prepayment(
    prepayment: Prepayment,
    *,
    amount: Money,
    method: str,
    reason: str,
    store: Store,
    by: Viewer,
    now: datetime,
    approver: Viewer | None = None,
) -> Refund:
    """Give a deposit back, or what is left of it: the way it came, or in cash.

    Two people as for a refund (domain.md 2.3); earnest money (定金) is forfeited or doubled by whose fault it is, so
    there a second person always agrees. Raises Refused ``settlement.refund.not_positive``, ``.left_of_deposit``,
    ``.other_way``, ``.reason_missing``, ``.second_person``, ``.not_alone``, ``.earnest``,
    ``settlement.payment.deposit_missing`` for another store's.
    """
    row = lock(prepayment)
    demand_returnable(row, amount, method, reason, store=store)
    _demand_agreement(row, amount, store=store, by=by, approver=approver)
    row.refunded += amount
    row.save(update_fields=["refunded"])
    if not row.left:
        lapse("refund_prepayment", row.pk, now=now)
    agreed = approver is not None and is_second_person(approver, by)
    refund = Refund.objects.create(
        store=store,
        no=draw(store, "RF", now),
        prepayment=row,
        method=method,
        amount=amount,
        reason=reason.strip()[:100],
        business_on=store.business_date(now),
        approved_by_id=approver.user_id if approver is not None and agreed else None,
        created_at=now,
        created_by_id=by.user_id,
    )
    _book_refund(refund, row, by=by, now=now)
    return refund


def _book_refund(refund: Refund, row: Prepayment, *, by: Viewer, now: datetime) -> None:
    amounts = {"prepayments": refund.amount, f"money_{refund.method}": -refund.amount}
    source = Source("settlement.refund", refund.pk, refund.no)
    post("refund", source, amounts, store=refund.store, now=now, by_id=by.user_id)
    audit(
        by,
        "settlement.prepayment.refunded",
        row,
        now=now,
        amount=refund.amount.parts,
        method=refund.method,
        reason=refund.reason,
        approved_by=refund.approved_by_id,
    )


def demand_returnable(row: Prepayment, amount: Money, method: str, reason: str, *, store: Store) -> None:
    """What can go back of a deposit of this store, and how; whoever must agree is not asked here.

    Raises Refused ``settlement.payment.deposit_missing``, ``settlement.refund.not_positive``, ``.left_of_deposit``,
    ``.other_way``, ``.reason_missing``.
    """
    if row.store_id != store.pk:
        raise Refused("settlement.payment.deposit_missing")
    if amount <= Money(0):
        raise Refused("settlement.refund.not_positive", field="amount", amount=amount)
    if amount > row.left:
        raise Refused("settlement.refund.left_of_deposit", field="amount", no=row.no, left=row.left)
    if method not in (row.method, CASH):
        raise Refused("settlement.refund.other_way", field="method", no=row.no)
    if not reason.strip():
        raise Refused("settlement.refund.reason_missing", field="reason")


def _demand_agreement(row: Prepayment, amount: Money, *, store: Store, by: Viewer, approver: Viewer | None) -> None:
    if row.kind == Prepayment.Kind.EARNEST and not is_second_person(approver, by):
        raise Refused("settlement.refund.earnest", field="approver")
    before = given_back_alone(prepayment=row)
    demand_agreement(amount + before, limit=limit_of(store), by=by, approver=approver)
