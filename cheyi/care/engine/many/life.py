"""Life cycle of all cars, and of their customers, at once (domain.md 6.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cheyi.care.engine.life import ACTIVE, LOST, NEW, SLEEPING, USUAL, Cutoffs
from cheyi.care.engine.many import columns
from cheyi.care.engine.many.columns import IN_THE_FUTURE, NO_DAY, NO_FAULT, Marks, Whole
from cheyi.kernel import Refused
from cheyi.vehicles.rules.service import add_months

STATES = (ACTIVE, NEW, SLEEPING, LOST)
IS_ACTIVE, IS_NEW, IS_SLEEPING, IS_LOST = range(4)
UNKNOWN = -1
_NEVER = np.int64(-(10**6))


@dataclass(frozen=True, eq=False)
class Cars:
    """Per car its visits, days (``datetime64``, NaT for none) of the first and last, of delivery and of the next service.

    ``in_base`` is false for cars that are sold on or scrapped.
    """

    visits: ArrayLike
    first_visit_on: ArrayLike
    last_visit_on: ArrayLike
    delivered_on: ArrayLike
    due_on: ArrayLike
    in_base: ArrayLike


@dataclass(frozen=True, eq=False)
class LifeCycles:
    """Per row the place of the state in ``STATES`` (best first, −1 where unknown), the flag, and the fault."""

    states: Marks
    at_risk: NDArray[np.bool_]
    faults: Marks

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each state has."""
        return columns.counted(self.states, STATES)


def of_cars(cars: Cars, *, today: date, cutoffs: Cutoffs = USUAL) -> LifeCycles:
    """The life cycle of every car. Raises Refused ``care.columns.different_lengths`` and ``.wrong_kind``."""
    visits = columns.whole("visits", cars.visits)
    in_base = columns.flags("in_base", cars.in_base)
    names = ("first_visit_on", "last_visit_on", "delivered_on")
    given = {name: columns.days(name, getattr(cars, name), today=today) for name in names}
    due = columns.days("due_on", cars.due_on)
    columns.equally_long(
        visits=len(visits.values),
        in_base=len(in_base),
        due_on=len(due.values),
        **{name: len(column.values) for name, column in given.items()},
    )
    first, visited, delivered = (
        np.where(column.faults == NO_FAULT, column.values, _NEVER) for column in given.values()
    )
    last = np.where(visited == _NEVER, delivered, visited)
    faults = np.where(last == _NEVER, NO_DAY, visits.faults).astype(np.int8)
    for column in given.values():
        faults[column.faults == IN_THE_FUTURE] = IN_THE_FUTURE
    known = in_base & (faults == NO_FAULT)
    now = columns.number_of(today)
    begun = np.where((first == _NEVER) & (delivered == _NEVER), last, np.maximum(first, delivered))
    new = (visits.values <= cutoffs.new_visits) & (now - begun <= cutoffs.new_days)
    states = np.where(new, IS_NEW, _by_days(now - last, cutoffs))
    risky = (last <= columns.number_of(latest_unseen(today, cutoffs.unseen_months))) & (due.faults == NO_FAULT)
    risky &= due.values - now <= cutoffs.due_within_days
    return LifeCycles(np.where(known, states, UNKNOWN).astype(np.int8), known & risky, faults)


def of_customers(cars: LifeCycles, customer: ArrayLike, *, customers: int) -> LifeCycles:
    """The best of each customer's cars; ``customer`` is the place (from 0) of each car's customer.

    Raises Refused ``care.columns.different_lengths``, ``.wrong_kind``, ``care.life.no_such_customer`` (facts ``place``, ``customers``).
    """
    who = columns.whole("customer", customer)
    columns.equally_long(cars=len(cars.states), customer=len(who.values))
    known = (cars.states >= 0) & (who.faults == NO_FAULT)
    places = who.values[known]
    if len(places) and places.max() >= customers:
        raise Refused("care.life.no_such_customer", place=int(places.max()), customers=customers)
    worst = 2 * len(STATES)
    ranks = np.full(customers, worst, np.int64)
    np.minimum.at(ranks, places, 2 * cars.states[known].astype(np.int64) + cars.at_risk[known])
    found = ranks < worst
    return LifeCycles(
        states=np.where(found, ranks // 2, UNKNOWN).astype(np.int8),
        at_risk=found & (ranks % 2 == 1),
        faults=np.where(found, NO_FAULT, NO_DAY).astype(np.int8),
    )


def latest_unseen(today: date, months: int) -> date:
    """The latest day of a visit that is so many months ago today."""
    day = add_months(today, -months)
    while add_months(day + timedelta(days=1), months) <= today:
        day += timedelta(days=1)
    return day


def _by_days(days: Whole, cutoffs: Cutoffs) -> Whole:
    return np.where(
        days <= cutoffs.active_days, IS_ACTIVE, np.where(days <= cutoffs.sleeping_days, IS_SLEEPING, IS_LOST)
    )
