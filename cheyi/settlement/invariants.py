"""What money must add up to; ``cheyi check`` runs this and never repairs (reliability.md 3).

Every figure that is kept is compared with the rows that prove it: a bill with its lines, taxes and payments, a payment
with its refunds, what an account has in use with its bills, and the journal's accounts with all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Count, F, Q

from cheyi.foundation.fields import MoneyField, total
from cheyi.foundation.invariants import invariant
from cheyi.kernel import Money
from cheyi.settlement.models import (
    Bill,
    BillLine,
    BillTax,
    CreditAccount,
    JournalEntry,
    JournalLine,
    Payment,
    Prepayment,
    Receivable,
    Refund,
    ShiftCount,
)
from cheyi.settlement.rules import life
from cheyi.settlement.rules.shifts import CASH
from cheyi.settlement.rules.tendering import METHODS, OFFSET

NOTHING = Money(0)
MONEY = "money_"
PREPAYMENTS = "prepayments"
OWED = "receivable_"
HOUSE = "internal"


@invariant("I3")
def entries_sum_to_zero() -> Iterator[str]:
    """Every journal entry has at least two lines and sums to 0 fen."""
    entries = JournalEntry.objects.annotate(n=Count("lines"), sum=total("lines__amount", MoneyField))
    for entry in entries.filter(Q(n__lt=2) | ~Q(sum=NOTHING)).order_by("pk").iterator():
        yield f"journal entry {entry.pk} ({entry.kind} {entry.source_label}) has {entry.n} lines and sums to {entry.sum}"


@invariant("I4")
def accounts_agree_with_documents() -> Iterator[str]:
    """The journal sums to 0, and its accounts of money, receivables and prepayments equal the documents'."""
    booked: dict[tuple[int, str], Money] = defaultdict(lambda: NOTHING)
    sums: dict[int, Money] = defaultdict(lambda: NOTHING)
    rows = JournalLine.objects.values_list("legal_entity_id", "account").annotate(sum=total("amount", MoneyField))
    for entity, account, amount in rows.order_by():
        sums[entity] += amount
        if account.startswith((MONEY, OWED)) or account == PREPAYMENTS:
            booked[entity, account] = amount
    yield from (f"the journal of legal entity {entity} sums to {left}" for entity, left in sums.items() if left)
    expected = _expected()
    for key in sorted(booked.keys() | expected.keys()):
        if booked[key] != expected[key]:
            yield f"account {key[1]} of legal entity {key[0]} says {booked[key]}, the documents {expected[key]}"


def _expected() -> dict[tuple[int, str], Money]:
    amounts: dict[tuple[int, str], Money] = defaultdict(lambda: NOTHING)
    living = Bill.objects.exclude(state__in=(*life.DEAD, "written_off")).exclude(payer_type=HOUSE)
    for entity, payer, owed in living.values_list("legal_entity_id", "payer_type").annotate(
        sum=total("net_due", MoneyField)
    ):
        amounts[entity, OWED + payer] += owed
    for entity, payer, method, sign, amount in _movements():
        amounts[entity, PREPAYMENTS if method == OFFSET else MONEY + method] += amount if sign > 0 else -amount
        amounts[entity, OWED + payer] += -amount if sign > 0 else amount
    lost = Bill.objects.filter(state="written_off").values_list("legal_entity_id", "payer_type")
    for entity, payer, paid in lost.annotate(sum=total("paid", MoneyField)):
        amounts[entity, OWED + payer] += paid
    rows = Prepayment.objects.values_list("store__legal_entity_id", "method").annotate(sum=total("amount", MoneyField))
    for entity, method, amount in rows.order_by():
        amounts[entity, MONEY + method] += amount
        amounts[entity, PREPAYMENTS] += -amount
    back = Refund.objects.exclude(prepayment=None).values_list("store__legal_entity_id", "method")
    for entity, method, amount in back.annotate(sum=total("amount", MoneyField)).order_by():
        amounts[entity, MONEY + method] += -amount
        amounts[entity, PREPAYMENTS] += amount
    return amounts


def _movements() -> Iterator[tuple[int, str, str, int, Money]]:
    """Money that came (+1) and went back (-1): legal entity, payer, method, sign, amount."""
    for found, prefix, sign in (
        (Payment.objects.all(), "", 1),
        (Refund.objects.exclude(payment=None), "payment__", -1),
    ):
        columns = [f"{prefix}{name}" for name in ("bill__legal_entity_id", "bill__payer_type", "method")]
        rows = found.values_list(*columns).annotate(sum=total("amount", MoneyField)).order_by()
        yield from ((entity, payer, method, sign, amount) for entity, payer, method, amount in rows)


@invariant("I5")
def bills_add_up() -> Iterator[str]:
    """A bill is the sum of its lines, gap and rounding; ex + tax = net per rate; paid is what was paid less refunds."""
    lines = _sums(BillLine, "net")
    nets, taxes = _sums(BillTax, "net"), _sums(BillTax, "tax")
    came, back = _sums(Payment, "amount"), _sums(Payment, "refunded")
    for bill in Bill.objects.order_by("pk").iterator():
        own = lines.get(bill.pk, NOTHING) + bill.gap_amount - bill.rounding_off
        if not bill.net_due == own == nets.get(bill.pk, NOTHING):
            yield f"bill {bill.no}: {bill.net_due} due, lines say {own}, taxes {nets.get(bill.pk, NOTHING)}"
        if bill.tax != taxes.get(bill.pk, NOTHING):
            yield f"bill {bill.no}: tax {bill.tax}, its rates say {taxes.get(bill.pk, NOTHING)}"
        paid = came.get(bill.pk, NOTHING) - back.get(bill.pk, NOTHING)
        if bill.paid != paid:
            yield f"bill {bill.no}: {bill.paid} paid, payments say {paid}"


def _sums(model: type[BillLine | BillTax | Payment], column: str) -> dict[int, Money]:
    rows = model.objects.values_list("bill_id").annotate(sum=total(column, MoneyField))
    return dict(rows.order_by())


@invariant("I5")
def refunds_add_up() -> Iterator[str]:
    """What a payment or a deposit has given back is the sum of its refunds, what a deposit has paid that of its payments."""
    given = dict(Refund.objects.values_list("payment_id").annotate(sum=total("amount", MoneyField)).order_by())
    for payment in Payment.objects.exclude(refunded=NOTHING, refunds=None).distinct().order_by("pk").iterator():
        if payment.refunded != given.get(payment.pk, NOTHING):
            yield f"payment {payment.receipt_no}: {payment.refunded} refunded, refunds say {given.get(payment.pk, NOTHING)}"
    used = (
        Payment.objects.exclude(prepayment=None)
        .values_list("prepayment_id")
        .annotate(sum=total("amount", MoneyField), back=total("refunded", MoneyField))
    )
    spent = {prepayment: amount - back for prepayment, amount, back in used.order_by()}
    back = dict(Refund.objects.values_list("prepayment_id").annotate(sum=total("amount", MoneyField)).order_by())
    for prepayment in Prepayment.objects.order_by("pk").iterator():
        returned = back.get(prepayment.pk, NOTHING)
        if prepayment.refunded != returned:
            yield f"prepayment {prepayment.no}: {prepayment.refunded} refunded, refunds say {returned}"
        if prepayment.used != spent.get(prepayment.pk, NOTHING):
            yield f"prepayment {prepayment.no}: {prepayment.used} used, payments say {spent.get(prepayment.pk, NOTHING)}"


@invariant("I5")
def credit_adds_up() -> Iterator[str]:
    """What a credit account has in use is what its open receivables still ask for."""
    open_ones = Receivable.objects.filter(closed_at=None).exclude(payer=None).values_list("legal_entity_id", "payer_id")
    owed = {
        (entity, payer): amount - collected
        for entity, payer, amount, collected in open_ones.annotate(
            sum=total("amount", MoneyField), in_=total("collected", MoneyField)
        ).order_by()
    }
    for account in CreditAccount.objects.order_by("pk").iterator():
        asked = owed.get((account.legal_entity_id, account.customer_id), NOTHING)
        if account.used != asked:
            yield f"credit account {account.pk}: {account.used} in use, receivables say {asked}"


@invariant("I5")
def deposits_pay_for_whoever_left_them() -> Iterator[str]:
    """An offset names a deposit of the bill's payer, other ways of paying name none."""
    offset = Q(method=OFFSET)
    rows = Payment.objects.select_related("bill", "prepayment").filter(offset | Q(prepayment__isnull=False))
    for payment in rows.order_by("pk").iterator():
        if payment.prepayment is None:
            yield f"payment {payment.receipt_no} is an offset and names no deposit"
        elif payment.method != OFFSET:
            yield f"payment {payment.receipt_no} by {payment.method} names a deposit"
        elif payment.prepayment.customer_id != payment.bill.payer_id:
            yield f"payment {payment.receipt_no} by deposit {payment.prepayment.no} pays a bill of somebody else"


@invariant("I5")
def the_house_pays_itself_nothing() -> Iterator[str]:
    """No money stands on a bill that the house bears."""
    for payment in Payment.objects.filter(bill__payer_type=HOUSE).select_related("bill").order_by("pk").iterator():
        yield f"payment {payment.receipt_no} pays bill {payment.bill.no}, which the house bears"


@invariant("I5")
def receivables_ask_for_what_is_on_credit() -> Iterator[str]:
    """An open receivable is what its bill has on credit; the house owes itself none."""
    lent = Bill.objects.filter(state="on_credit").exclude(payer_type=HOUSE).select_related("receivable")
    for bill in lent.order_by("pk").iterator():
        row = getattr(bill, "receivable", None)
        asked = row.amount - row.collected if row is not None and row.closed_at is None else NOTHING
        if asked != bill.credit:
            yield f"bill {bill.no} has {bill.credit} on credit, its receivable says {asked}"


@invariant("I5")
def tills_hold_no_less_than_nothing() -> Iterator[str]:
    """Nobody counts less than no cash, or a way of paying that brings no money."""
    wrong = Q(method=CASH, counted__lt=NOTHING) | ~Q(method__in=METHODS) | Q(method=OFFSET)
    for row in ShiftCount.objects.filter(wrong).order_by("pk").iterator():
        yield f"shift {row.shift_id} counted {row.counted} of {row.method}"


@invariant("I10")
def bills_are_in_known_states() -> Iterator[str]:
    """A bill's state is one of its life and fits its money: paid in full, on credit with credit, void without any."""
    wrong = (
        ~Q(state__in=life.BILL.states)
        | Q(state="paid", net_due__gt=F("paid"))
        | Q(state="on_credit", credit=NOTHING)
        | Q(state__in=("void", "refunded"), paid__gt=NOTHING)
        | Q(state="due", paid__gt=NOTHING)
        | Q(state="partial", paid=NOTHING)
        | Q(state="partial", net_due=F("paid") + F("credit"))
    )
    for bill in Bill.objects.filter(wrong).order_by("pk").iterator():
        yield f"bill {bill.no} is {bill.state} with {bill.paid} paid and {bill.credit} on credit of {bill.net_due}"
