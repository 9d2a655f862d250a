"""Finding jobs whose worker has vanished, without trusting any wall clock.

A worker of this data directory is known to be alive or gone (presence.py). A worker of another machine renews its rows all
the time: a row that this observer has seen unchanged for the length of a lease, by its own steady clock, belongs to nobody
any more. Wrong or jumping clocks neither free a job too early nor keep a lost one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from cheyi.foundation.jobs import queue
from cheyi.foundation.jobs.presence import Fate, Presence
from cheyi.foundation.models import Job

Seen = tuple[int, datetime | None]


class Watch:
    """What one observer has seen of running jobs, and since when."""

    def __init__(self, presence: Presence, steady: Callable[[], float] = time.monotonic) -> None:
        self._presence = presence
        self._steady = steady
        self._seen: dict[int, tuple[Seen, float]] = {}

    def free_lost(self, now: datetime) -> int:
        """Free every job whose worker is gone; gives how many. Call it about every second."""
        rows = list(Job.objects.filter(state=Job.State.RUNNING))
        lost = [row for row in rows if self._is_lost(row)]
        freed = sum(queue.retake(row, now) for row in lost)
        running = {row.pk for row in rows} - {row.pk for row in lost}
        self._seen = {pk: seen for pk, seen in self._seen.items() if pk in running}
        return freed

    def _is_lost(self, row: Job) -> bool:
        fate = self._presence.fate(row.worker)
        if fate is not Fate.ELSEWHERE:
            return fate is Fate.GONE
        state: Seen = (row.attempt, row.lease_until)
        moment = self._steady()
        before, since = self._seen.get(row.pk, (None, moment))
        if before != state:
            self._seen[row.pk] = (state, moment)
            return False
        return moment - since >= queue.LEASE.total_seconds()
