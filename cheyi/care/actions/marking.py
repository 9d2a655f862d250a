"""Writing down where each customer stands in his life with the shop (domain.md 6.7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from cheyi.care.engine.life import LifeCycle, of_car, of_customer
from cheyi.care.queries import cars_seen, customers_of_cars
from cheyi.customers import actions as customers
from cheyi.customers.actions import LifeMark
from cheyi.foundation.acts import act
from cheyi.foundation.models import Store
from cheyi.kernel import Unknown


@act
def mark_life_cycles(store: Store, *, now: datetime) -> int:
    """Mark all customers of the store's group, by the visits to all its stores; returns how many marks changed.

    A customer takes the best of the cars that are his in any way. One of whose cars nothing is known – never here,
    sold on – has no mark. The store lends its clock and needs its whole group's rows: call it inside ``everywhere``.
    """
    today = store.business_date(now)
    lives = {car: of_car(seen, today=today) for car, seen in cars_seen(store).items()}
    return customers.mark_life(_marks(lives, customers_of_cars(store.group_id)), group_id=store.group_id)


def _marks(lives: Mapping[int, LifeCycle | Unknown], owners: list[tuple[int, int]]) -> dict[int, LifeMark]:
    cars: dict[int, list[LifeCycle | Unknown]] = defaultdict(list)
    for customer_id, vehicle_id in owners:
        if vehicle_id in lives:
            cars[customer_id].append(lives[vehicle_id])
    best = {one: of_customer(his) for one, his in cars.items()}
    return {one: LifeMark(life.state, life.at_risk) for one, life in best.items() if isinstance(life, LifeCycle)}
