"""Writing the journal: each event is an entry whose lines sum to zero (invariant I3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Money
from cheyi.settlement.models import Bill, JournalEntry, JournalLine


def post(
    kind: str, source: Source, amounts: Mapping[str, Money], *, store: Store, now: datetime, by_id: int | None
) -> JournalEntry:
    """Write one entry; debits positive, credits negative, zero lines left out. Raises ValueError when it does not sum to 0."""
    if sum(amount.parts for amount in amounts.values()) != 0:
        raise ValueError(f"journal entry {kind} of {source.label} does not sum to zero: {dict(amounts)}")
    entry = JournalEntry.objects.create(
        legal_entity_id=store.legal_entity_id,
        store_id=store.pk,
        kind=kind,
        source_kind=source.kind,
        source_id=source.id,
        source_label=source.label,
        posted_on=store.business_date(now),
        happened_at=now,
        created_at=now,
        created_by_id=by_id,
    )
    JournalLine.objects.bulk_create(
        [
            JournalLine(
                legal_entity_id=store.legal_entity_id,
                entry=entry,
                account=account,
                amount=amount,
                created_at=now,
                created_by_id=by_id,
            )
            for account, amount in amounts.items()
            if amount
        ]
    )
    return entry


def book(bill: Bill, *, store: Store, now: datetime, by: Viewer) -> None:
    """Book what a bill asks for: its payer (or the house) owes, revenue and output tax stand against it."""
    _post_bill("bill", bill, 1, store=store, now=now, by=by)


def unbook(bill: Bill, *, store: Store, now: datetime, by: Viewer) -> None:
    """Reverse a bill that was voided or given back whole."""
    _post_bill("bill_void", bill, -1, store=store, now=now, by=by)


def _post_bill(kind: str, bill: Bill, sign: int, *, store: Store, now: datetime, by: Viewer) -> None:
    if not bill.net_due:
        return
    debit = "internal_work" if bill.payer_type == "internal" else f"receivable_{bill.payer_type}"
    amounts = {debit: bill.net_due, "revenue": bill.tax - bill.net_due, "output_tax": -bill.tax}
    signed = {account: amount if sign > 0 else -amount for account, amount in amounts.items()}
    post(kind, Source("settlement.bill", bill.pk, bill.no), signed, store=store, now=now, by_id=by.user_id)
