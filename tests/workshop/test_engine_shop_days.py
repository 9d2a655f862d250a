"""Whole days played online: what the engine is for, against what a sensible person does by hand."""

from statistics import mean

import pytest

from cheyi.workshop.engine.improve import improve
from cheyi.workshop.engine.sequence import Limits
from tests.simulators.replay import best_skilled, by_rule, least_loaded, replay_plan, replay_queues
from tests.simulators.shop_days import SIZES, day

QUICK = Limits(placements=6_000, rounds=1, size=8, effort=0.01)


def late(outcomes):
    return mean(one.late for one in outcomes)


def improving(shop, published):
    return improve(shop, published=published, limits=QUICK).plan


@pytest.mark.parametrize("size", ["8x40", "15x75", "20x90"])
def test_a_day_is_the_same_every_time_and_has_what_makes_days_hard(size):
    people, orders = SIZES[size]
    made = day(3, size)
    assert made == day(3, size)
    assert (len(made.technicians), len(made.orders)) == (people, orders)
    tasks = [task for order in made.orders for task in order.tasks]
    assert any(task.needs_hv for task in tasks)
    assert any(task.earliest for task in tasks)
    assert {task.skill for task in tasks} >= {"general", "electric", "gearbox", "hv"}
    assert any(day(seed, size).absences for seed in range(6))


def test_every_order_of_a_day_is_finished_under_every_policy():
    made = day(1, "4x18")
    outcomes = [
        replay_queues(made, least_loaded),
        replay_queues(made, best_skilled),
        replay_plan(made, by_rule),
        replay_plan(made, improving),
    ]
    assert [one.unfinished for one in outcomes] == [0, 0, 0, 0]
    assert all(one.flow > 30 for one in outcomes)


def test_the_rule_is_at_least_a_third_less_late_than_giving_work_to_the_least_loaded():
    days = [day(seed, "8x40", 0.7) for seed in range(4)]
    by_hand = late([replay_queues(one, least_loaded) for one in days])
    assert late([replay_plan(one, by_rule) for one in days]) < 0.66 * by_hand
    assert late([replay_queues(one, best_skilled) for one in days]) > 0.66 * by_hand


def test_the_improved_plans_of_small_days_are_less_late_than_the_rules_and_calm():
    days = [day(seed, "4x18", 0.55) for seed in range(6)]
    ruled = [replay_plan(one, by_rule) for one in days]
    improved = [replay_plan(one, improving) for one in days]
    assert late(improved) < 0.75 * late(ruled)
    assert sum(one.changed for one in improved) <= 2 * sum(one.replans for one in improved)
    assert improved[0] == replay_plan(days[0], improving)
