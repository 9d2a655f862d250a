"""The forecast of all parts: mean, quantiles and P(D ≥ k) over a time of months or days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cheyi.kernel import Refused
from cheyi.parts.engine.demand import counts, spread
from cheyi.parts.engine.demand.arrays import DAYS_A_MONTH, MONTHS_A_YEAR, Floats, Ints, blocks, one_each, running
from cheyi.parts.engine.demand.groups import prior_levels
from cheyi.parts.engine.demand.history import Cleaned
from cheyi.parts.engine.demand.levels import LONG, Memory, levels
from cheyi.parts.engine.demand.season import Season, no_season

LONGEST_MONTHS = 12.0
MOST_PAST = 0.5
HALF_PAST = 15.0
END_KEEPS = 0.9


@dataclass(frozen=True, slots=True)
class Setting:
    """What a warehouse's own past has chosen: the memory, and how wide demand scatters (1 is as each part was seen)."""

    memory: Memory = LONG
    width: float = 1.0


@dataclass(frozen=True, eq=False)
class Forecast:
    """Demand of each part over its time ahead.

    ``mean`` in pieces; ``chance``: P(D ≥ k · unit) for k = 1 … STEPS, parts × STEPS; ``level``: pieces a month now, season
    and ending aside; ``months``: the time ahead.
    """

    mean: Floats
    chance: Floats
    unit: Floats
    level: Floats
    months: Floats
    setting: Setting

    def quantile(self, level: float | Floats) -> Floats:
        """The demand that is not exceeded with chance ``level`` (0 to 1), whole pieces."""
        return counts.quantile(self.chance, self.unit, level)

    def over(self, pieces: ArrayLike) -> Floats:
        """The chance that demand exceeds ``pieces`` (one number, or one a part): of running out with that in stock."""
        held = np.maximum(one_each("pieces", pieces, len(self.mean)), 0.0)
        step = np.floor(held / self.unit)
        rows = np.arange(len(self.mean))
        below = np.where(step > 0, self.chance[rows, np.clip(step - 1, 0, counts.STEPS - 1).astype(np.int64)], 1.0)
        above = np.where(
            step < counts.STEPS, self.chance[rows, np.minimum(step, counts.STEPS - 1).astype(np.int64)], 0.0
        )
        share = (held + 1 - step * self.unit) / self.unit
        found: Floats = below + (above - below) * np.minimum(share, 1.0)
        return found


def forecast(
    history: Cleaned,
    months: ArrayLike,
    setting: Setting | None = None,
    *,
    season: Season | None = None,
    uplift: ArrayLike = 0.0,
    skip: int = 0,
) -> Forecast:
    """Demand over the next ``months`` (more than 0 to 12, parts of a month too; one number or one a part) of every part.

    ``uplift``: planned extra share of promotions in that time. ``skip``: whole months between the last known one and the
    time ahead. A part at its end of life keeps 90 % of its demand each month. Raises Refused
    ``parts.demand.wrong_horizon`` (facts ``months``, ``longest``) and ``.wrong_shape``.
    """
    setting = setting or Setting()
    season = season or no_season(history)
    ahead = one_each("months", months, history.parts)
    if not (np.all(ahead > 0) and np.all(ahead + skip <= LONGEST_MONTHS) and skip >= 0):
        raise Refused("parts.demand.wrong_horizon", months=float(np.max(ahead)) + skip, longest=int(LONGEST_MONTHS))
    seen = _seen(history, setting, season)
    times = _months_worth(history, ahead, season, skip) * (1 + one_each("uplift", uplift, history.parts))
    return _spread_out(history, season, setting, seen, ahead, times)


def forecast_days(history: Cleaned, days: ArrayLike, setting: Setting | None = None, **more: object) -> Forecast:
    """The same over days, thirty to a month. Raises Refused as `forecast`."""
    return forecast(history, np.asarray(days, dtype=np.float64) / DAYS_A_MONTH, setting, **more)  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class _Seen:
    level: Floats
    ratio: Floats


def _seen(history: Cleaned, setting: Setting, season: Season) -> _Seen:
    """Level and scatter of every part now."""
    prior = prior_levels(history)
    level = np.empty(history.parts)
    ratio, pieces = np.empty(history.parts), np.empty(history.parts)
    for part in blocks(history.parts):
        even = history.demand[part] / season.past(part)
        path = levels(even, setting.memory, prior[part])
        own = spread.scatter(even, path)
        level[part], ratio[part], pieces[part] = path[:, -1], own.ratio, own.pieces
    return _Seen(level, spread.leaning(spread.Scatter(ratio, pieces), level))


def _months_worth(history: Cleaned, ahead: Floats, season: Season, skip: int) -> Floats:
    """How many average months the time ahead is worth: its months' season, and the decay of parts that end."""
    worth = np.zeros(history.parts)
    keeps = np.where(history.ends, END_KEEPS, 1.0)
    for month in range(skip, skip + int(np.ceil(ahead.max()))):
        share = np.clip(ahead - (month - skip), 0, 1)
        worth += share * season.ahead(month) * keeps ** (month + 0.5)
    return worth


def _spread_out(
    history: Cleaned, season: Season, setting: Setting, seen: _Seen, ahead: Floats, times: Floats
) -> Forecast:
    mean = seen.level * times
    ratio = np.maximum(seen.ratio * setting.width, 1.0)
    window = np.clip(np.round(ahead), 1, MONTHS_A_YEAR).astype(np.int64)
    unit = np.empty(history.parts)
    chance = np.empty((history.parts, counts.STEPS))
    for part in blocks(history.parts):
        totals, weights = _past(history.demand[part] / season.past(part), window[part], setting)
        totals = totals * (times[part] / window[part])[:, None]
        top = np.where(weights > 0, totals, 0).max(axis=1, initial=0.0)
        unit[part] = counts.units_for(mean[part], ratio[part], top)
        chance[part] = counts.negative_binomial(mean[part], ratio[part], unit[part])
        share = _share_of_the_past(weights.sum(axis=1) / window[part], ahead[part])[:, None]
        past = counts.empirical(totals, weights, unit[part])
        chance[part] = np.where(share > 0, (1 - share) * chance[part] + share * past, chance[part])
    return Forecast(mean, chance, unit, seen.level, ahead, setting)


def _share_of_the_past(windows: Floats, ahead: Floats) -> Floats:
    """How much the past as it was weighs beside the negative binomial: with 15 separate windows a quarter, never half.

    Under a month ahead it says nothing.
    """
    return np.where(ahead >= 1, MOST_PAST * windows / (windows + HALF_PAST), 0.0)


def _past(demand: Floats, window: Ints, setting: Setting) -> tuple[Floats, Floats]:
    """Demands of windows of past months, one at each month's end, and their weights; 0 where a month is unknown."""
    known = ~np.isnan(demand)
    sums, counted = running(np.where(known, demand, 0.0)), running(known.astype(np.float64))
    ends = np.arange(1, sums.shape[1])
    start = np.maximum(ends[None, :] - window[:, None], 0)
    totals = sums[:, 1:] - np.take_along_axis(sums, start, axis=1)
    whole = counted[:, 1:] - np.take_along_axis(counted, start, axis=1) == window[:, None]
    fading = setting.memory.keeps ** np.arange(len(ends))[::-1]
    return totals, whole * fading
