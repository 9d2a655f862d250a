"""Days of a workshop, seeded: cars that come booked or not, parts that come late, people who fall ill, work that takes as
long as it takes.

What the engine does not know stays here: the true minutes of each job with each person (log-normal around the standard
with a pace of the person that the shop has only partly learned), when a walk-in comes, that a part slips, that somebody
goes home. Promises are given the way an advisor gives them, from the work alone, not by the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import exp
from random import Random

from cheyi.kernel import Rate, Span
from cheyi.workshop.engine.model import Bay, Promise, Task, Technician
from tests.simulators.shops import at, shift

MODELS = ("compact", "sedan", "suv", "van", "ev")
DAYS = 6
SIZES = {"4x18": (4, 18), "8x40": (8, 40), "15x75": (15, 75), "20x90": (20, 90)}


@dataclass(frozen=True)
class Order:
    """A car: when it comes, its tasks, its promise, and how late each awaited part really is."""

    arrives: datetime
    tasks: tuple[Task, ...]
    promise: Promise


@dataclass(frozen=True)
class Day:
    """All that happens on a day. ``true_minutes`` is how long a task really takes with a technician."""

    technicians: tuple[Technician, ...]
    bays: tuple[Bay, ...]
    orders: tuple[Order, ...]
    part_arrives: Mapping[int, datetime]
    absences: Mapping[int, Span]
    seed: int
    pace: Mapping[tuple[int, str], float]

    def true_minutes(self, task: Task, technician: int) -> int:
        """The same draw for a task whoever works on it, times the person's true pace."""
        luck = exp(Random(f"{self.seed}-{task.id}").gauss(0, 0.22))
        return max(3, round(task.minutes * luck * self.pace[technician, task.model]))


def day(seed: int, size: str = "8x40", load: float = 0.8) -> Day:
    """A day of a size named in ``SIZES``; the work fills the share ``load`` of everybody's hours."""
    people, orders = SIZES[size]
    random = Random(f"{seed}-{size}")
    technicians, pace = _technicians(random, people)
    bays = tuple(Bay(n, "general", n <= max(2, people // 6)) for n in range(1, people + 2))
    minutes = load * people * 510 / orders
    made = _orders(random, orders, minutes, _able(technicians))
    slips = {
        task.id: task.earliest + timedelta(minutes=random.choice((0, 0, 0, 30, 60, 120)))
        for order in made
        for task in order.tasks
        if task.earliest
    }
    ill = {}
    if random.random() < 0.5:
        who = random.randint(people // 2 + 1, people)
        begins = at(0, random.randint(9 * 60, 14 * 60))
        ill[who] = Span(begins, begins + timedelta(minutes=random.choice((90, 180, 600))))
    return Day(technicians, bays, made, slips, ill, seed, pace)


def _technicians(random: Random, people: int) -> tuple[tuple[Technician, ...], dict[tuple[int, str], float]]:
    """A third are seasoned, the rest younger; specialists hold the rare skills; lunch is in two waves."""
    result, pace = [], {}
    for number in range(1, people + 1):
        seasoned = number <= max(2, people // 3)
        skills = {"general": random.randint(4, 5) if seasoned else random.choice((1, 2, 2, 3, 3))}
        if number % 3 == 1:
            skills["electric"] = random.randint(2, 5)
        if number % 4 == 2:
            skills["gearbox"] = random.randint(2, 4)
        high = number % 4 == 1
        if high:
            skills["hv"] = random.randint(2, 4)
        person = exp(random.gauss(0, 0.1)) * (1.12 - 0.04 * skills["general"])
        factors = {}
        for model in MODELS:
            pace[number, model] = person * exp(random.gauss(0, 0.08))
            if random.random() < 0.6:
                factors[model] = Rate(round(pace[number, model] * exp(random.gauss(0, 0.05)) * 100) * 100)
        lunch = 12.0 if number % 2 else 12.5
        result.append(
            Technician(
                id=number,
                skills=skills,
                shifts=tuple(shift(ahead, 8.5, 20, lunch) for ahead in range(DAYS)),
                hv_until=date(2026, 12, 31) if high else None,
                factors=factors,
                experience={model: Rate.percent(random.choice((20, 50, 90))) for model in MODELS},
            )
        )
    return tuple(result), pace


def _able(technicians: tuple[Technician, ...]) -> dict[str, int]:
    """The highest level that at least two people reach, so that one illness does not stop a skill."""
    levels = {
        skill: sorted(one.skills.get(skill, 0) for one in technicians)
        for skill in ("general", "electric", "gearbox", "hv")
    }
    return {skill: max(1, reached[-2]) for skill, reached in levels.items()}


def _orders(random: Random, count: int, minutes: float, able: dict[str, int]) -> tuple[Order, ...]:
    """Two thirds are booked and come in the morning's waves; walk-ins come all day; one in four customers waits."""
    result, number = [], 0
    for order in range(1, count + 1):
        walk_in = random.random() < 0.35
        arrives = at(0, random.randint(510, 930) if walk_in else int(random.triangular(510, 840, 540)))
        tasks: list[Task] = []
        model = random.choice(MODELS)
        for _ in range(random.choice((1, 1, 1, 2, 2, 3))):
            number += 1
            tasks.append(_task(random, number, order, minutes / 1.67, model, able, tasks))
        if random.random() < 0.12:
            late = arrives + timedelta(minutes=random.randint(30, 180))
            tasks[-1] = replace(tasks[-1], earliest=late)
        result.append(Order(arrives, tuple(tasks), _promise(random, order, arrives, tasks)))
    return tuple(sorted(result, key=lambda one: (one.arrives, one.promise.order)))


def _task(
    random: Random, number: int, order: int, minutes: float, model: str, able: dict[str, int], before: list[Task]
) -> Task:
    kind = random.random()
    skill = "electric" if kind < 0.14 else "gearbox" if kind < 0.2 else "general"
    high = model == "ev" and kind > 0.6
    skill = "hv" if high else skill
    level = min(able[skill], random.choice((1, 1, 2, 2, 3, 3, 4)))
    return Task(
        id=number,
        order=order,
        skill=skill,
        level=level,
        minutes=max(10, 5 * round(minutes * exp(random.gauss(-0.18, 0.6)) / 5)),
        bay_kind="general",
        needs_hv=high,
        after=(before[-1].id,) if before else (),
        model=model,
    )


def _promise(random: Random, order: int, arrives: datetime, tasks: list[Task]) -> Promise:
    """An advisor's promise: the work and something for the queue, on the half hour, before closing if he can."""
    waits = random.random() < 0.25
    work = sum(task.minutes for task in tasks)
    begins = max([arrives, *(task.earliest for task in tasks if task.earliest)])
    told = begins + timedelta(minutes=work * random.uniform(1.2, 1.6) + (20 if waits else random.randint(45, 240)))
    told += timedelta(minutes=-told.minute % 30)
    closing = at(18)
    if told > closing and begins + timedelta(minutes=work * 1.2) <= closing:
        told = closing
    return Promise(order, told, 3 if waits else 1)
