"""The improved plan: never worse than the rule's, calm on the board, the same everywhere, and apart from the web."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cheyi.workshop.engine.apart import Improver
from cheyi.workshop.engine.floor import CHANGE_COST, costs
from cheyi.workshop.engine.ground import lay
from cheyi.workshop.engine.improve import improve, improved
from cheyi.workshop.engine.model import Bay, Dragged, Promise, Shop, Task, Technician
from cheyi.workshop.engine.neighbourhood import around
from cheyi.workshop.engine.plans import plan_by_rule, plan_of
from cheyi.workshop.engine.rule import best_base
from cheyi.workshop.engine.sequence import Limits, Reckoner, decode
from cheyi.workshop.engine.solver import solve
from cheyi.workshop.engine.windows import windows
from cheyi.workshop.engine.wire import packed, placed_from, rows, unpacked
from tests.simulators.calls import calls
from tests.simulators.plan_check import faults
from tests.simulators.shops import at, random_shop, shift, with_running

QUICK = Limits(placements=8_000, rounds=1, size=8, effort=0.01)
CALM = Limits(placements=15_000, rounds=1, size=10, effort=0.02)
WANG = Technician(1, {"general": 5, "gearbox": 3}, (shift(),))
LI = Technician(2, {"general": 3}, (shift(),))


def task(number, minutes, **more):
    skill = more.pop("skill", "general")
    return Task(number, more.pop("order", number), skill, more.pop("level", 1), minutes, "general", **more)


def shop(*tasks, promises=(), people=(WANG, LI)):
    return Shop(at(9), tuple(tasks), people, (Bay(1, "general"), Bay(2, "general")), (), tuple(promises))


TRAP = shop(
    task(1, 60, earliest=at(9, 10), skill="gearbox"),
    task(2, 120, level=4),
    task(3, 60),
    promises=(Promise(1, at(10, 15), weight=3), Promise(2, at(17)), Promise(3, at(17))),
)


def test_the_solver_keeps_the_expert_free_for_what_comes_in_ten_minutes():
    rule = plan_by_rule(TRAP)
    assert (rule.of(2).start, rule.cost.late) == (at(9), 3 * 105)
    better = improve(TRAP)
    assert (better.plan.of(1).start, better.plan.cost.late) == (at(9, 10), 0)
    assert (better.worthwhile, better.rule) == (True, rule)
    assert better.difference.late == -3 * 105
    assert [(one.task, one.minutes_later) for one in better.difference.changes] == [(1, -110), (2, 70)]
    assert faults(TRAP, better.plan) == []


def test_the_solver_alone_finds_it_too_from_the_complete_hint():
    ground = lay(TRAP)
    base = best_base(ground.floor)
    assert costs(ground.floor, solve(ground.floor, base, Limits())).late == 0


def test_a_plan_without_anything_to_gain_is_the_rules_and_not_worth_publishing():
    calm = shop(task(1, 60), task(2, 60), promises=(Promise(1, at(17)),))
    better = improve(calm, limits=QUICK)
    assert (better.worthwhile, better.plan, better.difference.changes) == (False, better.rule, ())
    assert better.plan == plan_by_rule(calm)


@pytest.mark.parametrize("seed", range(40))
def test_the_improved_plan_is_feasible_and_never_costlier_than_the_rules(seed):
    made = random_shop(seed, orders=6 + seed % 14, people=3 + seed % 5)
    made = with_running(made) if seed % 3 == 0 else made
    better = improve(made, limits=QUICK)
    assert faults(made, better.plan) == []
    assert better.plan.cost.total <= plan_by_rule(made).cost.total
    assert {one.task for one in better.plan.assignments} == {one.task for one in better.rule.assignments}


@pytest.mark.parametrize("seed", range(12))
def test_a_replan_keeps_drags_and_starts_of_the_next_quarter_and_changes_few_hands(seed):
    made = random_shop(seed, orders=18, people=6)
    published = improve(made, limits=QUICK).plan
    dragged = next(one for one in published.assignments if one.start > at(10))
    tasks = [replace(one, dragged=Dragged(dragged.technician)) if one.id == dragged.task else one for one in made.tasks]
    later = replace(made, now=made.now + timedelta(minutes=1), tasks=tuple(tasks))
    better = improve(later, published=published, limits=QUICK)
    assert faults(later, better.plan) == []
    assert better.plan.of(dragged.task).technician == dragged.technician
    soon = [one for one in published.assignments if one.start < later.now + timedelta(minutes=15)]
    assert all(better.plan.of(one.task).technician == one.technician for one in soon)
    assert better.plan.cost.changed <= max(2, better.rule.cost.changed)
    assert better.plan.cost.total <= better.rule.cost.total


def test_bounding_the_changes_to_two_costs_little():
    bounded = free = changed = 0
    for seed in range(6):
        made = random_shop(seed, orders=16, people=6)
        published = improve(made, limits=CALM).plan
        slow = [one.task for one in published.assignments if one.start > at(10)][:3]
        tasks = [replace(one, earliest=at(11)) if one.id in slow else one for one in made.tasks]
        later = replace(made, now=at(9), tasks=tuple(tasks))
        calm = improve(later, published=published, limits=CALM).plan
        wild = improve(later, published=published, limits=replace(CALM, changes=99)).plan
        changed += calm.cost.changed
        bounded += calm.cost.total - CHANGE_COST * calm.cost.changed
        free += wild.cost.total - CHANGE_COST * wild.cost.changed
    assert changed <= 2 * 6
    assert bounded <= 1.05 * free


def test_the_quick_reckoning_is_the_true_cost_of_what_is_decoded():
    for seed in range(8):
        ground = lay(with_running(random_shop(seed, orders=14)))
        base = best_base(ground.floor)
        reckoner = Reckoner(ground.floor, base)
        opening = reckoner.opening()
        starts = reckoner.starts(opening)
        assert starts is not None
        decoded = decode(ground.floor, base, starts)
        assert costs(ground.floor, decoded).total <= reckoner.cost(opening) + costs(ground.floor, base).total
        assert faults(ground.shop, plan_of(ground, decoded)) == []


def test_start_windows_are_exactly_the_starts_that_the_calendar_allows():
    made = random_shop(2, orders=8, people=4, days=2)
    floor = lay(made).floor
    latest = floor.horizon
    for at_, step in enumerate(floor.steps):
        for who in step.minutes:
            told = {
                (start, start + length)
                for length, spans in windows(floor, at_, who, latest).items()
                for low, high in spans
                for start in range(low, high + 1)
            }
            calendar = floor.calendars[who]
            ends = {
                minute: calendar.finish(minute, step.minutes[who], carries=step.carries)
                for minute in range(step.earliest, latest)
            }
            certified = floor.hv_until[who] if step.hv else latest
            assert told == {(start, end) for start, end in ends.items() if end is not None and end <= certified}


def test_a_neighbourhood_holds_the_costliest_order_and_its_neighbours_only():
    ground = lay(random_shop(4, orders=20, people=5))
    base = best_base(ground.floor)
    first = around(ground.floor, base, 0, 9)
    assert len(first) == 9
    assert around(ground.floor, base, 500, 9) == frozenset()
    found = solve(ground.floor, base, Limits(effort=0.01), only=first)
    moved = {one.step for one, was in zip(found, base, strict=True) if one != was}
    assert moved <= first


def test_the_wire_gives_back_what_was_put_in():
    made = with_running(random_shop(3, orders=9))
    ground = lay(made, published=plan_by_rule(made))
    base = best_base(ground.floor)
    floor, placed, limits = unpacked(packed(ground.floor, base, QUICK))
    assert (floor, placed, limits) == (ground.floor, base, QUICK)
    assert placed_from(rows(base)) == base


@pytest.mark.race
def test_the_child_answers_as_the_worker_does_and_survives_being_killed():
    made = random_shop(7, orders=10, people=4)
    here = improve(made, limits=CALM)
    with Improver(patience=120) as improver:
        assert improver.improve(made, limits=CALM) == here
        os.kill(improver._child.pid, signal.SIGKILL)
        improver._child.wait()
        assert improver.improve(made, limits=CALM) == here
        child = improver._child
    assert child.poll() is not None


@pytest.mark.race
def test_a_child_that_does_not_answer_in_time_leaves_the_rules_plan():
    made = random_shop(7, orders=10, people=4)
    with Improver(patience=0.0) as improver:
        told = improver.improve(made, limits=CALM)
        assert (told.worthwhile, told.plan) == (False, plan_by_rule(made))
        assert improver._child is None


def test_the_engine_is_imported_with_nothing_but_the_standard_library():
    """Neither solver nor NumPy nor Django: 0.05 s; tools/bench/dispatch.py measures it."""
    code = (
        "import sys; before = set(sys.modules);"
        "import cheyi.workshop.engine.apart, cheyi.workshop.engine.promise, cheyi.workshop.engine.risk,"
        " cheyi.workshop.engine.suggest, cheyi.workshop.engine.improve;"
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)))"
    )
    root = Path(__file__).parents[2]
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert [name for name in ran.stdout.split() if not name.startswith("_sysconfigdata")] == ["cheyi"]


def test_improving_a_day_of_a_hundred_orders_stays_within_its_effort():
    made = random_shop(9, orders=100, people=40, days=2)
    ground = lay(made)
    base = best_base(ground.floor)
    found, counted = calls(lambda: improved(ground.floor, base, replace(Limits(), placements=60_000)))
    assert counted["_Walk.neighbour"] == 60_000 // sum(one is not None for one in base)
    assert counted.total() < 450_000, "0.3 million are some 0.2 s"
    assert costs(ground.floor, found).total < costs(ground.floor, base).total
