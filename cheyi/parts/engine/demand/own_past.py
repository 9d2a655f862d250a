"""Per part: what ordering by the forecast would have cost on the store's own past, and ordering as much as last time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cheyi.parts.engine.demand.arrays import Floats, Ints
from cheyi.parts.engine.demand.backtest import actual_after, loss, origins
from cheyi.parts.engine.demand.forecast import Setting, forecast
from cheyi.parts.engine.demand.history import Cleaned

MOST_ORIGINS = 2
LEVEL = 0.9


@dataclass(frozen=True, eq=False)
class OwnPast:
    """Per part, mean over the origins: pieces of loss of the forecast and of the naive way; how many origins spoke.

    A piece short costs nine tenths, one too many a tenth. 0 origins: nothing is known, both losses are 0.
    """

    forecast: Floats
    naive: Floats
    origins: Ints


def own_past(history: Cleaned, ahead: int, setting: Setting, rows: Ints) -> OwnPast:
    """Back-test some parts, each origin's forecast made from the months before it alone.

    Naive: keep as many as were demanded in the last ``ahead`` months. Scatter is pooled over ``rows``.
    """
    picked = history.until(history.months, rows)
    found, naive, counted = np.zeros(len(rows)), np.zeros(len(rows)), np.zeros(len(rows), np.int64)
    for origin in origins(history.months, ahead, most=MOST_ORIGINS) if len(rows) else ():
        actual = actual_after(picked, origin, ahead)
        known = np.flatnonzero(~np.isnan(actual))
        if not len(known):
            continue
        past = picked.until(origin, known)
        before = np.nansum(past.demand[:, -ahead:], axis=1)
        found[known] += loss(actual[known], forecast(past, ahead, setting).quantile(LEVEL), LEVEL)
        naive[known] += loss(actual[known], before, LEVEL)
        counted[known] += 1
    share = np.maximum(counted, 1)
    return OwnPast(found / share, naive / share, counted)
