"""The foundation's own schedule: rows that have had their time are cleared away."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import connection

from cheyi.foundation.jobs.registering import every
from cheyi.foundation.models import IdempotencyKey, Job

ENDED_JOBS_STAY = timedelta(days=30)
KEYS_STAY = timedelta(days=7)
MONEY = "/settlement/"
AT_ONCE = 5000


@every(timedelta(minutes=5), "foundation.upkeep.tidy")
def tidy(*, now: datetime) -> None:
    """Delete jobs ended 30 days ago (dead ones stay until somebody looked), form keys a week old and ended sessions.

    Keys of payments stay as long as the payments (reliability.md 4.5).
    """
    Session.objects.filter(expire_date__lt=now).delete()
    ended = (Job.State.DONE, Job.State.WITHDRAWN)
    old_jobs = Job.objects.filter(state__in=ended, finished_at__lt=now - ENDED_JOBS_STAY).values("pk")[:AT_ONCE]
    Job.objects.filter(pk__in=list(old_jobs.values_list("pk", flat=True))).delete()
    old_keys = IdempotencyKey.objects.filter(created_at__lt=now - KEYS_STAY).exclude(endpoint__startswith=MONEY)
    IdempotencyKey.objects.filter(pk__in=list(old_keys.values_list("pk", flat=True)[:AT_ONCE])).delete()


@every(timedelta(days=1), "foundation.upkeep.learn_sizes")
def learn_sizes(*, now: datetime) -> None:  # noqa: ARG001 - every job is told the moment
    """Let the database's planner know how much the tables hold by now (reliable plans need no server settings)."""
    connection.learn_sizes()  # type: ignore[attr-defined]
