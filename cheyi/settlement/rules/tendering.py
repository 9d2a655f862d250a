"""Spreading what was handed over on what is owed; cash may be more than is due, nothing else may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cheyi.kernel import Money, Refused

METHODS = (
    "wechat",
    "alipay",
    "unionpay_card",
    "cash",
    "pos",
    "transfer",
    "cheque",
    "deposit_offset",
    "insurer_transfer",
    "other",
)
OFFSET = "deposit_offset"
MOST = Money.yuan(10_000_000)
MOST_CHANGE = Money.yuan(10_000)
"""More change than that is a slip of the finger: no drawer gives it, no customer hands that much over."""


@dataclass(frozen=True, slots=True)
class Tender:
    """One way of paying with its amount; ``prepayment_id`` for an offset against a deposit."""

    method: str
    amount: Money
    channel_txn_no: str = ""
    prepayment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What of one tender goes on one bill; ``change`` is given back in cash."""

    bill: int
    tender: Tender
    amount: Money
    change: Money = Money(0)


def spread(owed: Sequence[Money], tenders: Sequence[Tender]) -> list[Share]:
    """Put tenders on bills (by place) in the order given.

    Raises Refused ``settlement.payment.nothing``, ``.not_positive``, ``.unknown_method``, ``.too_much`` (over-payment
    other than in cash; the facts say by how much), ``.too_large``, ``.change`` (cash far beyond what is due).
    """
    if not tenders:
        raise Refused("settlement.payment.nothing", field="amount")
    left, shares = list(owed), list[Share]()
    for tender in tenders:
        _sound(tender)
        rest = tender.amount
        for place, due in enumerate(left):
            piece = min(due, rest)
            if piece:
                shares.append(Share(place, tender, piece))
                left[place], rest = due - piece, rest - piece
        if rest:
            shares = _give_change(shares, tender, rest)
    return shares


def _sound(tender: Tender) -> None:
    if tender.method not in METHODS:
        raise Refused("settlement.payment.unknown_method", method=tender.method)
    demand_amount(tender.amount)


def demand_amount(amount: Money) -> None:
    """More than nothing, ten million yuan at most. Raises Refused ``settlement.payment.not_positive``, ``.too_large``."""
    if amount <= Money(0):
        raise Refused("settlement.payment.not_positive", field="amount", amount=amount)
    if amount > MOST:
        raise Refused("settlement.payment.too_large", field="amount", amount=amount)


def _give_change(shares: list[Share], tender: Tender, rest: Money) -> list[Share]:
    if tender.method != "cash" or not shares or shares[-1].tender is not tender:
        raise Refused("settlement.payment.too_much", field="amount", more=rest)
    if rest > MOST_CHANGE:
        raise Refused("settlement.payment.change", field="amount", given=tender.amount, change=rest)
    last = shares[-1]
    return [*shares[:-1], Share(last.bill, tender, last.amount, rest)]


def part_or_rest(owed: Money, amount: Money, what: str) -> str:
    """The event's name: ``pay_part``/``pay_rest``, ``refund_part``/``refund_all``."""
    whole = {"pay": "pay_rest", "refund": "refund_all"}[what]
    return whole if amount == owed else f"{what}_part"
