"""What a shop's file knows of simulated drivers on a day, what is true, and what a person without the engine would say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from cheyi.care.engine.due import NextService, next_service
from cheyi.care.engine.learning import learn
from cheyi.care.engine.model import UNLEARNED, Car, ModelGroup, Reading, Service
from cheyi.care.engine.schedule import Schedule, standard
from cheyi.vehicles.rules.mileage import LEAST_DAYS, daily_km
from cheyi.vehicles.rules.service import add_months, next_due
from tests.simulators.drivers import END, Life, Visit

FAR = END + timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """One question: when is this car due, asked on a day with what the file knows then; and the truth."""

    life: Life
    car: Car
    schedule: Schedule
    on: date
    by_time: date
    by_distance: date

    @property
    def due_on(self) -> date:
        """The true day."""
        return min(self.by_time, self.by_distance)


def schedule_of(life: Life) -> Schedule:
    found = standard(life.energy, life.use)
    assert isinstance(found, Schedule)
    return found


def reading_of(visit: Visit) -> Reading:
    return Reading(visit.typed, visit.on, visit.reason)


def file_of(life: Life, on: date) -> Car:
    """What has been written down by then."""
    visits = [visit for visit in life.visits if visit.on <= on]
    services = [visit for visit in visits if visit.service]
    told = [day for day, known in life.owners if known and day <= on]
    return Car(
        readings=tuple(reading_of(visit) for visit in visits),
        new_on=life.told_new_on,
        owner_since=told[-1] if told else None,
        last_service=Service(services[-1].on, services[-1].typed) if services else None,
    )


def groups_of(lives: Iterable[Life], on: date) -> dict[str, ModelGroup]:
    """The groups as the shop has learned them by then."""
    cars: dict[str, list[Car]] = {}
    for life in lives:
        cars.setdefault(life.group, []).append(file_of(life, on))
    return {name: learn(members, today=on) for name, members in cars.items()}


def ask(life: Life, on: date) -> Asked | None:
    """The question on a day; None for a car without a service here in the thirteen months before."""
    services = [visit.on for visit in life.visits if visit.service and visit.on <= on]
    if not services or (on - services[-1]).days > 400:
        return None
    schedule = schedule_of(life)
    assert schedule.every.km is not None
    assert schedule.every.months is not None
    by_distance = life.day_of(life.driven_until(services[-1]) + schedule.every.km) or FAR
    return Asked(life, file_of(life, on), schedule, on, add_months(services[-1], schedule.every.months), by_distance)


def asked_at_visits(lives: Sequence[Life], seed: int, *, service: bool, first: date, last: date) -> Iterator[Asked]:
    """Each life asked once: when it leaves after one of its services, or after another visit between two."""
    dice = Random(f"{seed}-{service}")
    for life in lives:
        visits = [visit for visit in life.visits if visit.service == service and first <= visit.on <= last]
        if visits and (found := ask(life, dice.choice(visits).on)) is not None:
            yield found


def asked_on(lives: Iterable[Life], on: date) -> Iterator[Asked]:
    """All lives on one day."""
    for life in lives:
        if (found := ask(life, on)) is not None:
            yield found


def by_engine(asked: Asked, groups: dict[str, ModelGroup] | None = None) -> NextService:
    group = (groups or {}).get(asked.life.group, UNLEARNED)
    found = next_service(asked.car, asked.schedule, today=asked.on, group=group)
    assert isinstance(found, NextService)
    return found


def by_calendar(asked: Asked) -> date:
    """A year after the last service, whatever was driven."""
    return asked.by_time


def by_simplest(asked: Asked) -> date:
    """The last service and the present reading, or else the reading before the service; 40 km a day with neither."""
    service = asked.car.last_service
    assert service is not None
    done = Reading(service.km or 0, service.on)
    present = max(asked.car.readings, key=lambda one: one.on)
    now = present if present.km >= done.km else done
    base: Reading | None = done
    if (now.on - done.on).days < LEAST_DAYS:
        older = [one for one in asked.car.readings if (now.on - one.on).days >= LEAST_DAYS and one.km <= now.km]
        new = [Reading(0, asked.car.new_on)] if asked.car.new_on is not None else []
        base = older[-1] if older else next((one for one in new if (now.on - one.on).days >= LEAST_DAYS), None)
    every = asked.schedule.every
    due = next_due(done, now, daily=daily_km(base, now), interval_km=every.km, interval_months=every.months)
    assert due is not None
    return due.on
