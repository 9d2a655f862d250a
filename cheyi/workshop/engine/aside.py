"""What no plan can hold is set aside with its reason, and steps that wait in a circle are refused where they arise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cheyi.kernel import Reason, Refused
from cheyi.workshop.engine.ability import certified, fitting_bays, minutes_for
from cheyi.workshop.engine.calendar import Calendar, calendar_of
from cheyi.workshop.engine.model import Shop, Task, Technician


def check_steps(tasks: Sequence[Task]) -> None:
    """Refuse steps that wait for each other in a circle, or for a task that is not among them.

    Raises Refused ``workshop.plan.steps_in_a_circle`` (fact ``tasks``) or ``workshop.plan.unknown_step``.
    """
    known = {task.id for task in tasks}
    for task in tasks:
        for before in task.after:
            if before not in known:
                raise Refused("workshop.plan.unknown_step", task=task.id, after=before)
    if circle := _in_a_circle(tasks):
        raise Refused("workshop.plan.steps_in_a_circle", tasks=tuple(sorted(circle)))


def _in_a_circle(tasks: Sequence[Task]) -> set[int]:
    """Tasks that can never start because they wait, directly or not, for a circle."""
    known = {task.id for task in tasks}
    left = {task.id: {one for one in task.after if one in known} for task in tasks}
    followers: dict[int, list[int]] = {}
    for task, before in left.items():
        for one in before:
            followers.setdefault(one, []).append(task)
    free = [task for task, before in left.items() if not before]
    while free:
        done = free.pop()
        del left[done]
        for follower in followers.get(done, ()):
            left[follower].discard(done)
            if not left[follower]:
                free.append(follower)
    return set(left)


@dataclass(frozen=True, slots=True)
class _Person:
    """A technician with what a first look needs: whether any shift is left, and the longest one."""

    technician: Technician
    present: bool
    longest: int


def set_aside(shop: Shop, calendars: Sequence[Calendar]) -> dict[int, Reason]:
    """Tasks that cannot be planned at all, each with its reason; what waits for one of them is set aside too."""
    circle = _in_a_circle(shop.tasks)
    people = [
        _Person(technician, bool(calendar.starts), calendar_of(technician, 0).longest_shift)
        for technician, calendar in zip(shop.technicians, calendars, strict=True)
    ]
    known = {technician.id for technician in shop.technicians}
    refused: dict[int, Reason] = {}
    for task in shop.tasks:
        if task.running is not None and task.running.technician in known:
            continue
        fault = Reason("steps_in_a_circle") if task.id in circle else _fault(task, shop, people)
        if fault is not None:
            refused[task.id] = fault
    for _ in shop.tasks:
        waiting = [task for task in shop.tasks if task.id not in refused and refused.keys() & set(task.after)]
        if not waiting:
            break
        for task in waiting:
            refused[task.id] = Reason("waits_for_unplanned", task=next(one for one in task.after if one in refused))
    return refused


def _fault(task: Task, shop: Shop, people: Sequence[_Person]) -> Reason | None:
    if task.part_missing:
        return Reason("part_overdue", expected=task.earliest) if task.earliest else Reason("part_without_date")
    if task.minutes <= 0:
        return Reason("no_minutes", minutes=task.minutes)
    if task.bay_kind and not fitting_bays(task, shop.bays):
        code = "no_ev_safe_bay" if task.needs_hv and any(bay.kind == task.bay_kind for bay in shop.bays) else "no_bay"
        return Reason(code, kind=task.bay_kind)
    if task.tool and not any(tool.kind == task.tool for tool in shop.tools):
        return Reason("no_tool", kind=task.tool)
    if task.dragged is not None:
        people = [one for one in people if one.technician.id == task.dragged.technician] or people
    return _people_fault(task, shop.now.date(), people)


def _people_fault(task: Task, today: date, people: Sequence[_Person]) -> Reason | None:
    dragged = task.dragged.technician if task.dragged else None
    skill, level = task.skill, task.level
    skilled = [one for one in people if one.technician.skills.get(skill, 0) >= level or one.technician.id == dragged]
    if not skilled:
        best = max((one.technician.skills.get(skill, 0) for one in people), default=0)
        return Reason("nobody_able", skill=skill, level=level, best=best)
    allowed = [one for one in skilled if not task.needs_hv or certified(one.technician, today)]
    if not allowed:
        return Reason("nobody_certified", skill=skill)
    if not any(one.present for one in allowed):
        return Reason("nobody_present", skill=skill)
    longest = max(one.longest for one in allowed)
    if not task.carries_over and longest < min(minutes_for(task, one.technician) for one in allowed):
        return Reason("shift_too_short", minutes=task.minutes, longest=longest)
    return None
