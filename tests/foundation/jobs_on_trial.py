"""Jobs and reactions that only the tests know."""

from __future__ import annotations

import os
import time
from pathlib import Path

from cheyi.foundation.events import Event, afterwards, fact
from cheyi.foundation.jobs import job
from cheyi.foundation.models import Team
from cheyi.foundation.scope import current_or_none

SEEN: list[object] = []


def tell(file: str, word: str) -> None:
    """Append a line in one write: what happened, in which process, when."""
    with Path(file).open("a", encoding="ascii") as lines:
        lines.write(f"{word} {os.getpid()} {time.monotonic()}\n")


@job("foundation.trial.note")
def note(*, word: str, now=None):
    SEEN.append((word, current_or_none(), now))


@job("foundation.trial.break", attempts=3)
def break_down(*, word: str):
    raise ValueError(f"{word}\nand a second line with 19900001234")


@job("foundation.trial.sleep")
def sleep(*, file: str, seconds: float):
    tell(file, "start")
    time.sleep(seconds)
    tell(file, "end")


@job("foundation.trial.hold")
def hold(*, file: str, until: str):
    """Run until a file is there."""
    tell(file, "start")
    while not Path(until).exists():
        time.sleep(0.05)
    tell(file, "end")


@fact("foundation.trial.happened")
class TrialHappened(Event):
    name: str


@afterwards(TrialHappened)
def make_team(event: TrialHappened) -> None:
    Team.objects.create(store_id=event.store_id, name=event.name, created_at=event.happened_at)
    if event.name == "broken":
        raise ValueError("the reaction is wrong")
