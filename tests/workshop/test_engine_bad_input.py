"""What nobody should hand to the engine has a defined answer: refused by name, or set aside while the rest is planned."""

from dataclasses import replace
from datetime import date

import pytest

from cheyi.kernel import Reason, Refused
from cheyi.workshop.engine.model import Bay, Dragged, Promise, Running, Shop, Task, Technician, Tool
from cheyi.workshop.engine.plans import plan_by_rule
from tests.simulators.plan_check import faults
from tests.simulators.shops import at, shift

NOVICE = Technician(1, {"general": 2}, (shift(),))
EXPERT = Technician(2, {"general": 5}, (shift(),), hv_until=date(2026, 12, 31))
BAYS = (Bay(1, "general", ev_safe=True), Bay(2, "general"))


def shop(*tasks, people=(NOVICE, EXPERT), promises=()):
    return Shop(at(9), tuple(tasks), tuple(people), BAYS, (), tuple(promises))


def task(number, minutes=60, level=1, **more):
    return Task(number, number, "general", level, minutes, "general", **more)


def codes(plan, number):
    return [reason.code for reason in plan.of(number).reasons]


@pytest.mark.parametrize(
    ("thing", "doubled"),
    [
        ("task", {"tasks": (task(1), task(1))}),
        ("technician", {"technicians": (replace(NOVICE, id=1), NOVICE)}),
        ("bay", {"bays": (Bay(1, "general"), Bay(1, "wash"))}),
        ("tool", {"tools": (Tool(1, "aligner"), Tool(1, "scanner"))}),
        ("promise", {"promises": (Promise(1, at(10)), Promise(1, at(11)))}),
    ],
)
def test_a_thing_that_stands_twice_is_refused(thing, doubled):
    with pytest.raises(Refused) as refusal:
        plan_by_rule(replace(shop(task(1)), **doubled))
    assert (refusal.value.code, refusal.value.facts) == ("workshop.plan.doubled", {"thing": thing, "id": 1})


@pytest.mark.parametrize(("which", "value", "most"), [("weight", -1, 1_000), ("after_minutes", -1, 10_080)])
def test_a_promise_that_no_plan_can_reckon_with_is_refused(which, value, most):
    promise = replace(Promise(1, at(10)), **{which: value})
    with pytest.raises(Refused) as refusal:
        plan_by_rule(shop(task(1), promises=(promise,)))
    told = {"order": 1, "which": which, "value": value, "most": most}
    assert (refusal.value.code, refusal.value.facts) == ("workshop.plan.bad_promise", told)


@pytest.mark.parametrize("minutes", [0, -5, -(10**15)])
def test_no_minutes_are_no_plan_and_huge_ones_find_no_shift(minutes):
    for carries, huge in ((False, "shift_too_short"), (True, "no_shift_left")):
        for wrong, code in ((minutes, "no_minutes"), (10**15, huge)):
            plan = plan_by_rule(shop(task(1, wrong, carries_over=carries), task(2)))
            assert [(one.task, one.reason.code) for one in plan.unplanned] == [(1, code)]
            assert [one.task for one in plan.assignments] == [2]


def test_a_running_clock_of_a_wrong_length_or_from_the_future_still_has_an_end():
    huge = plan_by_rule(shop(task(1, 10**15, running=Running(1, 2, at(8, 30))), task(2), people=(NOVICE,)))
    assert huge.of(1).end == at(9, day=31)
    assert [(one.task, one.reason) for one in huge.unplanned] == [(2, Reason("no_shift_left", until=at(18)))]
    early = plan_by_rule(shop(task(1, running=Running(1, 2, at(11, 30))), task(2), people=(NOVICE,)))
    assert (early.of(1).start, early.of(1).end, early.of(2).start) == (at(9), at(10), at(10))


def test_a_person_without_a_shift_gets_nothing_and_is_named_as_absent():
    idle = replace(EXPERT, id=3, shifts=())
    plan = plan_by_rule(shop(task(1), task(2, level=4), task(3, dragged=Dragged(3)), people=(NOVICE, idle)))
    assert [(one.task, one.technician) for one in plan.assignments] == [(1, 1)]
    told = {one.task: one.reason for one in plan.unplanned}
    assert told == dict.fromkeys((2, 3), Reason("nobody_present", skill="general"))


def test_frozen_starts_that_overlap_follow_each_other_without_losing_a_person():
    published = plan_by_rule(shop(task(1), people=(NOVICE,)))
    first = replace(published.assignments[0], start=at(9, 5), end=at(10, 5))
    second = replace(first, task=2, order=2, start=at(9, 10), end=at(10, 10))
    both = replace(published, assignments=(first, second))
    plan = plan_by_rule(shop(task(1), task(2)), published=both)
    assert [(one.technician, one.start, one.end) for one in plan.assignments] == [
        (1, at(9, 5), at(10, 5)),
        (1, at(10, 5), at(11, 5)),
    ]
    assert codes(plan, 2) == ["frozen", "waits_for_technician"]
    assert faults(shop(task(1), task(2)), plan) == []


def test_a_frozen_start_is_no_reason_to_work_without_certificate():
    published = plan_by_rule(shop(task(1), people=(NOVICE,)))
    assert published.of(1).technician == 1
    plan = plan_by_rule(shop(task(1, needs_hv=True)), published=published)
    assert plan.of(1).technician == 2
    nobody = plan_by_rule(shop(task(1, needs_hv=True), people=(NOVICE,)), published=published)
    assert [one.reason for one in nobody.unplanned] == [Reason("nobody_certified", skill="general")]


def test_five_hundred_orders_with_promises_in_the_past_are_all_answered():
    tasks = [task(number, 30) for number in range(1, 501)]
    plan = plan_by_rule(shop(*tasks, promises=tuple(Promise(number, at(7)) for number in range(1, 501))))
    planned = {one.task for one in plan.assignments}
    assert len(planned) == 2 * 2 * 8
    assert all(one.reason == Reason("no_shift_left", until=at(18)) for one in plan.unplanned)
    assert planned.isdisjoint(one.task for one in plan.unplanned)
    assert len(planned) + len(plan.unplanned) == 500
