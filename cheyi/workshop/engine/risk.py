"""Promises that the plan does not keep: which, why, whether any plan could, and what would help."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cheyi.kernel import Reason
from cheyi.workshop.engine.calendar import minute_of
from cheyi.workshop.engine.floor import Placed
from cheyi.workshop.engine.ground import Ground, lay
from cheyi.workshop.engine.model import Assignment, Plan, Promise, Shop, Task
from cheyi.workshop.engine.plans import placed_of
from cheyi.workshop.engine.remedies import Case, Remedy, remedies
from cheyi.workshop.engine.timetable import booked

WORST = 12
WITHOUT_DATE = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Risk:
    """An order whose promise the plan breaks.

    ``possible`` says whether some plan keeps it: the order put first, around what runs, was dragged or is frozen.
    ``ready_at`` is the hand-over that the plan leads to; None when the plan holds no place for one of the tasks.
    ``reasons`` run from the last step back.
    """

    order: int
    promised_at: datetime
    ready_at: datetime | None
    late_minutes: int | None
    possible: bool
    reasons: tuple[Reason, ...]
    remedies: tuple[Remedy, ...]


def at_risk(shop: Shop, plan: Plan, *, most: int | None = None) -> tuple[Risk, ...]:
    """The broken promises of a plan, the costliest first, at most so many; remedies are worked out for the first twelve."""
    late = _broken(shop, plan)
    if not late:
        return ()
    tasks = tuple(_loose(task, shop.now) if task.order in late else task for task in shop.tasks)
    loose = lay(replace(shop, tasks=tasks))
    placed = placed_of(loose, plan)
    promises = {promise.order: promise for promise in shop.promises}
    return tuple(_risk(loose, plan, placed, promises[order], helped=at < WORST) for at, order in enumerate(late[:most]))


def _loose(task: Task, now: datetime) -> Task:
    """The task as remedies try it: nobody's yet, and a part without a date as one that comes long after any plan."""
    earliest = now + WITHOUT_DATE if task.part_missing else task.earliest
    return replace(task, dragged=None, part_missing=False, earliest=earliest)


def _ready(plan: Plan, promise: Promise) -> datetime | None:
    """When the order is ready to hand over by the plan; None when one of its tasks is unplanned."""
    ends = [one.end for one in plan.assignments if one.order == promise.order]
    if not ends or any(one.order == promise.order for one in plan.unplanned):
        return None
    return max(ends) + timedelta(minutes=promise.after_minutes)


def _broken(shop: Shop, plan: Plan) -> list[int]:
    """Orders with a broken promise, by weighted late minutes; an unplanned one counts as a day."""
    orders = {task.order for task in shop.tasks}
    found = []
    for promise in shop.promises:
        ready = _ready(plan, promise)
        late = (ready - promise.at) if ready else timedelta(days=1)
        if promise.order in orders and late > timedelta(0):
            found.append((-promise.weight * late, promise.order))
    return [order for _, order in sorted(found)]


def _risk(ground: Ground, plan: Plan, placed: list[Placed | None], promise: Promise, *, helped: bool) -> Risk:
    ready = _ready(plan, promise)
    case = _case(ground, plan, placed, promise)
    first = case.alone(first=True) if case is not None else None
    return Risk(
        order=promise.order,
        promised_at=promise.at,
        ready_at=ready,
        late_minutes=minute_of(ready) - minute_of(promise.at) if ready else None,
        possible=case is not None and case.kept(first),
        reasons=_why(plan, promise.order),
        remedies=remedies(case, placed, first) if case is not None and helped else (),
    )


def _case(ground: Ground, plan: Plan, placed: list[Placed | None], promise: Promise) -> Case | None:
    """The order alone; None when one of its tasks cannot be planned at all, whatever one does."""
    if any(one.order == promise.order for one in ground.unplanned):
        return None
    floor, at = ground.floor, ground.orders.index(promise.order)
    running = {step.task for step in plan.assignments if step.fixed and step.start < ground.shop.now}
    done = {
        k: one.end
        for k, one in enumerate(placed)
        if one and floor.steps[k].order == at and ground.tasks[k].id in running
    }
    fixed_tasks = {one.task for one in plan.assignments if one.fixed}
    held = [one for k, one in enumerate(placed) if one and (floor.steps[k].order != at or k in done)]
    return Case(
        ground=ground,
        order=at,
        steps=tuple(k for k, step in enumerate(floor.steps) if step.order == at and k not in done),
        done=done,
        held=booked(floor, held),
        fixed=booked(floor, [one for one in held if ground.tasks[one.step].id in fixed_tasks]),
        after_minutes=promise.after_minutes,
    )


def _why(plan: Plan, order: int) -> tuple[Reason, ...]:
    """What the late order waits for, from its last step back over the steps that waited for each other."""
    unplanned = [one.reason for one in plan.unplanned if one.order == order]
    own = {one.task: one for one in plan.assignments if one.order == order}
    result: list[Reason] = []
    at: Assignment | None = max(own.values(), key=lambda one: (one.end, one.task), default=None)
    while at is not None:
        waits = [one for one in at.reasons if one.code.startswith(("waits", "starts"))]
        result += waits
        before = next((one.facts["task"] for one in waits if one.code == "waits_for_step"), None)
        at = own.pop(before, None) if isinstance(before, int) else None
    return (*unplanned, *result)
