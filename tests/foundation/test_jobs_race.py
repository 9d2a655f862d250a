"""Jobs under real processes: taken once by many, recovered after kill -9, never in two places at once."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections

from cheyi.foundation.jobs import defer, queue, running
from cheyi.foundation.jobs.registering import JOBS, job
from cheyi.foundation.jobs.worker import FENCED_OFF, Worker
from cheyi.foundation.models import Job
from tests.foundation import jobs_on_trial as trial
from tests.race import FORK, at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

# On SQLite all workers share one data directory; on PostgreSQL they may also be other machines, known by leases alone.
PLACES = ["here"] if connection.vendor == "sqlite" else ["here", "elsewhere"]


PATIENCE = 120


def wait_for(condition, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def work(directory):
    """A worker's whole life."""
    settings.DATA_DIR = Path(directory)
    Worker(threads=2).start()
    time.sleep(3 * PATIENCE)


def start_worker(directory):
    """A process that works, as soon as others know of it."""
    connections.close_all()
    child = FORK.Process(target=work, args=(directory,), daemon=True)
    child.start()
    wait_for(lambda: any((directory / "workers").glob(f"*-{child.pid}-*.lock")))
    return child


def lines_of(file):
    return [line.split() for line in file.read_text().splitlines()] if file.exists() else []


def test_many_processes_take_each_job_once(tmp_path):
    file = tmp_path / "log"
    for _ in range(40):
        defer(trial.sleep, file=str(file), seconds=0)

    def take_all(number):
        taken = 0
        while (held := queue.claim(f"w{number}", queue.clock())) is not None or queue.is_due(queue.clock()):
            taken += held is not None and running.run(held, queue.clock())
        return taken

    taken = at_once(take_all, 4)
    assert sum(taken) == 40
    assert Counter(word for word, _, _ in lines_of(file)) == {"start": 40, "end": 40}
    assert set(Job.objects.values_list("state", "attempt")) == {("done", 1)}


@pytest.mark.parametrize("place", PLACES)
def test_a_killed_worker_s_job_is_recovered_within_ten_seconds_and_never_runs_twice_at_once(tmp_path, place):
    file, let_go = tmp_path / "log", tmp_path / "let-go"
    defer(trial.hold, file=str(file), until=str(let_go))
    first = start_worker(tmp_path / "a")
    wait_for(lambda: len(lines_of(file)) == 1)
    second = start_worker(tmp_path / ("a" if place == "here" else "b"))
    killed = time.monotonic()
    os.kill(first.pid, signal.SIGKILL)
    first.join(5)
    wait_for(lambda: len(lines_of(file)) >= 2)
    (_, one, _), (word, two, moment) = lines_of(file)[:2]
    assert (word, one != two) == ("start", True)
    assert 0 < float(moment) - killed <= 10
    let_go.touch()
    wait_for(lambda: Job.objects.filter(name="foundation.trial.hold", state="done").exists())
    assert [word for word, _, _ in lines_of(file)] == ["start", "start", "end"]
    assert Job.objects.get(name="foundation.trial.hold").attempt == 2
    os.kill(second.pid, signal.SIGKILL)
    second.join(5)


@pytest.mark.parametrize("place", PLACES)
def test_a_long_job_of_a_living_worker_is_not_taken_by_another(tmp_path, place):
    file = tmp_path / "log"
    defer(trial.sleep, file=str(file), seconds=7.5)
    first = start_worker(tmp_path / "a")
    wait_for(lambda: len(lines_of(file)) == 1)
    second = start_worker(tmp_path / ("a" if place == "here" else "b"))
    wait_for(lambda: Job.objects.filter(name="foundation.trial.sleep", state="done").exists())
    assert [word for word, _, _ in lines_of(file)] == ["start", "end"]
    for child in (first, second):
        os.kill(child.pid, signal.SIGKILL)
        child.join(5)


def test_a_worker_whose_job_is_stuck_ends_itself(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    let_go, left = threading.Event(), []

    @job("foundation.trial.stuck", limit=timedelta(seconds=0.5))
    def stuck():
        let_go.wait(20)

    try:
        defer(stuck)
        worker = Worker(threads=1, leave=left.append)
        worker.start()
        wait_for(lambda: left)
        assert left[0] == FENCED_OFF
        let_go.set()
        assert worker.stop()
    finally:
        del JOBS["foundation.trial.stuck"]


def test_a_worker_that_is_asked_to_stop_ends_its_job_first(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    file = tmp_path / "log"
    defer(trial.sleep, file=str(file), seconds=1)
    worker = Worker(threads=1)
    worker.start()
    wait_for(lambda: len(lines_of(file)) == 1)
    assert worker.stop()
    assert Job.objects.get(name="foundation.trial.sleep").state == "done"
    assert not worker.is_running


def test_a_worker_that_lost_its_job_to_another_ends_itself_or_leaves_no_mark(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    file, let_go, left = tmp_path / "log", tmp_path / "let-go", []
    defer(trial.hold, file=str(file), until=str(let_go))
    worker = Worker(threads=1, leave=left.append)
    worker.start()
    wait_for(lambda: len(lines_of(file)) == 1)
    Job.objects.filter(name="foundation.trial.hold").update(attempt=7, worker="thief:1:x")
    if connection.vendor == "postgresql":
        wait_for(lambda: left)
        assert left[0] == FENCED_OFF
    let_go.touch()
    wait_for(lambda: len(lines_of(file)) == 2)
    worker.stop()
    row = Job.objects.get(name="foundation.trial.hold")
    assert (row.state, row.attempt) == ("running", 7)
