"""What a forecast would have been worth on the warehouse's own past: rolling origins, quantile loss, choice of the setting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from cheyi.parts.engine.demand.arrays import Floats, Ints
from cheyi.parts.engine.demand.forecast import Setting, forecast
from cheyi.parts.engine.demand.history import Cleaned
from cheyi.parts.engine.demand.levels import MEMORIES

WIDTHS = (0.7, 0.85, 1.0, 1.2, 1.45)
ORDER_LEVELS = (0.9, 0.95)
LEAST_PAST = 6
MOST_ORIGINS = 4
SAMPLE = 2000
CLEARLY = 0.995


@dataclass(frozen=True, slots=True)
class Trial:
    """A setting and its mean quantile loss on the warehouse's past, in pieces a part and origin."""

    setting: Setting
    loss: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The setting that a warehouse's past chose, all that were tried, and how much past there was: origins, parts."""

    setting: Setting
    trials: tuple[Trial, ...]
    origins: int
    parts: int


def loss(actual: Floats, quantile: Floats, level: float) -> Floats:
    """Quantile (pinball) loss: each piece short costs ``level``, each piece too many the rest; in pieces."""
    short = actual - quantile
    found: Floats = np.maximum(level * short, (level - 1) * short)
    return found


def origins(months: int, ahead: int, *, most: int = MOST_ORIGINS, every: int | None = None) -> tuple[int, ...]:
    """How many months were known at each origin, newest first, so that ``ahead`` more are known after it."""
    step = every or ahead
    newest = months - ahead
    return tuple(range(newest, max(LEAST_PAST, months // 3) - 1, -step))[:most]


def actual_after(history: Cleaned, origin: int, ahead: int) -> Floats:
    """Demand of the ``ahead`` months after an origin; NaN where one of them is not known or nothing was known before."""
    total: Floats = history.demand[:, origin : origin + ahead].sum(axis=1)
    return np.where(history.known[:, :origin].any(axis=1), total, np.nan)


def choose(history: Cleaned, ahead: int = 3, at: tuple[float, ...] = ORDER_LEVELS) -> Choice:
    """The memory and width with the least quantile loss (``at`` 0.9 and 0.95) over ``ahead`` months, for the whole warehouse.

    At most 2,000 parts, evenly picked, and four origins are tried. The ordinary setting stays unless another one is
    clearly (0.5 %) better; with less than half a year before the first origin nothing can be tried.
    """
    usual = Setting()
    rows = _sample(history)
    picked = history.until(history.months, rows)
    starts = origins(history.months, ahead)
    losses: dict[Setting, float] = {}
    counted = 0
    for origin in starts:
        actual = actual_after(picked, origin, ahead)
        ripe = np.flatnonzero(~np.isnan(actual))
        if not len(ripe):
            continue
        counted += len(ripe)
        known = picked.until(origin, ripe)
        for setting in _settings():
            found = forecast(known, ahead, setting)
            losses[setting] = losses.get(setting, 0.0) + _total(actual[ripe], found.quantile, at)
    if not losses:
        return Choice(usual, (), 0, 0)
    trials = tuple(Trial(setting, total / counted) for setting, total in losses.items())
    best = min(trials, key=lambda trial: trial.loss)
    stays = best.loss >= CLEARLY * next(trial.loss for trial in trials if trial.setting == usual)
    return Choice(usual if stays else best.setting, trials, len(starts), len(rows))


def _settings() -> Iterable[Setting]:
    return (Setting(memory, width) for memory in MEMORIES for width in WIDTHS)


def _total(actual: Floats, quantile: Callable[[float], Floats], at: tuple[float, ...]) -> float:
    return float(sum(loss(actual, quantile(level), level).sum() for level in at))


def _sample(history: Cleaned) -> Ints:
    """Parts that ever sold, evenly picked in their order."""
    sold = np.flatnonzero(np.where(history.known, history.demand, 0).sum(axis=1) > 0)
    if len(sold) <= SAMPLE:
        return sold
    found: Ints = sold[np.arange(SAMPLE) * len(sold) // SAMPLE]
    return found
