"""Running one claimed job: in the scope of its store, its end recorded behind the fence."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction

from cheyi.foundation import events
from cheyi.foundation.jobs import queue
from cheyi.foundation.jobs.registering import JOBS
from cheyi.foundation.models import Store
from cheyi.foundation.scope import using, within

log = structlog.get_logger(__name__)


class Lost(RuntimeError):
    """The job was given to another worker meanwhile; what this one did in the database is undone."""


class Unknown(LookupError):
    """No function has the name that the row carries."""


def run(held: queue.Claim, now: datetime) -> bool:
    """Run it; gives whether it ended well. An error is kept on the row and the job tried again later.

    A reaction has its effect and its end in one transaction, so once. Another job may have effects outside the database;
    it ends after them and must be harmless when run twice.
    """
    row = held.job
    with structlog.contextvars.bound_contextvars(job=row.name, job_id=row.pk, attempt=held.token):
        try:
            with _scope(row.store_id):
                if row.name in events.REACTIONS:
                    _react(held, now)
                else:
                    _call(held, now)
                    _end(held)
        except Lost:
            log.warning("job lost to another worker")
            return False
        except Exception as error:
            log.exception("job failed")
            queue.fail(held, _words(error), queue.clock())
            return False
    return True


def _scope(store_id: int | None) -> AbstractContextManager[Any]:
    return using(None) if store_id is None else within(Store.objects.get(pk=store_id))


def _react(held: queue.Claim, now: datetime) -> None:
    _, reaction = events.REACTIONS[held.job.name]
    fact = held.job.fact
    if fact is None:
        raise Unknown(f"{held.job.name} has no fact to react to")
    del now
    with transaction.atomic():
        reaction(events.unpack(fact.code, fact.facts))
        _end(held)


def _call(held: queue.Claim, now: datetime) -> None:
    plan = JOBS.get(held.job.name)
    if plan is None:
        raise Unknown(f"nothing is called {held.job.name}")
    extra = {"now": now} if plan.takes_now else {}
    plan.run(**held.job.arguments, **extra)


def _end(held: queue.Claim) -> None:
    if not queue.finish(held, queue.clock()):
        raise Lost(held.job.name)


def _words(error: Exception) -> str:
    """The kind of error and the first line of its words: later lines of a database's error show values."""
    return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
