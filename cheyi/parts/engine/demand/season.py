"""The year's shape by category: one index a calendar month, drawn to 1 as far as chance could have made it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cheyi.parts.engine.demand.arrays import MONTHS_A_YEAR, Floats, Ints
from cheyi.parts.engine.demand.history import Cleaned

LEAST_MONTHS = 24
LOWEST = 0.2


@dataclass(frozen=True, eq=False)
class Season:
    """``index``: groups × 12, calendar month January first, mean 1; ``group`` of each part; calendar month of each column."""

    index: Floats
    group: Ints
    calendar: Ints

    def past(self, rows: slice) -> Floats:
        """The index of every known month: parts × months."""
        found: Floats = self.index[self.group[rows]][:, self.calendar]
        return found

    def ahead(self, month: int) -> Floats:
        """The index of the month ``month`` after the next one, one a part."""
        last = int(self.calendar[-1]) if len(self.calendar) else 0
        found: Floats = self.index[self.group, (last + 1 + month) % MONTHS_A_YEAR]
        return found


def _calendar(history: Cleaned) -> Ints:
    found: Ints = (history.first_month - 1 + np.arange(history.months)) % MONTHS_A_YEAR
    return found


def no_season(history: Cleaned) -> Season:
    """Every month like every other."""
    return Season(np.ones((1, MONTHS_A_YEAR)), np.zeros(history.parts, np.int64), _calendar(history))


def season_of(history: Cleaned) -> Season:
    """The season of each category from its months of the last years; none where under two years are known.

    A month's index is the category's demand in it over that of the twelve months around it, mean over the years; every part
    weighs by the root of its demand, so that one large part is not the whole category. Each index is drawn to 1 by the
    share of its spread that the scatter between the years could have made.
    """
    plain = no_season(history)
    if history.months < LEAST_MONTHS:
        return plain
    labels, group = np.unique(history.category, return_inverse=True)
    index = np.ones((len(labels), MONTHS_A_YEAR))
    known = history.known
    values = np.where(known, history.demand, 0.0)
    whole = known.sum(axis=1) >= LEAST_MONTHS
    weight = np.where(whole, 1 / np.sqrt(np.maximum(values.sum(axis=1), 1.0)), 0.0)
    for at in range(len(labels)):
        rows = group == at
        index[at] = _index(weight[rows] @ values[rows], plain.calendar)
    return Season(index, group.astype(np.int64), plain.calendar)


def _index(total: Floats, calendar: Ints) -> Floats:
    """Index by calendar month of one row of months, 1 where nothing can be told."""
    half = MONTHS_A_YEAR // 2
    sums = np.concatenate([[0.0], np.cumsum(total)])
    middle = np.arange(half, len(total) - half)
    year = (sums[middle + half] - sums[middle - half] + sums[middle + half + 1] - sums[middle - half + 1]) / 2
    ratio = np.where(year > 0, MONTHS_A_YEAR * total[middle] / np.maximum(year, 1e-9), 1.0)
    month = calendar[middle]
    count = np.bincount(month, minlength=MONTHS_A_YEAR)
    mean = np.where(count > 0, np.bincount(month, ratio, MONTHS_A_YEAR) / np.maximum(count, 1), 1.0)
    within = float(((ratio - mean[month]) ** 2).sum()) / max(len(ratio) - MONTHS_A_YEAR, 1)
    chance = within / np.maximum(count, 1)
    spread = float(np.var(mean))
    keeps = (
        np.clip(1 - chance / max(spread, 1e-12), 0.0, 1.0) if len(ratio) > MONTHS_A_YEAR else np.zeros(MONTHS_A_YEAR)
    )
    drawn = np.maximum(1 + (mean - 1) * keeps, LOWEST)
    found: Floats = drawn / drawn.mean()
    return found
