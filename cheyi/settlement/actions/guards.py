"""What every act with money asks first: is it of this store, whose money is it, and who else must agree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from cheyi.foundation.access import Viewer
from cheyi.foundation.fields import literal
from cheyi.foundation.models import Store
from cheyi.kernel import Money, Refused
from cheyi.settlement.models import Approval, Bill, Prepayment
from cheyi.settlement.rules.approvals import APPROVAL, REFUNDERS
from cheyi.settlement.rules.shifts import MANAGER_ABOVE
from cheyi.settlement.rules.tendering import OFFSET, Share, Tender

ONE_PERSON_REFUND = Money.yuan(200)


def demand_here(bill: Bill, store: Store) -> None:
    """Receipts, journal and takings are the store's own. Raises Refused ``settlement.bill.other_store``."""
    if bill.store_id != store.pk:
        raise Refused("settlement.bill.other_store", no=bill.no)


def demand_payable(bills: Sequence[Bill], tenders: Sequence[Tender], store: Store) -> None:
    """Bills of one document of this store that somebody else than the house pays, deposits that pay as deposits.

    Raises Refused ``settlement.bill.other_store``, ``settlement.payment.other_document``, ``.internal``,
    ``.not_by_deposit``.
    """
    for bill in bills:
        demand_here(bill, store)
        if bill.payer_type == Bill.Payer.INTERNAL:
            raise Refused("settlement.payment.internal", no=bill.no)
    if len({(bill.source_kind, bill.source_id) for bill in bills}) > 1:
        raise Refused("settlement.payment.other_document")
    if any(tender.prepayment_id is not None and tender.method != OFFSET for tender in tenders):
        raise Refused("settlement.payment.not_by_deposit", field="method")


def use_prepayment(share: Share, bill: Bill, store: Store) -> None:
    """Take a share out of the deposit that it names; other ways of paying pass.

    Raises Refused ``settlement.payment.deposit_missing`` for one that this store has not, ``.others_deposit`` when the
    bill's payer did not leave it, ``settlement.prepayment.too_little``.
    """
    if share.tender.method != OFFSET:
        return
    row = Prepayment.objects.filter(pk=share.tender.prepayment_id or 0, store=store).first()
    if row is None:
        raise Refused("settlement.payment.deposit_missing", field="prepayment_id")
    if row.customer_id != bill.payer_id:
        raise Refused("settlement.payment.others_deposit", field="prepayment_id", no=row.no, bill=bill.no)
    enough = Prepayment.objects.filter(pk=row.pk, amount__gte=F("used") + F("refunded") + share.amount.parts)
    if enough.update(used=F("used") + literal(share.amount)) != 1:
        raise Refused("settlement.prepayment.too_little", field="amount", amount=share.amount)


def limit_of(store: Store) -> Money:
    """What one person may give back alone in this store (``refund_limit_fen``, 200 yuan as shipped; domain.md 10.4)."""
    return Money(int(store.setting("refund_limit_fen", ONE_PERSON_REFUND.fen)))


def difference_limit(store: Store) -> Money:
    """From what difference on a manager agrees to a till (``shift_difference_fen``, 50 yuan as shipped; domain.md 5.9)."""
    return Money(int(store.setting("shift_difference_fen", MANAGER_ABOVE.fen)))


def demand_agreement(amount: Money, *, limit: Money, by: Viewer, approver: Viewer | None) -> None:
    """Money goes back by two people above ``limit``, and always when a cashier asks (domain.md 2.3, 5.9).

    ``amount`` includes what one person alone gave back before on the same money. Raises Refused
    ``settlement.refund.second_person``, ``.not_alone``.
    """
    if is_second_person(approver, by):
        return
    if not by.may("settlement.payment.refund"):
        raise Refused("settlement.refund.not_alone", field="approver")
    if amount > limit:
        raise Refused("settlement.refund.second_person", field="approver", limit=limit)


def is_second_person(approver: Viewer | None, by: Viewer) -> bool:
    """Somebody else, who may give money back himself or agree to it."""
    if approver is None or approver.user_id == by.user_id:
        return False
    return any(approver.may(code) for code in REFUNDERS)


def lapse(act: str, thing_id: int, *, now: datetime) -> None:
    """What was asked about a thing is pointless: it has happened on the spot, or there is nothing left to agree to."""
    rows = Approval.objects.filter(act=act, thing_id=thing_id, state="waiting")
    rows.update(state=APPROVAL.after("waiting", "lapse"), decided_at=now)
