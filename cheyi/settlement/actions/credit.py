"""Letting a payer pay later, within his limit; and the dated tax rates."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import F

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, lock
from cheyi.foundation.fields import literal
from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Rate, Refused
from cheyi.settlement.actions.guards import demand_here
from cheyi.settlement.actions.posting import post
from cheyi.settlement.events import BillOnCredit
from cheyi.settlement.models import Bill, CreditAccount, Receivable, TaxRate
from cheyi.settlement.rules import life
from cheyi.settlement.rules.tendering import MOST

OVERDUE_DAYS = 60


@act
def put_on_credit(bill: Bill, *, store: Store, by: Viewer, now: datetime) -> Bill:
    """Put what a bill still asks for on its payer's credit account (挂账).

    Raises Refused ``settlement.credit.no_account``, ``.over_limit``, ``.overdue`` (something is unpaid for more than 60
    days after its due date), ``settlement.bill.other_store``.
    """
    bill = lock(bill)
    demand_here(bill, store)
    amount = bill.outstanding
    today = store.business_date(now)
    account = _account_of(bill, today)
    state = life.BILL.after(bill.state, "put_on_credit")
    room = CreditAccount.objects.filter(pk=account.pk, limit__gte=F("used") + literal(amount))
    if room.update(used=F("used") + literal(amount)) != 1:
        raise Refused("settlement.credit.over_limit", limit=account.limit, used=account.used, amount=amount)
    bill.state, bill.credit, bill.met_at = state, amount, now
    bill.save(update_fields=["state", "credit", "met_at"])
    _owe(bill, today + timedelta(days=account.days), by=by, now=now)
    audit(by, "settlement.bill.on_credit", bill, now=now, amount=amount.parts)
    announce(
        BillOnCredit(
            store_id=bill.store_id,
            happened_at=now,
            bill_id=bill.pk,
            source_kind=bill.source_kind,
            source_id=bill.source_id,
        )
    )
    return bill


def _owe(bill: Bill, due_on: date, *, by: Viewer, now: datetime) -> None:
    """The bill's one receivable: begun anew when the bill was collected, given back in part and is lent again."""
    owed = {"amount": bill.credit, "collected": Money(0), "due_on": due_on, "closed_at": None}
    known = {
        "legal_entity_id": bill.legal_entity_id,
        "store_id": bill.store_id,
        "payer_type": bill.payer_type,
        "payer_id": bill.payer_id,
        "created_at": now,
        "created_by_id": by.user_id,
    }
    Receivable.objects.update_or_create(bill=bill, defaults=owed, create_defaults={**owed, **known})


def _account_of(bill: Bill, today: date) -> CreditAccount:
    accounts = CreditAccount.objects.filter(legal_entity_id=bill.legal_entity_id, customer_id=bill.payer_id or 0)
    account = accounts.first()
    if account is None:
        raise Refused("settlement.credit.no_account")
    late = Receivable.objects.filter(
        payer_id=bill.payer_id, closed_at=None, due_on__lt=today - timedelta(days=OVERDUE_DAYS)
    )
    if late.exists():
        raise Refused("settlement.credit.overdue", days=OVERDUE_DAYS)
    return account


def give_room_back(bill: Bill, amount: Money) -> None:
    """Lower what the payer's credit account has in use: the money came, or the bill was withdrawn."""
    if bill.payer_id is not None:
        accounts = CreditAccount.objects.filter(legal_entity_id=bill.legal_entity_id, customer_id=bill.payer_id)
        accounts.update(used=F("used") - literal(amount))


@act
def write_off(bill: Bill, *, reason: str, approver: Viewer | None, store: Store, by: Viewer, now: datetime) -> Bill:
    """Give up what a payer on credit still owes (核销); an accountant asks, another person who may approve agrees.

    Raises Refused ``settlement.bill.reason_missing``, ``.second_person``, ``.not_now``, ``.other_store``, and
    ``settlement.payment.internal`` for what the house bears anyway.
    """
    bill = lock(bill)
    demand_here(bill, store)
    if bill.payer_type == Bill.Payer.INTERNAL:
        raise Refused("settlement.payment.internal", no=bill.no)
    state = life.BILL.after(bill.state, "write_off")
    if not reason.strip():
        raise Refused("settlement.bill.reason_missing", field="reason")
    if approver is None or approver.user_id == by.user_id or not approver.may("settlement.bill.approve_write_off"):
        raise Refused("settlement.bill.second_person")
    amount = bill.credit
    bill.state, bill.met_at = state, now
    bill.save(update_fields=["state", "met_at"])
    Receivable.objects.filter(bill=bill, closed_at=None).update(closed_at=now)
    give_room_back(bill, amount)
    accounts = {"bad_debt": amount, f"receivable_{bill.payer_type}": -amount}
    post("write_off", Source("settlement.bill", bill.pk, bill.no), accounts, store=store, now=now, by_id=by.user_id)
    audit(
        by,
        "settlement.bill.written_off",
        bill,
        now=now,
        amount=amount.parts,
        reason=reason,
        approver=approver.user_id,
    )
    return bill


@act
def set_limit(*, customer_id: int, limit: Money, days: int, store: Store, by: Viewer, now: datetime) -> CreditAccount:
    """Open a payer's credit account with a legal entity, or change its limit; what is used already stays owed.

    Raises Refused ``settlement.credit.negative``, ``settlement.payment.too_large`` for more than a slip of the hand.
    """
    if limit < Money(0) or not 0 <= days <= 365:
        raise Refused("settlement.credit.negative", field="limit")
    if limit > MOST:
        raise Refused("settlement.payment.too_large", field="limit", amount=limit)
    known = CreditAccount.objects.filter(legal_entity_id=store.legal_entity_id, customer_id=customer_id)
    before = known.select_for_update(of=("self",)).first()
    account, _ = CreditAccount.objects.update_or_create(
        legal_entity_id=store.legal_entity_id,
        customer_id=customer_id,
        defaults={"limit": limit, "days": days},
        create_defaults={"limit": limit, "days": days, "created_at": now, "created_by_id": by.user_id},
    )
    old = {"limit": before.limit.fen if before else 0, "days": before.days if before else days}
    undo = ("settlement.credit.set_limit", {"store_id": store.pk, "customer_id": customer_id, **old})
    audit(by, "settlement.credit.limit_set", account, now=now, undo=undo, limit=limit.parts, days=days)
    return account


@act
def set_tax_rate(*, kind: str, rate: Rate, valid_from: date, store: Store, by: Viewer, now: datetime) -> TaxRate:
    """Record the rate of a kind of sale from a date on."""
    row, _ = TaxRate.objects.update_or_create(
        legal_entity_id=store.legal_entity_id,
        kind=kind,
        valid_from=valid_from,
        defaults={"rate": rate},
        create_defaults={"rate": rate, "created_at": now, "created_by_id": by.user_id},
    )
    audit(by, "settlement.tax_rate.set", row, now=now, kind=kind, rate=rate.parts)
    return row
