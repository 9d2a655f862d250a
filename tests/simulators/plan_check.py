"""Proves a plan against its shop minute by minute, by other means than the engine's: sets of minutes, no timetable."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

from cheyi.workshop.engine.model import Assignment, Plan, Shop, Task, Technician

MINUTE = timedelta(minutes=1)


def minutes_between(start: datetime, end: datetime) -> set[int]:
    return set(range(int(start.timestamp()) // 60, int(end.timestamp()) // 60))


def shift_minutes(technician: Technician) -> list[set[int]]:
    """The working minutes of each shift."""
    away = [*technician.absences]
    result = []
    for shift in technician.shifts:
        minutes = minutes_between(shift.span.start, shift.span.end)
        for gap in [*shift.breaks, *away]:
            minutes -= minutes_between(gap.start, gap.end)
        result.append(minutes)
    return result


def needed(task: Task, technician: Technician) -> int:
    factor = technician.factors.get(task.model)
    return max(1, int(task.minutes * factor.parts / 10_000 + 0.5)) if factor else task.minutes


def faults(shop: Shop, plan: Plan) -> list[str]:
    """Everything that is wrong with a plan, in words; an empty list is a good plan."""
    tasks = {task.id: task for task in shop.tasks}
    counts = Counter([one.task for one in plan.assignments] + [one.task for one in plan.unplanned])
    found = [f"task {task} stands {counts[task]} times" for task in tasks if counts[task] != 1]
    ends = {one.task: one.end for one in plan.assignments}
    people = {technician.id: technician for technician in shop.technicians}
    for one in plan.assignments:
        task = tasks[one.task]
        if task.running:
            continue
        found += _person(shop, task, people[one.technician], one)
        found += _time(shop, task, people[one.technician], one, ends)
        found += _place(shop, task, one)
    return found + _overlaps(plan)


def _person(shop: Shop, task: Task, technician: Technician, one: Assignment) -> list[str]:
    found = []
    if task.dragged and task.dragged.technician in {other.id for other in shop.technicians}:
        if task.dragged.technician != one.technician:
            found.append(f"task {task.id} was dragged to {task.dragged.technician}")
    elif technician.skills.get(task.skill, 0) < task.level:
        found.append(f"task {task.id}: {technician.id} lacks level {task.level}")
    if task.needs_hv and (technician.hv_until is None or technician.hv_until < one.end.date()):
        found.append(f"task {task.id}: {technician.id} has no certificate on that day")
    return found


def _time(shop: Shop, task: Task, technician: Technician, one: Assignment, ends: dict[int, datetime]) -> list[str]:
    found = []
    if one.start < shop.now - MINUTE:
        found.append(f"task {task.id} starts in the past")
    if task.earliest and one.start < task.earliest:
        found.append(f"task {task.id} starts before its part is here")
    found += [f"task {task.id} does not wait for {before}" for before in task.after if one.start < ends[before]]
    span = minutes_between(one.start, one.end)
    shifts = shift_minutes(technician)
    working = set().union(*shifts) if shifts else set()
    worked = len(span & working)
    if worked != needed(task, technician):
        found.append(f"task {task.id} is worked on for {worked} instead of {needed(task, technician)} minutes")
    if span and (min(span) not in working or max(span) not in working):
        found.append(f"task {task.id} begins or ends outside working time")
    if not task.carries_over and sum(bool(span & shift) for shift in shifts) > 1:
        found.append(f"task {task.id} runs over two shifts")
    return found


def _place(shop: Shop, task: Task, one: Assignment) -> list[str]:
    found = []
    if task.bay_kind:
        bay = next((bay for bay in shop.bays if bay.id == one.bay), None)
        if bay is None or bay.kind != task.bay_kind or (task.needs_hv and not bay.ev_safe):
            found.append(f"task {task.id} stands in the wrong bay {one.bay}")
    if task.tool and not any(tool.id == one.tool and tool.kind == task.tool for tool in shop.tools):
        found.append(f"task {task.id} has the wrong tool {one.tool}")
    return found


def _overlaps(plan: Plan) -> list[str]:
    found = []
    for name in ("technician", "bay", "tool", "order"):
        by_thing: dict[int, list[Assignment]] = {}
        for one in plan.assignments:
            thing = getattr(one, name)
            if thing is not None:
                by_thing.setdefault(thing, []).append(one)
        for thing, held in by_thing.items():
            held.sort(key=lambda one: one.start)
            pairs = pairwise(held)
            found += [f"{name} {thing}: {a.task} and {b.task} overlap" for a, b in pairs if b.start < a.end]
    return found
