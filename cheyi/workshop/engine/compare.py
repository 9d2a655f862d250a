"""What changed between two plans, as the foreman sees it on the board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cheyi.workshop.engine.model import Assignment, Plan


@dataclass(frozen=True, slots=True)
class Change:
    """One task that stands elsewhere; a side is None where the plan does not hold the task."""

    task: int
    order: int
    before: Assignment | None
    after: Assignment | None

    @property
    def technician_changed(self) -> bool:
        """Whether somebody else does it; a task that is new or gone counts as no change of technician."""
        return self.before is not None and self.after is not None and self.before.technician != self.after.technician

    @property
    def minutes_later(self) -> int | None:
        """By how many minutes the start moves; None when a side is missing."""
        if self.before is None or self.after is None:
            return None
        return int((self.after.start - self.before.start).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes between two plans, by start, and what they do to the cost (negative = better)."""

    changes: tuple[Change, ...]
    late: int
    total: int

    @property
    def technicians_changed(self) -> int:
        """How many tasks change hands."""
        return sum(change.technician_changed for change in self.changes)


def difference(before: Plan, after: Plan, *, least_minutes: int = 1) -> Difference:
    """Tasks whose technician, bay or start differ; starts that move less than ``least_minutes`` do not count."""
    old = {one.task: one for one in before.assignments}
    new = {one.task: one for one in after.assignments}
    changes = []
    for task in old.keys() | new.keys():
        was, now = old.get(task), new.get(task)
        if _differs(was, now, least_minutes):
            known = was or now
            changes.append(Change(task, known.order if known else 0, was, now))
    changes.sort(key=lambda one: (_start(one), one.task))
    return Difference(tuple(changes), after.cost.late - before.cost.late, after.cost.total - before.cost.total)


def _differs(was: Assignment | None, now: Assignment | None, least_minutes: int) -> bool:
    if was is None or now is None:
        return True
    moved = abs((now.start - was.start).total_seconds()) >= 60 * least_minutes
    return moved or (was.technician, was.bay) != (now.technician, now.bay)


def _start(change: Change) -> datetime:
    known = change.after or change.before
    if known is None:
        raise ValueError("a change has a side")
    return known.start
