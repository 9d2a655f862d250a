"""Simulated demand of car parts by month: none of it drawn from the negative binomial that the engine believes in.

A car comes on a day, and a job takes a set of pieces (brake pads by the axle, spark plugs by four): days with a visit are
Bernoulli draws, the pieces of a job come from a short list, and the chance of a visit wanders as a random walk in logarithms,
so that months are sums of a compound binomial whose rate drifts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

KINDS = ("steady", "rare", "lumpy", "dying", "seasonal", "new")
SHARES = (0.25, 0.35, 0.12, 0.12, 0.08, 0.08)
WORKDAYS = 26


@dataclass(frozen=True, eq=False)
class Series:
    """Parts × months of demand (NaN before a part existed), each part's kind, price in yuan and group."""

    demand: NDArray[np.float64]
    kind: NDArray[np.int64]
    price: NDArray[np.float64]
    category: NDArray[np.int64]

    def of(self, kind: str) -> NDArray[np.int64]:
        """Rows of a kind."""
        return np.flatnonzero(self.kind == KINDS.index(kind))


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
    days = draw.binomial(WORKDAYS, np.minimum(rate / WORKDAYS, 0.95))
    demand = _pieces(draw, days, kind).astype(np.float64)
    begins = draw.integers(months * 2 // 3, months - 1, size=parts)
    demand[(kind == KINDS.index("new"))[:, None] & (time < begins[:, None])] = np.nan
    price = np.round(np.exp(draw.normal(4.5, 1.3, parts)), 2)
    return Series(demand, kind, price, kind)


def _pieces(draw: np.random.Generator, days: NDArray[np.int64], kind: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pieces of all jobs of a month; a lumpy part is taken by the set, sometimes by the box."""
    set_of = np.where(
        kind == KINDS.index("lumpy"), draw.choice([4, 6, 8], len(kind)), draw.choice([1, 1, 1, 2], len(kind))
    )
    boxes = draw.binomial(days, np.where(kind == KINDS.index("lumpy"), 0.15, 0.02)[:, None])
    found: NDArray[np.int64] = set_of[:, None] * (days + 4 * boxes)
    return found
