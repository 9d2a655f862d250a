"""Where a line could go: every technician with what he could do and how the promise would stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cheyi.foundation.models import Store
from cheyi.kernel import Reason
from cheyi.workshop.engine.suggest import rank
from cheyi.workshop.models import LabourLine
from cheyi.workshop.planning import Person, standing


@dataclass(frozen=True, slots=True)
class PlaceFor:
    """A technician for a line: able or not, and why."""

    person: Person
    able: bool
    percent: int
    reasons: tuple[Reason, ...]


def places_for(line: LabourLine, *, store: Store, now: datetime) -> list[PlaceFor]:
    """All technicians for a line, the best first; those who may not do it stand last with the reason."""
    floor = standing(store, now)
    task = next((one for one in floor.shop.tasks if one.id == line.pk), None)
    if task is None:
        return []
    ranked = rank(floor.shop, task, plan=floor.plan())
    return [
        PlaceFor(floor.people[one.technician], one.eligible, one.score.parts // 100, one.reasons)
        for one in ranked
        if one.technician in floor.people
    ]
