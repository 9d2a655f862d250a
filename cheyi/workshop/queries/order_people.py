"""Who could do a whole order: the plan's proposal, and everybody else with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cheyi.foundation.models import Store
from cheyi.kernel import Reason
from cheyi.workshop.engine.model import Plan, Task
from cheyi.workshop.engine.suggest import rank
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.planning import Person, Standing, standing


@dataclass(frozen=True, slots=True)
class Candidate:
    """A technician for an order: whether he may do all of it, from when (for the proposed one), and why."""

    person: Person
    able: bool
    start: datetime | None
    reasons: tuple[Reason, ...]


def proposed_for(order: WorkOrder, *, store: Store, now: datetime) -> Candidate | None:
    """The one person whom the plan proposes for an order, or None when it holds no place; about eight queries."""
    found = people_for(order, store=store, now=now)
    return found[0] if found and found[0].able and found[0].start else None


def people_for(order: WorkOrder, *, store: Store, now: datetime) -> list[Candidate]:
    """All technicians for an order, the proposed one first; who may not do some job of it stands last."""
    floor = standing(store, now)
    tasks = [one for one in floor.shop.tasks if one.order == order.pk and one.running is None]
    tasks = [one for one in tasks if one.dragged is None] or tasks
    tasks = [one for one in tasks if floor.may_begin(one.id)] or tasks
    if not tasks:
        return []
    plan = floor.plan()
    longest = max(tasks, key=lambda task: (task.minutes, -task.id))
    planned = plan.of(longest.id)
    first = planned.technician if planned else 0
    found = [
        _candidate(floor, plan, tasks, longest, one.technician, one.reasons)
        for one in rank(floor.shop, longest, plan=plan)
        if one.technician in floor.people
    ]
    return sorted(found, key=lambda one: (not one.able, one.person.id != first))


def _candidate(
    floor: Standing, plan: Plan, tasks: list[Task], longest: Task, who: int, reasons: tuple[Reason, ...]
) -> Candidate:
    person = floor.people[who]
    planned = plan.of(longest.id)
    mine = planned is not None and planned.technician == who
    able = all(
        person.skills.get(task.skill, 0) >= task.level and (person.has_hv or not task.needs_hv) for task in tasks
    )
    return Candidate(person, able, planned.start if planned and mine else None, reasons[:3])
