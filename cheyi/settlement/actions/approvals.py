"""Asking a colleague who is not beside: the request waits, he agrees or declines, and the act happens once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from cheyi.foundation.access import Viewer, viewer_of
from cheyi.foundation.acts import act, announce, audit, lock
from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Refused
from cheyi.settlement.actions.payments import demand_refundable, refund
from cheyi.settlement.actions.prepayments import demand_returnable, refund_prepayment
from cheyi.settlement.actions.shifts import close_shift, demand_closable
from cheyi.settlement.events import ApprovalAgreed
from cheyi.settlement.models import Approval, CashierShift, Payment, Prepayment
from cheyi.settlement.rules.approvals import AGREERS, APPROVAL


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: how much, by which way of paying (deposits only), and why."""

    amount: Money
    reason: str
    method: str = ""


@act
def ask(what: str, thing_id: int, source: Source, wish: Wish, *, store: Store, by: Viewer, now: datetime) -> Approval:
    """Put a request before those who may agree. Raises Refused ``settlement.approval.waits`` when one waits already."""
    row = Approval(
        store=store,
        act=what,
        thing_id=thing_id,
        source_kind=source.kind,
        source_id=source.id,
        source_label=source.label,
        amount=wish.amount,
        method=wish.method,
        reason=wish.reason.strip()[:200],
        asked_by=by.name,
        state=APPROVAL.after("", "ask"),
        created_at=now,
        created_by_id=by.user_id,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused("settlement.approval.waits") from None
    audit(by, "settlement.approval.asked", row, now=now, act=what, about=thing_id, amount=wish.amount.parts)
    return row


@act
def ask_refund(payment: Payment, *, amount: Money, reason: str, store: Store, by: Viewer, now: datetime) -> Approval:
    """Ask that money goes back on a payment. Refused as ``refund`` is, save for the missing second person."""
    payment = lock(payment)
    demand_refundable(payment, amount, reason, store=store)
    wish = Wish(amount, reason, payment.method)
    return ask("refund", payment.pk, payment.bill.source, wish, store=store, by=by, now=now)


@act
def ask_refund_prepayment(
    prepayment: Prepayment, *, amount: Money, method: str, reason: str, store: Store, by: Viewer, now: datetime
) -> Approval:
    """Ask that a deposit goes back. Refused as ``refund_prepayment`` is, save for the missing second person."""
    row = lock(prepayment)
    demand_returnable(row, amount, method, reason, store=store)
    source = Source("settlement.prepayment", row.pk, row.no)
    return ask("refund_prepayment", row.pk, source, Wish(amount, reason, method), store=store, by=by, now=now)


@act
def ask_close_shift(shift: CashierShift, *, note: str, store: Store, by: Viewer, now: datetime) -> Approval:
    """Ask that a till is handed over though it differs. Refused as ``close_shift`` is, save for the missing manager."""
    shift = lock(shift)
    off = demand_closable(shift, note=note, by=by)
    source = Source("settlement.shift", shift.pk, shift.cashier_name)
    return ask("close_shift", shift.pk, source, Wish(off, note), store=store, by=by, now=now)


@act
def agree(approval: Approval, *, store: Store, by: Viewer, now: datetime) -> Approval:
    """Agree, and what was asked for happens now, in the name of who asked.

    Raises Refused ``settlement.approval.decided`` (somebody was quicker), ``.own``, ``.no_right``, ``.asker_gone``, and
    as the act itself when things have changed since: then nothing happens and the request still waits.
    """
    row = _to_decide(approval, by)
    asker = viewer_of(row.created_by_id or 0, store_id=row.store_id)
    if asker is None or asker.store_id != row.store_id:
        raise Refused("settlement.approval.asker_gone", name=row.asked_by)
    _decide(row, "agree", by=by, now=now)
    _perform(row, store=store, by=asker, approver=by, now=now)
    announce(
        ApprovalAgreed(
            store_id=row.store_id,
            happened_at=now,
            approval_id=row.pk,
            act=row.act,
            thing_id=row.thing_id,
            asked_by_id=asker.user_id or 0,
            agreed_by_id=by.user_id or 0,
        )
    )
    return row


def _perform(row: Approval, *, store: Store, by: Viewer, approver: Viewer, now: datetime) -> None:
    """The acts of this package; a higher one reacts to the fact."""
    if row.act == Approval.Act.REFUND:
        payment = Payment.objects.get(pk=row.thing_id)
        refund(payment, amount=row.amount, reason=row.reason, store=store, approver=approver, by=by, now=now)
    elif row.act == Approval.Act.REFUND_PREPAYMENT:
        refund_prepayment(
            Prepayment.objects.get(pk=row.thing_id),
            amount=row.amount,
            method=row.method,
            reason=row.reason,
            store=store,
            approver=approver,
            by=by,
            now=now,
        )
    elif row.act == Approval.Act.CLOSE_SHIFT:
        shift = CashierShift.objects.get(pk=row.thing_id)
        close_shift(shift, note=row.reason, approver=approver, store=store, by=by, now=now)


@act
def decline(approval: Approval, *, answer: str, by: Viewer, now: datetime) -> Approval:
    """Do not agree, and say why. Raises Refused ``settlement.approval.no_answer``, ``.decided``, ``.own``, ``.no_right``."""
    if not answer.strip():
        raise Refused("settlement.approval.no_answer", field="answer")
    return _decide(_to_decide(approval, by), "decline", by=by, now=now, answer=answer.strip()[:100])


@act
def withdraw(approval: Approval, *, by: Viewer, now: datetime) -> Approval:
    """Take the own request back. Raises Refused ``settlement.approval.not_own``, ``.decided``."""
    row = lock(approval)
    if row.created_by_id != by.user_id:
        raise Refused("settlement.approval.not_own", name=row.asked_by)
    _demand_waiting(row)
    return _decide(row, "withdraw", by=by, now=now)


def _to_decide(approval: Approval, by: Viewer) -> Approval:
    row = lock(approval)
    _demand_waiting(row)
    if row.created_by_id == by.user_id:
        raise Refused("settlement.approval.own")
    if not any(by.may(code) for code in AGREERS[row.act]):
        raise Refused("settlement.approval.no_right")
    return row


def _demand_waiting(row: Approval) -> None:
    if row.state != Approval.State.WAITING:
        raise Refused("settlement.approval.decided", name=row.decided_by or row.asked_by)


def _decide(row: Approval, verb: str, *, by: Viewer, now: datetime, answer: str = "") -> Approval:
    row.state = APPROVAL.after(row.state, verb)
    row.decided_at, row.decided_by, row.decided_by_id, row.answer = now, by.name, by.user_id, answer
    row.save(update_fields=["state", "decided_at", "decided_by", "decided_by_id", "answer"])
    audit(by, f"settlement.approval.{row.state}", row, now=now, act=row.act, about=row.thing_id, answer=answer)
    return row
