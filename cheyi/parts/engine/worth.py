"""The level by marginal value: the k-th piece is kept while P(demand ≥ k) is worth its price, space and life on the shelf."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cheyi.kernel import Money, Rate, Refused
from cheyi.parts.engine.demand import counts
from cheyi.parts.engine.demand.arrays import Floats, blocks
from cheyi.parts.engine.demand.forecast import Forecast

TURNS = 24
FREE_SHARE = 0.01
LEAST_CHANCE = 0.005
SMALLEST, LARGEST = 1e-9, 1e9

Sums = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Goal:
    """What the store wants: to spend no more than ``budget`` on stock, or to fill a share ``fill`` of lines from the shelf.

    Just one of them. Raises Refused ``parts.stocking.bad_goal`` for both, none, a budget below 0 or a fill not within 0 and 1.
    """

    budget: Money | None = None
    fill: Rate | None = None

    def __post_init__(self) -> None:
        one = (self.budget is None) != (self.fill is None)
        possible = self.budget is None or self.budget.fen >= 0
        if self.fill is not None:
            possible = possible and 0 < self.fill.parts < Rate.PER_UNIT
        if not (one and possible):
            raise Refused("parts.stocking.bad_goal")


@dataclass(frozen=True, eq=False)
class Bounds:
    """Per part the least and most pieces to keep, whatever they are worth."""

    least: Floats
    most: Floats


@dataclass(frozen=True, eq=False)
class Misses:
    """Per part what a piece missed means, both above 0: ``weight`` how much it counts, ``line`` pieces that a line asks for.

    A customer is served or not: one screw of the eight he needs is an eighth of a line.
    """

    weight: Floats
    line: Floats

    @property
    def lines(self) -> Floats:
        """Lines that a piece is."""
        return 1 / self.line


@dataclass(frozen=True, eq=False)
class Worth:
    """Levels in pieces, and what they come to: share of lines filled, fen of stock, the chance that a piece must have.

    ``chance`` one a part: the last piece is kept while demand reaches it with at least that chance. ``reached`` is False
    when even all that is allowed does not come to the goal.
    """

    level: Floats
    chance: Floats
    fill: float
    fen: float
    reached: bool


def costs_of(price: Floats, space: Floats) -> Floats:
    """What a piece on the shelf costs, in fen: price and space. A price of 0 counts as a hundredth of the median price.

    Such a part is cheap to keep, not endlessly so; where no part has a price all cost the same.
    """
    known = price[price > 0]
    free = max(FREE_SHARE * float(np.median(known)), SMALLEST) if len(known) else 1.0
    return np.where(price > 0, price, free) + space


def levels(found: Forecast, price: Floats, cost: Floats, goal: Goal, bounds: Bounds, misses: Misses) -> Worth:
    """Levels for a goal. ``price`` fen a piece, ``cost`` the same with space (above 0).

    One exchange rate between lines and money holds for the whole store, found by halving: no other levels of the same
    value fill more, a line that is filled in part counting for that part. A budget is never passed but by what ``bounds.least`` demands,
    and not used up on pieces that are wanted less than once in two hundred such times.
    """
    sums = running_sums(found)
    low, high = np.log(SMALLEST), np.log(LARGEST)
    each = cost / (misses.weight * misses.lines)
    typical = float(np.median(each))

    def at(knob: float) -> Worth:
        level, chance = _levels(found, np.exp(-knob) * each / typical, bounds)
        fill = _share(found, level, sums, misses.lines)
        return Worth(level, chance, fill, float((level * price).sum()), reached=True)

    most = at(high)
    if _enough(most, goal) and goal.budget is not None:
        return most
    if goal.fill is not None and not _enough(most, goal):
        return Worth(most.level, most.chance, most.fill, most.fen, reached=False)
    under, over = at(low), most
    for _turn in range(TURNS):
        middle = (low + high) / 2
        tried = at(middle)
        rises = _enough(tried, goal) if goal.fill is not None else not _enough(tried, goal)
        low, high = (low, middle) if rises else (middle, high)
        under, over = (under, tried) if rises else (tried, over)
    return (
        over if goal.fill is not None else Worth(under.level, under.chance, under.fill, under.fen, _enough(under, goal))
    )


def _enough(tried: Worth, goal: Goal) -> bool:
    """Whether a fill is reached, or a budget is kept."""
    if goal.fill is not None:
        return tried.fill >= goal.fill.parts / goal.fill.PER_UNIT
    assert goal.budget is not None
    return tried.fen <= goal.budget.fen


def _levels(found: Forecast, needed: Floats, bounds: Bounds) -> tuple[Floats, Floats]:
    """Levels at which the last piece has the chance it needs, and that chance."""
    chance = np.clip(needed, LEAST_CHANCE, 1.0)
    level = np.empty(len(chance))
    for part in blocks(len(chance)):
        level[part] = counts.quantile(found.chance[part], found.unit[part], 1 - chance[part])
    return np.maximum(np.minimum(level, bounds.most), bounds.least), chance


def _share(found: Forecast, level: Floats, sums: Sums, lines: Floats) -> float:
    """Share of lines that levels are expected to fill; ``lines`` that a piece is."""
    asked = float((found.mean * lines).sum())
    return float((filled(found, level, sums) * lines).sum()) / asked if asked > 0 else 1.0


def running_sums(found: Forecast) -> Sums:
    """Pieces of demand that 1, 2 … whole units fill on average: parts × STEPS."""
    sums: Sums = np.empty(found.chance.shape, np.float32)
    for part in blocks(len(sums)):
        sums[part] = np.cumsum(found.chance[part], axis=1) * found.unit[part][:, None]
    return sums


def filled(found: Forecast, level: Floats, sums: Sums) -> Floats:
    """Pieces of demand that ``level`` pieces fill on average: the sum of P(D ≥ k) for k up to the level, never above the mean."""
    rows = np.arange(len(level))
    steps = np.minimum(np.floor(level / found.unit), counts.STEPS).astype(np.int64)
    whole = np.where(steps > 0, sums[rows, np.maximum(steps - 1, 0)], 0.0)
    rest = (level - steps * found.unit) * found.chance[rows, np.minimum(steps, counts.STEPS - 1)]
    pieces: Floats = np.minimum(whole + np.where(steps < counts.STEPS, rest, 0.0), found.mean)
    return pieces
