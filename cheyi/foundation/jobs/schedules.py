"""The clock: each schedule has one waiting job, made anew when the last one has ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cheyi.foundation.jobs import queue
from cheyi.foundation.jobs.registering import JOBS, SCHEDULES
from cheyi.foundation.models import Job

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
ALIVE = (Job.State.WAITING, Job.State.RUNNING)


def key_of(name: str) -> str:
    """The key of a schedule's waiting job."""
    return f"every:{name}"


def next_slot(interval: timedelta, now: datetime) -> datetime:
    """The next moment on the schedule's grid, strictly after now."""
    return EPOCH + (now - EPOCH) // interval * interval + interval


def keep(now: datetime) -> int:
    """Put in the missing jobs of the schedules; gives how many. A moment too far ahead (a clock set back) is corrected."""
    keys = {key_of(name): name for name in SCHEDULES}
    waiting = dict(Job.objects.filter(key__in=keys, state__in=ALIVE).values_list("key", "due_at"))
    made = 0
    for key, name in keys.items():
        slot = next_slot(SCHEDULES[name], now)
        if key not in waiting or waiting[key] > slot:
            queue.defer(JOBS[name].run, due_at=slot, key=key)
            made += 1
    return made
