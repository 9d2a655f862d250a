"""The inspections: who may pass what, what the law asks, what goes back."""

from __future__ import annotations

import pytest

from cheyi.foundation.models import Todo
from cheyi.kernel import Refused
from cheyi.workshop import actions
from cheyi.workshop.models import Certificate, JobClock, QCRecord, WorkOrder
from tests.foundation.org import NOW
from tests.workshop.shop import after, everything


def finished(shop, *codes, technician=None, **words):
    """A standard order that waits for its final check."""
    person = technician or shop.technician()
    order = shop.opened(*(codes or ("EN001",)), to=person, by=shop.foreman, **words)
    shop.hand_out(order)
    return shop.work(order, person)


def test_the_inspector_passes_the_work_and_the_car_is_ready(shop):
    order = finished(shop)
    assert order.state == "qc"
    order = actions.pass_check(order, answers=shop.ticked(), road_test_km=3, by=shop.inspector, now=after(hours=1))
    assert (order.state, order.checks, shop.labour(order).state) == ("ready", ["final_check", "self_check"], "passed")
    record = QCRecord.objects.get(level="final")
    assert (record.inspector_name, record.road_test_km, len(record.items)) == ("inspector", 3, 10)


def test_a_wanted_wash_comes_before_ready(shop):
    order = finished(shop, wash_wanted=True)
    order = actions.pass_check(order, answers=shop.ticked(), by=shop.inspector, now=NOW)
    assert order.state == "wash"
    assert actions.finish_wash(order, by=shop.technician(), now=NOW).state == "ready"


def test_the_owner_of_a_car_that_is_washed_without_a_check_is_told_of_no_check(shop):
    wang = shop.technician()
    order = shop.work(shop.opened("DT004", to=wang, wash_wanted=True), wang)
    assert (order.state, order.checks) == ("wash", ["self_check"])
    assert shop.told(now=after(minutes=40)) == ["opened", "started", "done"]


def test_the_owner_of_a_car_that_is_washed_after_its_check_is_told_of_the_check(shop):
    order = finished(shop, wash_wanted=True)
    actions.pass_check(order, answers=shop.ticked(), by=shop.inspector, now=NOW)
    assert shop.told(now=after(minutes=40))[-1] == "checked"


def test_an_open_item_keeps_the_car(shop):
    order = finished(shop)
    before = everything(WorkOrder, QCRecord)
    with pytest.raises(Refused) as refusal:
        actions.pass_check(order, answers={**shop.ticked(), "lamps": False}, by=shop.inspector, now=NOW)
    assert refusal.value.facts == {"item": "lamps", "count": 1}
    assert everything(WorkOrder, QCRecord) == before


@pytest.mark.parametrize(("codes", "km"), [(["CH002"], None), (["CH010", "DT004"], None), (["MA008"], 0)])
def test_brakes_steering_and_gearbox_pass_only_with_a_road_test(shop, codes, km):
    order = finished(shop, *codes, technician=shop.technician(mechanics=4, gearbox=4), order_type="repair")
    before = everything(WorkOrder, QCRecord)
    with pytest.raises(Refused) as refusal:
        actions.pass_check(order, answers=shop.ticked(), road_test_km=km, by=shop.inspector, now=NOW)
    assert (refusal.value.code, refusal.value.field) == ("workshop.check.road_test_missing", "road_test_km")
    assert everything(WorkOrder, QCRecord) == before
    actions.pass_check(order, answers=shop.ticked(), road_test_km=1, by=shop.inspector, now=NOW)
    assert QCRecord.objects.get(level="final").road_test_km == 1


def test_nobody_passes_his_own_work(shop):
    wang = shop.technician()
    order = finished(shop, technician=wang)
    JobClock.objects.update(technician_id=shop.inspector.employee_id)
    with pytest.raises(Refused) as refusal:
        actions.pass_check(order, answers=shop.ticked(), by=shop.inspector, now=NOW)
    assert refusal.value.code == "workshop.check.own_work"


def test_only_an_inspector_makes_the_final_check(shop):
    order = finished(shop)
    for person in (shop.technician(), shop.foreman):
        with pytest.raises(Refused) as refusal:
            actions.pass_check(order, answers=shop.ticked(), by=person, now=NOW)
        assert refusal.value.code == "workshop.check.not_your_level"
    assert shop.fresh(order).state == "qc"


def test_the_law_asks_for_final_check_and_certificate_even_in_express(shop):
    wang = shop.technician()
    order = shop.opened("MA014", to=wang)
    assert (order.flow_profile.code, order.regulatory_class) == ("express", "level_2")
    order = shop.work(order, wang)
    assert order.state == "qc"
    with pytest.raises(Refused) as refusal:
        actions.skip_check(order, reason="急", by=shop.manager, now=NOW)
    assert refusal.value.code == "workshop.order.check_is_law"
    order = actions.pass_check(order, answers=shop.ticked(), by=shop.inspector, now=NOW)
    certificate = Certificate.objects.get(order=order)
    assert (order.state, certificate.no, certificate.inspector_name) == ("ready", "HGSH012606150001", "inspector")


def test_a_required_check_is_not_skipped(shop):
    order = finished(shop)
    with pytest.raises(Refused) as refusal:
        actions.skip_check(order, reason="急", by=shop.inspector, now=NOW)
    assert refusal.value.code == "workshop.order.check_required"


def test_major_work_needs_walk_around_approval_and_the_team_check(shop):
    wang = shop.technician()
    order = shop.opened("EN001", to=wang, by=shop.foreman, order_type="accident")
    for seen, code in (
        ({}, "walk_around_missing"),
        ({"old_parts_choice": "take"}, "approval_missing"),
    ):
        if seen:
            actions.inspect(order, seen=actions.WalkAround(**seen), by=shop.advisor, now=NOW)
        with pytest.raises(Refused) as refusal:
            actions.start_job(shop.labour(order), by=wang, now=NOW)
        assert refusal.value.code == f"workshop.order.{code}"
    actions.describe(order, approved_in_writing=True, by=shop.advisor, now=NOW)
    order = shop.work(order, wang)
    with pytest.raises(Refused) as refusal:
        actions.pass_check(order, answers=shop.ticked(), by=shop.inspector, now=NOW)
    assert refusal.value.code == "workshop.order.team_check_missing"
    actions.record_check(order, level="team", answers=shop.ticked("team"), by=shop.foreman, now=NOW)
    assert actions.pass_check(order, answers=shop.ticked(), by=shop.inspector, now=NOW).state == "ready"


def test_what_is_not_good_goes_back_and_its_technician_hears_of_it(shop):
    wang = shop.technician()
    order = finished(shop, "EN001", "EL003", technician=wang)
    bad = shop.labour(order, 1)
    with pytest.raises(Refused) as refusal:
        actions.send_back(order, lines=[], reason="异响", by=shop.inspector, now=NOW)
    assert refusal.value.code == "workshop.line.nothing_chosen"
    with pytest.raises(Refused) as refusal:
        actions.send_back(order, lines=[bad], reason=" ", by=shop.inspector, now=NOW)
    assert (refusal.value.code, refusal.value.field) == ("workshop.check.no_reason", "reason")
    order = actions.send_back(order, lines=[bad], reason="异响", by=shop.inspector, now=NOW)
    assert (order.state, order.sent_back, order.checks) == ("working", 1, [])
    assert [shop.labour(order, place).state for place in (0, 1)] == ["done", "working"]
    todo = Todo.objects.get(kind="workshop.todo.sent_back")
    assert (todo.assignee_id, todo.facts["reason"]) == (wang.employee_id, "异响")
    actions.start_job(bad, by=wang, now=after(hours=2))
    actions.finish_job(bad, self_checked=True, by=wang, now=after(hours=3))
    assert shop.fresh(order).state == "qc"


def test_a_skipped_walk_around_needs_its_reason(shop):
    order = shop.opened("DT004")
    with pytest.raises(Refused) as refusal:
        actions.inspect(order, by=shop.advisor, now=NOW)
    assert refusal.value.code == "workshop.inspection.nothing_said"
    actions.inspect(order, skip_reason="客户赶时间", by=shop.advisor, now=NOW)
    assert shop.fresh(order).walk_around == "skipped"
