"""A plan is made once and kept until anything that it depends on changes, or a minute has passed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from cheyi.foundation.models import Employee, WorkShift
from cheyi.foundation.scope import within
from cheyi.workshop import actions, planned
from cheyi.workshop.actions import JobWanted, PartWanted, Placement
from cheyi.workshop.actions.cataloguing import put_technician
from cheyi.workshop.engine.plans import plan_by_rule
from cheyi.workshop.engine.risk import at_risk
from cheyi.workshop.models import Bay
from cheyi.workshop.planned import MOST_STORES, forget, kept
from cheyi.workshop.planning import standing
from cheyi.workshop.queries.board import board, stamp
from tests.simulators.shops import random_shop
from tests.workshop.shop import NOW, after, q

LATER = after(minutes=5)


def order_opened(shop, order, wang):
    shop.opened("CH001", car=shop.car("沪A81001", vin="", owner=False), now=LATER)


def order_cancelled(shop, order, wang):
    actions.cancel(order, reason="客户不做", by=shop.manager, now=LATER)


def line_added(shop, order, wang):
    actions.add_line(order, jobs=[JobWanted("EN001")], by=shop.advisor, now=LATER)


def line_removed(shop, order, wang):
    actions.remove_line(shop.labour(order, 1), reason="客户不做", by=shop.advisor, now=LATER)


def order_taken_off(shop, order, wang):
    actions.take_off(order, by=shop.foreman, now=LATER)


def line_given_to_another(shop, order, wang):
    liu = shop.technician("刘洋")
    actions.assign(order, placements=[Placement(shop.labour(order).pk, liu.employee_id)], by=shop.foreman, now=LATER)


def line_dragged(shop, order, wang):
    start = after(hours=3)
    place = Placement(
        shop.labour(order).pk, wang.employee_id, start_at=start, end_at=start + timedelta(hours=1), dragged=True
    )
    actions.assign(order, placements=[place], by=shop.foreman, now=LATER)


def clock_started(shop, order, wang):
    actions.start_job(shop.labour(order), by=wang, now=LATER)


def promise_changed(shop, order, wang):
    actions.change_promise(order, promised_at=after(hours=7), reason="加项", by=shop.advisor, now=LATER)


def skills_changed(shop, order, wang):
    put_technician(shop.employee(wang), store=shop.store, skills={"mechanics": 5}, by=shop.manager, now=LATER)


def certificate_gained(shop, order, wang):
    until = date(2030, 1, 1)
    skills = {"mechanics": 4}
    put_technician(
        shop.employee(wang), store=shop.store, skills=skills, high_voltage_until=until, by=shop.manager, now=LATER
    )


def technician_came(shop, order, wang):
    shop.technician("孙新")


BY_VERB = [
    order_opened,
    order_cancelled,
    line_added,
    line_removed,
    order_taken_off,
    line_given_to_another,
    line_dragged,
    clock_started,
    promise_changed,
    skills_changed,
    certificate_gained,
    technician_came,
]


def bay_closed(shop, order, wang):
    Bay.objects.filter(code="G1").update(active=False)


def bay_built(shop, order, wang):
    Bay.objects.create(store=shop.store, code="G9", kind="general", created_at=LATER)


def somebody_ill(shop, order, wang):
    Employee.objects.filter(pk=wang.employee_id).update(status="leave")


def roster_written(shop, order, wang):
    hours = {"starts_at": NOW, "ends_at": after(hours=4)}
    WorkShift.objects.create(store=shop.store, employee_id=wang.employee_id, created_at=NOW, **hours)


BY_HAND = [bay_closed, bay_built, somebody_ill, roster_written]


@pytest.fixture
def order(shop):
    shop.technician("刘洋")
    return shop.opened("MA001", "CH001", to=shop.technician())


def says_what_a_new_one_would(found) -> bool:
    plan = plan_by_rule(found.shop)
    return found.plan() == plan and found.risks(4) == at_risk(found.shop, plan, most=4)


def test_looking_again_in_the_same_minute_plans_nothing(shop, order):
    first, again = standing(shop.store, after(seconds=10)), standing(shop.store, after(seconds=50))
    assert first.plan() is again.plan()
    assert first.risks(4) is again.risks(4)
    assert says_what_a_new_one_would(again)


def test_a_minute_makes_another_plan(shop, order):
    first, later = standing(shop.store, after(seconds=50)), standing(shop.store, after(seconds=70))
    assert later.plan().made_at - first.plan().made_at == timedelta(minutes=1)


@pytest.mark.parametrize("act", BY_VERB)
def test_every_verb_makes_another_plan_and_another_board(shop, order, act):
    before, mark = standing(shop.store, LATER), stamp(shop.store, LATER)
    kept_one = before.plan()
    act(shop, order, shop.technician())
    found = standing(shop.store, LATER)
    assert found.plan() is not kept_one
    assert found.shop != before.shop
    assert says_what_a_new_one_would(found)
    assert stamp(shop.store, LATER) != mark


@pytest.mark.parametrize("change", BY_HAND)
def test_what_no_verb_did_makes_another_plan_too(shop, order, change):
    before = standing(shop.store, LATER)
    kept_one = before.plan()
    change(shop, order, shop.technician())
    found = standing(shop.store, LATER)
    assert found.plan() is not kept_one
    assert says_what_a_new_one_would(found)


def test_parts_that_come_change_the_board(shop):
    wang, rare = shop.technician(), shop.part("RARE-1", "稀有件", "99")
    jobs = [JobWanted("DT004", parts=[PartWanted(q(1), rare.pk)])]
    order = actions.open_order(vehicle=shop.car(), jobs=jobs, dispatch_to=shop.employee(wang), by=shop.advisor, now=NOW)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    actions.hold(order, reason="wait_parts", by=wang, now=after(minutes=1))
    mark = stamp(shop.store, LATER)
    assert board(shop.store, LATER).counts["part"] == 1
    shop.stock(rare, 1)
    assert stamp(shop.store, LATER) != mark
    assert board(shop.store, LATER).counts["part"] == 0


def test_a_promise_is_named_in_the_minute_in_which_it_cannot_be_kept_any_more(shop, order):
    actions.change_promise(order, promised_at=after(hours=4), reason="加项", by=shop.advisor, now=NOW)
    named = []
    for minute in range(240):
        found = standing(shop.store, after(minutes=minute, seconds=-1))
        named.append(bool(found.risks(4)))
        assert found.risks(4) == at_risk(found.shop, plan_by_rule(found.shop), most=4)
    begins = named.index(True)
    assert 60 < begins < 230
    assert named == [False] * begins + [True] * (240 - begins)
    assert not board(shop.store, after(minutes=begins - 1)).threats
    (threat,) = board(shop.store, after(minutes=begins)).threats
    assert (threat.order.pk, threat.risk.late_minutes) == (order.pk, 1)


def test_a_store_is_never_given_the_plan_of_another(shop):
    made = random_shop(1, orders=3, people=2)
    assert kept(1, made).plan() is kept(1, made).plan()
    assert kept(2, made) is not kept(1, made)
    with within(shop.store):
        home = standing(shop.store, NOW)
    with within(shop.town.sister):
        sister = standing(shop.town.sister, NOW)
    assert (home.store_id, sister.store_id) == (shop.store.pk, shop.town.sister.pk)
    assert home.plan() is not sister.plan()


def test_only_so_many_stores_are_kept():
    made = random_shop(1, orders=3, people=2)
    first = kept(-1, made)
    assert kept(-1, made) is first
    for number in range(2, MOST_STORES + 2):
        kept(-number, made)
    assert kept(-1, made) is not first
    assert len(planned._kept) == MOST_STORES


def test_what_is_forgotten_is_planned_again():
    made = random_shop(3, orders=3, people=2)
    plan = kept(-1, made).plan()
    forget()
    assert kept(-1, made).plan() is not plan
    assert kept(-1, made).plan() == plan


def test_ten_people_who_look_at_once_plan_once():
    made = random_shop(2, orders=20, people=5)
    with ThreadPoolExecutor(10) as people:
        plans = list(people.map(lambda _: kept(-100, made).plan(), range(10)))
    assert len({id(one) for one in plans}) == 1
    assert plans[0] == plan_by_rule(made)
