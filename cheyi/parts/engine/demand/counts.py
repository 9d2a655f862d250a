"""Distributions of a demand as one matrix: P(D ≥ k · unit) for k = 1 … STEPS, unit 1 but for parts of large demand.

The negative binomial of mean m and variance-to-mean ratio v has size r = m / (v − 1) and is summed by its recursion; v = 1
is the Poisson. Where a unit holds several pieces the demand in units is taken for negative binomial too, or, when it
scatters less than Poisson in units, for gamma by Wilson and Hilferty's cube root (1931).
"""

from __future__ import annotations

from math import erf

import numpy as np

from cheyi.parts.engine.demand.arrays import Floats, blocks

STEPS = 128
DEVIATIONS = 6.0
NEARLY_POISSON = 1.0 + 1e-6
ROUGH = 1.5

_erf = np.frompyfunc(erf, 1, 1)


def units_for(mean: Floats, ratio: Floats, seen: Floats) -> Floats:
    """The unit a part is counted in, so that ``STEPS`` of them reach the far tail and the largest demand seen."""
    top = np.maximum(mean + DEVIATIONS * np.sqrt(mean * ratio), seen)
    return np.maximum(np.ceil(top / STEPS), 1.0)


def negative_binomial(mean: Floats, ratio: Floats, unit: Floats) -> Floats:
    """P(D ≥ k · unit): parts × STEPS. ``mean`` ≥ 0, ``ratio`` ≥ 1 (variance over mean), both in pieces."""
    chances = np.empty((len(mean), STEPS))
    for part in blocks(len(mean)):
        chances[part] = _recursion(mean[part] / unit[part], np.maximum(ratio[part] / unit[part], NEARLY_POISSON))
    smooth = np.flatnonzero((unit > 1) & (ratio < ROUGH * unit))
    if len(smooth):
        chances[smooth] = _gamma(mean[smooth], ratio[smooth], unit[smooth])
    return chances


def _recursion(mean: Floats, ratio: Floats) -> Floats:
    size = mean / (ratio - 1)
    fall = 1 - 1 / ratio
    chance = np.exp(-size * np.log(ratio))
    over = np.empty((len(mean), STEPS))
    left = 1 - chance
    for step in range(STEPS):
        over[:, step] = left
        chance = chance * ((size + step) / (step + 1)) * fall
        left = left - chance
    found: Floats = np.maximum(over, 0.0)
    return found


def _gamma(mean: Floats, ratio: Floats, unit: Floats) -> Floats:
    shape = (mean / ratio)[:, None]
    edge = np.arange(1, STEPS + 1) * unit[:, None] - 0.5
    root = (np.cbrt(edge / mean[:, None]) - 1 + 1 / (9 * shape)) * 3 * np.sqrt(shape)
    over: Floats = 0.5 * (1 - _erf(root / np.sqrt(2)).astype(np.float64))
    return over


def empirical(totals: Floats, weights: Floats, unit: Floats) -> Floats:
    """P(D ≥ k · unit) of weighted past demands: parts × windows in, parts × STEPS out; no weight gives NaN.

    A demand counts as the nearest whole piece.
    """
    rows, windows = totals.shape
    step = np.minimum(np.floor(np.floor(totals + 0.5) / unit[:, None]), STEPS).astype(np.int64)
    place = (np.arange(rows)[:, None] * (STEPS + 1) + step).ravel()
    mass = np.bincount(place, weights=weights.ravel(), minlength=rows * (STEPS + 1)).reshape(rows, STEPS + 1)
    total = weights.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        over: Floats = np.cumsum(mass[:, :0:-1], axis=1)[:, ::-1] / total[:, None]
    return over if windows else np.full((rows, STEPS), np.nan)


def quantile(over: Floats, unit: Floats, level: float | Floats) -> Floats:
    """The least demand that is not exceeded with chance ``level`` (one, or one a part); within a unit of several pieces on a straight line.

    Within a unit the distribution is taken to rise evenly, and pieces stay whole.
    """
    rows = np.arange(len(over))
    rest = np.broadcast_to(1 - np.asarray(level) + 1e-9, rows.shape)
    whole = (over > rest[:, None]).sum(axis=1)
    here = np.where(whole > 0, over[rows, np.maximum(whole - 1, 0)], 1.0)
    then = over[rows, np.minimum(whole, STEPS - 1)]
    share = np.where(here > then, (here - rest) / np.maximum(here - then, 1e-300), 0.0)
    found: Floats = whole * unit + np.floor(np.clip(share, 0, 1) * (unit - 1) + 0.5)
    return found
