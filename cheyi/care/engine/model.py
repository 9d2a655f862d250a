"""What is known of a car: its readings, services and owner, and how cars of its kind are driven."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cheyi.kernel import Quantity, Rate
from cheyi.vehicles.rules.mileage import USUAL_DAILY_KM, Reading


@dataclass(frozen=True, slots=True)
class Service:
    """A service that was done: its day and, if it was read, the odometer in whole km."""

    on: date
    km: int | None = None


@dataclass(frozen=True, slots=True)
class Car:
    """What is known of a car's use.

    ``new_on`` is the day it was new and stood at 0 km (built or first registered); ``owner_since`` the day the present
    owner got it, if he is not the first. Readings may be in any order and may be wrong.
    """

    readings: tuple[Reading, ...] = ()
    new_on: date | None = None
    owner_since: date | None = None
    last_service: Service | None = None


@dataclass(frozen=True, slots=True)
class ModelGroup:
    """How cars of one model and use are driven: km a day of the middle car, and how far cars lie apart.

    ``spread`` is the standard deviation of the logarithm among cars; ``unrest`` how much a car changes its ways against what
    is usual (1). ``cars`` is on how many own cars this rests; with none it is only a guess and no car is drawn towards it.
    """

    daily: Quantity = USUAL_DAILY_KM
    spread: Rate = Rate(5500)
    unrest: Rate = Rate(10_000)
    cars: int = 0


UNLEARNED = ModelGroup()

__all__ = ["UNLEARNED", "Car", "ModelGroup", "Reading", "Service"]
