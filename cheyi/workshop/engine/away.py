"""Work that somebody was given and that his absence moves to a later day: it is to be given anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cheyi.workshop.engine.calendar import Calendar, calendar_of, first_minute, moment_of
from cheyi.workshop.engine.model import Task, Technician


def moved_by_absence(technician: Technician, tasks: Sequence[Task], now: datetime) -> set[int]:
    """Which of somebody's tasks end on a later day, or never, only because he is away; none of those that run.

    His tasks are laid one after another, what runs first and what a person dragged not before its time, once on his
    shifts and once on what the absences leave of them, where what is moved takes no time. What he can still do on the
    same day stays his.
    """
    if not any(gap.end > now for gap in technician.absences):
        return set()
    first = first_minute(now)
    there, left = (calendar_of(one, first) for one in (replace(technician, absences=()), technician))
    at_there = at_left = first
    moved: set[int] = set()
    for task in sorted((task for task in tasks if not task.part_missing), key=lambda task: _begins(task, now)):
        then, instead = _end(task, there, at_there), _end(task, left, at_left)
        at_there = then or at_there
        if task.running is None and _later(then, instead, now):
            moved.add(task.id)
        else:
            at_left = instead or at_left
    return moved


def _begins(task: Task, now: datetime) -> tuple[bool, datetime, int]:
    told = task.dragged.start if task.dragged else None
    return task.running is None, max(told or now, now), task.id


def _end(task: Task, calendar: Calendar, at: int) -> int | None:
    """The minute at which a task ends that begins from a minute on, None when it has no place."""
    told = [task.earliest, task.dragged.start if task.dragged else None]
    start = max([at, *(first_minute(one) for one in told if one)])
    fit = calendar.next_fit(start, max(task.minutes, 1), carries=task.carries_over or task.running is not None)
    return fit[1] if fit else None


def _later(then: int | None, instead: int | None, now: datetime) -> bool:
    """Whether one minute lies on a later day than the other, by the clock of ``now``."""
    if then is None or instead is None:
        return then is not None
    one, other = (moment_of(minute - 1, now.tzinfo).date() for minute in (then, instead))
    return other > one
