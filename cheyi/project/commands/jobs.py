"""Look at background work, and try dead jobs again."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from django.db.models import Count

from cheyi.foundation.jobs import queue
from cheyi.foundation.models import Job
from cheyi.project.console import later as _
from cheyi.project.console import say, words

NAME = "jobs"
HELP = _("Show background jobs: how many wait, run and lie dead; try dead ones again")
SHOWN = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do."""
    parser.add_argument(
        "--retry", nargs="*", type=int, metavar="NUMBER", help=_("try these dead jobs again; none means all")
    )


def run(options: argparse.Namespace) -> int:
    """Show; the exit code is 1 when jobs lie dead, so that a watcher notices."""
    now = datetime.now(UTC)
    if options.retry is not None:
        dead = Job.objects.filter(state=Job.State.DEAD)
        chosen = dead.filter(pk__in=options.retry) if options.retry else dead
        say(words("%s jobs are tried again.") % queue.revive(list(chosen.values_list("pk", flat=True)), now))
        return 0
    counts = dict(Job.objects.values_list("state").annotate(count=Count("pk")).order_by())
    late = Job.objects.filter(state=Job.State.WAITING, due_at__lte=now).count()
    every = {state: counts.get(state, 0) for state in ("waiting", "running", "dead")}
    say(words("waiting %(waiting)s (due %(due)s)  running %(running)s  dead %(dead)s") % {**every, "due": late})
    for row in Job.objects.filter(state=Job.State.DEAD).order_by("-finished_at")[:SHOWN]:
        tried = words("attempts %s") % row.attempt
        say(f"{row.pk:>8}  {row.name}  {row.finished_at:%Y-%m-%d %H:%M}  {tried}  {row.error}")
    return int(bool(counts.get("dead")))
