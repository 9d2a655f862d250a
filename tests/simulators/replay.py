"""A day played minute by minute as it would really go, under a policy that learns of things only when they happen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush

from cheyi.workshop.engine.ability import able
from cheyi.workshop.engine.calendar import Calendar, calendar_of, minute_of, moment_of
from cheyi.workshop.engine.model import Plan, Running, Shop, Task, Technician
from cheyi.workshop.engine.plans import plan_by_rule
from cheyi.workshop.engine.rule import Tuning
from tests.simulators.shop_days import Day
from tests.simulators.shops import ZONE, at

Planner = Callable[[Shop, Plan | None], Plan]


@dataclass
class Outcome:
    """What a day came to: weighted late minutes, late orders, mean minutes in the house, changes per re-plan."""

    late: int = 0
    late_orders: int = 0
    flow: float = 0.0
    replans: int = 0
    changed: int = 0
    unfinished: int = 0


@dataclass
class World:
    """The state that grows over the day."""

    day: Day
    now: datetime
    arrived: dict[int, Task] = field(default_factory=dict)
    running: dict[int, Running] = field(default_factory=dict)
    ends: dict[int, datetime] = field(default_factory=dict)
    done: dict[int, datetime] = field(default_factory=dict)
    events: list[datetime] = field(default_factory=list)
    true_calendars: dict[int, Calendar] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.true_calendars = {one.id: calendar_of(one, 0) for one in self.technicians(hindsight=True)}

    def technicians(self, *, hindsight: bool = False) -> tuple[Technician, ...]:
        """People as far as is known: an absence shows when it begins, the true one also in the world's own reckoning."""
        return tuple(
            replace(one, absences=(gap,))
            if (gap := self.day.absences.get(one.id)) and (hindsight or gap.start <= self.now)
            else one
            for one in self.day.technicians
        )

    def shop(self) -> Shop:
        tasks = []
        for task in self.arrived.values():
            if task.id in self.done:
                continue
            earliest = task.earliest
            real = self.day.part_arrives.get(task.id)
            if real and earliest and earliest <= self.now < real:
                earliest = real
            elif earliest and real and real <= self.now:
                earliest = None
            after = tuple(one for one in task.after if one not in self.done)
            tasks.append(replace(task, earliest=earliest, after=after, running=self.running.get(task.id)))
        orders = {task.order for task in tasks}
        promises = tuple(one.promise for one in self.day.orders if one.promise.order in orders)
        return Shop(self.now, tuple(tasks), self.technicians(), self.day.bays, (), promises)

    def ready(self, task: Task) -> bool:
        """Whether a task could start now as far as the car, its steps and its parts go."""
        if task.id in self.running or task.id in self.done or any(one not in self.done for one in task.after):
            return False
        real = self.day.part_arrives.get(task.id)
        busy = any(self.arrived[one].order == task.order for one in self.running)
        return not busy and (real is None or real <= self.now)

    def free_bay(self, task: Task) -> int | None:
        taken = {one.bay for one in self.running.values()}
        fitting = [one for one in self.day.bays if one.id not in taken and (one.ev_safe or not task.needs_hv)]
        fitting.sort(key=lambda one: (one.ev_safe and not task.needs_hv, one.id))
        return fitting[0].id if fitting else None

    def at_work(self, technician: Technician) -> bool:
        """Present, not in a break, without a running clock."""
        return self.true_calendars[technician.id].piece_at(minute_of(self.now)) >= 0 and all(
            one.technician != technician.id for one in self.running.values()
        )

    def start(self, task: Task, technician: int, bay: int | None) -> None:
        minutes = self.day.true_minutes(task, technician)
        end = self.true_calendars[technician].finish(minute_of(self.now), minutes, carries=True)
        assert end is not None, "the day's last shift holds no more work"
        self.running[task.id] = Running(technician, bay, self.now)
        self.ends[task.id] = moment_of(end, ZONE)
        heappush(self.events, self.ends[task.id])

    def interrupt(self, technician: int) -> None:
        """Whoever goes home leaves his work: the car waits, and what is left of the task can be given to another."""
        for number in [one for one, running in self.running.items() if running.technician == technician]:
            running, task = self.running.pop(number), self.arrived[number]
            del self.ends[number]
            calendar = self.true_calendars[technician]
            worked = calendar.working(minute_of(running.since), minute_of(self.now))
            share = max(0.1, 1 - worked / self.day.true_minutes(task, technician))
            self.arrived[number] = replace(task, minutes=max(5, round(task.minutes * share)))


def _opening(day: Day) -> World:
    world = World(day, at(8, 30))
    moments = {one.arrives for one in day.orders} | {at(8, 30)} | set(day.part_arrives.values())
    moments |= {task.earliest for order in day.orders for task in order.tasks if task.earliest}
    moments |= {moment for gap in day.absences.values() for moment in (gap.start, gap.end)}
    for technician in day.technicians:
        calendar = calendar_of(technician, 0)
        moments |= {moment_of(start, ZONE) for start in calendar.starts}
    for moment in sorted(moments):
        heappush(world.events, moment)
    return world


def _tick(world: World) -> bool:
    """Go to the next moment; True when something happened that a plan should know."""
    world.now = heappop(world.events)
    while world.events and world.events[0] == world.now:
        heappop(world.events)
    news = False
    for task in [one for one, end in world.ends.items() if end <= world.now]:
        world.done[task] = world.ends.pop(task)
        del world.running[task]
        news = True
    for order in world.day.orders:
        if order.arrives <= world.now and order.tasks[0].id not in world.arrived:
            world.arrived.update({task.id: task for task in order.tasks})
            news = True
    for who, gap in world.day.absences.items():
        if gap.start == world.now:
            world.interrupt(who)
    gaps = world.day.absences.values()
    news |= any(world.now in (gap.start, gap.end) for gap in gaps)
    known = {task.earliest for task in world.arrived.values() if task.earliest}
    return news or world.now in known or world.now in set(world.day.part_arrives.values())


def replay_plan(day: Day, planner: Planner) -> Outcome:
    """Play a day by plans: at every piece of news a new plan, and what it starts now is started."""
    world, outcome = _opening(day), Outcome()
    plan: Plan | None = None
    while world.events:
        if _tick(world) or plan is None:
            fresh = planner(world.shop(), plan)
            outcome.replans += 1
            outcome.changed += _changes(plan, fresh, world)
            plan = fresh
            for one in plan.assignments:
                if one.start > world.now:
                    heappush(world.events, one.start)
        _start_planned(world, plan)
    return _close(world, outcome)


def _start_planned(world: World, plan: Plan) -> None:
    people = {one.id: one for one in world.technicians()}
    for one in plan.assignments:
        task = world.arrived[one.task]
        if one.start <= world.now and world.ready(task) and world.at_work(people[one.technician]):
            taken = {running.bay for running in world.running.values()}
            bay = one.bay if one.bay not in taken else world.free_bay(task)
            if bay is not None:
                world.start(task, one.technician, bay)


def _changes(before: Plan | None, after: Plan, world: World) -> int:
    """Technicians changed among what was planned before, has not started, and whose technician is still there."""
    if before is None:
        return 0
    was = {one.task: one.technician for one in before.assignments}
    now = {one.task: one.technician for one in after.assignments}
    here = {one.id for one in world.technicians() if not one.absences}
    return sum(now[one] != was[one] for one in now.keys() & was.keys() - world.running.keys() if was[one] in here)


def replay_queues(
    day: Day, choose: Callable[[list[tuple[int, float, int]]], int], *, by_promise: bool = False
) -> Outcome:
    """Play a day by hand: each task goes to somebody's queue when the car comes; queues are worked off in order.

    ``choose`` gets (technician, queued minutes, level) of all who may do the task. With ``by_promise`` everybody takes
    the nearest promise of his queue first, else what came first.
    """
    world, outcome = _opening(day), Outcome()
    given: dict[int, int] = {}
    while world.events:
        _tick(world)
        for task in world.arrived.values():
            if task.id not in given:
                given[task.id] = choose(_candidates(world, task, given))
        _reassign_absent(world, given, choose)
        _start_queues(world, given, by_promise=by_promise)
    return _close(world, outcome)


def _candidates(world: World, task: Task, given: dict[int, int]) -> list[tuple[int, float, int]]:
    queued: dict[int, float] = {}
    for other, who in given.items():
        if other not in world.done:
            queued[who] = queued.get(who, 0) + world.arrived[other].minutes
    here = [one for one in world.technicians() if not one.absences or not one.absences[0].contains(world.now)]
    return [
        (one.id, queued.get(one.id, 0), one.skills[task.skill]) for one in here if able(task, one, world.now.date())
    ]


def _reassign_absent(
    world: World, given: dict[int, int], choose: Callable[[list[tuple[int, float, int]]], int]
) -> None:
    gone = {who for who, gap in world.day.absences.items() if gap.contains(world.now)}
    for task in [
        one for one, who in given.items() if who in gone and one not in world.done and one not in world.running
    ]:
        others = _candidates(world, world.arrived[task], {one: who for one, who in given.items() if one != task})
        if others:
            given[task] = choose(others)


def _start_queues(world: World, given: dict[int, int], *, by_promise: bool) -> None:
    due = {one.promise.order: one.promise.at for one in world.day.orders}
    order = sorted(given, key=lambda one: due[world.arrived[one].order]) if by_promise else list(given)
    for technician in world.technicians():
        for one in order:
            task = world.arrived[one]
            if given[one] != technician.id or not world.ready(task) or not world.at_work(technician):
                continue
            calendar = world.true_calendars[technician.id]
            bay = world.free_bay(task)
            if bay is not None and calendar.finish(minute_of(world.now), task.minutes, carries=False) is not None:
                world.start(task, technician.id, bay)


def _close(world: World, outcome: Outcome) -> Outcome:
    for order in world.day.orders:
        ends = [world.done.get(task.id) for task in order.tasks]
        if None in ends:
            outcome.unfinished += 1
            continue
        ready = max(end for end in ends if end is not None)
        late = max(0, int((ready - order.promise.at) / timedelta(minutes=1)))
        outcome.late += order.promise.weight * late
        outcome.late_orders += late > 0
        outcome.flow += (ready - order.arrives) / timedelta(minutes=1) / len(world.day.orders)
    return outcome


def least_loaded(candidates: list[tuple[int, float, int]]) -> int:
    return min(candidates, key=lambda one: (one[1], one[0]))[0]


def best_skilled(candidates: list[tuple[int, float, int]]) -> int:
    """The best of those who are free; when nobody is, whoever has the least to do."""
    return min(candidates, key=lambda one: (one[1], -one[2], one[0]))[0]


def by_rule(shop: Shop, published: Plan | None) -> Plan:
    return plan_by_rule(shop, published=published, tuning=Tuning())
