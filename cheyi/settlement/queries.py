"""The questions: a document's bills, whether they are met, what came in today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, When

from cheyi.foundation.access import Viewer
from cheyi.foundation.fields import MoneyField, total
from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Money
from cheyi.settlement.models import (
    Approval,
    Bill,
    BillLine,
    BillTax,
    CashierShift,
    CreditAccount,
    JournalEntry,
    JournalLine,
    Payment,
    Prepayment,
    Refund,
)
from cheyi.settlement.rules.approvals import AGREERS
from cheyi.settlement.rules.life import DEAD, MET
from cheyi.settlement.rules.shifts import Movement

NOTHING = Money(0)
MONEY = "money_"
PAYMENT, REFUND = "settlement.payment", "settlement.refund"


@dataclass(frozen=True, slots=True)
class BillView:
    """A bill with everything that its page and paper show."""

    bill: Bill
    lines: Sequence[BillLine]
    taxes: Sequence[BillTax]
    payments: Sequence[Payment]

    @property
    def is_met(self) -> bool:
        """Nothing is to be paid here any more."""
        return self.bill.state in MET


@dataclass(frozen=True, slots=True)
class MethodTakings:
    """What one way of paying brought on a day."""

    method: str
    received: Money
    refunded: Money
    count: int

    @property
    def net(self) -> Money:
        """Received less given back."""
        return self.received - self.refunded


@dataclass(frozen=True, slots=True)
class Takings:
    """A business day's money by way of paying; offsets against prepayments are no takings."""

    on: date
    methods: tuple[MethodTakings, ...]

    @property
    def total(self) -> Money:
        """All money of the day less what was given back."""
        return sum((one.net for one in self.methods), NOTHING)

    @property
    def count(self) -> int:
        """How many payments."""
        return sum(one.count for one in self.methods)


@dataclass(frozen=True, slots=True)
class Moved:
    """Money that came (or went back: negative), with its receipt and the document that was paid."""

    no: str
    at: datetime
    amount: Money
    method: str
    document: Source | None = None


@dataclass(frozen=True, slots=True)
class DayTaken:
    """What a store took on a day, and the part of it that came up to a time of that day."""

    whole: Money
    early: Money


def bills_of(source: Source) -> list[BillView]:
    """The living bills of a document, customer first, in four queries."""
    rows = Bill.objects.filter(source_kind=source.kind, source_id=source.id).exclude(state__in=DEAD).order_by("pk")
    bills = list(rows.prefetch_related("lines", "taxes", "payments"))
    bills.sort(key=lambda bill: (bill.payer_type != "customer", bill.pk))
    return [
        BillView(
            bill,
            sorted(bill.lines.all(), key=lambda line: line.seq),
            sorted(bill.taxes.all(), key=lambda part: part.rate, reverse=True),
            sorted(bill.payments.all(), key=lambda payment: payment.pk),
        )
        for bill in bills
    ]


def all_met(source: Source) -> bool:
    """Whether the document has bills and none of them waits for money."""
    counts = (
        Bill.objects.filter(source_kind=source.kind, source_id=source.id)
        .exclude(state__in=DEAD)
        .aggregate(all=Count("pk"), met=Count("pk", filter=Q(state__in=MET)))
    )
    return bool(counts["all"] and counts["all"] == counts["met"])


def anything_paid(source: Source) -> bool:
    """Whether money lies on one of the document's living bills."""
    rows = Bill.objects.filter(source_kind=source.kind, source_id=source.id).exclude(state__in=DEAD)
    return rows.filter(paid__gt=NOTHING).exists()


def prepayments_of(customer_id: int) -> list[Prepayment]:
    """The customer's prepayments that still have something left, oldest first."""
    rows = Prepayment.objects.filter(customer_id=customer_id).order_by("pk")
    return [row for row in rows if row.left > NOTHING]


def credit_account(customer_id: int, store: Store) -> CreditAccount | None:
    """What a payer may owe to the store's legal entity, where he has an account; one query."""
    rows = CreditAccount.objects.filter(legal_entity_id=store.legal_entity_id, customer_id=customer_id)
    return rows.first()


def takings(store: Store, day: date) -> Takings:
    """What a store took on a business day, by way of paying, in three queries."""
    received: dict[str, tuple[Money, int]] = {}
    for rows in _incoming(store, business_on=day):
        for row in rows.values("method").annotate(sum=total("amount", MoneyField), n=Count("pk")):
            before, count = received.get(row["method"], (NOTHING, 0))
            received[row["method"]] = (before + row["sum"], count + row["n"])
    back = _given_back(store=store, business_on=day)
    methods = [
        MethodTakings(method, *_split(received.get(method), back.get(method)))
        for method in sorted(received.keys() | back.keys())
    ]
    return Takings(day, tuple(sorted(methods, key=lambda one: (-one.net, one.method))))


def _incoming(store: Store, **which: Any) -> tuple[QuerySet[Any], ...]:
    """Payments and prepayments; offsets against prepayments are no takings."""
    payments = Payment.objects.filter(store=store, **which).exclude(method="deposit_offset")
    return payments, Prepayment.objects.filter(store=store, **which)


def _outgoing(**which: Any) -> QuerySet[Any]:
    """Money that went back with its ``way``; what filled a deposit again did not leave the house."""
    way = Case(When(payment__isnull=False, then=F("payment__method")), default=F("method"), output_field=CharField())
    return Refund.objects.filter(**which).annotate(way=way).exclude(way="deposit_offset")


def _given_back(**which: Any) -> dict[str, Money]:
    """What went back by way of paying; one query."""
    return dict(_outgoing(**which).values_list("way").annotate(sum=total("amount", MoneyField)).order_by())


def given_back_alone(**of: Any) -> Money:
    """What one person without a second one gave back on a payment (``payment=``) or of a deposit (``prepayment=``)."""
    alone = Refund.objects.filter(approved_by_id=None, **of).aggregate(sum=total("amount", MoneyField))
    return alone["sum"] or NOTHING


def may_agree(row: Approval, viewer: Viewer) -> bool:
    """Whether the viewer is a second person for what was asked."""
    return row.created_by_id != viewer.user_id and any(viewer.may(code) for code in AGREERS[row.act])


def waiting_approvals(store: Store) -> list[Approval]:
    """What waits for somebody's agreement, the oldest first; one query."""
    return list(Approval.objects.filter(store=store, state="waiting").order_by("pk")[:50])


def approvals_since(store: Store, moment: datetime) -> list[Approval]:
    """What waits, and what was decided since then, the newest first; one query."""
    live = Q(state="waiting") | Q(state__in=("agreed", "declined"), decided_at__gte=moment)
    return list(Approval.objects.filter(live, store=store).order_by("-pk")[:50])


def daily_takings(store: Store, first: date, last: date, *, until: datetime) -> dict[date, DayTaken]:
    """What a store took on each business day from ``first`` to ``last``, given-back money off; three queries.

    ``early`` is the part of a day that came up to the moment ``until``: all of it on days before, nothing after.
    """
    found: dict[date, DayTaken] = {}
    sums = {
        "whole": total("amount", MoneyField),
        "early": total("amount", MoneyField, filter=Q(created_at__lte=until)),
    }
    day = {"business_on__range": (first, last)}
    back = _outgoing(store=store, **day)
    for rows in (*_incoming(store, **day), back):
        for on, *amounts in rows.values_list("business_on").annotate(**sums).order_by():
            whole, early = ((-amount if rows is back else amount) if amount else NOTHING for amount in amounts)
            so_far = found.get(on, DayTaken(NOTHING, NOTHING))
            found[on] = DayTaken(so_far.whole + whole, so_far.early + early)
    return found


def money_on(store: Store, day: date) -> list[Moved]:
    """Every receipt behind a day's takings, newest first: they sum to ``takings(…).total``; two queries, by the journal."""
    lines = JournalLine.objects.filter(entry__store_id=store.pk, entry__posted_on=day, account__startswith=MONEY)
    booked = list(lines.select_related("entry").order_by("-entry__happened_at", "-pk"))
    bills = _bills_behind([line.entry for line in booked])
    return [
        Moved(
            line.entry.source_label,
            line.entry.happened_at,
            line.amount,
            line.account.removeprefix(MONEY),
            bills.get((line.entry.source_kind, line.entry.source_id)),
        )
        for line in booked
    ]


def _bills_behind(entries: Sequence[JournalEntry]) -> dict[tuple[str, int], Source]:
    """For the source of each entry that is a payment or a refund on one: the document of its bill; one query."""
    ids = {kind: [one.source_id for one in entries if one.source_kind == kind] for kind in (PAYMENT, REFUND)}
    rows = Payment.objects.filter(Q(pk__in=ids[PAYMENT]) | Q(refunds__in=ids[REFUND]))
    found: dict[tuple[str, int], Source] = {}
    columns = ("pk", "refunds__pk", "bill__source_kind", "bill__source_id", "bill__source_label")
    for payment, refund, kind, number, label in rows.values_list(*columns):
        found[PAYMENT, payment] = found[REFUND, refund] = Source(kind, number, label)
    return found


def _split(received: tuple[Money, int] | None, back: Money | None) -> tuple[Money, Money, int]:
    amount, count = received or (NOTHING, 0)
    return amount, back or NOTHING, count


def movements_of(shift: CashierShift) -> dict[str, Movement]:
    """What a shift's cashier took and gave back since it was opened, by way of paying; three queries."""
    mine = {"store_id": shift.store_id, "created_by_id": shift.cashier_id, "created_at__gte": shift.opened_at}
    if shift.closed_at is not None:
        mine["created_at__lt"] = shift.closed_at
    received: dict[str, Money] = {}
    for rows in (Payment.objects.exclude(method="deposit_offset"), Prepayment.objects.all()):
        for method, amount in rows.filter(**mine).values_list("method").annotate(sum=total("amount", MoneyField)):
            received[method] = received.get(method, NOTHING) + amount
    back = _given_back(**mine)
    methods = received.keys() | back.keys()
    return {each: Movement(received.get(each, NOTHING), back.get(each, NOTHING)) for each in methods}


def living_bills_of(kind: str, source_ids: Sequence[int]) -> list[Bill]:
    """The bills of several documents of one kind that were not withdrawn; one query."""
    return list(Bill.objects.filter(source_kind=kind, source_id__in=list(source_ids)).exclude(state__in=DEAD))


def outstanding_of(bills: Sequence[Bill]) -> dict[int, Money]:
    """What is still to be paid on these bills, by the id of their document."""
    owed: dict[int, Money] = {}
    for bill in bills:
        owed[bill.source_id] = owed.get(bill.source_id, NOTHING) + bill.outstanding
    return owed
