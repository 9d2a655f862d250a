"""Simulated demand of car parts by month: none of it drawn from the negative binomial that the engine believes in.

A car comes on a day, and a job takes a set of pieces (brake pads by the axle, spark plugs by four): days with a visit are
Bernoulli draws, the pieces of a job come from a short list, and the chance of a visit wanders as a random walk in logarithms,
so that months are sums of a compound binomial whose rate drifts.

The price is that of what a job takes, and a piece costs its share: plugs, screws and clips that go by the four, six or eight are
cheap, a control arm goes alone. Counted over parts, a piece's price falls nearly as the pieces of a line rise: in logarithms by
1.1 in the catalogue of `parts_store`, by 1.2 and 0.5 on two public sets of real parts (aircraft; a manufacturer's), where they
correlate by −0.6. How often a part is asked for says little of its price there (−0.02, −0.14), so nothing here. Prices scatter by
1.3 in logarithms, as in that catalogue and at the manufacturer (aircraft parts: 2.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

KINDS = ("steady", "rare", "lumpy", "dying", "seasonal", "new")
SHARES = (0.25, 0.35, 0.12, 0.12, 0.08, 0.08)
WORKDAYS = 26
BOX = 4
LARGEST = WORKDAYS * (1 + BOX)


@dataclass(frozen=True, eq=False)
class Series:
    """Parts × months of demand (NaN before a part existed), each part's kind, price in yuan and group.

    ``taken`` pieces a job takes and ``visit``, parts × months, the chance of a job on a day: what no buyer is told.
    """

    demand: NDArray[np.float64]
    kind: NDArray[np.int64]
    price: NDArray[np.float64]
    category: NDArray[np.int64]
    taken: NDArray[np.int64]
    visit: NDArray[np.float64]

    def of(self, kind: str) -> NDArray[np.int64]:
        """Rows of a kind."""
        return np.flatnonzero(self.kind == KINDS.index(kind))

    def truth(self, month: int, steps: int) -> NDArray[np.float64]:
        """P(D ≥ k), k = 1 … steps, of each part's demand in a month: what an all-knowing buyer would go by."""
        sets = np.empty((len(self.kind), LARGEST + 1))
        days = binomial(WORKDAYS, self.visit[:, month])
        for share in np.unique(box_share := _box_share(self.kind)):
            mine = box_share == share
            sets[mine] = days[mine] @ _sets_of_days(float(share))
        reached = np.cumsum(sets[:, ::-1], axis=1)[:, ::-1]
        needed = -(-np.arange(1, steps + 1)[None, :] // self.taken[:, None])
        return np.where(needed > LARGEST, 0.0, np.take_along_axis(reached, np.minimum(needed, LARGEST), axis=1))


def mixed(parts: int, months: int, *, seed: int) -> Series:
    """A store's parts: a quarter steady, a third rare, the rest lumpy, dying, seasonal and new."""
    draw = np.random.default_rng(seed)
    kind = draw.choice(len(KINDS), size=parts, p=SHARES)
    visits = np.exp(draw.normal(np.log(np.choose(kind, [1.5, 0.12, 0.25, 1.0, 2.0, 0.8])), 0.8))
    drift = np.cumsum(draw.normal(0, 0.08, (parts, months)), axis=1)
    rate = visits[:, None] * np.exp(drift - drift.mean(axis=1, keepdims=True))
    time = np.arange(months)
    ends = draw.integers(months // 3, months, size=parts)
    rate *= np.where((kind == KINDS.index("dying"))[:, None], 0.8 ** np.maximum(time - ends[:, None], 0), 1.0)
    wave = 1 + 0.7 * np.cos(2 * np.pi * (time - 6) / 12)
    rate *= np.where((kind == KINDS.index("seasonal"))[:, None], wave, 1.0)
    visit = np.minimum(rate / WORKDAYS, 0.95)
    days = draw.binomial(WORKDAYS, visit)
    taken = _pieces_a_job(draw, kind)
    demand = _pieces(draw, days, kind, taken).astype(np.float64)
    begins = draw.integers(months * 2 // 3, months - 1, size=parts)
    demand[(kind == KINDS.index("new"))[:, None] & (time < begins[:, None])] = np.nan
    price = np.round(np.exp(draw.normal(4.5, 1.3, parts)) / taken, 2)
    return Series(demand, kind, price, kind, taken, visit)


def _pieces_a_job(draw: np.random.Generator, kind: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pieces that a job takes; a lumpy part goes by the set."""
    lumpy = kind == KINDS.index("lumpy")
    found: NDArray[np.int64] = np.where(lumpy, draw.choice([4, 6, 8], len(kind)), draw.choice([1, 1, 1, 2], len(kind)))
    return found


def _pieces(
    draw: np.random.Generator, days: NDArray[np.int64], kind: NDArray[np.int64], taken: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Pieces of all jobs of a month; a lumpy part is sometimes taken by the box."""
    boxes = draw.binomial(days, _box_share(kind)[:, None])
    found: NDArray[np.int64] = taken[:, None] * (days + BOX * boxes)
    return found


def _box_share(kind: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(kind == KINDS.index("lumpy"), 0.15, 0.02)


def binomial(most: int, chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """P(N = n), n = 0 … most, for each chance."""
    at = np.arange(most + 1)
    ways = np.array([comb(most, n) for n in at], dtype=np.float64)
    found: NDArray[np.float64] = ways * chance[:, None] ** at * (1 - chance[:, None]) ** (most - at)
    return found


def _sets_of_days(share: float) -> NDArray[np.float64]:
    """P(sets | days with a job): days × sets, where a job takes a box with a chance."""
    found = np.zeros((WORKDAYS + 1, LARGEST + 1))
    for days in range(WORKDAYS + 1):
        found[days, days + BOX * np.arange(days + 1)] = binomial(days, np.array([share]))[0]
    return found
