"""The rule's plan: who, where and when, and what it says when there is no way."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cheyi.kernel import Rate, Reason, Refused, Span
from cheyi.workshop.engine.aside import check_steps
from cheyi.workshop.engine.model import Bay, Dragged, Promise, Running, Shop, Task, Technician
from cheyi.workshop.engine.plans import plan_by_rule
from tests.simulators.calls import calls
from tests.simulators.plan_check import faults
from tests.simulators.shops import at, random_shop, shift, with_running

NOVICE = Technician(1, {"general": 2}, (shift(),))
EXPERT = Technician(2, {"general": 5, "hv": 3}, (shift(),), hv_until=date(2026, 12, 31))
BAYS = (Bay(1, "general", ev_safe=True), Bay(2, "general"))


def shop(*tasks, people=(NOVICE, EXPERT), bays=BAYS, promises=(), now=None):
    return Shop(now or at(9), tuple(tasks), tuple(people), bays, (), tuple(promises))


def task(number, minutes=60, level=1, **more):
    return Task(number, more.pop("order", number), more.pop("skill", "general"), level, minutes, "general", **more)


def codes(plan, number):
    return [reason.code for reason in plan.of(number).reasons]


def test_the_simple_job_goes_to_the_novice_and_the_hard_one_to_the_expert():
    plan = plan_by_rule(shop(task(1), task(2, level=4)))
    assert [(one.task, one.technician, one.start, one.end) for one in plan.assignments] == [
        (1, 1, at(9), at(10)),
        (2, 2, at(9), at(10)),
    ]
    assert plan.of(1).reasons == (Reason("just_enough_skill", level=2, required=1, kept_free=1), Reason("starts_now"))
    assert codes(plan, 2) == ["only_one_able", "starts_now"]


def test_ordinary_work_leaves_the_safe_bay_to_high_voltage_work():
    plan = plan_by_rule(shop(task(1), task(2, skill="hv", level=2, needs_hv=True)))
    assert (plan.of(1).bay, plan.of(2).bay) == (2, 1)


def test_the_nearer_promise_goes_first_and_the_cost_counts_the_late_minutes():
    promises = (Promise(1, at(17)), Promise(2, at(9, 45), weight=3, after_minutes=10))
    plan = plan_by_rule(shop(task(1), task(2), people=(NOVICE,), promises=promises))
    assert [one.task for one in plan.assignments] == [2, 1]
    assert plan.cost.late == 3 * 25
    assert plan.cost.flow == 60 + 120
    assert plan.of(2).reasons[-1] == Reason("promise_late", minutes=25)
    assert plan.of(1).reasons[-1] == Reason("promise_kept", spare=6 * 60)


def test_work_pauses_for_lunch_and_does_not_start_in_it():
    plan = plan_by_rule(shop(task(1, 60), task(2, 30), people=(NOVICE,), now=at(11, 30)))
    assert [(one.start, one.end) for one in plan.assignments] == [(at(11, 30), at(12)), (at(13), at(14))]
    assert plan.of(1).task == 1


def test_a_job_that_the_shift_does_not_hold_goes_into_the_next_shift():
    novice = replace(NOVICE, shifts=(shift(), shift(1)))
    plan = plan_by_rule(shop(task(1, 120), people=(novice,), now=at(17)))
    assert (plan.of(1).start, plan.of(1).end) == (at(8, 30, day=1), at(10, 30, day=1))
    assert codes(plan, 1) == ["only_one_able", "starts_with_shift"]


def test_long_work_that_carries_over_is_cut_by_the_night():
    novice = replace(NOVICE, shifts=(shift(), shift(1)))
    plan = plan_by_rule(shop(task(1, 120, carries_over=True), people=(novice,), now=at(17)))
    assert (plan.of(1).start, plan.of(1).end) == (at(17), at(9, 30, day=1))


def test_a_task_waits_for_its_part_and_says_so():
    plan = plan_by_rule(shop(task(1, earliest=at(10, 20))))
    assert plan.of(1).start == at(10, 20)
    assert plan.of(1).reasons[-1] == Reason("waits_for_part", until=at(10, 20))


def test_a_part_that_comes_after_the_last_shift_is_named_with_its_day():
    plan = plan_by_rule(shop(task(1, earliest=at(9, day=20)), task(2)))
    assert [one.task for one in plan.assignments] == [2]
    assert [one.reason for one in plan.unplanned] == [Reason("part_comes_later", until=at(9, day=20))]


def test_a_drag_to_a_time_before_the_part_starts_when_the_part_is_here():
    plan = plan_by_rule(shop(task(1, earliest=at(11), dragged=Dragged(1, 2, at(10)))))
    assert (plan.of(1).technician, plan.of(1).start) == (1, at(11))


def test_work_that_has_begun_goes_on_though_a_part_is_missing():
    begun = task(1, part_missing=True, running=Running(1, 2, at(8, 50)))
    plan = plan_by_rule(shop(begun))
    assert (plan.of(1).technician, plan.of(1).start, plan.unplanned) == (1, at(8, 50), ())


def test_steps_wait_for_each_other_and_two_steps_never_share_the_car():
    first, second, third = task(1, order=7), task(2, order=7, after=(1,)), task(3, order=7)
    plan = plan_by_rule(shop(first, second, third))
    assert faults(shop(first, second, third), plan) == []
    assert plan.of(2).start >= plan.of(1).end
    assert max(one.end for one in plan.assignments) == at(12)


def test_a_slower_person_needs_more_minutes():
    slow = replace(NOVICE, factors={"suv": Rate.percent(125)})
    plan = plan_by_rule(shop(task(1, 50, model="suv"), people=(slow,)))
    assert plan.of(1).end == at(10, 3)


def test_a_running_clock_ends_with_what_is_left_and_is_never_moved():
    running = task(1, 60, running=Running(1, 2, at(8, 40)))
    plan = plan_by_rule(shop(running, task(2, level=2), people=(NOVICE,)))
    assert (plan.of(1).start, plan.of(1).end, plan.of(1).fixed) == (at(8, 40), at(9, 40), True)
    assert plan.of(2).start == at(9, 40)
    assert plan.of(2).reasons[-1] == Reason("waits_for_technician", task=1, until=at(9, 40))


def test_a_clock_that_has_run_too_long_is_thought_to_need_a_tenth_more():
    running = task(1, 100, running=Running(1, 2, at(8, 30)))
    plan = plan_by_rule(shop(running, people=(NOVICE,), now=at(11)))
    assert plan.of(1).end == at(11, 10)


def test_what_was_dragged_stays_with_its_person_bay_and_start_even_beyond_his_level():
    dragged = task(1, level=4, dragged=Dragged(1, bay=1, start=at(10)))
    plan = plan_by_rule(shop(dragged, task(2, 90), people=(NOVICE,)))
    assert (plan.of(1).technician, plan.of(1).bay, plan.of(1).start) == (1, 1, at(10))
    assert codes(plan, 1)[0] == "dragged"
    assert plan.of(2).start == at(11)


def test_a_dragged_start_that_cannot_be_kept_moves_later_but_keeps_the_person():
    first = task(1, 90, order=5)
    second = task(2, order=5, after=(1,), dragged=Dragged(1, start=at(10)))
    plan = plan_by_rule(shop(first, second))
    assert (plan.of(2).technician, plan.of(2).start) == (1, at(10, 30))


def test_nobody_may_drag_high_voltage_work_to_somebody_without_certificate():
    plan = plan_by_rule(shop(task(1, skill="hv", needs_hv=True, dragged=Dragged(1))))
    assert [one.reason for one in plan.unplanned] == [Reason("nobody_certified", skill="hv")]
    assert plan.assignments == ()


def test_a_certificate_that_ends_tonight_does_not_cover_tomorrow():
    expert = replace(EXPERT, shifts=(shift(), shift(1)), hv_until=date(2026, 3, 2))
    plan = plan_by_rule(shop(task(1, 120, skill="hv", needs_hv=True), people=(expert,), now=at(17)))
    assert [one.reason.code for one in plan.unplanned] == ["no_shift_left"]


def test_starts_within_a_quarter_of_an_hour_stay_as_published():
    before = shop(task(1), people=(NOVICE, replace(NOVICE, id=3)))
    published = plan_by_rule(before)
    more = replace(before, tasks=(task(1), task(2)), promises=(Promise(2, at(9, 30), weight=9),))
    after = plan_by_rule(more, published=published)
    assert (after.of(1).technician, after.of(1).start) == (1, at(9))
    assert codes(after, 1)[0] == "frozen"
    assert after.of(2).technician == 3


def test_an_absent_person_loses_what_was_frozen():
    before = shop(task(1), people=(NOVICE, replace(NOVICE, id=3)))
    published = plan_by_rule(before)
    away = replace(NOVICE, absences=(Span(at(0), at(24)),))
    after = plan_by_rule(replace(before, technicians=(away, replace(NOVICE, id=3))), published=published)
    assert after.of(1).technician == 3
    assert after.cost.changed == 1


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (task(1, level=5, skill="gearbox"), Reason("nobody_able", skill="gearbox", level=5, best=0)),
        (task(1, level=6), Reason("nobody_able", skill="general", level=6, best=5)),
        (task(1, 0), Reason("no_minutes", minutes=0)),
        (task(1, 600), Reason("shift_too_short", minutes=600, longest=510)),
        (replace(task(1), bay_kind="paint"), Reason("no_bay", kind="paint")),
        (task(1, tool="aligner"), Reason("no_tool", kind="aligner")),
        (task(1, part_missing=True), Reason("part_without_date")),
        (task(1, part_missing=True, earliest=at(8)), Reason("part_overdue", expected=at(8))),
        (task(1, part_missing=True, dragged=Dragged(1, 2, at(10))), Reason("part_without_date")),
        (task(1, after=(1,)), Reason("steps_in_a_circle")),
    ],
)
def test_a_task_that_cannot_be_planned_is_set_aside_with_its_reason_and_the_rest_is_planned(fault, reason):
    plan = plan_by_rule(shop(fault, task(2), task(3, order=1, after=(1,))))
    told = {one.task: one.reason for one in plan.unplanned}
    circle = reason.code == "steps_in_a_circle"
    assert told == {1: reason, 3: reason if circle else Reason("waits_for_unplanned", task=1)}
    assert [one.task for one in plan.assignments] == [2]


def test_high_voltage_work_without_a_safe_bay_is_named():
    plan = plan_by_rule(shop(task(1, skill="hv", needs_hv=True), bays=(Bay(2, "general"),)))
    assert plan.unplanned[0].reason == Reason("no_ev_safe_bay", kind="general")


def test_a_task_after_the_last_shift_is_unplanned_and_costs_a_day():
    plan = plan_by_rule(shop(task(1, 120), people=(NOVICE,), promises=(Promise(1, at(18)),), now=at(17)))
    assert [one.reason for one in plan.unplanned] == [Reason("no_shift_left", until=at(18))]
    assert plan.cost.late == 24 * 60


def test_a_promise_in_the_past_counts_from_then_and_the_work_is_planned_at_once():
    plan = plan_by_rule(shop(task(1), promises=(Promise(1, at(7)),)))
    assert plan.of(1).start == at(9)
    assert plan.cost.late == 180


def test_an_empty_shop_has_an_empty_plan():
    plan = plan_by_rule(shop())
    assert (plan.assignments, plan.unplanned, plan.cost.total) == ((), (), 0)


def test_steps_in_a_circle_and_unknown_steps_are_refused_where_steps_are_entered():
    with pytest.raises(Refused) as circle:
        check_steps([task(1, after=(2,)), task(2, after=(1,)), task(3)])
    assert (circle.value.code, circle.value.facts) == ("workshop.plan.steps_in_a_circle", {"tasks": (1, 2)})
    with pytest.raises(Refused) as unknown:
        check_steps([task(1, after=(9,))])
    assert (unknown.value.code, unknown.value.facts) == ("workshop.plan.unknown_step", {"task": 1, "after": 9})


@pytest.mark.parametrize("seed", range(60))
def test_every_plan_of_a_random_shop_keeps_every_hard_rule(seed):
    made = with_running(random_shop(seed, orders=10 + seed % 25), 20) if seed % 2 else random_shop(seed)
    plan = plan_by_rule(made)
    assert faults(made, plan) == []
    later = replace(made, now=made.now + timedelta(minutes=7))
    assert faults(later, plan_by_rule(later, published=plan)) == []
    assert plan == plan_by_rule(made)


def test_a_hundred_orders_and_forty_people_are_planned_in_so_many_calls():
    """0.1 million are some 50 ms; tools/bench/dispatch.py measures the time."""
    made = random_shop(5, orders=100, people=40)
    plan, counted = calls(lambda: plan_by_rule(made))
    assert len(plan.assignments) > 150
    assert counted.total() < 150_000
    assert counted["Timetable.book"] == len(plan.assignments)


def test_five_hundred_orders_are_answered():
    made = random_shop(6, orders=500, people=20)
    plan = plan_by_rule(made)
    assert len(plan.assignments) + len(plan.unplanned) == len(made.tasks)
    assert {one.reason.code for one in plan.unplanned} <= {
        "no_shift_left",
        "waits_for_unplanned",
        "nobody_able",
        "nobody_certified",
    }


def test_a_start_that_its_person_cannot_keep_is_frozen_no_longer():
    other = replace(NOVICE, id=3)
    long = task(1, 60, running=Running(1, 2, at(8, 30), left_minutes=30))
    before = shop(long, task(2), people=(NOVICE, other))
    promised = plan_by_rule(shop(task(2), people=(NOVICE,)))
    assert promised.of(2).technician == 1
    after = plan_by_rule(before, published=promised)
    assert (after.of(2).technician, after.of(2).start) == (3, at(9))
    soon = replace(before, tasks=(replace(long, running=Running(1, 2, at(8, 30), left_minutes=10)), task(2)))
    kept = plan_by_rule(soon, published=promised)
    assert (kept.of(2).technician, kept.of(2).start) == (1, at(9, 10))
