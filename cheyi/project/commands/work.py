"""Run background jobs, the clock and its schedules."""

from __future__ import annotations

import argparse
import signal
import threading

import structlog
from django.conf import settings

from cheyi.foundation.jobs.worker import Worker
from cheyi.project.console import later as _

NAME = "work"
HELP = _("Run background jobs in this process (cheyi up does it by itself)")
THREADS: int = settings.WORKER_THREADS
log = structlog.get_logger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many jobs at once."""
    parser.add_argument("--threads", type=int, default=THREADS, help=_("jobs run at the same time"))


def run(options: argparse.Namespace) -> int:
    """Work until asked to end."""
    return work(options.threads)


def work(threads: int) -> int:
    """Work until SIGTERM or SIGINT; running jobs end first. The exit code is 1 when something had to be left."""
    asked = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: asked.set())
    worker = Worker(threads=threads)
    worker.start()
    while not asked.wait(1):
        if not worker.is_running:
            log.error("a thread of the worker ended")
            return 1
    return 0 if worker.stop() else 1
