"""The verbs of settlement: build, void, take payment, put on credit, refund, take and give back a prepayment."""

from cheyi.settlement.actions.approvals import (
    Wish,
    agree,
    ask,
    ask_close_shift,
    ask_refund,
    ask_refund_prepayment,
    decline,
    withdraw,
)
from cheyi.settlement.actions.bills import BillLineDraft, build, void_unpaid
from cheyi.settlement.actions.credit import put_on_credit, set_limit, set_tax_rate, write_off
from cheyi.settlement.actions.guards import lapse
from cheyi.settlement.actions.payments import refund, take_payment
from cheyi.settlement.actions.prepayments import refund_prepayment, take_prepayment
from cheyi.settlement.actions.shifts import audit_shift, close_shift, count, open_shift
from cheyi.settlement.rules.figures import Gap
from cheyi.settlement.rules.tendering import Tender

__all__ = [
    "BillLineDraft",
    "Gap",
    "Tender",
    "Wish",
    "agree",
    "ask",
    "ask_close_shift",
    "ask_refund",
    "ask_refund_prepayment",
    "audit_shift",
    "build",
    "close_shift",
    "count",
    "decline",
    "lapse",
    "open_shift",
    "put_on_credit",
    "refund",
    "refund_prepayment",
    "set_limit",
    "set_tax_rate",
    "take_payment",
    "take_prepayment",
    "void_unpaid",
    "withdraw",
    "write_off",
]
