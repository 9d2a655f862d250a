"""What stands on the papers: the settlement list of JT/T 1133 (domain.md 8.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cheyi.foundation.models import LegalEntity, Store
from cheyi.foundation.qr import qr
from cheyi.kernel import Money
from cheyi.settlement.models import BillLine
from cheyi.settlement.queries import BillView
from cheyi.settlement.rules.capitals import capitals
from cheyi.workshop.models import Certificate, WorkOrder
from cheyi.workshop.queries.counter import settling
from cheyi.workshop.rules.quality import PERIODS

KINDS = ("labour", "part", "sublet", "fee")


@dataclass(frozen=True, slots=True)
class SettlementList:
    """One order's settlement list; a bill per payer, the customer's first.

    ``paid`` is what the customer paid by each way, less what was given back, up to ``paid_at``; ``left`` still waits.
    """

    order: WorkOrder
    store: Store
    firm: LegalEntity
    sender: str
    bills: Sequence[BillView]
    labour: Sequence[BillLine]
    materials: Sequence[BillLine]
    totals: Sequence[tuple[str, Money, Money, Money]]
    due: Money
    capitals: str
    certificate_no: str
    guarantee_km: int
    guarantee_days: int
    printed_at: datetime
    qr: str
    paid: Sequence[tuple[str, Money]]
    paid_at: datetime | None
    left: Money


def settlement_list(order: WorkOrder, store: Store, *, address: str) -> SettlementList:
    """The list for the customer's papers: labour and material apart, totals by kind, the amount in capitals.

    ``address`` is the owner's page, which the QR code opens; without one there is no code.
    """
    view = settling(order)
    bill = view.customer_bill
    lines = list(bill.lines) if bill else []
    due = bill.bill.net_due if bill else Money(0)
    received = [one for one in bill.payments if one.amount > one.refunded] if bill else []
    km, days = PERIODS.get(order.regulatory_class, PERIODS["none"])
    certificate = Certificate.objects.filter(order=order).first()
    return SettlementList(
        order=order,
        store=store,
        firm=store.legal_entity,
        sender=view.owner.name if view.owner else "",
        bills=view.bills,
        labour=[line for line in lines if line.kind == "labour"],
        materials=[line for line in lines if line.kind == "part"],
        totals=[_total(kind, lines) for kind in KINDS if any(line.kind == kind for line in lines)],
        due=due,
        capitals=capitals(due),
        certificate_no=certificate.no if certificate else "",
        guarantee_km=km,
        guarantee_days=days,
        printed_at=store.local(order.settled_at or order.state_at),
        qr=qr(address) if address else "",
        paid=[(one.method, one.amount - one.refunded) for one in received],
        paid_at=max((one.received_at for one in received), default=None),
        left=bill.bill.net_due - bill.bill.paid if bill else Money(0),
    )


def _total(kind: str, lines: Sequence[BillLine]) -> tuple[str, Money, Money, Money]:
    own = [line for line in lines if line.kind == kind]
    gross = sum((line.gross for line in own), Money(0))
    net = sum((line.net for line in own), Money(0))
    return kind, gross, gross - net, net
