"""A table of months made fit for a forecast: what cannot be believed becomes unknown, and every change is counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cheyi.kernel import Refused
from cheyi.parts.engine.demand.arrays import MONTHS_A_YEAR, Flags, Floats, Ints

LONGEST = 600
LARGEST = 1e9


@dataclass(frozen=True, eq=False)
class History:
    """Demand by part and month, oldest month first, as it was recorded.

    ``demand``: parts × months in pieces (or litres), NaN where nothing is known (the part did not exist yet). The other
    tables have the same shape. ``out_of_stock``: no stock during the month, so demand is at least what is written.
    ``uplift``: planned extra share of a promotion in that month (0.3 is 30 % more), 0 without one, NaN for a promotion
    whose effect nobody planned. ``category`` and ``model``: whole numbers that name groups, −1 for none.
    ``ends``: the part is at its end of life. ``first_month``: calendar month of the first column, 1 to 12.
    """

    demand: ArrayLike
    out_of_stock: ArrayLike | None = None
    uplift: ArrayLike | None = None
    category: ArrayLike | None = None
    model: ArrayLike | None = None
    ends: ArrayLike | None = None
    first_month: int = 1


@dataclass(frozen=True, eq=False)
class Cleaned:
    """What the forecast works on: ``demand`` (NaN unknown) and, per part, what was changed on the way.

    ``returned``: pieces by which months below zero were set against earlier months. ``censored``: months without stock
    that are left out. ``promoted``: months from which a promotion was taken.
    """

    demand: Floats
    category: Ints
    model: Ints
    ends: Flags
    first_month: int
    returned: Floats
    censored: Ints
    promoted: Ints

    @property
    def known(self) -> Flags:
        """Where demand is known: parts × months."""
        return ~np.isnan(self.demand)

    @property
    def parts(self) -> int:
        """How many parts."""
        return int(self.demand.shape[0])

    @property
    def months(self) -> int:
        """How many months."""
        return int(self.demand.shape[1])

    def until(self, month: int, rows: Ints | slice = slice(None)) -> Cleaned:
        """The first ``month`` months of some parts: what was known then."""
        return Cleaned(
            self.demand[rows, :month],
            self.category[rows],
            self.model[rows],
            self.ends[rows],
            self.first_month,
            self.returned[rows],
            self.censored[rows],
            self.promoted[rows],
        )


def clean(history: History) -> Cleaned:
    """Make a history fit for a forecast.

    Months below zero (returns after the month of issue) are set against the months before, latest first; what is left
    over against those after; never below zero. Months before the first known one stay unknown. A month out of stock keeps its
    demand only if that is above the part's mean of stocked months, else it is unknown: it says no more than "at least".
    A promotion's planned uplift is divided out; one without a plan makes the month unknown.

    Raises Refused ``parts.demand.no_parts``, ``.no_months``, ``.too_many_months`` (fact ``longest``), ``.wrong_shape``
    and ``.no_number`` (facts ``part``, ``month``, from 1) for an infinite or absurd one.
    """
    demand = _table(history.demand)
    demand, returned = _against_returns(demand)
    demand, promoted = _without_promotions(demand, _beside(history.uplift, demand, "uplift"))
    demand, censored = _without_empty_shelves(demand, _beside(history.out_of_stock, demand, "out_of_stock"))
    rows = demand.shape[0]
    if not 1 <= history.first_month <= MONTHS_A_YEAR:
        raise Refused("parts.demand.wrong_shape", column="first_month", cells=str(history.first_month))
    return Cleaned(
        demand,
        _labels("category", history.category, rows),
        _labels("model", history.model, rows),
        _labels("ends", history.ends, rows, nothing=0) > 0,
        history.first_month,
        returned,
        censored,
        promoted,
    )


def _table(given: ArrayLike) -> Floats:
    try:
        demand = np.array(given, dtype=np.float64)
    except (ValueError, TypeError):
        raise Refused("parts.demand.wrong_shape", column="demand", cells="?") from None
    if demand.ndim != 2:
        raise Refused("parts.demand.wrong_shape", column="demand", cells=" × ".join(map(str, demand.shape)))
    if not demand.shape[0]:
        raise Refused("parts.demand.no_parts")
    if not demand.shape[1]:
        raise Refused("parts.demand.no_months")
    if demand.shape[1] > LONGEST:
        raise Refused("parts.demand.too_many_months", months=demand.shape[1], longest=LONGEST)
    absurd = np.argwhere(np.abs(demand) > LARGEST)
    if len(absurd):
        raise Refused("parts.demand.no_number", part=int(absurd[0][0]) + 1, month=int(absurd[0][1]) + 1)
    return demand


def _beside(given: ArrayLike | None, demand: Floats, name: str) -> Floats | None:
    if given is None:
        return None
    beside = np.asarray(given, dtype=np.float64)
    if beside.shape != demand.shape:
        raise Refused("parts.demand.wrong_shape", column=name, cells=" × ".join(map(str, beside.shape)))
    return beside


def _labels(name: str, given: ArrayLike | None, rows: int, *, nothing: int = -1) -> Ints:
    labels = np.full(rows, nothing, np.int64) if given is None else np.asarray(given).astype(np.int64)
    if labels.shape != (rows,):
        raise Refused("parts.demand.wrong_shape", column=name, cells=" × ".join(map(str, labels.shape)))
    return labels


def _against_returns(demand: Floats) -> tuple[Floats, Floats]:
    """Set months below zero against their neighbours; the sum of a part stays, unless it is below zero itself."""
    returned = np.where(demand < 0, -demand, 0.0).sum(axis=1)
    for row in np.flatnonzero(returned):
        line = demand[row]
        _push(line[::-1])
        _push(line)
        np.maximum(line, 0, out=line)
    return demand, returned


def _push(line: Floats) -> None:
    """Carry what is below zero on to the following months in place."""
    owed = 0.0
    for month, value in enumerate(line):
        if np.isnan(value):
            continue
        owed, line[month] = max(owed - value, 0.0), max(value - owed, 0.0)
    if owed:
        last = int(np.flatnonzero(~np.isnan(line))[-1])
        line[last] -= owed


def _without_promotions(demand: Floats, uplift: Floats | None) -> tuple[Floats, Ints]:
    if uplift is None:
        return demand, np.zeros(len(demand), np.int64)
    promoted = uplift != 0
    share = np.maximum(1 + np.where(promoted, uplift, 0), 0.1)
    return demand / share, (promoted & ~np.isnan(demand)).sum(axis=1)


def _without_empty_shelves(demand: Floats, empty: Floats | None) -> tuple[Floats, Ints]:
    if empty is None:
        return demand, np.zeros(len(demand), np.int64)
    stocked = (empty == 0) & ~np.isnan(demand)
    mean = np.where(stocked, demand, 0).sum(axis=1) / np.maximum(stocked.sum(axis=1), 1)
    dropped = (empty != 0) & ~(demand > mean[:, None]) & ~np.isnan(demand)
    return np.where(dropped, np.nan, demand), dropped.sum(axis=1)
