"""Who works in a demo store today, and when each technician is free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Employee, Store
from cheyi.project.demo.people import Staff
from cheyi.workshop.models import LabourLine, LabourOp, OpHours, TechnicianProfile, TechnicianSkill

OPENS, LUNCH, BACK = (8, 35), (12, 0), (13, 0)


@dataclass(slots=True)
class Worker:
    """A technician on the day of the demo."""

    employee: Employee
    viewer: Viewer
    skills: dict[str, int]
    certified: bool
    free_at: datetime
    clocked: bool = field(default=False)
    given: int = field(default=0)


class Crew:
    """The people of one store, as the viewers that they are when they act."""

    def __init__(self, store: Store, staff: Staff, random: Random, now: datetime) -> None:
        self.store, self.random, self.now = store, random, now
        self.advisors = [acting(one, "advisor", store) for one in staff.of(store, "advisor")]
        self.keeper, self.inspector, self.cashier, self.foreman = (
            acting(staff.of(store, role)[0], role, store)
            for role in ("parts_keeper", "inspector", "cashier", "foreman")
        )
        self.workers = [self._worker(one) for one in staff.of(store, "technician")]

    def _worker(self, employee: Employee) -> Worker:
        profile = TechnicianProfile.objects.get(employee=employee)
        until = profile.high_voltage_until
        return Worker(
            employee,
            acting(employee, "technician", self.store),
            dict(TechnicianSkill.objects.filter(profile=profile).values_list("skill__code", "level")),
            bool(until and until >= self.store.business_date(self.now)),
            self._today(OPENS) + timedelta(minutes=self.random.randint(0, 14)),
        )

    def _today(self, clock: tuple[int, int]) -> datetime:
        return self.store.local(self.now).replace(hour=clock[0], minute=clock[1], second=0, microsecond=0)

    def next_for(self, work: Sequence[LabourLine] | Sequence[LabourOp], *, running: bool = False) -> Worker:
        """Who is free first among those who can do it; ``running`` asks for somebody whose clock does not run."""
        able = self.able(work, running=running)
        chosen = min(able, key=lambda one: (one.free_at + timedelta(minutes=30 * one.given), one.employee.pk))
        chosen.given += 1
        return chosen

    def able(self, work: Sequence[LabourLine] | Sequence[LabourOp], *, running: bool = False) -> list[Worker]:
        """Those who can do the work, without those whose clock runs when ``running`` is asked for."""
        return [one for one in self.workers if not (running and one.clocked) and _can(one, work)]

    def minutes(self, ops: Sequence[LabourOp]) -> int:
        """How long it takes him: about the standard time of a middle-sized car."""
        hours = dict(OpHours.objects.filter(op__in=ops, vehicle_class="mid").values_list("op_id", "hours"))
        standard = sum(hours[op.pk].minutes for op in ops if op.pk in hours) or 60
        return max(round(standard * self.random.uniform(0.8, 1.15)), 8)

    def start_of(self, worker: Worker, minutes: int, *, running: bool) -> datetime:
        """When he began: when he was free, not into lunch; what runs on has its end still before it."""
        start = worker.free_at
        if running:
            start = max(start, self.now - timedelta(minutes=round(minutes * self.random.uniform(0.25, 0.8))))
        if start + timedelta(minutes=minutes / 2) > self._today(LUNCH) and start < self._today(BACK):
            start = self._today(BACK)
        return min(start, self.now - timedelta(minutes=4 if running else minutes + 8))


def acting(employee: Employee, role: str, store: Store) -> Viewer:
    """An employee as the viewer that he is when he acts in a role."""
    return Viewer(
        user_id=employee.user_id,
        employee_id=employee.pk,
        name=employee.name,
        group_id=store.group_id,
        legal_entity_id=store.legal_entity_id,
        store_id=store.pk,
        roles=frozenset([role]),
        stores=((store.pk, store.name),),
    )


def _can(worker: Worker, work: Sequence[LabourLine] | Sequence[LabourOp]) -> bool:
    def enough(one: LabourLine | LabourOp) -> bool:
        code = one.skill_code if isinstance(one, LabourLine) else one.skill.code if one.skill else ""
        level = worker.skills.get(code, 0)
        return level >= one.min_level and (worker.certified or not one.high_voltage)

    return all(enough(one) for one in work)
