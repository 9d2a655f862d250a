"""What to do with stock that lies idle: keep, transfer, promote, return or scrap, each with the money it brings (intelligence.md 2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, expm1, floor, log

from cheyi.kernel import Money, Quantity, Rate, Reason, Refused

KEEP, TRANSFER, RETURN, PROMOTE, SCRAP = "keep", "transfer", "return", "promote", "scrap"
NOTHING = Quantity(0)
NEW_DAYS = 90
MONTH_DAYS = 30.4375
NEVER_MONTHS = 1200.0


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another store that has room below its level: how much, its demand in a month, and what moving one unit costs."""

    store: int
    room: Quantity
    monthly: float
    way_cost: Money


@dataclass(frozen=True, slots=True)
class ReturnTerms:
    """The supplier takes it back for so many more days, for its purchase price less a fee and the freight of a unit."""

    days_left: int
    fee: Rate
    freight: Money = Money(0)
    most: Quantity | None = None


@dataclass(frozen=True, slots=True)
class IdlePart:
    """A part's stock beyond its store's level. ``monthly`` is the demand expected in a month (units, may be a fraction).

    ``price`` is what a unit sells for without tax, ``scrap`` what scrapping one brings (below 0 when it costs), ``days_here``
    how long the youngest of it lies there, ``expires_in`` days of shelf life left.
    """

    store: int
    part: int
    idle: Quantity
    unit_cost: Money
    price: Money
    monthly: float
    days_here: int
    asked_before: bool = True
    expires_in: int | None = None
    scrap: Money = Money(0)
    terms: ReturnTerms | None = None
    elsewhere: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True, slots=True)
class Assumptions:
    """How money and buyers are reckoned: by the year the cost of capital, of space, and how fast demand for idle stock fades.

    Demand grows with the price to the power of −``elasticity``; ``cuts`` are the price cuts tried; a move that gains less than
    ``least_gain`` is not worth the work.
    """

    capital: Rate = Rate(1500)
    space: Rate = Rate(500)
    fading: Rate = Rate(3000)
    elasticity: float = 1.5
    cuts: tuple[Rate, ...] = (Rate(1000), Rate(2000), Rate(3000), Rate(5000))
    least_gain: Money = Money(2000)


USUAL = Assumptions()


@dataclass(frozen=True, slots=True)
class Alternative:
    """One thing to do with ``quantity`` of it (the rest is kept): the money that all of the idle stock then brings today.

    ``to`` is the store of a transfer, ``cut`` the price cut of a promotion.
    """

    choice: str
    quantity: Quantity
    money: Money
    reasons: tuple[Reason, ...]
    to: int | None = None
    cut: Rate | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The best alternative, what it gains against keeping, all that are possible (best first), and why."""

    store: int
    part: int
    best: Alternative
    gain: Money
    alternatives: tuple[Alternative, ...]
    reasons: tuple[Reason, ...]

    @property
    def choice(self) -> str:
        """What to do."""
        return self.best.choice

    @property
    def quantity(self) -> Quantity:
        """With how much of it."""
        return self.best.quantity

    @property
    def money(self) -> Money:
        """What all of it then brings."""
        return self.best.money


def verdict(part: IdlePart, assumed: Assumptions = USUAL, names: dict[int, str] | None = None) -> Verdict:
    """What to do with a part's idle stock.

    A kept unit is worth the purchase it saves, discounted for capital and fading until it is wanted (the k-th after k ÷ monthly
    demand), less the space it takes until then. An alternative takes the units that are worth least kept. It is chosen when it brings more than keeping by at least
    ``least_gain``; of equal ones the first of keep, transfer, return, promote, scrap. Stock of under 90 days is neither
    promoted nor scrapped. Raises Refused ``parts.slow.quantity_negative`` and ``.cost_negative`` with the part.
    """
    _checked(part)
    kept = _Kept(part, assumed)
    if not part.idle:
        keep = Alternative(KEEP, NOTHING, Money(0), (Reason("nothing_idle"),))
        return Verdict(part.store, part.part, keep, Money(0), (keep,), keep.reasons)
    keep = Alternative(KEEP, part.idle, _fen(kept.value(kept.units)), tuple(kept.reasons()))
    others = [*_transfers(part, kept, names or {}), *_returns(part, kept)]
    if part.days_here >= NEW_DAYS:
        others += [*_promotions(part, kept, assumed), *_scraps(part, kept)]
    ranked = sorted([keep, *others], key=lambda one: -one.money.fen)
    best = next((one for one in ranked if one.money.fen - keep.money.fen >= max(assumed.least_gain.fen, 1)), keep)
    return Verdict(
        part.store,
        part.part,
        best,
        best.money - keep.money,
        tuple(ranked),
        tuple(_why(best, keep, ranked)),
    )


def keep_worth(part: IdlePart, assumed: Assumptions = USUAL) -> Money:
    """What the last unit of the idle stock is worth where it lies, never below 0: ``worth`` of a shelf in ``pooling``."""
    _checked(part)
    kept = _Kept(part, assumed)
    return _fen(max(0.0, kept.of_last())) if part.idle else part.unit_cost


def _checked(part: IdlePart) -> None:
    for quantity in (part.idle, *(one.room for one in part.elsewhere)):
        if quantity.parts < 0:
            raise Refused("parts.slow.quantity_negative", part=part.part, quantity=str(quantity))
    demands = [part.monthly, *(one.monthly for one in part.elsewhere)]
    if not all(0 <= monthly < float("inf") for monthly in demands):
        raise Refused("parts.slow.quantity_negative", part=part.part, quantity=str(min(demands)))
    for money in (part.unit_cost, part.price, *(one.way_cost for one in part.elsewhere)):
        if money.fen < 0:
            raise Refused("parts.slow.cost_negative", part=part.part, cost=str(money))


class _Kept:
    """What units are worth kept, in fen: the k-th saves a purchase after k ÷ monthly months and takes space until then."""

    def __init__(self, part: IdlePart, assumed: Assumptions) -> None:
        self.part = part
        self.units = part.idle.parts / Quantity.PER_UNIT
        self.unit = float(part.unit_cost.fen)
        yearly = (assumed.capital.parts + assumed.fading.parts) / Rate.PER_UNIT
        self.decay = max(yearly / 12, 1e-9)
        self.room = assumed.space.parts / Rate.PER_UNIT / 12 / self.decay
        self.wanted = self.units
        if part.expires_in is not None:
            self.wanted = min(self.units, part.monthly * max(part.expires_in, 0) / MONTH_DAYS)

    def brings(self, units: float, each: float, monthly: float) -> float:
        """So many units that bring ``each`` one after the other at this monthly demand, less the space they take until then."""
        room = self.room * self.unit
        return discounted(units, each + room, monthly, self.decay) - room * units

    def value(self, units: float) -> float:
        """The first so many units; what expires is scrapped in the end."""
        sold = min(units, self.wanted)
        return self.brings(sold, self.unit, self.part.monthly) + (units - sold) * self.part.scrap.fen

    def of_last(self) -> float:
        """The last unit's worth."""
        if self.wanted < self.units:
            return float(self.part.scrap.fen)
        later = exp(-self.decay * self.units / self.part.monthly) if self.part.monthly else 0.0
        return self.unit * ((1 + self.room) * later - self.room)

    def better_kept(self, each: float) -> float:
        """How many units are worth at least ``each`` when kept."""
        if not self.unit:
            return self.units if each <= 0 else 0.0
        least = (each / self.unit + self.room) / (1 + self.room)
        if least <= 0:
            return self.wanted
        if least >= 1 or not self.part.monthly:
            return 0.0
        return min(float(floor(-log(least) * self.part.monthly / self.decay)), self.wanted)

    def reasons(self) -> Iterator[Reason]:
        if not self.part.asked_before:
            yield Reason("never_asked_for")
        elif not self.part.monthly:
            yield Reason("nobody_expected")
        else:
            yield Reason("sells_in", months=_months(self.units / self.part.monthly), quantity=self.part.idle)
        if self.wanted < self.units:
            left = Quantity(round((self.units - self.wanted) * Quantity.PER_UNIT))
            yield Reason("expires_first", days=max(self.part.expires_in or 0, 0), quantity=left)
        if self.part.days_here < NEW_DAYS:
            yield Reason("too_new", days=self.part.days_here)
        if not self.part.price:
            yield Reason("no_price")


def discounted(units: float, each: float, monthly: float, decay: float) -> float:
    """Σ each·e^(−decay·k/monthly) for k = 1 … units (a last part of a unit counts as that part of it)."""
    if units <= 0 or monthly <= 0:
        return 0.0
    step = decay / monthly
    whole = floor(units)
    if step * max(whole, 1) < 1e-12:
        return each * units
    sold = each * exp(-step) * expm1(-step * whole) / expm1(-step) if whole else 0.0
    return float(sold + each * (units - whole) * exp(-step * (whole + 1)))


def _transfers(part: IdlePart, kept: _Kept, names: dict[int, str]) -> Iterator[Alternative]:
    """To each store that needs it: there it saves a purchase when it is wanted."""
    for one in part.elsewhere:
        room = one.room.parts / Quantity.PER_UNIT
        each = float(part.unit_cost.fen - one.way_cost.fen)
        moved = min(room, kept.units - kept.better_kept(each))
        if moved <= 0 or each <= 0 or not one.monthly:
            continue
        there = kept.brings(moved, kept.unit, one.monthly) - moved * one.way_cost.fen
        quantity = _quantity(moved)
        needs = Reason(
            "wanted_elsewhere",
            store=names.get(one.store, str(one.store)),
            quantity=quantity,
            months=_months(moved / one.monthly),
        )
        yield Alternative(TRANSFER, quantity, _fen(there + kept.value(kept.units - moved)), (needs,), to=one.store)


def _returns(part: IdlePart, kept: _Kept) -> Iterator[Alternative]:
    terms = part.terms
    if terms is None or terms.days_left < 0:
        return
    each = part.unit_cost.fen * (1 - terms.fee.parts / Rate.PER_UNIT) - terms.freight.fen
    back = kept.units - kept.better_kept(each)
    if terms.most is not None:
        back = min(back, max(terms.most.parts, 0) / Quantity.PER_UNIT)
    if back > 0:
        reason = Reason("return_until", days=terms.days_left, fee=terms.fee)
        yield Alternative(RETURN, _quantity(back), _fen(each * back + kept.value(kept.units - back)), (reason,))


def _promotions(part: IdlePart, kept: _Kept, assumed: Assumptions) -> Iterator[Alternative]:
    """The best cut: who would have come anyway pays less, who comes for the price pays the lower one, and all is sold sooner."""
    found = []
    for cut in assumed.cuts:
        left = 1 - cut.parts / Rate.PER_UNIT
        if left <= 0 or not part.price or not part.monthly:
            continue
        more = left**-assumed.elasticity
        each = (kept.unit - (1 - left) * part.price.fen) / more + (1 - 1 / more) * left * part.price.fen
        units = kept.units
        if part.expires_in is not None:
            units = min(units, part.monthly * more * max(part.expires_in, 0) / MONTH_DAYS)
        money = kept.brings(units, each, part.monthly * more) + (kept.units - units) * part.scrap.fen
        reason = Reason("promote_at", cut=cut, months=_months(kept.units / (part.monthly * more)))
        found.append(Alternative(PROMOTE, part.idle, _fen(money), (reason,), cut=cut))
    if found:
        yield max(found, key=lambda one: one.money.fen)


def _scraps(part: IdlePart, kept: _Kept) -> Iterator[Alternative]:
    gone = kept.units - kept.better_kept(float(part.scrap.fen))
    if gone > 0:
        money = _fen(gone * part.scrap.fen + kept.value(kept.units - gone))
        yield Alternative(SCRAP, _quantity(gone), money, (Reason("scrap_value", money=part.scrap),))


def _why(best: Alternative, keep: Alternative, ranked: list[Alternative]) -> Iterator[Reason]:
    yield from best.reasons
    if best is keep:
        others = [one.money for one in ranked if one is not keep]
        if others and keep.money:
            yield Reason("keep_pays", money=keep.money, next_best=max(others))
    else:
        yield from keep.reasons


def _quantity(units: float) -> Quantity:
    return Quantity(round(units * Quantity.PER_UNIT))


def _fen(value: float) -> Money:
    return Money(round(value))


def _months(value: float) -> Quantity:
    return Quantity(round(min(value, NEVER_MONTHS) * 10) * 100)
