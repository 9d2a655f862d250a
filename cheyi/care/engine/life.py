"""Where a car and its customer stand in their life with the shop (domain.md 6.7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cheyi.kernel import Reason, Unknown
from cheyi.vehicles.rules.service import add_months

NEW, ACTIVE, SLEEPING, LOST = "new", "active", "sleeping", "lost"
BEST_FIRST = (ACTIVE, NEW, SLEEPING, LOST)


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """Days and visits at which the states change, and what makes a flag; brands with another interval have their own."""

    new_days: int = 90
    new_visits: int = 1
    active_days: int = 180
    sleeping_days: int = 365
    unseen_months: int = 3
    due_within_days: int = 30


USUAL = Cutoffs()


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a car's visits. ``in_base`` is false for one that is sold on or scrapped, ``due_on`` is its next service."""

    visits: int = 0
    first_visit_on: date | None = None
    last_visit_on: date | None = None
    delivered_on: date | None = None
    due_on: date | None = None
    in_base: bool = True


@dataclass(frozen=True, slots=True)
class LifeCycle:
    """The state and the flag beside it."""

    state: str
    at_risk: bool


def of_car(seen: Seen, *, today: date, cutoffs: Cutoffs = USUAL) -> LifeCycle | Unknown:
    """The life cycle of a car; a car that never came is counted from its delivery.

    Unknown for a car that left the base, for one that neither came nor was delivered, and for a day in the future.
    """
    if not seen.in_base:
        return Unknown((Reason("left_the_base"),))
    last = seen.last_visit_on or seen.delivered_on
    if last is None:
        return Unknown((Reason("never_visited"),))
    given = [day for day in (seen.first_visit_on, seen.last_visit_on, seen.delivered_on) if day is not None]
    if max(given) > today:
        return Unknown((Reason("visit_in_the_future", on=max(given)),))
    return LifeCycle(_state(seen, (today - last).days, today, cutoffs), _at_risk(seen, last, today, cutoffs))


def of_customer(cars: Iterable[LifeCycle | Unknown]) -> LifeCycle | Unknown:
    """The best of his cars that are in the base: active before new, sleeping and lost, not at risk before at risk."""
    known = [car for car in cars if isinstance(car, LifeCycle)]
    if not known:
        return Unknown((Reason("no_car_in_the_base"),))
    return min(known, key=lambda car: (BEST_FIRST.index(car.state), car.at_risk))


def _state(seen: Seen, days: int, today: date, cutoffs: Cutoffs) -> str:
    begun = [(today - day).days for day in (seen.delivered_on, seen.first_visit_on) if day is not None]
    if seen.visits <= cutoffs.new_visits and min(begun, default=days) <= cutoffs.new_days:
        return NEW
    if days <= cutoffs.active_days:
        return ACTIVE
    return SLEEPING if days <= cutoffs.sleeping_days else LOST


def _at_risk(seen: Seen, last: date, today: date, cutoffs: Cutoffs) -> bool:
    """Not seen for three months, and due already or soon; one whose due day nobody knows is not flagged."""
    if seen.due_on is None or add_months(last, cutoffs.unseen_months) > today:
        return False
    return (seen.due_on - today).days <= cutoffs.due_within_days
