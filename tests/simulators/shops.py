"""Single shops at a moment, random but seeded, with everything that can stand in the way; for property tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from random import Random

from cheyi.kernel import Rate, Span
from cheyi.workshop.engine.model import Bay, Promise, Running, Shift, Shop, Task, Technician, Tool

ZONE = timezone(timedelta(hours=8))
MONDAY = datetime(2026, 3, 2, tzinfo=ZONE)
SKILLS = ("general", "electric", "gearbox", "hv")
MODELS = ("sedan", "suv", "ev")


def at(hour: int, minute: int = 0, *, day: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


def shift(day: int = 0, opens: float = 8.5, closes: float = 18.0, lunch: float | None = 12.0) -> Shift:
    start, end = at(0, int(opens * 60), day=day), at(0, int(closes * 60), day=day)
    breaks = (Span(at(0, int(lunch * 60), day=day), at(0, int(lunch * 60) + 60, day=day)),) if lunch else ()
    return Shift(Span(start, end), breaks)


def random_technician(random: Random, number: int, days: int) -> Technician:
    skills = {skill: random.randint(1, 5) for skill in SKILLS if skill == "general" or random.random() < 0.4}
    lunch = random.choice((12.0, 12.0, 12.5, None))
    away = (Span(at(14), at(15, 30)),) if random.random() < 0.1 else ()
    return Technician(
        id=number,
        skills=skills,
        shifts=tuple(shift(day, random.choice((8.5, 8.5, 10.0)), 18.0, lunch) for day in range(days)),
        hv_until=random.choice((None, None, date(2026, 3, 2), date(2026, 12, 31))),
        factors={model: Rate.percent(random.choice((80, 100, 100, 125))) for model in MODELS if random.random() < 0.4},
        experience={model: Rate.percent(random.choice((20, 60, 90))) for model in MODELS if random.random() < 0.5},
        absences=away,
    )


def random_shop(seed: int, orders: int = 30, people: int = 8, days: int = 3, now: datetime | None = None) -> Shop:
    """A morning with so many open orders; a few tasks run, wait for parts, need a tool or high voltage."""
    random = Random(seed)
    now = now or at(8, 30)
    technicians = tuple(random_technician(random, number, days) for number in range(1, people + 1))
    bays = tuple(Bay(number, "general", number % 4 == 0) for number in range(1, people + 2))
    tasks: list[Task] = []
    promises = []
    for order in range(1, orders + 1):
        before: tuple[int, ...] = ()
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            high = random.random() < 0.06
            task = Task(
                id=len(tasks) + 1,
                order=order,
                skill="hv" if high else random.choice(("general", "general", "general", "electric", "gearbox")),
                level=random.randint(1, 3) if high else random.choice((1, 1, 2, 2, 3, 4)),
                minutes=random.choice((15, 30, 45, 60, 90, 120, 200)),
                bay_kind="general" if random.random() < 0.9 else "",
                tool="aligner" if random.random() < 0.05 else "",
                earliest=at(random.randint(9, 16)) if random.random() < 0.15 else None,
                needs_hv=high,
                after=before,
                model=random.choice(MODELS),
                seen_by={random.randint(1, people): 2} if random.random() < 0.3 else {},
            )
            tasks.append(task)
            before = (task.id,)
        if random.random() < 0.9:
            promises.append(Promise(order, at(random.randint(10, 18)), random.choice((1, 1, 3)), 10))
    return Shop(now, tuple(tasks), technicians, bays, (Tool(1, "aligner"),), tuple(promises))


def with_running(shop: Shop, minutes_ago: int = 20) -> Shop:
    """The same shop in which the first task of everybody's first order has its clock running."""
    from dataclasses import replace

    busy: set[int] = set()
    orders: set[int] = set()
    tasks = []
    for task in shop.tasks:
        able = [
            one.id
            for one in shop.technicians
            if one.id not in busy and one.skills.get(task.skill, 0) >= task.level and not task.needs_hv
        ]
        if able and len(busy) < 3 and not task.after and task.order not in orders and not task.earliest:
            bay = shop.bays[len(busy)].id if task.bay_kind else None
            busy.add(able[0])
            orders.add(task.order)
            since = shop.now - timedelta(minutes=minutes_ago)
            tasks.append(replace(task, running=Running(able[0], bay, since), tool=""))
        else:
            tasks.append(task)
    return replace(shop, tasks=tuple(tasks))
