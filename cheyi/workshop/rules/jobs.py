"""A job as the counter sells it: an operation with its kit, priced for one car, payer and customer level."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cheyi.kernel import Hours, Money, Quantity, Rate, Refused
from cheyi.workshop.rules import pricing


@dataclass(frozen=True, slots=True)
class KitPart:
    """A part that an operation brings, with what it costs each payer."""

    part_id: int
    part_no: str
    name: str
    unit: str
    grade: str
    quantity: Quantity
    retail: Money
    claim: Money | None = None
    internal: Money | None = None

    def unit_price(self, payer: str) -> Money:
        """The claim price for the manufacturer, the internal price for the house, else retail."""
        special = {"oem": self.claim, "internal": self.internal}.get(payer)
        return self.retail if special is None else special


@dataclass(frozen=True, slots=True)
class Operation:
    """A labour operation as it applies to one car: hours of its class, kit of its model."""

    id: int
    code: str
    name: str
    system: str
    hours: Hours
    rate_code: str
    skill: str = ""
    min_level: int = 1
    difficult: bool = False
    bay_kind: str = ""
    high_voltage: bool = False
    regulatory_class: str = "none"
    fixed_price: Money | None = None
    is_fee: bool = False
    qa_km: int = 0
    qa_days: int = 0
    kit: tuple[KitPart, ...] = ()


@dataclass(frozen=True, slots=True)
class PricedPart:
    """A part of a job with its unit price and money."""

    part: KitPart
    unit_price: Money
    price: pricing.Price


@dataclass(frozen=True, slots=True)
class PricedJob:
    """A job with its labour and parts in money."""

    op: Operation
    payer: str
    hours: Hours
    rate_code: str
    rate: Money
    fixed_price: Money | None
    labour: pricing.Price
    parts: tuple[PricedPart, ...]

    @property
    def net(self) -> Money:
        """Labour and parts together, after discounts."""
        return sum((one.price.net for one in self.parts), self.labour.net)

    @property
    def discount(self) -> Money:
        """What the discounts take off, together."""
        return sum((one.price.discount for one in self.parts), self.labour.discount)


def price_job(
    op: Operation,
    *,
    payer: str,
    rates: Mapping[str, Money],
    level: str = "normal",
    hours: Hours | None = None,
    fixed_price: Money | None = None,
    discount: Rate | None = None,
    parts: Sequence[KitPart] | None = None,
) -> PricedJob:
    """Price a job: hours × rate or the fixed price, kit parts at the payer's price, the member's or a given discount.

    ``hours`` and ``parts`` replace the operation's own. Raises Refused ``workshop.line.unknown_payer`` or
    ``workshop.line.no_rate`` (fact ``rate_code``).
    """
    if payer not in pricing.PAYERS:
        raise Refused("workshop.line.unknown_payer", field="payer", payer=payer)
    code = pricing.rate_code(op.rate_code, payer)
    fixed = fixed_price if fixed_price is not None else op.fixed_price
    if code not in rates and fixed is None:
        raise Refused("workshop.line.no_rate", rate_code=code)
    sold = op.hours if hours is None else hours
    rate = rates.get(code, pricing.FREE)
    labour_off = pricing.member_discount(level, "labour", payer) if discount is None else discount
    return PricedJob(
        op=op,
        payer=payer,
        hours=sold,
        rate_code=code,
        rate=rate,
        fixed_price=fixed,
        labour=pricing.labour_price(sold, rate, labour_off, fixed=fixed),
        parts=tuple(price_part(part, payer=payer, level=level) for part in (op.kit if parts is None else parts)),
    )


def price_part(part: KitPart, *, payer: str, level: str = "normal", unit_price: Money | None = None) -> PricedPart:
    """A part at the payer's price (or a given one) with the member's discount."""
    unit = part.unit_price(payer) if unit_price is None else unit_price
    off = pricing.member_discount(level, "part", payer)
    return PricedPart(part, unit, pricing.part_price(part.quantity, unit, off))


def order_type(systems: Collection[str], payers: Collection[str]) -> str:
    """The type of an order from its jobs: internal or warranty when nobody else pays, maintenance, detailing, repair."""
    if payers and set(payers) == {"internal"}:
        return "internal"
    if payers and set(payers) == {"oem"}:
        return "warranty"
    if "insurer" in payers:
        return "accident"
    kinds = set(systems)
    if kinds and kinds <= {"DT"}:
        return "detailing"
    return "maintenance" if kinds and kinds <= {"MA", "DT"} else "repair"
