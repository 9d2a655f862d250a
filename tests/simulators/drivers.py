"""Drivers and their odometers, seeded: who drives how far on which day, when he comes, and what the clerk types.

Nothing here knows the engine. A car has no "daily distance": each day is made of trips – the way to work, errands, weekends,
feasts, shifts of a ride-hailing car, a convertible asleep in winter – and lives change: a new job, home office, illness, a new
owner. Customers come when they feel like it, some elsewhere, and some never again. Clerks swap digits, lose one, double one,
read miles, copy the last reading. Distances are km, days count from ``START``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

START = date(2015, 1, 1)
END = date(2027, 12, 31)
DAYS = (END - START).days + 1
KINDS = ("commuter", "family", "weekend", "seasonal", "traveller", "ride_hailing")
SHARES = (0.46, 0.22, 0.10, 0.07, 0.07, 0.08)
USES = {"ride_hailing": "ride_hailing", "traveller": "company"}
SLIPS = ("swapped", "missing", "doubled", "neighbour", "copied", "miles")
SLIP_SHARES = (0.30, 0.22, 0.16, 0.20, 0.07, 0.05)
WEEKDAY = (np.arange(DAYS) + START.weekday()) % 7
MONTH = np.array([(START + timedelta(days=at)).month for at in range(DAYS)])

Km = NDArray[np.float64]


@dataclass(frozen=True)
class Visit:
    """The car is here. ``typed`` km stand in the file, ``true_km`` on the odometer; ``slip`` names how they differ."""

    on: date
    true_km: int
    typed: int
    slip: str = ""
    service: bool = False
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Life:
    """A car from its first day to the last: distance driven by the end of each day, owners, visits, and when he leaves.

    ``new_on`` is the true first day, ``told_new_on`` what the file says (None if nothing). ``owners`` are the days of
    change after the first, each with whether the shop was told. From ``lost_on`` the customer never comes again.
    """

    number: int
    kind: str
    energy: str
    driven: Km
    new_on: date
    told_new_on: date | None
    owners: tuple[tuple[date, bool], ...]
    visits: tuple[Visit, ...]
    lost_on: date | None

    @property
    def use(self) -> str:
        """What the file says the car is used for."""
        return USES.get(self.kind, "family")

    @property
    def group(self) -> str:
        """Which cars are like it as far as the shop can see: what drives it and what it is used for."""
        return f"{self.energy} {self.use}"

    def driven_until(self, day: date) -> float:
        """All km driven by the end of a day."""
        return float(self.driven[min((day - START).days, DAYS - 1)])

    def day_of(self, km: float) -> date | None:
        """The day on which so many km were driven in all; None after the end."""
        at = int(np.searchsorted(self.driven, km))
        return START + timedelta(days=at) if at < DAYS else None


def lives(count: int, seed: int, *, slips: float = 0.03) -> list[Life]:
    """So many cars of a shop; ``slips`` is the share of readings that are typed wrong."""
    return [_life(number, default_rng([seed, number]), slips) for number in range(count)]


def _life(number: int, dice: Generator, slips: float) -> Life:
    kind = KINDS[dice.choice(len(KINDS), p=SHARES)]
    energy = "bev" if dice.random() < (0.5 if kind == "ride_hailing" else 0.2) else "petrol"
    born = int(dice.integers(0, 365 * 8))
    trips = np.zeros(DAYS)
    owners = []
    at, who = born, kind
    while at < DAYS:
        ends = min(DAYS, at + int(dice.exponential(365 * 7)) + 120)
        _drive(trips, at, ends, who, dice)
        if ends < DAYS:
            owners.append((START + timedelta(days=ends), bool(dice.random() < 0.7)))
            who = KINDS[dice.choice(len(KINDS), p=SHARES)]
        at = ends
    driven = np.cumsum(trips)
    new_on = START + timedelta(days=born)
    told = new_on - timedelta(days=int(dice.integers(20, 120)) if dice.random() < 0.3 else 0)
    told_new_on = told if dice.random() < 0.85 else None
    first = born if dice.random() < 0.6 else min(born + int(dice.integers(100, 2000)), DAYS - 1)
    leaves = [(day - START).days for day, _ in owners if dice.random() < 0.5]
    lost = min([first + int(dice.exponential(365 * 6)) + 30, *(at for at in leaves if at > first)])
    visits = _visits(driven, (born, first, lost), kind, energy, dice, slips)
    gone = START + timedelta(days=lost) if lost < DAYS else None
    return Life(number, kind, energy, driven, new_on, told_new_on, tuple(owners), visits, gone)


def _drive(trips: Km, start: int, end: int, kind: str, dice: Generator) -> None:
    """Fill an owner's days: his kind, changed by what life brings."""
    at = start
    while at < end:
        until = min(end, at + int(dice.exponential(365 * 4)) + 60)
        _habit(trips, at, until, kind, dice)
        at = until
    for _ in range(dice.poisson((end - start) / 365 * 0.35)):
        away = start + int(dice.integers(0, max(1, end - start)))
        trips[away : min(end, away + int(dice.integers(14, 120)))] *= dice.choice([0.0, 0.2, 0.4])
    if kind in {"commuter", "family", "traveller"}:
        _feasts(trips, start, end, dice)


def _habit(trips: Km, start: int, end: int, kind: str, dice: Generator) -> None:
    """One stretch of life with the same job, home and family."""
    days = end - start
    week, month = WEEKDAY[start:end], MONTH[start:end]
    work, free = week < 5, week >= 5
    luck = dice.random(days)
    if kind == "commuter":
        way = 2 * dice.lognormal(np.log(15), 0.65)
        made = work * (luck < 0.88) * way * (1 + 0.15 * dice.standard_normal(days)) + dice.exponential(6, days)
        made += free * (luck < 0.6) * dice.exponential(dice.uniform(20, 60), days)
    elif kind == "family":
        made = dice.exponential(dice.uniform(8, 42), days) + free * (luck < 0.5) * dice.exponential(60, days)
    elif kind == "weekend":
        made = free * (luck < 0.55) * dice.exponential(dice.uniform(20, 60), days)
    elif kind == "seasonal":
        awake = (month >= 4) & (month <= 10) if dice.random() < 0.7 else (month >= 11) | (month <= 3)
        made = np.where(awake, dice.exponential(dice.uniform(25, 70), days), dice.exponential(2, days))
    elif kind == "traveller":
        made = work * (luck < 0.8) * dice.gamma(1.5, dice.uniform(40, 100), days) + free * dice.exponential(20, days)
    else:
        shift = dice.uniform(150, 320)
        made = (week != dice.integers(0, 7)) * (luck < 0.95) * shift * (1 + 0.2 * dice.standard_normal(days))
    trips[start:end] = np.maximum(made, 0)


def _feasts(trips: Km, start: int, end: int, dice: Generator) -> None:
    """Home for the spring feast, away in the golden week."""
    for year in range(START.year, END.year + 1):
        for month, chance, most in ((2, 0.4, 2200.0), (10, 0.35, 1500.0)):
            at = (date(year, month, int(dice.integers(1, 12))) - START).days
            if start <= at < end - 10 and dice.random() < chance:
                trips[at : at + 9 : 4] += dice.uniform(200, most) / 3


def _visits(
    driven: Km, life: tuple[int, int, int], kind: str, energy: str, dice: Generator, slips: float
) -> tuple[Visit, ...]:
    """Services when he feels like it, repairs when something breaks, from his first day here until he leaves."""
    born, first, lost = life
    laziness = dice.lognormal(0, 0.12)
    services = _services(driven, born, kind, energy, laziness, dice)
    repairs = [int(at) for at in dice.uniform(first, DAYS, dice.poisson((DAYS - first) / 365 * 0.5))]
    elsewhere = dice.uniform(0, 0.25)
    days = [(at, True) for at in services if at >= first and dice.random() > elsewhere]
    days += [(at, False) for at in repairs]
    came = sorted((at, service) for at, service in days if at < min(lost, DAYS))
    swap_at = int(dice.integers(0, 12)) if dice.random() < 0.03 else -1
    found: list[Visit] = []
    offset = 0.0
    for number, (at, service) in enumerate(came):
        on, shown = START + timedelta(days=at), int(driven[at] - offset)
        found.append(_typed(on, shown, service, found, dice, slips))
        if number == swap_at:
            offset = driven[at]
            told = "replaced" if dice.random() < 0.85 else ""
            found.append(Visit(on, 0, 0, "", False, told))
    return tuple(found)


def _services(driven: Km, born: int, kind: str, energy: str, laziness: float, dice: Generator) -> list[int]:
    """The days on which he has it done somewhere: by distance or by the year, each time with a mood of its own."""
    step = {"petrol": 10_000, "bev": 20_000}[energy] / (2 if kind == "ride_hailing" else 1)
    found, at, km = [], born, 0.0
    wanted, months = (step / 2, 6) if energy == "petrol" else (step, 12)
    while True:
        mood = laziness * dice.lognormal(0, 0.10)
        by_km = int(np.searchsorted(driven, km + wanted * mood))
        by_time = at + int(months * 30.4 * mood) + int(dice.exponential(12))
        at = min(by_km + int(dice.exponential(9)), by_time)
        if at >= DAYS:
            return found
        found.append(at)
        km, wanted, months = driven[at], step, 12


def _typed(on: date, shown: int, service: bool, before: list[Visit], dice: Generator, slips: float) -> Visit:
    """What the clerk makes of the odometer."""
    if dice.random() >= slips:
        return Visit(on, shown, shown, "", service)
    slip = SLIPS[dice.choice(len(SLIPS), p=SLIP_SHARES)]
    digits = str(shown)
    place = int(dice.integers(0, len(digits)))
    typed = shown
    if slip == "swapped" and len(digits) > 1:
        place = min(place, len(digits) - 2)
        typed = int(digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :])
    elif slip == "missing" and len(digits) > 1:
        typed = int(digits[:place] + digits[place + 1 :])
    elif slip == "doubled":
        typed = int(digits[:place] + digits[place] + digits[place:])
    elif slip == "neighbour":
        other = str((int(digits[place]) + int(dice.choice([-3, -1, 1, 3]))) % 10)
        typed = int(digits[:place] + other + digits[place + 1 :])
    elif slip == "copied" and before:
        typed = before[-1].typed
    elif slip == "miles":
        typed = int(shown / 1.609344)
    return Visit(on, shown, typed, slip if typed != shown else "", service)
