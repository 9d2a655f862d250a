"""The bills and payments behind the history's orders, with their journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from cheyi.foundation.models import Store
from cheyi.kernel import Money, Rate
from cheyi.settlement.models import Bill, BillLine, BillTax, JournalEntry, JournalLine, Payment
from cheyi.settlement.rules.figures import BillFigures, ChargedLine, settle

if TYPE_CHECKING:
    from cheyi.project.demo.history import Written

RATE = Rate.percent(13)
YUAN = Money.yuan(1)
METHODS = (("wechat", 52), ("alipay", 22), ("pos", 14), ("cash", 12))


def write_money(store: Store, batch: Iterable[Written], draw: Callable[[str, datetime], str], random: Random) -> None:
    """One paid bill per order, rounded off to whole yuan, with lines, tax, payment and journal."""
    bills: list[Bill] = []
    figures: list[BillFigures] = []
    for one in batch:
        lines = [ChargedLine("customer", line.gross, line.discount, RATE) for line in _lines(one)]
        if not lines:
            continue
        figures.append(settle(lines, round_to=YUAN)["customer"])
        bills.append(_bill(store, one, figures[-1], draw))
    Bill.objects.bulk_create(bills)
    by_order = {one.order.pk: one for one in batch}
    BillLine.objects.bulk_create([row for bill in bills for row in _bill_lines(bill, by_order[bill.source_id])])
    BillTax.objects.bulk_create(
        [
            BillTax(store=store, bill=bill, rate=part.rate, net=part.net, tax=part.tax, created_at=bill.created_at)
            for bill, one in zip(bills, figures, strict=True)
            for part in one.taxes
        ]
    )
    payments = [_payment(store, bill, draw, random) for bill in bills if bill.net_due]
    Payment.objects.bulk_create(payments)
    _journal(store, bills, payments)


def _lines(one: Written) -> list:  # type: ignore[type-arg]
    return [*one.labour, *(line for line, _ in one.parts)]


def _bill(store: Store, one: Written, made: BillFigures, draw: Callable[[str, datetime], str]) -> Bill:
    order = one.order
    at = order.ready_at or order.received_at
    return Bill(
        store=store,
        legal_entity_id=store.legal_entity_id,
        no=draw("BL", at),
        source_kind="workshop.order",
        source_id=order.pk,
        source_label=order.no,
        payer_type="customer",
        payer_id=order.customer_id,
        gross=made.gross,
        line_discount=made.line_discount,
        rounding_off=made.rounding_off,
        net_due=made.net_due,
        tax=made.tax,
        paid=made.net_due,
        state="paid",
        presented_at=at,
        met_at=order.settled_at,
        created_at=at,
    )


def _bill_lines(bill: Bill, one: Written) -> list[BillLine]:
    return [
        BillLine(
            store_id=bill.store_id,
            bill=bill,
            seq=seq,
            kind=line.kind,
            line_id=line.pk,
            name=line.name,
            code=getattr(line, "part_no", ""),
            grade=getattr(line, "grade", ""),
            amount_text=str(line.quantity if line.kind == "part" else line.sold_hours),
            unit=getattr(line, "unit", ""),
            unit_price=line.unit_price if line.kind == "part" else line.rate,
            gross=line.gross,
            discount=line.discount,
            net=line.net,
            tax_rate=RATE,
            created_at=bill.created_at,
        )
        for seq, line in enumerate(_lines(one), 1)
    ]


def _payment(store: Store, bill: Bill, draw: Callable[[str, datetime], str], random: Random) -> Payment:
    at = bill.met_at or bill.created_at
    return Payment(
        store=store,
        receipt_no=draw("RC", at),
        bill=bill,
        method=random.choices([name for name, _ in METHODS], [weight for _, weight in METHODS])[0],
        amount=bill.net_due,
        received_at=at,
        business_on=store.business_date(at),
        cashier_name="演示",
        state="success",
        created_at=at,
    )


def _journal(store: Store, bills: list[Bill], payments: list[Payment]) -> None:
    """A bill's entry (receivable against revenue and tax) and a payment's (money against receivable)."""
    entries = [
        _entry(store, "bill", bill, "settlement.bill", bill.no, bill.created_at) for bill in bills if bill.net_due
    ]
    paid = [_entry(store, "payment", row, "settlement.payment", row.receipt_no, row.received_at) for row in payments]
    JournalEntry.objects.bulk_create([*entries, *paid])
    lines = []
    for entry, bill in zip(entries, (bill for bill in bills if bill.net_due), strict=True):
        amounts = {"receivable_customer": bill.net_due, "revenue": bill.tax - bill.net_due, "output_tax": -bill.tax}
        lines += [_line(entry, account, amount) for account, amount in amounts.items() if amount]
    for entry, row in zip(paid, payments, strict=True):
        lines += [
            _line(entry, f"money_{row.method}", row.amount),
            _line(entry, "receivable_customer", -row.amount),
        ]
    JournalLine.objects.bulk_create(lines)


def _entry(store: Store, kind: str, row: Bill | Payment, source: str, label: str, at: datetime) -> JournalEntry:
    return JournalEntry(
        legal_entity_id=store.legal_entity_id,
        store_id=store.pk,
        kind=kind,
        source_kind=source,
        source_id=row.pk,
        source_label=label,
        posted_on=store.business_date(at),
        happened_at=at,
        created_at=at,
    )


def _line(entry: JournalEntry, account: str, amount: Money) -> JournalLine:
    return JournalLine(
        legal_entity_id=entry.legal_entity_id,
        entry=entry,
        account=account,
        amount=amount,
        created_at=entry.created_at,
    )
