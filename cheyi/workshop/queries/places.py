"""Where the jobs of a car could go: every technician with what he could do, how the promise would stand, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cheyi.foundation.models import Store
from cheyi.kernel import Reason, Span
from cheyi.workshop.engine.calendar import calendar_of, first_minute, minute_of, moment_of
from cheyi.workshop.engine.model import Technician
from cheyi.workshop.engine.suggest import Suggestion, rank
from cheyi.workshop.models import LabourLine
from cheyi.workshop.planning import HORIZON, LONG_MINUTES, Person, standing
from cheyi.workshop.queries.presence import presence

LEAST_MINUTES = 5


@dataclass(frozen=True, slots=True)
class PlaceFor:
    """A technician for some jobs: able or not, and why."""

    person: Person
    able: bool
    percent: int
    reasons: tuple[Reason, ...]


def places_for(lines: Sequence[LabourLine], *, store: Store, now: datetime) -> list[PlaceFor]:
    """All technicians for some jobs of one car, the best first; those who may not do them all stand last with the reason.

    The reasons are those of the longest job, for who may not do one of them of that one.
    """
    floor, wanted = standing(store, now), {line.pk for line in lines}
    tasks = sorted((one for one in floor.shop.tasks if one.id in wanted), key=lambda one: (-one.minutes, one.id))
    if len(tasks) != len(wanted):
        return []
    plan = floor.plan()
    others = replace(plan, assignments=tuple(one for one in plan.assignments if one.task not in wanted))
    minutes = sum(one.minutes for one in tasks)
    found: dict[int, list[Suggestion]] = {}
    for task in tasks:
        for one in rank(floor.shop, replace(task, minutes=minutes), plan=others):
            found.setdefault(one.technician, []).append(one)
    rows = [_place(floor.people[who], own) for who, own in found.items() if who in floor.people]
    return sorted(rows, key=lambda one: (not one.able, -one.percent, one.person.id))


def _place(person: Person, found: Sequence[Suggestion]) -> PlaceFor:
    doubt = next((one for one in found if not one.eligible), None)
    score = sum(one.score.parts for one in found) // len(found)
    return PlaceFor(person, doubt is None, score // 100, (doubt or found[0]).reasons)


def in_a_row(
    lines: Sequence[LabourLine], technician_id: int, start: datetime, *, store: Store, now: datetime
) -> list[Span]:
    """When a technician does jobs one after another: the first from a moment on, the others as his shifts allow; two queries."""
    local = store.local(now)
    present = first_minute(local)
    here = presence([technician_id], store, local, days=HORIZON.days)
    away = here.away(technician_id)
    calendar = calendar_of(Technician(technician_id, {}, here.shifts[technician_id], absences=away), present)
    found: list[Span] = []
    for line in lines:
        at = minute_of(found[-1].end if found else start)
        minutes = max(line.std_hours.minutes, LEAST_MINUTES)
        fit = calendar.next_fit(max(at, present), minutes, carries=minutes > LONG_MINUTES)
        begins, ends = fit or (at, at + minutes)
        found.append(Span(moment_of(begins if found else at, local.tzinfo), moment_of(ends, local.tzinfo)))
    return found
