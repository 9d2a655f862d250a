"""The worker: threads that run jobs, one that renews their leases, one that is the clock and the watch.

A worker that cannot renew its leases, or whose job is stuck, ends itself before another one may take the job: a job never
runs in two places at once. Whoever started it starts it again.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from cheyi.foundation.jobs import queue, running, schedules
from cheyi.foundation.jobs.presence import Presence
from cheyi.foundation.jobs.registering import JOBS, LONGEST_RUN
from cheyi.foundation.jobs.watching import Watch

log = structlog.get_logger(__name__)

POLL = 0.5
BEAT = 1.5
WATCH = 1.0
FENCE = queue.LEASE.total_seconds() - BEAT
FENCED_OFF = 70


class Worker:
    """One process full of job threads. ``start`` gives at once, ``stop`` lets running jobs end."""

    def __init__(self, *, threads: int, leave: Callable[[int], None] = os._exit) -> None:
        self.presence = Presence(Path(settings.DATA_DIR) / "workers")
        self._leave = leave
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._held: dict[int, tuple[queue.Claim, float]] = {}
        self._renewed_at = time.monotonic()
        # On SQLite every worker shares this data directory and is known by its presence: there is nothing to renew.
        self._renews = connection.vendor != "sqlite"
        loops = [self._run_jobs] * threads + [self._watch] + [self._beat] * self._renews
        self._threads = [threading.Thread(target=loop, name=loop.__name__, daemon=True) for loop in loops]
        self._fence = threading.Thread(target=self._stand_guard, name="fence", daemon=True)

    def start(self) -> None:
        """Start all threads."""
        for thread in [*self._threads, self._fence]:
            thread.start()

    def stop(self, seconds: float = 10) -> bool:
        """Take no more jobs, wait for the running ones; gives whether all ended in time."""
        self._stop.set()
        deadline = time.monotonic() + seconds
        for thread in [*self._threads, self._fence]:
            thread.join(max(deadline - time.monotonic(), 0))
        ended = not any(thread.is_alive() for thread in self._threads)
        if ended:
            self.presence.leave()
        return ended

    @property
    def is_running(self) -> bool:
        """Whether every thread is alive."""
        return all(thread.is_alive() for thread in [*self._threads, self._fence])

    # --- the loops ------------------------------------------------------------------------------------------------

    def _run_jobs(self) -> None:
        self._repeat(self._one_job, POLL)

    def _one_job(self) -> bool:
        held = queue.claim(self.presence.name, queue.clock())
        if held is None:
            return False
        started = time.monotonic()
        with self._lock:
            if not self._held:
                self._renewed_at = started
            self._held[held.id] = (held, started)
        try:
            running.run(held, queue.clock())
        finally:
            with self._lock:
                self._held.pop(held.id, None)
        return True

    def _beat(self) -> None:
        self._repeat(self._renew, BEAT)

    def _renew(self) -> bool:
        started = time.monotonic()
        with self._lock:
            held = [claim for claim, _ in self._held.values()]
        lost = queue.renew(held, queue.clock())
        self._renewed_at = started
        if lost and not self._stop.wait(POLL):
            with self._lock:
                lost &= self._held.keys()
            if lost:
                self._end_itself("a running job was given to another worker")
        return False

    def _watch(self) -> None:
        watch = Watch(self.presence)

        def look() -> bool:
            watch.free_lost(queue.clock())
            schedules.keep(queue.clock())
            return False

        self._repeat(look, WATCH)

    def _stand_guard(self) -> None:
        """No database here: this thread must stay awake when the database does not answer."""
        while not self._stop.wait(0.2):
            now = time.monotonic()
            with self._lock:
                stuck = any(now - started > _limit(claim) for claim, started in self._held.values())
                late = self._renews and bool(self._held) and now - self._renewed_at > FENCE
            if stuck or late:
                self._end_itself("a job is stuck" if stuck else "the leases could not be renewed in time")

    def _end_itself(self, why: str) -> None:
        log.error("worker ends itself", why=why)
        self._leave(FENCED_OFF)

    def _repeat(self, step: Callable[[], bool], pause: float) -> None:
        """Take steps until stopped, without a pause while there is work; a database that is away is waited for."""
        try:
            while not self._stop.is_set():
                try:
                    more = step()
                except (DatabaseError, InterfaceError):
                    log.exception("the database does not answer")
                    connection.close()
                    more = False
                if not more:
                    self._stop.wait(pause)
        finally:
            connection.close()


def _limit(held: queue.Claim) -> float:
    plan = JOBS.get(held.job.name)
    return (plan.limit if plan is not None else LONGEST_RUN).total_seconds()
