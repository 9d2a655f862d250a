"""What would keep a promise: another technician, going first, overtime, a part from another store, a new promise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cheyi.kernel import Reason
from cheyi.workshop.engine.ability import able, minutes_for
from cheyi.workshop.engine.calendar import first_minute, moment_of
from cheyi.workshop.engine.floor import Floor, Placed, costs
from cheyi.workshop.engine.ground import Ground
from cheyi.workshop.engine.insertion import insert
from cheyi.workshop.engine.model import Task
from cheyi.workshop.engine.rule import Tuning, simulate
from cheyi.workshop.engine.timetable import Timetable

OVERTIME = (30, 60, 90, 120)


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something that keeps the promise (``new_promise`` apart), with its facts, and when the car can then be handed over."""

    what: Reason
    ready_at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """One order of a plan seen alone: its movable steps, the ends of its running ones, minutes after the last step.

    ``fixed`` holds the steps of other orders that nobody may move; ``held`` the rest of the plan around the order.
    """

    ground: Ground
    order: int
    steps: tuple[int, ...]
    done: Mapping[int, int]
    held: Timetable
    fixed: Timetable
    after_minutes: int = 0

    @property
    def due(self) -> int:
        """The minute by which the last step must end."""
        return self.ground.floor.due[self.order]

    def alone(self, *, floor: Floor | None = None, first: bool = False) -> dict[int, Placed] | None:
        """The order put into the gaps of the plan, or first, before everything that may move; None if it has no place."""
        table = self.fixed if first else self.held
        return insert(table.on(floor or self.ground.floor), self.steps, done=dict(self.done))

    def kept(self, placed: Mapping[int, Placed] | None) -> bool:
        """Whether the promise is kept with the steps placed so."""
        return placed is not None and max([*self.done.values(), *(one.end for one in placed.values())]) <= self.due

    def remedy(self, code: str, placed: Mapping[int, Placed], **facts: int | str | datetime) -> Remedy:
        """A remedy with the moment at which the car can then be handed over."""
        ready = max([*self.done.values(), *(one.end for one in placed.values())])
        return Remedy(Reason(code, **facts), moment_of(ready + self.after_minutes, self.ground.shop.now.tzinfo))


def remedies(case: Case, before: list[Placed | None], first: Mapping[int, Placed] | None) -> tuple[Remedy, ...]:
    """All single remedies that keep the promise, in the order in which a foreman tries them.

    ``before`` is the plan as placed steps of the case's floor, ``first`` the order put first in it. At the end, always:
    what could honestly be promised.
    """
    gap = case.alone()
    found = [
        *_other_technician(case, before, gap),
        *_go_first(case, before, first),
        *_below_level(case),
        *_overtime(case),
        *_parts(case),
    ]
    if gap is not None:
        found.append(case.remedy("new_promise", gap))
    elif not any(one.what.code == "part_from_store" for one in found):
        found += _new_promise_with_parts(case)
    return tuple(found)


def _other_technician(case: Case, before: list[Placed | None], gap: Mapping[int, Placed] | None) -> list[Remedy]:
    if gap is None or not case.kept(gap):
        return []
    people = case.ground.shop.technicians
    for at, one in sorted(gap.items()):
        was = before[at]
        if was is None or was.technician != one.technician:
            return [
                case.remedy(
                    "other_technician",
                    gap,
                    task=case.ground.tasks[at].id,
                    technician=people[one.technician].id,
                    start=moment_of(one.start, case.ground.shop.now.tzinfo),
                )
            ]
    return [case.remedy("earlier_gap", gap)]


def _go_first(case: Case, before: list[Placed | None], first: Mapping[int, Placed] | None) -> list[Remedy]:
    """Put the order before the others, and say how many weighted late minutes that costs them by the rule."""
    if first is None or not case.kept(first):
        return []
    floor = case.ground.floor
    pushed = simulate(floor, Tuning(first=case.order))
    others = replace(floor, weight=tuple(0 if at == case.order else one for at, one in enumerate(floor.weight)))
    return [case.remedy("go_first", first, others_late=costs(others, pushed).late - costs(others, before).late)]


def _below_level(case: Case) -> list[Remedy]:
    """A technician one level below the need, whom a foreman may choose with a reason; never without a certificate."""
    steps = list(case.ground.floor.steps)
    shop = case.ground.shop
    for at in case.steps:
        task = case.ground.tasks[at]
        lower = replace(task, level=max(1, task.level - 1))
        more = {
            who: minutes_for(task, one)
            for who, one in enumerate(shop.technicians)
            if case.ground.floor.calendars[who].starts and able(lower, one, shop.now.date())
        }
        steps[at] = replace(
            steps[at],
            minutes={**more, **steps[at].minutes},
            above={who: steps[at].above.get(who, 0) for who in {**more, **steps[at].minutes}},
            liking={who: steps[at].liking.get(who, 0) for who in {**more, **steps[at].minutes}},
        )
    placed = case.alone(floor=replace(case.ground.floor, steps=tuple(steps)))
    if placed is None or not case.kept(placed):
        return []
    below = [at for at, one in placed.items() if one.technician not in case.ground.floor.steps[at].minutes]
    if not below:
        return []
    who = shop.technicians[placed[below[0]].technician]
    task = case.ground.tasks[below[0]]
    level = who.skills[task.skill]
    return [case.remedy("one_level_below", placed, task=task.id, technician=who.id, level=level, required=task.level)]


def _overtime(case: Case) -> list[Remedy]:
    """The least overtime that keeps the promise, first without moving anybody, then with the order put first."""
    floor, people = case.ground.floor, case.ground.shop.technicians
    for minutes in OVERTIME:
        longer = replace(floor, calendars=tuple(calendar.extended(minutes) for calendar in floor.calendars))
        for first in (False, True):
            placed = case.alone(floor=longer, first=first)
            if placed is None or not case.kept(placed):
                continue
            late = [one for one in placed.values() if not _inside(floor, one)]
            if late:
                who = people[max(late, key=lambda one: one.end).technician].id
                return [case.remedy("overtime", placed, minutes=minutes, technician=who, first=int(first))]
    return []


def _inside(floor: Floor, one: Placed) -> bool:
    """Whether the step lies inside ordinary working time."""
    calendar = floor.calendars[one.technician]
    return calendar.piece_at(one.start) >= 0 and calendar.piece_at(one.end - 1) >= 0


def _parts(case: Case) -> list[Remedy]:
    """By when the awaited parts must be here, and which other store has them in time."""
    floor = case.ground.floor
    waiting = [at for at in case.steps if floor.steps[at].earliest > floor.now]
    if not waiting:
        return []
    latest = _latest_arrival(case, waiting)
    if latest is None:
        return []
    zone, result = case.ground.shop.now.tzinfo, []
    for at in waiting:
        task = case.ground.tasks[at]
        if floor.steps[at].earliest > latest:
            result += _part_options(case, task, at, latest) or [
                case.remedy(
                    "part_by", _with_parts(case, waiting, latest) or {}, task=task.id, until=moment_of(latest, zone)
                )
            ]
    return result


def _part_options(case: Case, task: Task, at: int, latest: int) -> list[Remedy]:
    options = sorted(task.part_options, key=lambda one: (one.arrives_at, one.store))
    found = []
    for option in options:
        arrives = first_minute(option.arrives_at)
        placed = _with_parts(case, [at], arrives)
        if arrives <= latest and placed is not None:
            found.append(
                case.remedy("part_from_store", placed, task=task.id, store=option.store, arrives=option.arrives_at)
            )
    return found


def _new_promise_with_parts(case: Case) -> list[Remedy]:
    """What could be promised if another store sent the part that has no date; none when one of several is nowhere."""
    floor, tasks = case.ground.floor, case.ground.tasks
    waiting = [at for at in case.steps if floor.steps[at].earliest >= floor.horizon]
    ways = {
        at: min(tasks[at].part_options, key=lambda one: (one.arrives_at, one.store), default=None) for at in waiting
    }
    found = [(at, way) for at, way in ways.items() if way is not None]
    if not found or len(found) < len(waiting):
        return []
    steps = list(floor.steps)
    for at, way in found:
        steps[at] = replace(steps[at], earliest=max(first_minute(way.arrives_at), floor.now))
    placed = case.alone(floor=replace(floor, steps=tuple(steps)))
    at, last = max(found, key=lambda one: (one[1].arrives_at, one[0]))
    if placed is None:
        return []
    return [case.remedy("part_and_new_promise", placed, task=tasks[at].id, store=last.store, arrives=last.arrives_at)]


def _with_parts(case: Case, waiting: list[int], arrival: int) -> dict[int, Placed] | None:
    steps = list(case.ground.floor.steps)
    for at in waiting:
        steps[at] = replace(steps[at], earliest=min(steps[at].earliest, max(arrival, case.ground.floor.now)))
    return case.alone(floor=replace(case.ground.floor, steps=tuple(steps)), first=True)


def _latest_arrival(case: Case, waiting: list[int]) -> int | None:
    """The last minute at which the parts may come, by halving; None when parts that were here now would not do."""
    floor = case.ground.floor
    low, high = floor.now, max(floor.steps[at].earliest for at in waiting)
    if not case.kept(_with_parts(case, waiting, low)):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if case.kept(_with_parts(case, waiting, middle)):
            low = middle
        else:
            high = middle
    return low
