"""Building the whole demo: the firm, its people, cars, shelves, past and present, the same for the same day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random

from django.db import connection

from cheyi.care import actions as care
from cheyi.foundation.acts import act
from cheyi.foundation.scope import everywhere
from cheyi.project.demo import cars, clock, history, live, organisation, people, stock

SEED = 20_260_622
CUSTOMERS, CARS, PARTS, ORDERS = 2_000, 2_300, 3_000, 9_000


@act
def build(now: datetime, *, tenth: bool, midday: bool, tell: Callable[[str], None]) -> None:
    """Build everything in one act, or nothing of it. ``midday`` as in ``clock``; ``tell`` hears what is being done."""
    random = Random(SEED)  # noqa: S311 - invented people, not secrets
    scale = 10 if tenth else 1
    with everywhere("the demo is built from nothing"):
        tell("stores and people")
        firm = organisation.found(now, clock.zone(now, midday=midday))
        staff = people.hire(firm, random, now)
        tell("customers and cars")
        fleet = cars.populate(firm, random, now, people=CUSTOMERS // scale, cars=CARS // scale)
        tell("parts")
        shelf = stock.fill(firm, random, now, count=PARTS // scale)
        tell("two years of orders")
        history.write(firm, staff, fleet.cars, shelf, random, now, orders=ORDERS // scale)
        connection.learn_sizes()  # type: ignore[attr-defined]
        tell("today")
        live.play(firm, staff, fleet.cars, random, now)
        care.mark_life_cycles(firm.home, now=now)
        connection.learn_sizes()  # type: ignore[attr-defined]
