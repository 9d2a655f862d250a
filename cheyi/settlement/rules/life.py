"""The lives of bills and payments (domain.md 5.9)."""

from cheyi.kernel import StateTable

BILL = StateTable(
    "settlement.bill",
    [
        ("", "build", "draft"),
        ("draft", "present", "due"),
        ("draft", "void", "void"),
        ("due", "void", "void"),
        ("due", "pay_part", "partial"),
        ("due", "pay_rest", "paid"),
        ("partial", "pay_part", "partial"),
        ("partial", "pay_rest", "paid"),
        ("due", "put_on_credit", "on_credit"),
        ("partial", "put_on_credit", "on_credit"),
        ("on_credit", "pay_part", "on_credit"),
        ("on_credit", "pay_rest", "paid"),
        ("on_credit", "write_off", "written_off"),
        ("on_credit", "take_off_credit", "due"),
        ("partial", "refund_part", "partial"),
        ("partial", "refund_all", "due"),
        ("paid", "refund_part", "partial"),
        ("paid", "refund_all", "refunded"),
    ],
)

PAYMENT = StateTable(
    "settlement.payment",
    [
        ("pending", "confirm", "success"),
        ("pending", "fail", "failed"),
        ("success", "refund_part", "partial_refund"),
        ("success", "refund_all", "refunded"),
        ("partial_refund", "refund_part", "partial_refund"),
        ("partial_refund", "refund_all", "refunded"),
    ],
)

MET = ("paid", "on_credit", "written_off")
DEAD = ("void", "refunded")
