"""What every act with money asks first: is the bill of this store, and is it whose money this is."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F

from cheyi.foundation.fields import literal
from cheyi.foundation.models import Store
from cheyi.kernel import Refused
from cheyi.settlement.models import Bill, Prepayment
from cheyi.settlement.rules.tendering import OFFSET, Share, Tender


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
