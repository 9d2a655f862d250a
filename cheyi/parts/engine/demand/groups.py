"""What a part without a past is likely to sell: the level of the parts of its category and model."""

from __future__ import annotations

import numpy as np

from cheyi.parts.engine.demand.arrays import Flags, Floats, Ints
from cheyi.parts.engine.demand.history import Cleaned

FIRST_MONTHS = 3
LEAN = 5.0


def prior_levels(history: Cleaned) -> Floats:
    """Pieces a month that parts like this one sell: median by category and model, leaning on category, and that on all.

    Only parts known for three months or more speak; with none the answer is 0.
    """
    known = history.known
    months = known.sum(axis=1)
    speaks = months >= FIRST_MONTHS
    mean = np.where(known, history.demand, 0.0).sum(axis=1) / np.maximum(months, 1)
    everything = float(np.median(mean[speaks])) if speaks.any() else 0.0
    prior = np.full(history.parts, everything)
    prior = _by_group(mean, speaks, history.category, prior)
    both = np.where((history.category >= 0) & (history.model >= 0), history.category * 1_000_003 + history.model, -1)
    return _by_group(mean, speaks, both, prior)


def _by_group(mean: Floats, speaks: Flags, label: Ints, wider: Floats) -> Floats:
    found = wider.copy()
    if not (label >= 0).any():
        return found
    order = np.argsort(label, kind="stable")
    edges = np.flatnonzero(np.diff(label[order])) + 1
    for rows in np.split(order, edges):
        heard = rows[speaks[rows]]
        if label[rows[0]] >= 0 and len(heard):
            found[rows] = (len(heard) * np.median(mean[heard]) + LEAN * wider[rows]) / (len(heard) + LEAN)
    return found
