"""The promise time of a new order: into the gaps of the plan, with a cushion, or the reason why there is none."""

from dataclasses import replace

import pytest

from cheyi.kernel import Rate, Reason, Refused
from cheyi.workshop.engine.model import Bay, Shop, Task, Technician
from cheyi.workshop.engine.plans import plan_by_rule
from cheyi.workshop.engine.promise import Quote, quote
from tests.simulators.calls import calls
from tests.simulators.shops import at, random_shop, shift

WANG = Technician(1, {"general": 3}, (shift(), shift(1)))
LI = Technician(2, {"general": 2, "electric": 4}, (shift(), shift(1)))
SHOP = Shop(at(9), (), (WANG, LI), (Bay(1, "general"), Bay(2, "general")))


def job(number, minutes, skill="general", level=1, **more):
    return Task(number, more.pop("order", 99), skill, level, minutes, "general", **more)


def test_a_free_shop_promises_the_work_the_check_and_a_cushion_rounded_up_to_ten_minutes():
    told = quote(SHOP, (job(1, 100),), after_minutes=20)
    assert told == Quote(
        at=at(11, 30),
        ready_at=at(10, 40),
        technician_of=((1, 2),),
        reasons=(Reason("starts_now"), Reason("cushion", minutes=30)),
    )


def test_steps_follow_each_other_and_wait_for_the_part():
    told = quote(SHOP, (job(1, 60), job(2, 30, "electric", after=(1,), earliest=at(11))), cushion=Rate(0))
    assert (told.ready_at, told.at) == (at(11, 30), at(11, 30))
    assert told.technician_of == ((1, 2), (2, 2))
    assert told.reasons[0] == Reason("waits_for_part", until=at(11))


def test_nobody_of_the_standing_plan_is_moved():
    busy = replace(SHOP, tasks=(job(1, 120, order=1), job(2, 60, order=2, level=3)))
    plan = plan_by_rule(busy)
    told = quote(busy, (job(3, 60),), plan=plan, cushion=Rate(0))
    assert (told.ready_at, told.technician_of) == (at(11), ((3, 1),))
    assert quote(busy, (job(3, 60),), cushion=Rate(0)) == told
    assert told.reasons == (Reason("starts_when_free", until=at(10)), Reason("cushion", minutes=0))


def test_what_the_evening_does_not_hold_is_promised_for_the_next_morning():
    late = replace(SHOP, now=at(16))
    told = quote(late, (job(1, 100),), after_minutes=30, cushion=Rate.percent(0))
    assert (told.ready_at, told.at) == (at(17, 40), at(8, 40, day=1))


def test_no_promise_without_somebody_who_can_do_it():
    told = quote(SHOP, (job(1, 60, "paint"),))
    assert told == Quote(None, None, (), (Reason("nobody_able", skill="paint", level=1, best=0),))


@pytest.mark.parametrize("minutes", [-1, 7 * 24 * 60 + 1])
def test_a_time_for_check_and_wash_beyond_all_measure_is_refused(minutes):
    with pytest.raises(Refused) as refusal:
        quote(SHOP, (job(1, 60),), after_minutes=minutes)
    told = {"order": 99, "which": "after_minutes", "value": minutes, "most": 7 * 24 * 60}
    assert (refusal.value.code, refusal.value.facts) == ("workshop.plan.bad_promise", told)


def test_no_promise_for_no_minutes_or_more_than_a_shift_holds():
    assert quote(SHOP, (job(1, 0),)).reasons == (Reason("no_minutes", minutes=0),)
    assert quote(SHOP, (job(1, 10**15),)).reasons == (Reason("shift_too_short", minutes=10**15, longest=510),)


def test_no_promise_when_no_shift_is_left_and_none_for_nothing():
    full = replace(SHOP, now=at(17, day=1))
    assert quote(full, (job(1, 100),)).reasons == (Reason("no_shift_left", until=at(18, day=1)),)
    assert quote(SHOP, ()).reasons == (Reason("nothing_to_do"),)


def test_the_answer_for_a_day_of_seventy_five_orders_comes_at_once():
    made = random_shop(3, orders=75, people=15)
    new = (job(9001, 60, order=9001), job(9002, 30, "electric", order=9001, after=(9001,)))
    told, counted = calls(lambda: quote(made, new))
    assert told.at is not None
    assert counted.total() < 90_000, "0.06 million are some 30 ms"
    assert (counted["simulate"], counted["insert"]) == (1, 1)
