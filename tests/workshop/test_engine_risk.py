"""A promise at risk is named with what would keep it; the foreman chooses."""

from dataclasses import replace
from datetime import date

from cheyi.kernel import Reason
from cheyi.workshop.engine.model import Bay, Dragged, PartOption, Promise, Running, Shop, Task, Technician
from cheyi.workshop.engine.plans import plan_by_rule
from cheyi.workshop.engine.risk import at_risk
from tests.simulators.calls import calls
from tests.simulators.shops import at, random_shop, shift

WANG = Technician(1, {"general": 3}, (shift(),))
LI = Technician(2, {"general": 2}, (shift(),))
BAYS = (Bay(1, "general", ev_safe=True), Bay(2, "general"), Bay(3, "general"))


def task(number, minutes=60, level=1, **more):
    return Task(number, more.pop("order", number), "general", level, minutes, "general", **more)


def shop(*tasks, people=(WANG, LI), promises=(), now=None):
    return Shop(now or at(9), tuple(tasks), tuple(people), BAYS, (), tuple(promises))


def only_risk(made):
    (found,) = at_risk(made, plan_by_rule(made))
    return found


def remedy(found, code):
    return next(one for one in found.remedies if one.what.code == code)


def codes(found):
    return [one.what.code for one in found.remedies]


def test_a_plan_that_keeps_every_promise_has_no_risk():
    made = shop(task(1), promises=(Promise(1, at(10)),))
    assert at_risk(made, plan_by_rule(made)) == ()


def test_a_drag_that_breaks_a_promise_names_the_other_technician():
    dragged = task(2, dragged=Dragged(1))
    made = shop(task(1, 90, running=Running(1, 2, at(8, 50))), dragged, promises=(Promise(2, at(10, 30)),))
    found = only_risk(made)
    assert (found.order, found.late_minutes, found.possible, found.ready_at) == (2, 50, True, at(11, 20))
    assert found.reasons == (Reason("waits_for_technician", task=1, until=at(10, 20)),)
    first = found.remedies[0]
    assert first.what == Reason("other_technician", task=2, technician=2, start=at(9))
    assert first.ready_at == at(10)


def test_going_first_is_offered_with_what_it_costs_the_others():
    promises = (Promise(1, at(10), weight=2), Promise(2, at(10)))
    made = shop(task(1), task(2), people=(WANG,), promises=promises)
    found = only_risk(made)
    assert (found.order, found.possible) == (2, True)
    assert remedy(found, "go_first").what == Reason("go_first", others_late=2 * 60)
    assert remedy(found, "new_promise").ready_at == at(11)


def test_a_promise_that_no_plan_keeps_says_so_and_offers_only_a_new_one():
    found = only_risk(shop(task(1, 120), promises=(Promise(1, at(10), after_minutes=10),)))
    assert (found.possible, found.late_minutes) == (False, 70)
    assert [(one.what.code, one.ready_at) for one in found.remedies] == [("new_promise", at(11, 10))]


def test_overtime_is_the_least_that_keeps_the_promise():
    made = shop(task(1, 80), people=(WANG,), promises=(Promise(1, at(18, 45)),), now=at(17, 20))
    found = only_risk(made)
    assert (found.ready_at, found.late_minutes, found.possible) == (None, None, False)
    assert found.reasons == (Reason("no_shift_left", until=at(18)),)
    (remedied,) = found.remedies
    assert remedied.what == Reason("overtime", minutes=60, technician=1, first=0)
    assert remedied.ready_at == at(18, 40)


def test_a_part_from_another_store_is_named_when_it_comes_in_time():
    options = (PartOption(7, at(11, 30)), PartOption(8, at(10, 15)))
    waiting = task(1, 60, earliest=at(15), part_options=options)
    found = only_risk(shop(waiting, promises=(Promise(1, at(11, 30)),)))
    assert remedy(found, "part_from_store").what == Reason("part_from_store", task=1, store=8, arrives=at(10, 15))
    assert remedy(found, "part_from_store").ready_at == at(11, 15)
    assert codes(found) == ["part_from_store", "new_promise"]


def test_without_another_store_it_says_by_when_the_part_must_be_here():
    found = only_risk(shop(task(1, 60, earliest=at(15)), promises=(Promise(1, at(11, 30)),)))
    assert remedy(found, "part_by").what == Reason("part_by", task=1, until=at(10, 30))


def test_a_part_without_a_date_says_which_store_has_it_in_time_else_by_when_it_must_be_here():
    waiting = task(1, 60, part_missing=True)
    found = only_risk(shop(waiting, promises=(Promise(1, at(11, 30)),)))
    assert (found.ready_at, found.possible, found.reasons) == (None, False, (Reason("part_without_date"),))
    assert [one.what for one in found.remedies] == [Reason("part_by", task=1, until=at(10, 30))]
    near = replace(waiting, part_options=(PartOption(8, at(10, 15)),))
    found = only_risk(shop(near, promises=(Promise(1, at(11, 30)),)))
    assert [one.what for one in found.remedies] == [Reason("part_from_store", task=1, store=8, arrives=at(10, 15))]


def test_a_part_without_a_date_that_another_store_sends_too_late_makes_an_honest_new_promise():
    waiting = task(1, 60, part_missing=True, part_options=(PartOption(8, at(14)), PartOption(7, at(13))))
    found = only_risk(shop(waiting, promises=(Promise(1, at(9, 30), after_minutes=10),)))
    (offered,) = found.remedies
    assert offered.what == Reason("part_and_new_promise", task=1, store=7, arrives=at(13))
    assert offered.ready_at == at(14, 10)
    both = (waiting, task(2, 60, order=1, part_missing=True))
    assert only_risk(shop(*both, promises=(Promise(1, at(9, 30)),))).remedies == ()


def test_one_level_below_is_offered_but_never_without_certificate():
    busy = task(1, 200, level=3, order=1, running=Running(1, 2, at(9)))
    made = shop(busy, task(2, level=3), promises=(Promise(2, at(10, 30)),))
    found = only_risk(made)
    assert remedy(found, "one_level_below").what == Reason("one_level_below", task=2, technician=2, level=2, required=3)
    certified = (replace(WANG, hv_until=date(2026, 12, 31)), LI)
    high = replace(made, tasks=(busy, task(2, level=3, needs_hv=True)), technicians=certified)
    assert "one_level_below" not in codes(only_risk(high))


def test_a_promise_in_the_past_and_a_task_that_nobody_can_do_are_named_too():
    made = shop(task(1), task(2, level=5), promises=(Promise(1, at(8)), Promise(2, at(17))))
    second, first = at_risk(made, plan_by_rule(made))
    assert (first.order, first.late_minutes, first.possible) == (1, 120, False)
    assert (second.order, second.ready_at, second.remedies) == (2, None, ())
    assert second.reasons == (Reason("nobody_able", skill="general", level=5, best=3),)


def test_a_bad_day_of_a_hundred_orders_is_answered_in_time():
    made = random_shop(8, orders=100, people=25)
    plan = plan_by_rule(made)
    found, counted = calls(lambda: at_risk(made, plan))
    assert counted.total() < 900_000, "0.6 million are some 0.4 s"
    assert len(found) > 12
    assert all(one.remedies for one in found[:12] if one.ready_at)
    kept = [one for risk in found for one in risk.remedies if one.what.code != "new_promise"]
    promised = {risk.order: risk.promised_at for risk in found}
    assert all(one.ready_at <= promised[risk.order] for risk in found for one in risk.remedies if one in kept)


def test_only_the_costliest_are_worked_out_when_asked_for_few():
    promises = (Promise(1, at(9, 30)), Promise(2, at(9, 30), weight=2))
    made = shop(task(1), task(2), people=(WANG,), promises=promises)
    plan = plan_by_rule(made)
    everything = at_risk(made, plan)
    assert len(everything) == 2
    assert at_risk(made, plan, most=1) == everything[:1]
