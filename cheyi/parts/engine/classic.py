"""The classic ways that a store can choose: exponential smoothing, Croston, months of cover, safety stock, EOQ.

One part at a time in plain Python; ``demand.classics`` does the same for a whole table. Demand is in pieces, oldest month
first. Formulas and vectors: domain reference 6.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist, fmean, stdev

from cheyi.kernel import Money, Rate, Refused

DAYS_A_MONTH = 30
SMOOTHING = 0.1
NEVER_SOLD = 0.0
EXACT = 1e-9


@dataclass(frozen=True, slots=True)
class Interval:
    """Croston's two smoothed numbers: pieces at a time and months between times (0 and 0 when never sold)."""

    size: float
    interval: float

    @property
    def rate(self) -> float:
        """Pieces a month."""
        return self.size / self.interval if self.interval else NEVER_SOLD


@dataclass(frozen=True, slots=True)
class Lead:
    """Days from order to shelf, their standard deviation, and days between two looks at the stock."""

    days: float
    deviation: float = 0.0
    review_days: float = 0.0


@dataclass(frozen=True, slots=True)
class Levels:
    """Safety stock in pieces before rounding, whole pieces at which to order, and up to which."""

    safety: float
    reorder_point: int
    order_up_to: int


@dataclass(frozen=True, slots=True)
class Position:
    """Whole pieces: on the shelf, promised to orders, under way, and waited for."""

    on_hand: int
    reserved: int = 0
    on_order: int = 0
    backordered: int = 0

    @property
    def pieces(self) -> int:
        """What there is to count on; below 0 when more is promised than comes."""
        return self.on_hand - self.reserved + self.on_order - self.backordered


def moving_average(demand: Sequence[float], months: int = 12) -> float:
    """Mean pieces a month of the last months; 0 for an empty history."""
    last = demand[-months:]
    return fmean(last) if last else NEVER_SOLD


def smoothing(demand: Sequence[float], share: float = SMOOTHING) -> float:
    """Simple exponential smoothing, begun with the first month; 0 for an empty history."""
    level = demand[0] if demand else NEVER_SOLD
    for value in demand[1:]:
        level += share * (value - level)
    return level


def croston(demand: Sequence[float], share: float = SMOOTHING) -> Interval:
    """Size and interval of demands apart (Croston 1972); the first demand sets both."""
    size = interval = 0.0
    waited = 1
    for value in demand:
        if value > 0:
            size = size + share * (value - size) if interval else value
            interval = interval + share * (waited - interval) if interval else float(waited)
            waited = 1
        else:
            waited += 1
    return Interval(size, interval)


def sba(demand: Sequence[float], share: float = SMOOTHING) -> float:
    """Pieces a month by Croston less its bias (Syntetos and Boylan 2005)."""
    return (1 - share / 2) * croston(demand, share).rate


def months_of_cover(demand: Sequence[float], months: float) -> int:
    """Whole pieces that last so many months at the mean of the last twelve."""
    return _up(months * moving_average(demand))


def levels(demand: Sequence[float], lead: Lead, service: Rate) -> Levels:
    """Safety stock, reorder point and order-up-to level for a cycle service between 0 and 1.

    Daily demand d is the monthly mean by 30, its deviation σd the monthly sample deviation by √30. Safety z·√(L·σd² + d²·σL²),
    reorder ⌈d·L + safety⌉, up to ⌈d·(L+R) + z·√((L+R)·σd² + d²·σL²)⌉. Raises Refused ``parts.classic.too_few_months``
    (under two) and ``parts.classic.bad_service``.
    """
    if len(demand) < 2:
        raise Refused("parts.classic.too_few_months", months=len(demand))
    share = float(service.decimal)
    if not 0 < share < 1:
        raise Refused("parts.classic.bad_service", service=str(service.decimal * 100))
    times = NormalDist().inv_cdf(share)
    daily, scatter = fmean(demand) / DAYS_A_MONTH, stdev(demand) / sqrt(DAYS_A_MONTH)
    late = (daily * lead.deviation) ** 2
    safety = times * sqrt(lead.days * scatter**2 + late)
    cover = lead.days + lead.review_days
    above = times * sqrt(cover * scatter**2 + late)
    return Levels(safety, max(_up(daily * lead.days + safety), 0), max(_up(daily * cover + above), 0))


def order(levels: Levels, position: Position, *, pack: int = 1, least: int = 0) -> int:
    """Pieces to order now: nothing above the reorder point, else up to the level in whole packs and at least ``least``."""
    if position.pieces > levels.reorder_point:
        return 0
    return in_packs(levels.order_up_to - position.pieces, pack=pack, least=least)


def in_packs(pieces: int, *, pack: int = 1, least: int = 0) -> int:
    """Pieces rounded up to whole packs of at least ``least`` pieces; 0 stays 0."""
    if pieces <= 0:
        return 0
    size = max(pack, 1)
    return -(-max(pieces, least) // size) * size


def economic_quantity(yearly: float, order_cost: Money, price: Money, holding: Rate) -> int:
    """Pieces at which ordering and keeping cost the same in a year: √(2·D·S/H), at least 1, to the nearest piece.

    ``holding``: cost of keeping for a year as a share of the price. Raises Refused ``parts.classic.no_holding_cost`` when
    price or holding is 0, for then the formula has no end.
    """
    keeping = price.fen * float(holding.decimal)
    if keeping <= 0:
        raise Refused("parts.classic.no_holding_cost")
    return max(int(sqrt(2 * yearly * order_cost.fen / keeping) + 0.5), 1)


def _up(pieces: float) -> int:
    return ceil(pieces - EXACT)
