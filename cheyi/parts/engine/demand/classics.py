"""The classic forecasts for all parts at once, each with an honest distribution: what the engine is measured against.

``classic`` computes the same for one part. Demand over several months is taken for negative binomial (Poisson where it
scatters less) with the method's mean and the variance of its own one-month errors, month by month independent.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cheyi.parts.engine.demand import counts
from cheyi.parts.engine.demand.arrays import Floats, running

Method = Callable[[Floats], Floats]

CROSTON_SHARE = 0.1
WARM_UP = 3


def croston(demand: Floats, share: float = CROSTON_SHARE) -> Floats:
    """Croston's rate as seen at each month (0 before the first sale): parts × months, NaN in ``demand`` is passed over.

    Croston, "Forecasting and stock control for intermittent demands", 1972; the first demand sets size and interval.
    """
    rows, months = demand.shape
    size, interval, waited = np.zeros(rows), np.ones(rows), np.ones(rows)
    rate, begun = np.zeros((rows, months)), np.zeros(rows, bool)
    for month in range(months):
        value = demand[:, month]
        sold = value > 0
        pull = np.where(begun, share, 1.0)
        size = np.where(sold, size + pull * (value - size), size)
        interval = np.where(sold, interval + pull * (waited - interval), interval)
        begun |= sold
        waited = np.where(sold, 1.0, np.where(np.isnan(value), waited, waited + 1))
        rate[:, month] = np.where(begun, size / interval, 0.0)
    return rate


def sba(demand: Floats, share: float = CROSTON_SHARE) -> Floats:
    """Croston less its bias, times 1 − share / 2 (Syntetos and Boylan, "The accuracy of intermittent demand estimates", 2005)."""
    return (1 - share / 2) * croston(demand, share)


def smoothing(demand: Floats, share: float) -> Floats:
    """Simple exponential smoothing; the first known month sets the level."""
    level, begun = np.zeros(len(demand)), np.zeros(len(demand), bool)
    seen = np.zeros(demand.shape)
    for month in range(demand.shape[1]):
        value = demand[:, month]
        known = ~np.isnan(value)
        level = np.where(known, level + np.where(begun, share, 1.0) * (value - level), level)
        begun |= known
        seen[:, month] = level
    return seen


def moving_average(demand: Floats, months: int = 12) -> Floats:
    """The mean of the known ones among the last months."""
    known = ~np.isnan(demand)
    sums, counted = running(np.where(known, demand, 0.0)), running(known.astype(np.float64))
    start = np.maximum(np.arange(1, sums.shape[1]) - months, 0)
    found: Floats = (sums[:, 1:] - sums[:, start]) / np.maximum(counted[:, 1:] - counted[:, start], 1)
    return found


METHODS: dict[str, Method] = {
    "months of cover": moving_average,
    "Croston": croston,
    "SBA": sba,
    "smoothing 0.1": lambda demand: smoothing(demand, 0.1),
    "smoothing 0.2": lambda demand: smoothing(demand, 0.2),
}


def chances(demand: Floats, seen: Floats, months: int) -> tuple[Floats, Floats]:
    """P(D ≥ k · unit) over so many months after the last, and the unit (shapes as `counts.negative_binomial`).

    ``seen``: the method's forecast at each month; its errors one month ahead make the variance.
    """
    begin = min(WARM_UP, max(demand.shape[1] - 2, 0))
    error = demand[:, begin + 1 :] - seen[:, begin:-1]
    known = ~np.isnan(error)
    square = np.where(known, error, 0.0) ** 2
    variance = square.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    mean = seen[:, -1]
    ratio = np.where(mean > 0, np.maximum(variance / np.maximum(mean, 1e-9), 1.0), 1.0)
    unit = counts.units_for(months * mean, ratio, np.zeros(len(mean)))
    return counts.negative_binomial(months * mean, ratio, unit), unit
