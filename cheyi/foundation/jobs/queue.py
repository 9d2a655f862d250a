"""The rows of the queue: putting in, withdrawing, claiming with a lease, finishing behind the fence.

A claim raises the row's ``attempt``; every later change of the row by the worker names that attempt. Whoever lost the
row meanwhile changes nothing any more: the attempt is the fencing token.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from cheyi.foundation.jobs.registering import ATTEMPTS, JOBS, Run, check_arguments, name_of
from cheyi.foundation.models import Job

if TYPE_CHECKING:
    from cheyi.foundation.models import Store

LEASE = timedelta(seconds=6)
WAITS = [timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1)]
LONGEST_ERROR = 500
State = Job.State


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that this worker holds; ``token`` is the attempt that it was claimed as."""

    id: int
    token: int
    job: Job


def clock() -> datetime:
    """The moment, read at the edge of the background work."""
    return datetime.now(UTC)


def defer(
    function: Run, *, store: Store | None = None, due_at: datetime | None = None, key: str = "", **arguments: Any
) -> Job:
    """Have a registered function run later, in the scope of the store; part of the caller's transaction.

    A job with the same ``key`` that still waits is moved to the new moment and arguments. Arguments are plain JSON values,
    never sealed ones. Raises KeyError for an unregistered function, TypeError for arguments that do not fit.
    """
    plan = JOBS[name_of(function)]
    check_arguments(plan, arguments)
    json.dumps(arguments)
    now = clock()
    row = Job(
        name=plan.name,
        key=key,
        store_id=store.pk if store is not None else None,
        arguments=arguments,
        due_at=due_at or now,
        created_at=now,
    )
    return _put_in(row)


def _put_in(row: Job) -> Job:
    if row.key and (moved := _moved(row)):
        return moved
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if row.key and (moved := _moved(row)):
            return moved
        raise
    return row


def _moved(row: Job) -> Job | None:
    waiting = Job.objects.filter(key=row.key, state=State.WAITING)
    changes = {name: getattr(row, name) for name in ("name", "store_id", "arguments", "due_at")}
    return waiting.first() if waiting.update(**changes) else None


def withdraw(key: str) -> bool:
    """Take back the waiting job with that key; part of the caller's transaction. Gives whether there was one."""
    return bool(Job.objects.filter(key=key, state=State.WAITING).update(state=State.WITHDRAWN, finished_at=clock()))


def is_due(now: datetime) -> bool:
    """Whether something waits that is due; a plain read, so an idle worker never queues for the write gate."""
    return Job.objects.filter(state=State.WAITING, due_at__lte=now).exists()


def claim(worker: str, now: datetime) -> Claim | None:
    """Take the job that has been due longest; two workers never get the same one."""
    if not is_due(now):
        return None
    with transaction.atomic():
        due = Job.objects.filter(state=State.WAITING, due_at__lte=now).order_by("due_at", "pk")
        row = due.select_for_update(skip_locked=True).first()
        if row is None:
            return None
        row.state = State.RUNNING
        row.attempt += 1
        row.worker = worker
        row.lease_until = now + LEASE
        row.save(update_fields=["state", "attempt", "worker", "lease_until"])
    return Claim(row.pk, row.attempt, row)


def renew(claims: Iterable[Claim], now: datetime) -> set[int]:
    """Lengthen the leases; gives the ids that are no longer held. The value changes even when the clock stands still."""
    lost = set()
    for held in claims:
        assert held.job.lease_until is not None
        held.job.lease_until = max(now + LEASE, held.job.lease_until + timedelta(milliseconds=1))
        mine = Job.objects.filter(pk=held.id, attempt=held.token, state=State.RUNNING)
        if not mine.update(lease_until=held.job.lease_until):
            lost.add(held.id)
    return lost


def finish(held: Claim, now: datetime) -> bool:
    """Mark the job done; gives whether it was still held."""
    mine = Job.objects.filter(pk=held.id, attempt=held.token, state=State.RUNNING)
    return bool(mine.update(state=State.DONE, finished_at=now, lease_until=None, error=""))


def fail(held: Claim, error: str, now: datetime) -> bool:
    """Have the job tried again after a while, or leave it dead after its last attempt; gives whether it was held."""
    mine = Job.objects.filter(pk=held.id, attempt=held.token, state=State.RUNNING)
    return _give_back(mine, held.job, error, now, wait=WAITS[min(held.token, len(WAITS)) - 1])


def retake(row: Job, now: datetime) -> bool:
    """Free a job whose worker has vanished; tried again at once. Gives whether it was still exactly as seen."""
    seen = Job.objects.filter(pk=row.pk, attempt=row.attempt, lease_until=row.lease_until, state=State.RUNNING)
    return _give_back(seen, row, "the worker vanished", now, wait=timedelta(0))


def _give_back(rows: QuerySet[Job], row: Job, error: str, now: datetime, *, wait: timedelta) -> bool:
    plan = JOBS.get(row.name)
    last = row.attempt >= (plan.attempts if plan is not None else ATTEMPTS)
    common: dict[str, Any] = {"error": error[:LONGEST_ERROR], "lease_until": None}
    ended = {**common, "state": State.DEAD, "finished_at": now}
    again = {**common, "state": State.WAITING, "due_at": now + wait}
    with transaction.atomic():
        if not last and row.key and Job.objects.filter(key=row.key, state=State.WAITING).exists():
            # A newer job with the same key waits already and stands for this one too.
            return bool(rows.update(**{**ended, "state": State.WITHDRAWN}))
        return bool(rows.update(**(ended if last else again)))


def revive(ids: Iterable[int], now: datetime) -> int:
    """Have dead jobs tried again from the first attempt; gives how many."""
    return Job.objects.filter(pk__in=list(ids), state=State.DEAD).update(
        state=State.WAITING, due_at=now, finished_at=None, attempt=0
    )
