"""The tables of settlement."""

from cheyi.settlement.models.approvals import Approval
from cheyi.settlement.models.bills import Bill, BillLine, BillTax
from cheyi.settlement.models.credit import CreditAccount, Receivable, TaxRate
from cheyi.settlement.models.journal import JournalEntry, JournalLine
from cheyi.settlement.models.payments import Payment, Prepayment, Refund
from cheyi.settlement.models.shifts import CashierShift, ShiftCount

__all__ = [
    "Approval",
    "Bill",
    "BillLine",
    "BillTax",
    "CashierShift",
    "CreditAccount",
    "JournalEntry",
    "JournalLine",
    "Payment",
    "Prepayment",
    "Receivable",
    "Refund",
    "ShiftCount",
    "TaxRate",
]
