"""What one person asks and another one decides: its life, and whose agreement counts for what (domain.md 2.2, 2.3)."""

from cheyi.kernel import StateTable

APPROVAL = StateTable(
    "settlement.approval",
    [
        ("", "ask", "waiting"),
        ("waiting", "agree", "agreed"),
        ("waiting", "decline", "declined"),
        ("waiting", "withdraw", "withdrawn"),
        ("waiting", "lapse", "lapsed"),
    ],
)

REFUNDERS = ("settlement.payment.refund", "settlement.payment.approve_refund")
AGREERS = {
    "refund": REFUNDERS,
    "refund_prepayment": REFUNDERS,
    "unsettle": ("settlement.payment.approve_refund",),
    "close_shift": ("settlement.shift.approve_difference",),
    "cancel_order": ("workshop.order.cancel_begun",),
}
"""Act -> permissions of which a second person needs one; an act of a higher package names its own."""

ASKERS = {
    "refund": "settlement.payment.ask_refund",
    "refund_prepayment": "settlement.payment.ask_refund",
    "unsettle": "settlement.payment.ask_refund",
    "close_shift": "settlement.shift.close_shift",
    "cancel_order": "workshop.order.cancel",
}
"""Act -> what the one in whose name it happens must still be allowed."""
