"""How far monthly demand scatters: variance over mean per part, leaning on parts of like demand where it has seen little."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cheyi.parts.engine.demand.arrays import Floats

BINS = 12
LEAN = 6.0
FADES = 0.97
FIRST_ORIGIN = 5


@dataclass(frozen=True, eq=False)
class Scatter:
    """Per part: ``ratio`` of variance to mean as it was seen, and ``pieces`` of demand that it was seen on."""

    ratio: Floats
    pieces: Floats


def scatter(demand: Floats, seen: Floats) -> Scatter:
    """What a part's own months say: half from its errors of one month ahead (``seen``: levels, parts × months), half about its mean.

    Old months fade by 3 % each. A part without demand says nothing: ``pieces`` 0.
    """
    errors, forecast = _errors(demand, seen)
    around, total = _around(demand)
    pieces = np.where(total > 0, (forecast + total) / 2, 0.0)
    return Scatter((errors + around) / np.maximum(forecast + total, 1e-9), pieces)


def _errors(demand: Floats, seen: Floats) -> tuple[Floats, Floats]:
    months = demand.shape[1]
    first = min(FIRST_ORIGIN, max(months - 2, 0))
    actual, forecast = demand[:, first + 1 :], seen[:, first : months - 1]
    weight = np.where(np.isnan(actual), 0.0, FADES ** np.arange(actual.shape[1])[::-1])
    error = np.where(np.isnan(actual), 0.0, actual - forecast)
    return (weight * error**2).sum(axis=1), (weight * forecast).sum(axis=1)


def _around(demand: Floats) -> tuple[Floats, Floats]:
    known = ~np.isnan(demand)
    weight = known * FADES ** np.arange(demand.shape[1])[::-1]
    months = weight.sum(axis=1)
    values = np.where(known, demand, 0.0)
    mean = (weight * values).sum(axis=1) / np.maximum(months, 1e-9)
    squares = (weight * (values - mean[:, None]) ** 2).sum(axis=1)
    return squares * months / np.maximum(months - 1, 1), mean * months


def leaning(own: Scatter, level: Floats) -> Floats:
    """The ratio per part, at least 1: its own, weighed by pieces, and that of parts of like level as six pieces more."""
    ratio = (own.pieces * own.ratio + LEAN * like(own, level)) / (own.pieces + LEAN)
    return np.maximum(ratio, 1.0)


def like(own: Scatter, level: Floats) -> Floats:
    """The ratio of all pieces in twelve equal groups of parts by level."""
    group = np.argsort(np.argsort(level, kind="stable"), kind="stable") * BINS // max(len(level), 1)
    pieces = np.bincount(group, weights=own.pieces, minlength=BINS)
    squares = np.bincount(group, weights=own.pieces * own.ratio, minlength=BINS)
    pooled = np.where(pieces > 0, squares / np.maximum(pieces, 1e-9), 1.0)
    found: Floats = np.maximum(pooled, 1.0)[group]
    return found
