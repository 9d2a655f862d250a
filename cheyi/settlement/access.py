"""Permissions of settlement, and getters that return only what the viewer may see."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from cheyi.foundation.access import Viewer, permission
from cheyi.settlement.models import Approval, Bill, CashierShift, Payment, Prepayment
from cheyi.settlement.rules.approvals import AGREERS

permission("settlement.bill.view", capability="settle", letter="V")
permission("settlement.payment.take_payment", capability="settle", letter="X")
permission("settlement.bill.put_on_credit", capability="settle", letter="X")
permission("settlement.bill.use_prepayment", capability="settle", letter="X")
permission("settlement.payment.ask_refund", capability="unsettle", letter="V", only=("cashier", "accountant"))
permission("settlement.payment.refund", capability="unsettle", letter="X")
permission("settlement.payment.approve_refund", capability="unsettle", letter="A")
permission("settlement.credit.set_limit", capability="credit_limit", letter="V")
permission("settlement.bill.write_off", capability="credit_limit", letter="E")
permission("settlement.bill.approve_write_off", capability="credit_limit", letter="A")
permission("settlement.bill.round_more", capability="discount", letter="A")
permission("settlement.shift.open_shift", capability="day_close", letter="X")
permission("settlement.shift.count", capability="day_close", letter="X")
permission("settlement.shift.close_shift", capability="day_close", letter="X")
permission("settlement.shift.audit_shift", capability="day_close", letter="A")
permission("settlement.shift.approve_difference", capability="unsettle", letter="A")
ASK = ("advisor", "cashier", "accountant")
AGREE = ("accountant", "store_manager", "service_manager")
permission("settlement.approval.view", capability="work_order", letter="V", only=(*ASK, *AGREE))
permission("settlement.approval.decide", capability="work_order", letter="V", only=AGREE)
permission("settlement.approval.withdraw", capability="work_order", letter="V", only=ASK)
permission("settlement.day.view", capability="day_close", letter="V")


def bill(bill_id: int) -> Bill:
    """A bill of the open store. Raises Bill.DoesNotExist."""
    return Bill.objects.get(pk=bill_id)


def payment(payment_id: int) -> Payment:
    """A payment of the open store. Raises Payment.DoesNotExist."""
    return Payment.objects.select_related("bill").get(pk=payment_id)


def prepayment(prepayment_id: int) -> Prepayment:
    """A deposit left in the open store. Raises Prepayment.DoesNotExist."""
    return Prepayment.objects.select_related("customer").get(pk=prepayment_id)


def shift(shift_id: int) -> CashierShift:
    """A cashier's shift of the open store. Raises CashierShift.DoesNotExist."""
    return CashierShift.objects.get(pk=shift_id)


def approval(approval_id: int) -> Approval:
    """A request of the open store. Raises Approval.DoesNotExist."""
    return Approval.objects.get(pk=approval_id)


def approvals(viewer: Viewer) -> QuerySet[Approval]:
    """Requests of the open store: who has to do with money that goes back sees all, others their own and what they decide."""
    rows: QuerySet[Approval] = Approval.objects.all()
    if viewer.may("settlement.payment.ask_refund") or viewer.may("settlement.payment.approve_refund"):
        return rows
    return rows.filter(Q(created_by_id=viewer.user_id) | Q(act__in=decided_by(viewer)))


def decided_by(viewer: Viewer) -> tuple[str, ...]:
    """The acts that a viewer may agree to."""
    return tuple(act for act, codes in AGREERS.items() if any(viewer.may(code) for code in codes))
