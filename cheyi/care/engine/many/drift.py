"""Overdue ratio of all cars at once, beside the plain flag of three months (intelligence.md 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cheyi.care.engine.drift import AT_RISK, HEALTHY, LOST, LOST_ABOVE, NOT_SEEN_MONTHS, RISK_FROM
from cheyi.care.engine.many import columns
from cheyi.care.engine.many.columns import NO_FAULT, Marks, Whole
from cheyi.care.engine.many.life import latest_unseen
from cheyi.kernel import Rate

STATES = (HEALTHY, AT_RISK, LOST)
UNKNOWN = -1


@dataclass(frozen=True, eq=False)
class Drifts:
    """Per car the ratio in ten-thousandths (0 where unknown), the place of the state in ``STATES`` (−1), the flag, the fault."""

    ratios: Whole
    states: Marks
    not_seen: NDArray[np.bool_]
    faults: Marks

    @property
    def counts(self) -> dict[str, int]:
        """How many cars each state has."""
        return columns.counted(self.states, STATES)


def drift_all(last_visit_on: ArrayLike, expected_days: ArrayLike, *, today: date) -> Drifts:
    """The same as ``drift.drift`` for columns; an interval of 0 days or less is a fault of its row.

    Raises Refused ``care.columns.different_lengths`` and ``.wrong_kind``.
    """
    visited = columns.days("last_visit_on", last_visit_on, today=today)
    expected = columns.whole("expected_days", expected_days, least=1)
    columns.equally_long(last_visit_on=len(visited.values), expected_days=len(expected.values))
    faults = columns.first_fault(visited, expected)
    known = faults == NO_FAULT
    days = np.where(known, columns.number_of(today) - visited.values, 0)
    interval = np.where(known, expected.values, 1)
    share = days * Rate.PER_UNIT
    states = (share >= RISK_FROM.parts * interval).astype(np.int8) + (share > LOST_ABOVE.parts * interval)
    unseen = visited.values <= columns.number_of(latest_unseen(today, NOT_SEEN_MONTHS))
    return Drifts(
        ratios=(2 * share + interval) // (2 * interval) * known,
        states=np.where(known, states, UNKNOWN).astype(np.int8),
        not_seen=unseen & known,
        faults=faults,
    )
