"""What a line costs: hours of the car's class, rate of the payer, member discount and who may grant how much."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from cheyi.kernel import Hours, Money, Quantity, Rate, Refused, allocate

VEHICLE_CLASSES = ("small", "mid", "large")
PAYERS = ("customer", "insurer", "oem", "internal", "fleet")

MEMBER_DISCOUNTS: Mapping[str, tuple[Rate, Rate]] = {
    "normal": (Rate(0), Rate(0)),
    "silver": (Rate.percent(5), Rate.percent(2)),
    "gold": (Rate.percent(10), Rate.percent(5)),
    "diamond": (Rate.percent(10), Rate.percent(5)),
}
"""Labour and parts discount of a customer's level; a project default within the advisor's limit (domain.md 10.4)."""

LIMITS: Mapping[str, tuple[Rate, Rate]] = {
    "advisor": (Rate.percent(10), Rate.percent(5)),
    "cashier": (Rate.percent(10), Rate.percent(5)),
    "sales_manager": (Rate.percent(20), Rate.percent(20)),
    "service_manager": (Rate.percent(20), Rate.percent(20)),
    "store_manager": (Rate.percent(40), Rate.percent(40)),
    "headquarters": (Rate.percent(40), Rate.percent(40)),
}
"""Labour and parts discount that a role grants by itself (domain.md 10.4)."""

AGREE = ("service_manager", "store_manager")
"""The managers of a workshop who agree to more than that."""

NOTHING = Rate(0)
FREE = Money(0)
BELOW_COST = frozenset({"store_manager", "headquarters"})
WHOLE = Rate(Rate.PER_UNIT)
DEAREST = Money.yuan(1_000_000)
MOST_HOURS = Hours.of(1_000)
"""Beyond these a price of one hour or piece, or the hours of one job, are slips of the hand."""


@dataclass(frozen=True, slots=True)
class Price:
    """A line's money: gross, the discount on it, and net = gross - discount."""

    gross: Money
    discount_rate: Rate
    discount: Money

    @property
    def net(self) -> Money:
        """What the payers owe for the line."""
        return self.gross - self.discount


def check_price(price: Money | None, hours: Hours | None = None, *, field: str = "price") -> None:
    """Whether a price of one hour, piece or fee and the hours of a job can be meant; None is not said.

    Raises Refused ``workshop.line.bad_amount``, ``workshop.line.too_dear``, ``workshop.line.too_many_hours``.
    """
    if (price is not None and price < FREE) or (hours is not None and hours < Hours(0)):
        raise Refused("workshop.line.bad_amount", field=field)
    if price is not None and price > DEAREST:
        raise Refused("workshop.line.too_dear", field=field, most=f"{DEAREST.decimal:,.0f}")
    if hours is not None and hours > MOST_HOURS:
        raise Refused("workshop.line.too_many_hours", field="hours", most=f"{MOST_HOURS.decimal:,.0f}")


def has_price(gross: Money, *, payer: str, meant: bool) -> bool:
    """Whether a line can be put to the customer: it costs something, somebody else pays, or its nothing is ``meant``."""
    return bool(gross) or payer != "customer" or meant


def hours_for(by_class: Mapping[str, Hours], vehicle_class: str) -> Hours:
    """Standard hours for a car's class; a missing class takes the middle one, then the only one there is.

    Raises Refused ``workshop.line.no_hours`` for an operation without any.
    """
    for name in (vehicle_class, "mid", "small", "large"):
        if name in by_class:
            return by_class[name]
    raise Refused("workshop.line.no_hours")


def class_of(body_class: str, displacement: Quantity | None) -> str:
    """``small``, ``mid`` or ``large``: what the model says, else up to 1.5 l small and from 2.5 l large, else mid."""
    if body_class in VEHICLE_CLASSES:
        return body_class
    if displacement is None or not displacement:
        return "mid"
    if displacement <= Quantity.of("1.5"):
        return "small"
    return "large" if displacement >= Quantity.of("2.5") else "mid"


def rate_code(own: str, payer: str) -> str:
    """Which rate card a line takes: the claim rate for the manufacturer, the internal one for the house, else its own."""
    return {"oem": "W", "internal": "I"}.get(payer, own)


def labour_price(hours: Hours, rate: Money, discount: Rate = NOTHING, *, fixed: Money | None = None) -> Price:
    """Hours × rate (or the fixed price), half up to the fen; then the discount, half up (domain.md 6.1)."""
    return discounted(fixed if fixed is not None else rate.times(hours), discount)


def part_price(quantity: Quantity, unit: Money, discount: Rate = NOTHING) -> Price:
    """Quantity × unit price, half up to the fen; then the discount, half up (domain.md 6.1)."""
    return discounted(unit.times(quantity), discount)


def discounted(gross: Money, discount: Rate) -> Price:
    """Take a discount off, half up. Raises Refused ``workshop.line.bad_discount`` outside 0 to 100 %."""
    if discount < Rate(0) or discount > WHOLE:
        raise Refused("workshop.line.bad_discount", field="discount", percent=str(discount.decimal * 100))
    return Price(gross, discount, gross.times(discount))


def member_discount(level: str, kind: str, payer: str) -> Rate:
    """What a customer's level takes off a labour or part line that he pays himself; nothing for other payers."""
    if payer not in {"customer", "fleet"}:
        return Rate(0)
    labour, parts = MEMBER_DISCOUNTS.get(level, MEMBER_DISCOUNTS["normal"])
    return {"labour": labour, "part": parts}.get(kind, Rate(0))


def limit_of(roles: Collection[str], kind: str) -> Rate:
    """The largest discount that somebody with these roles grants by himself."""
    column = 0 if kind == "labour" else 1
    return max((LIMITS[role][column] for role in roles if role in LIMITS), default=Rate(0))


class Priced(Protocol):
    """A line with its money, wherever it was read from."""

    discount_rate: Rate
    net: Money

    @property
    def listed(self) -> Money: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Given:
    """What a line gives away: its discount, and how far its net lies below what it costs by list (domain.md 5.3)."""

    discount_rate: Rate
    net: Money
    listed: Money

    @classmethod
    def of(cls, line: Priced) -> Given:
        """What a line gives away as it stands."""
        return cls(line.discount_rate, line.net, line.listed)

    @property
    def rate(self) -> Rate:
        """Both as one share of the list price, rounded up to the next ten-thousandth: never within a limit it exceeds."""
        below = -((self.net.fen - self.listed.fen) * Rate.PER_UNIT // self.listed.fen) if self.listed else 0
        return max(self.discount_rate, Rate(max(below, 0)))

    @property
    def amount(self) -> Money:
        """What of the list price is given away; nothing for a line that costs more than its list price."""
        return max(self.listed - self.net, FREE)

    def is_within(self, limit: Rate) -> bool:
        """Whether a discount of ``limit`` gives as much away: a lower price counts as the discount it is, to the fen."""
        return self.discount_rate <= limit and self.net >= least(self.listed, limit)

    def is_no_more_than(self, other: Given) -> bool:
        """Whether nothing is given away that the other one does not give."""
        return self.discount_rate <= other.discount_rate and self.net >= other.net and self.listed <= other.listed


def least(listed: Money, limit: Rate) -> Money:
    """The lowest price within a limit: the list price less that discount, half up to the fen."""
    return discounted(listed, limit).net


def may_discount(
    given: Given, kind: str, roles: Collection[str], *, cost: Money | None, member: Rate, field: str = "discount"
) -> bool:
    """Whether what a line gives away stands at once (True) or waits for a manager (False).

    A member's own discount always stands. Raises Refused ``workshop.line.below_cost`` beside ``field`` when somebody
    other than the store manager would sell below a known cost.
    """
    if cost is not None and given.net < cost and not BELOW_COST.intersection(roles):
        raise Refused("workshop.line.below_cost", field=field)
    return given.is_within(max(member, limit_of(roles, kind)))


def agreers(given: Given, kind: str) -> tuple[str, ...]:
    """Which managers of a store agree to what a line gives away, the nearest first; none beyond all limits."""
    return tuple(role for role in AGREE if given.is_within(limit_of({role}, kind)))


def check_shares(shares: Mapping[str, Rate]) -> None:
    """Whether payers or technicians share a whole.

    Raises Refused ``workshop.line.shares_not_whole`` (fact ``percent``) or ``workshop.line.bad_share``.
    """
    if any(share <= Rate(0) for share in shares.values()):
        raise Refused("workshop.line.bad_share", field="shares")
    total = sum((share.parts for share in shares.values()), 0)
    if total != Rate.PER_UNIT:
        raise Refused("workshop.line.shares_not_whole", field="shares", percent=str(Rate(total).decimal * 100))


def split(net: Money, shares: Mapping[str, Rate]) -> dict[str, Money]:
    """A line's net over its payers by largest remainder, so that the pieces add up."""
    pieces = allocate(net, [share.parts for share in shares.values()])
    return dict(zip(shares, pieces, strict=True))


def shared_hours(hours: Hours, shares: Mapping[int, Rate]) -> dict[int, Hours]:
    """Sold hours over technicians: 3.00 h at 60/40 are 1.80 and 1.20 h (domain.md 6.1)."""
    pieces = allocate(Money(hours.parts), [share.parts for share in shares.values()])
    return {who: Hours(piece.parts) for who, piece in zip(shares, pieces, strict=True)}
