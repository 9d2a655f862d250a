"""What each payer owes for one order: discounts, coupon, insurer's gap, rounding off, tax (domain.md 6.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cheyi.kernel import Money, Rate, Refused, allocate
from cheyi.kernel.numbers import half_up

CUSTOMER = "customer"
PAYERS = ("customer", "insurer", "oem", "internal", "fleet")
GAP_POLICIES = ("customer", "store", "renegotiate")
NOTHING = Money(0)


@dataclass(frozen=True, slots=True)
class ChargedLine:
    """One line of an order as one payer sees it; ``net`` = gross - discount."""

    payer: str
    gross: Money
    discount: Money = NOTHING
    tax_rate: Rate = Rate(1300)
    couponable: bool = True
    package_offset: Money = NOTHING

    @property
    def net(self) -> Money:
        """What the line costs before the coupon."""
        return self.gross - self.discount - self.package_offset


@dataclass(frozen=True, slots=True)
class Gap:
    """What the insurer approved, and who bears the rest."""

    approved: Money
    policy: str = "renegotiate"


@dataclass(frozen=True, slots=True)
class TaxPart:
    """The part of a bill under one rate: net = ex + tax."""

    rate: Rate
    net: Money
    tax: Money

    @property
    def ex(self) -> Money:
        """The amount without tax."""
        return self.net - self.tax


@dataclass(frozen=True, slots=True)
class BillFigures:
    """All amounts of one payer's bill; ``line_nets`` in the order of the lines that were given for this payer."""

    payer: str
    gross: Money
    line_discount: Money
    package_offset: Money
    coupon: Money
    gap_amount: Money
    rounding_off: Money
    net_due: Money
    taxes: tuple[TaxPart, ...]
    line_nets: tuple[Money, ...] = field(default=())

    @property
    def tax(self) -> Money:
        """All tax contained."""
        return total(part.tax for part in self.taxes)


@dataclass(frozen=True, slots=True)
class Earned:
    """What a document brings: revenue with and without tax, and what it cost the house ex tax (domain.md 6.1, 6.3)."""

    revenue: Money
    ex: Money
    cost: Money

    @property
    def profit(self) -> Money:
        """Gross profit: revenue ex tax less cost; negative for a loss."""
        return self.ex - self.cost

    @property
    def margin(self) -> Rate | None:
        """Gross profit as a share of revenue ex tax, half up; None without revenue."""
        return Rate(half_up(self.profit.fen * Rate.PER_UNIT, self.ex.fen)) if self.ex else None


def earned(bills: Iterable[tuple[Money, Money]], costs: Iterable[Money]) -> Earned:
    """What bills, each with its net and the tax in it, bring at these costs of the lines (domain.md 6.1, vector S1)."""
    pairs = list(bills)
    revenue, tax = total(net for net, _ in pairs), total(tax for _, tax in pairs)
    return Earned(revenue, revenue - tax, total(costs))


def total(amounts: Iterable[Money]) -> Money:
    """The sum of money amounts, zero for none."""
    result = NOTHING
    for amount in amounts:
        result += amount
    return result


def settle(
    lines: Sequence[ChargedLine], *, coupon: Money = NOTHING, gap: Gap | None = None, round_to: Money | None = None
) -> dict[str, BillFigures]:
    """The bills of an order, one per payer in the order in which the lines name them.

    The coupon falls on the customer's couponable lines by largest remainder; the insurer's gap goes where its policy
    says (``renegotiate``: the insurer is billed in full); 抹零 floors the customer's bill to ``round_to``.
    Source: domain.md 6.1, vector S1. Raises Refused ``settlement.bill.coupon_too_large``,
    ``settlement.bill.gap_policy``, ``settlement.bill.approved_too_much``.
    """
    payers = list(dict.fromkeys(line.payer for line in lines))
    shift = _gap_shift(lines, gap)
    if gap and gap.policy == "customer" and shift and CUSTOMER not in payers:
        payers.append(CUSTOMER)
    return {
        payer: _bill(
            payer,
            [line for line in lines if line.payer == payer],
            coupon=coupon if payer == CUSTOMER else NOTHING,
            gap=_gap_of(payer, gap, shift),
            round_to=round_to if payer == CUSTOMER else None,
        )
        for payer in payers
    }


def _gap_shift(lines: Sequence[ChargedLine], gap: Gap | None) -> Money:
    if gap is None:
        return NOTHING
    if gap.policy not in GAP_POLICIES:
        raise Refused("settlement.bill.gap_policy", policy=gap.policy)
    claimed = total(line.net for line in lines if line.payer == "insurer")
    if gap.approved > claimed or gap.approved < NOTHING:
        raise Refused("settlement.bill.approved_too_much", approved=gap.approved, claimed=claimed)
    return claimed - gap.approved


def _gap_of(payer: str, gap: Gap | None, shift: Money) -> Money:
    if gap is None or gap.policy == "renegotiate":
        return NOTHING
    if payer == "insurer":
        return -shift
    return shift if payer == CUSTOMER and gap.policy == "customer" else NOTHING


def _bill(payer: str, lines: list[ChargedLine], *, coupon: Money, gap: Money, round_to: Money | None) -> BillFigures:
    nets = _less_coupon(lines, coupon)
    before = total(nets) + gap
    rounding_off = before - before.floored_to(round_to) if round_to and before > NOTHING else NOTHING
    return BillFigures(
        payer=payer,
        gross=total(line.gross for line in lines),
        line_discount=total(line.discount for line in lines),
        package_offset=total(line.package_offset for line in lines),
        coupon=coupon,
        gap_amount=gap,
        rounding_off=rounding_off,
        net_due=before - rounding_off,
        taxes=_taxes(lines, nets, gap - rounding_off),
        line_nets=tuple(nets),
    )


def _less_coupon(lines: list[ChargedLine], coupon: Money) -> list[Money]:
    nets = [line.net for line in lines]
    if not coupon:
        return nets
    weights = [net.parts if line.couponable and net > NOTHING else 0 for line, net in zip(lines, nets, strict=True)]
    if coupon < NOTHING or coupon.parts > sum(weights):
        raise Refused("settlement.bill.coupon_too_large", coupon=coupon, most=Money(sum(weights)))
    return [net - piece for net, piece in zip(nets, allocate(coupon, weights), strict=True)]


def _taxes(lines: list[ChargedLine], nets: list[Money], extra: Money) -> tuple[TaxPart, ...]:
    """Tax once per rate; what is not a line's (gap, rounding) is spread over the rates like the coupon."""
    by_rate: dict[Rate, Money] = {}
    for line, net in zip(lines, nets, strict=True):
        by_rate[line.tax_rate] = by_rate.get(line.tax_rate, NOTHING) + net
    if not by_rate:
        by_rate[Rate(1300)] = NOTHING
    rates = sorted(by_rate, reverse=True)
    pieces = allocate(extra, [max(by_rate[rate].parts, 0) for rate in rates])
    sums = [by_rate[rate] + piece for rate, piece in zip(rates, pieces, strict=True)]
    return tuple(TaxPart(rate, net, net.tax_within(rate)) for rate, net in zip(rates, sums, strict=True))


def invoice_lines(nets: Sequence[Money], rate: Rate) -> list[tuple[Money, Money]]:
    """(ex, tax) per line so that the sums equal the bill's: each rounds, the largest takes the cent difference."""
    if not nets:
        return []
    taxes = [net.tax_within(rate) for net in nets]
    whole = total(nets).tax_within(rate)
    place = max(range(len(nets)), key=lambda index: (abs(nets[index]), -index))
    taxes[place] += whole - total(taxes)
    return [(net - tax, tax) for net, tax in zip(nets, taxes, strict=True)]
