"""What cannot begin today because a part is not here (今天开不了工), for the board."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cheyi.workshop.planning import Standing
from cheyi.workshop.queries.short_parts import ShortPart
from cheyi.workshop.queries.work import LineHere


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A job that waits for parts; ``expected_at`` is when the last of them will be here, None where nobody knows.

    ``overdue`` says that one was expected at that moment and has not come.
    """

    line: LineHere
    parts: tuple[ShortPart, ...]
    expected_at: datetime | None
    overdue: bool


def held_back(floor: Standing, lines: Mapping[int, LineHere], *, closes: datetime) -> tuple[HeldBack, ...]:
    """The jobs whose parts are not here before ``closes``: first those without a date, then by it; work that runs is none."""
    found = [
        HeldBack(lines[task.id], floor.short[task.id], task.earliest, task.part_missing and task.earliest is not None)
        for task in floor.shop.tasks
        if task.id in floor.short
        and task.running is None
        and (task.part_missing or (task.earliest is not None and task.earliest >= closes))
    ]
    return tuple(sorted(found, key=_urgency))


def _urgency(one: HeldBack) -> tuple[bool, float, int]:
    dated = one.expected_at is not None and not one.overdue
    return dated, one.expected_at.timestamp() if one.expected_at else 0.0, one.line.pk
