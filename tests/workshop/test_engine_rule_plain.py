"""The rule places every step as the rule told plainly does, whatever day it is."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from cheyi.workshop.engine.ground import lay
from cheyi.workshop.engine.model import Dragged, Shop, Task
from cheyi.workshop.engine.plans import plan_by_rule
from cheyi.workshop.engine.rule import Tuning, simulate
from tests.simulators.plain_rule import simulate_plainly
from tests.simulators.shop_days import day
from tests.simulators.shops import at, random_shop, with_running


def whole_day(seed: int) -> Shop:
    """A day with all its cars known in the morning, each to be begun when it comes."""
    found = day(seed, "8x40", 0.9)
    tasks = tuple(replace(task, earliest=task.earliest or one.arrives) for one in found.orders for task in one.tasks)
    return Shop(at(8, 30), tasks, found.technicians, found.bays, (), tuple(one.promise for one in found.orders))


def dragged_about(shop: Shop, seed: int) -> Shop:
    """Some work dragged to people, bays and times, some that carries over, and few bays of another kind."""
    random = Random(seed)
    bays = tuple(replace(bay, kind="special") if bay.id % 5 == 1 else bay for bay in shop.bays)
    return replace(shop, tasks=tuple(_dragged_about(task, shop, random) for task in shop.tasks), bays=bays)


def _dragged_about(task: Task, shop: Shop, random: Random) -> Task:
    dragged = None
    if task.running is None and random.random() < 0.2:
        start = shop.now + timedelta(minutes=random.randint(-30, 600)) if random.random() < 0.7 else None
        bay = random.choice((None, *(bay.id for bay in shop.bays)))
        dragged = Dragged(random.randint(1, len(shop.technicians)), bay, start)
    kind = "special" if task.bay_kind and random.random() < 0.2 else task.bay_kind
    return replace(task, dragged=dragged, bay_kind=kind, carries_over=random.random() < 0.2)


def morning(seed: int) -> Shop:
    return random_shop(seed, orders=8 + seed % 17, people=2 + seed % 7, days=1 + seed % 3)


@pytest.mark.parametrize(
    "shop_of",
    [
        whole_day,
        morning,
        lambda seed: with_running(morning(seed)),
        lambda seed: dragged_about(with_running(morning(seed)), seed),
    ],
    ids=["day", "morning", "running", "dragged"],
)
def test_the_quick_way_is_the_plain_way_on_fifty_days_of_each_kind(shop_of):
    placed = 0
    for seed in range(50):
        floor = lay(shop_of(seed)).floor
        found = simulate(floor)
        assert found == simulate_plainly(floor), seed
        placed += sum(one is not None for one in found)
    assert placed > 500


def test_an_order_put_first_goes_first_in_the_plain_way_too():
    for seed in range(20):
        floor = lay(morning(seed)).floor
        assert simulate(floor, Tuning(first=seed % 4)) == simulate_plainly(floor, first=seed % 4), seed


def test_bays_that_bind_are_shared_out_as_plainly():
    for seed in range(20):
        shop = morning(seed)
        floor = lay(replace(shop, bays=shop.bays[3:4] + shop.bays[:1])).floor
        assert simulate(floor) == simulate_plainly(floor), seed


def test_the_same_shop_gives_the_same_plan():
    assert plan_by_rule(morning(3)) == plan_by_rule(morning(3))
