"""The monthly level of every part at every month, as seen with a short or a long memory.

Three means, averaged: exponential smoothing, a plain window of months, and multi-aggregation (exponential smoothing of
blocks of 1, 2, 3, 4, 6 and 12 months: Kourentzes, Petropoulos and Trapero, "Improving forecasting by estimating time
series structural components across multiple frequencies", 2014). All are normalised weighted means, so months that are not
known weigh nothing and no first value has to be made up; half a month of the part's group is mixed in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cheyi.parts.engine.demand.arrays import Floats, running

AGGREGATES = (1, 2, 3, 4, 6, 12)
PRIOR_MONTHS = 0.5
MOST_NEWEST = 0.5


@dataclass(frozen=True, slots=True)
class Memory:
    """How fast the past fades: share of the newest month, months of the window, and what a month keeps a month later."""

    name: str
    newest: float
    window: int
    keeps: float


SHORT = Memory("short", 0.15, 12, 0.94)
LONG = Memory("long", 0.03, 36, 0.985)
MEMORIES = (SHORT, LONG)


def levels(demand: Floats, memory: Memory, prior: Floats) -> Floats:
    """Mean monthly demand as seen at the end of each month: parts × months; NaN in ``demand`` is unknown."""
    known = ~np.isnan(demand)
    values = running(np.where(known, demand, 0.0))
    counts = running(known.astype(np.float64))
    smooth = [_smoothed(values, counts, size, memory.newest, prior) for size in AGGREGATES]
    window = _window(values, counts, memory.window, prior)
    several: Floats = np.mean(smooth, axis=0)
    found: Floats = (smooth[0] + window + several) / 3
    return found


def _window(values: Floats, counts: Floats, months: int, prior: Floats) -> Floats:
    start = np.maximum(np.arange(1, values.shape[1]) - months, 0)
    return _mean(values[:, 1:] - values[:, start], counts[:, 1:] - counts[:, start], prior)


def _smoothed(values: Floats, counts: Floats, size: int, newest: float, prior: Floats) -> Floats:
    """Exponential smoothing of blocks of ``size`` months that end at each month."""
    share = min(MOST_NEWEST, 1 - (1 - newest) ** size)
    months = values.shape[1] - 1
    start = np.maximum(np.arange(1, months + 1) - size, 0)
    total = values[:, 1:] - values[:, start]
    weight = counts[:, 1:] - counts[:, start]
    for month in range(size, months):
        total[:, month] += (1 - share) * total[:, month - size]
        weight[:, month] += (1 - share) * weight[:, month - size]
    return _mean(total, weight, prior)


def _mean(total: Floats, weight: Floats, prior: Floats) -> Floats:
    return (total + PRIOR_MONTHS * prior[:, None]) / (weight + PRIOR_MONTHS)
