"""Naming the functions that jobs run, and those that run again and again."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

Run = Callable[..., None]
R = TypeVar("R", bound=Run)

ATTEMPTS = 8
ATTEMPTS_OF_SCHEDULES = 3
LONGEST_RUN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Plan:
    """A function under the name that job rows carry.

    ``attempts`` is how often it is tried before it counts as dead; a run longer than ``limit`` counts as stuck.
    """

    name: str
    run: Run
    attempts: int
    limit: timedelta
    takes_now: bool


JOBS: dict[str, Plan] = {}
SCHEDULES: dict[str, timedelta] = {}
_names: dict[Run, str] = {}


def job(name: str, *, attempts: int = ATTEMPTS, limit: timedelta = LONGEST_RUN) -> Callable[[R], R]:
    """Name a function ``package.thing.verb`` so that it can be deferred; it must be harmless when run twice.

    It takes its arguments by keyword, and ``now`` if it wants the moment of the run. Raises ValueError for a name that is
    taken.
    """

    def register(function: R) -> R:
        if name in JOBS:
            raise ValueError(f"job {name} is two functions")
        takes_now = "now" in inspect.signature(function).parameters
        JOBS[name] = Plan(name, function, attempts, limit, takes_now)
        _names[function] = name
        return function

    return register


def every(interval: timedelta, name: str) -> Callable[[R], R]:
    """Run a function again and again, once for the whole installation; what was missed while it was off runs once.

    It starts outside every store and opens what it needs itself.
    """

    def register(function: R) -> R:
        SCHEDULES[name] = interval
        return job(name, attempts=ATTEMPTS_OF_SCHEDULES)(function)

    return register


def name_of(function: Run) -> str:
    """The name under which a function was registered. Raises KeyError."""
    return _names[function]


def check_arguments(plan: Plan, arguments: dict[str, Any]) -> None:
    """Refuse arguments that the function does not take, at the moment of deferring. Raises TypeError."""
    extra = {"now": None} if plan.takes_now else {}
    inspect.signature(plan.run).bind(**arguments, **extra)
