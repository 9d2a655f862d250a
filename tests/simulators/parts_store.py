"""A group's parts counters by days: cars come, jobs are done, kits of parts are asked for; what suppliers send when.

No part has a rate, a mean or a distribution of its own. Models are launched, sold and driven until they leave; each visit
draws a car's model and age from the cars then on the road, each job from age and season, each kit from the job. Fleets send
whole batches in a week, small garages buy for themselves at the counter, promotions bring cars that would not have come. What
a part's demand looks like only follows. So nothing here is what the engine believes (negative binomial, monthly means).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tests.simulators.parts_kits import JOBS, REPAIR, ROLES, SUPPLIERS, TAIL, Role

START = date(2023, 1, 2)
WARM = 546
REPLAY = 730
AGES = 16
QUARTER = 91


@dataclass(frozen=True, eq=False)
class World:
    """All that no buyer can change. Lines are in order of their day; money in fen; ``lead[day, part]`` in days."""

    stores: int
    days: int
    cost: np.ndarray
    price: np.ndarray
    pack: np.ndarray
    supplier: np.ndarray
    electric: np.ndarray
    born: np.ndarray
    category: np.ndarray
    line_day: np.ndarray
    line_store: np.ndarray
    line_part: np.ndarray
    line_quantity: np.ndarray
    line_waits: np.ndarray
    line_fails: np.ndarray
    lead: np.ndarray
    parted: np.ndarray
    bargain: np.ndarray
    promotions: tuple[tuple[int, int, tuple[int, ...]], ...]
    minutes: np.ndarray

    @property
    def parts(self) -> int:
        return len(self.cost)

    def day(self, at: int) -> date:
        return START + timedelta(days=int(at))


@dataclass(frozen=True, eq=False)
class _Cars:
    """Cars on the road that come to a store, by quarter, model and age; when models began and which are electric."""

    weight: np.ndarray
    launched: np.ndarray
    electric: np.ndarray


def world(seed: int, *, stores: int = 4, visits: float = 28.0, days: int = WARM + REPLAY, models: int = 34) -> World:
    """A group of ``stores`` with about ``visits`` cars a day each; the same for the same seed."""
    dice = np.random.default_rng([seed, stores, models])
    cars = _cars(dice, stores, models, days)
    places, about = _catalogue(dice, cars, models)
    promotions = _promotions(dice, about, days)
    lines = [_store_lines(dice, store, cars, places, visits, days, promotions) for store in range(stores)]
    day, store, part, quantity = (np.concatenate(column) for column in zip(*lines, strict=True))
    order = np.lexsort((part, store, day))
    count = len(order)
    return World(
        stores=stores,
        days=days,
        line_day=day[order],
        line_store=store[order],
        line_part=part[order],
        line_quantity=quantity[order],
        line_waits=dice.random(count) < 0.6,
        line_fails=dice.random(count) < 0.03,
        lead=_leads(dice, about["supplier"], days),
        parted=dice.random((days, len(about["cost"]))) < 0.07,
        bargain=dice.random((days // 30 + 2, stores, len(about["cost"]))),
        promotions=promotions,
        minutes=_minutes(dice, stores),
        **about,
    )


def _cars(dice, stores, models, days):
    quarters = days // QUARTER + 2
    launched = np.sort(dice.uniform(-13.5, 3.0, models))
    launched[-2:] = [1.4, 2.1]
    electric = (dice.random(models) < np.clip(0.15 + 0.05 * (launched + 6), 0, 0.75)).astype(int)
    popular = dice.lognormal(0, 0.7, models)
    taste = dice.lognormal(0, 0.45, (stores, models))
    size = dice.uniform(0.75, 1.3, stores)
    weight = np.zeros((quarters, stores, models, AGES))
    sold_for = dice.uniform(4.5, 7.5, models)
    for quarter in range(quarters):
        now = quarter * QUARTER / 365
        for age in range(AGES):
            into = (now - age - launched) / sold_for
            selling = np.where((into > 0) & (into < 1), np.sin(np.pi * np.clip(into, 0, 1)) ** 0.7, 0)
            on_road = 1 / (1 + np.exp((age - 12.5) / 1.6)) * np.exp(-age / 9)
            weight[quarter, :, :, age] = size[:, None] * taste * popular * selling * on_road
    return _Cars(weight, launched, electric)


def _catalogue(dice, cars, models):
    """``places[role][facelifted, model]`` is the part, and columns about the parts."""
    tail = [
        Role(
            f"tail {at}",
            float(dice.lognormal(np.log(170), 1.15)),
            1,
            int(dice.integers(1, 5)),
            int(dice.choice(3, p=[0.6, 0.3, 0.1])),
        )
        for at in range(TAIL)
    ]
    places, rows = {}, []
    for kind, role in enumerate([*ROLES, *tail]):
        table = np.full((2, models), -1)
        groups = np.arange(models) // role.shared
        changed = dice.random(groups.max() + 1) < (0.35 if role.shared < 8 else 0)
        for group in range(groups.max() + 1):
            members = np.flatnonzero(groups == group)
            for lifted in (0, 1) if changed[group] else (0,):
                table[lifted, members] = len(rows)
                launch = float(cars.launched[members].min()) + (3 if lifted else 0)
                cost = max(1.0, role.cost * float(dice.lognormal(0, 0.3)))
                rows.append((cost, role.pack, role.supplier, role.electric, launch, kind))
            if not changed[group]:
                table[1, members] = table[0, members]
        places[role.name] = table
    cost, pack, supplier, electric, launch, kind = (np.array(column) for column in zip(*rows, strict=True))
    fen = np.round(cost * 100).astype(np.int64)
    return places, {
        "cost": fen,
        "price": np.round(fen * dice.uniform(1.25, 1.6, len(fen))).astype(np.int64),
        "pack": pack.astype(np.int64),
        "supplier": supplier.astype(np.int64),
        "electric": electric.astype(np.int64),
        "born": np.round(launch * 365).astype(np.int64),
        "category": kind.astype(np.int64),
    }


def _promotions(dice, about, days):
    """From, until, kinds of parts: two or three a year."""
    found, day = [], 60
    while day < days - 30:
        kinds = tuple(sorted(int(kind) for kind in dice.choice((0, 4, 10, 15, 17, 19), 2, replace=False)))
        found.append((day, day + int(dice.integers(14, 31)), kinds))
        day += int(dice.integers(110, 190))
    return tuple(found)


def _season(kind, days):
    turn = 2 * np.pi * ((days + 1) % 365) / 365
    if kind == "summer":
        return 1 - 0.6 * np.cos(turn)
    if kind == "winter":
        return 1 + 0.55 * np.cos(turn)
    if kind == "rain":
        return 1 - 0.55 * np.cos(turn + 0.5)
    return np.ones(len(days))


def _store_lines(dice, store, cars, places, visits, days, promotions):
    calendar = np.arange(days)
    weekday = np.array([1.15, 0.95, 0.9, 0.95, 1.1, 1.25, 0.7])[calendar % 7]
    share = cars.weight[:, store].sum() / cars.weight.sum(axis=(0, 2, 3)).mean()
    unrest = np.exp(np.convolve(dice.normal(0, 0.16, days + 6), np.ones(7) / 2.6, "valid")) * dice.lognormal(
        0, 0.15, days
    )
    closed = np.isin(calendar % 365, np.arange(22, 29))
    count = dice.poisson(visits * share * weekday * unrest * np.where(closed, 0.15, 1.0))
    day, model, age = _visits(dice, store, cars, count)
    extra = _fleets(dice, store, cars, days)
    day, model, age = (np.concatenate(pair) for pair in zip((day, model, age), extra, strict=True))
    taken = [_counter(dice, places, cars, store, days)]
    chosen = {role: np.zeros(days, bool) for role in places}
    for start, end, kinds in promotions:
        for kind in kinds:
            chosen[ROLES[kind].name][start:end] = True
    lifted = (day / 365 - age - cars.launched[model] > 3).astype(int)
    for job in JOBS:
        taken += _job(dice, job, places, day, model, age, cars, lifted, chosen)
    taken.append(_tail(dice, places, day, model, age, lifted))
    when, part, quantity = (np.concatenate(column) for column in zip(*taken, strict=True))
    return when, np.full(len(when), store), part, quantity


def _visits(dice, store, cars, count):
    day, model, age = [], [], []
    for quarter in range(len(count) // QUARTER + 1):
        here = count[quarter * QUARTER : (quarter + 1) * QUARTER]
        weight = cars.weight[quarter, store].ravel()
        drawn = dice.choice(len(weight), int(here.sum()), p=weight / weight.sum())
        day.append(np.repeat(np.arange(len(here)) + quarter * QUARTER, here))
        model.append(drawn // AGES)
        age.append(drawn % AGES)
    return np.concatenate(day), np.concatenate(model), np.concatenate(age)


def _fleets(dice, store, cars, days):
    """A dozen firms send many cars of one model within a few days, every ten weeks or so; some stop, others begin."""
    day, model, age = [np.zeros(0, int)], [np.zeros(0, int)], [np.zeros(0, int)]
    for _ in range(8):
        begins = int(dice.integers(-400, days - 200))
        ends = begins + int(dice.integers(300, 1100))
        years = begins / 365
        fit = np.flatnonzero((cars.launched < years) & (cars.launched > years - 6))
        if not len(fit):
            continue
        which, size, every = int(dice.choice(fit)), int(dice.integers(4, 16)), int(dice.integers(60, 100))
        for at in range(begins, ends, every):
            when = at + dice.integers(0, 5, size)
            when = when[(when >= 0) & (when < days)]
            day.append(when)
            model.append(np.full(len(when), which))
            age.append(np.full(len(when), max(0, min(AGES - 1, int((at - begins) / 365)))))
    return np.concatenate(day), np.concatenate(model), np.concatenate(age)


def _job(dice, job, places, day, model, age, cars, lifted, chosen):
    grown = 1.0 if not job.from_age else 1 / (1 + np.exp(-(age - job.from_age - 0.5) / 0.8))
    chance = job.chance * grown * _season(job.season, day)
    if job.electric >= 0:
        chance = chance * (cars.electric[model] == job.electric)
    chance = np.where(chosen[job.kit[0][0]][day], chance * 1.8, chance)
    doing = np.flatnonzero(dice.random(len(day)) < chance)
    which = dice.random(len(doing))
    upto = 0.0
    for at, (role, quantity, share) in enumerate(job.kit):
        again = at > 0 and role == job.kit[at - 1][0]
        low = upto if again else 0.0
        upto = low + share
        with_it = doing[(which >= low) & (which < upto)]
        if at and not again:
            which = dice.random(len(doing))
            with_it = doing[which < share]
        yield day[with_it], places[role][lifted[with_it], model[with_it]], np.full(len(with_it), quantity)


def _tail(dice, places, day, model, age, lifted):
    chance = REPAIR * (0.4 + age / 6)
    doing = np.flatnonzero(dice.random(len(day)) < chance)
    rank = 1 / (np.arange(TAIL) + 1.5) ** 1.25
    role = dice.choice(TAIL, len(doing), p=rank / rank.sum())
    tables = np.stack([places[f"tail {at}"] for at in range(TAIL)])
    return day[doing], tables[role, lifted[doing], model[doing]], 1 + (dice.random(len(doing)) < 0.12)


def _counter(dice, places, cars, store, days):
    """Small garages around the store: each has its models and takes what it is working on, sometimes a handful."""
    names = (
        "oil filter",
        "air filter",
        "front pads",
        "spark plug",
        "wiper",
        "ball joint",
        "bumper clip",
        "tail 0",
        "tail 2",
    )
    day, part, quantity = [], [], []
    for _ in range(14):
        weight = cars.weight[:, store].sum(axis=(0, 2)) ** 0.7
        liked = dice.choice(len(weight), 4, replace=False, p=weight / weight.sum())
        begins, ends = sorted(int(one) for one in dice.integers(-300, days + 300, 2))
        for at in np.flatnonzero(dice.random(days) < 0.12):
            if not begins <= at < max(ends, begins + 200):
                continue
            role, model = names[int(dice.integers(0, len(names)))], int(dice.choice(liked))
            if role in {"oil filter", "spark plug"} and cars.electric[model]:
                continue
            day.append(at)
            part.append(places[role][int(dice.random() < 0.4), model])
            quantity.append(int(dice.choice((1, 2, 4, 10), p=(0.6, 0.25, 0.12, 0.03))))
    return np.array(day, int), np.array(part, int), np.array(quantity, int)


def _leads(dice, supplier, days):
    """Days from order to shelf: the part's own share of luck on top of what the supplier is going through."""
    found = np.zeros((days, len(supplier)), np.int16)
    for at, who in enumerate(SUPPLIERS):
        mine = np.flatnonzero(supplier == at)
        trouble = np.zeros(days)
        for begin in np.flatnonzero(dice.random(days) < who.trouble):
            trouble[begin : begin + int(dice.integers(10, 40))] += dice.uniform(0.3, 1.5)
        usual = who.median * np.exp(dice.normal(0, who.spread, (days, len(mine)))) * (1 + trouble[:, None])
        bad = dice.random((days, len(mine))) < who.tail
        found[:, mine] = np.ceil(np.minimum(usual + bad * dice.exponential(who.tail_days, (days, len(mine))), 160))
    return found


def _minutes(dice, stores):
    place = dice.uniform(0, 40, (stores, 2))
    return np.round(15 + 1.6 * np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))).astype(int)
