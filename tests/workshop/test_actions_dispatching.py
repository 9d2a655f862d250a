"""Who gets a job: skills and certificates, shares, moving jobs, taking them back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cheyi.foundation.acts import undo
from cheyi.foundation.models import AuditEntry
from cheyi.kernel import Hours, Rate, Refused
from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted, Placement
from cheyi.workshop.models import Assignment, Bay, ClockedHours, JobClock, LabourLine, WorkOrder
from tests.foundation.org import NOW
from tests.workshop.shop import everything


def dispatched(shop, order, person, **more):
    return actions.dispatch(order, technician=shop.employee(person), by=more.pop("by", shop.foreman), now=NOW, **more)


def on(order):
    rows = Assignment.objects.filter(line__order=order, ended_at=None).order_by("line__seq", "pk")
    return [(row.line.op_code, row.technician.name) for row in rows]


def test_the_foreman_gives_all_jobs_to_one_technician(shop):
    wang = shop.technician()
    order = dispatched(shop, shop.opened("MA001", "CH001"), wang)
    assert order.state == "dispatched"
    assert on(order) == [("MA001", "王建国"), ("CH001", "王建国")]


def test_a_missing_skill_is_refused_unless_the_foreman_says_why(shop):
    order = shop.opened("BP001")
    wang = shop.technician()
    before = everything(WorkOrder, Assignment, LabourLine)
    with pytest.raises(Refused) as refusal:
        dispatched(shop, order, wang)
    assert (refusal.value.code, refusal.value.facts["skill"]) == ("workshop.order.skill_missing", "paint")
    with pytest.raises(Refused):
        dispatched(shop, order, wang, by=shop.advisor, reason="没人了")
    assert everything(WorkOrder, Assignment, LabourLine) == before
    order = dispatched(shop, order, wang, reason="喷漆工请假")
    row = Assignment.objects.get()
    assert (order.state, row.overruled, row.reason) == ("dispatched", "skill_missing", "喷漆工请假")


@pytest.mark.parametrize("until", [None, date(2026, 6, 14)])
def test_nobody_works_on_high_voltage_without_a_valid_certificate(shop, until):
    car = shop.car("沪AD80002", energy="bev", vin="")
    order = shop.opened("EV002", car=car)
    wang = shop.technician(hv=until, ev=5)
    with pytest.raises(Refused) as refusal:
        dispatched(shop, order, wang, by=shop.manager, reason="店总同意")
    assert refusal.value.code == "workshop.order.no_high_voltage_certificate"
    assert Assignment.objects.count() == 0


def test_high_voltage_work_stands_in_a_safe_bay(shop):
    order = shop.opened("EV002", car=shop.car("沪AD80002", energy="bev", vin=""))
    wang = shop.technician(hv=date(2026, 6, 15), ev=3)
    with pytest.raises(Refused) as refusal:
        dispatched(shop, order, wang, bay=Bay.objects.get(code="G1"), reason="急")
    assert refusal.value.code == "workshop.order.bay_not_safe"
    assert dispatched(shop, order, wang, bay=Bay.objects.get(code="E1")).state == "dispatched"


def test_an_order_without_jobs_wants_its_diagnosis_first(shop):
    order = actions.open_order(vehicle=shop.car(), by=shop.advisor, now=NOW)
    with pytest.raises(Refused) as refusal:
        dispatched(shop, order, shop.technician())
    assert refusal.value.code == "workshop.order.diagnosis_missing"
    actions.add_line(order, jobs=[JobWanted("EN001")], by=shop.advisor, now=NOW)
    assert dispatched(shop, order, shop.technician()).state == "dispatched"


def test_no_approved_job_is_left_without_a_technician(shop):
    order = shop.opened("MA001", "CH001")
    wang = shop.technician()
    only = Placement(shop.labour(order).pk, wang.employee_id)
    with pytest.raises(Refused) as refusal:
        actions.dispatch(order, placements=[only], by=shop.foreman, now=NOW)
    assert (refusal.value.code, refusal.value.facts["count"]) == ("workshop.order.technician_missing", 1)
    assert shop.fresh(order).state == "open"


def test_two_technicians_share_a_job_and_its_hours(shop):
    order = shop.opened("EN002")
    wang, liu = shop.technician(mechanics=4), shop.technician("刘洋", mechanics=4)
    line = shop.labour(order)
    shares = [
        Placement(line.pk, wang.employee_id, Rate.percent(60)),
        Placement(line.pk, liu.employee_id, Rate.percent(40)),
    ]
    with pytest.raises(Refused) as refusal:
        actions.dispatch(order, placements=shares[:1], by=shop.foreman, now=NOW)
    assert refusal.value.code == "workshop.line.shares_not_whole"
    actions.dispatch(order, placements=shares, by=shop.foreman, now=NOW)
    for person in (wang, liu):
        actions.start_job(line, by=person, now=NOW)
    actions.finish_job(line, by=wang, now=NOW + timedelta(hours=2))
    assert shop.labour(order).state == "working"
    actions.finish_job(line, by=liu, now=NOW + timedelta(hours=3))
    assert shop.labour(order).state == "done"
    rows = ClockedHours.objects.order_by("-sold_hours")
    assert [(row.technician.name, row.sold_hours, row.actual_hours) for row in rows] == [
        ("王建国", Hours.of("3.00"), Hours.of("2.00")),
        ("刘洋", Hours.of("2.00"), Hours.of("3.00")),
    ]


def test_where_the_foreman_dispatches_the_advisor_cannot(shop):
    order = shop.opened("EN001", order_type="accident")
    with pytest.raises(Refused) as refusal:
        dispatched(shop, order, shop.technician(), by=shop.advisor)
    assert refusal.value.code == "workshop.order.foreman_dispatches"
    assert dispatched(shop, order, shop.technician()).state == "dispatched"


def test_dispatching_is_undone_by_taking_off(shop):
    order = dispatched(shop, shop.opened("MA001"), shop.technician())
    entry = AuditEntry.objects.get(code="workshop.order.dispatched")
    undo(entry.uid, by=shop.foreman, now=NOW)
    order = shop.fresh(order)
    assert (order.state, shop.labour(order).state, on(order)) == ("open", "approved", [])


def test_an_order_that_has_begun_is_not_taken_off(shop):
    wang = shop.technician()
    order = shop.opened("MA001", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    with pytest.raises(Refused) as refusal:
        actions.take_off(order, by=shop.foreman, now=NOW)
    assert refusal.value.code == "workshop.order.not_now"


def test_a_job_moves_to_another_technician_and_back_by_undo(shop):
    wang, liu = shop.technician(), shop.technician("刘洋", mechanics=3)
    order = shop.opened("MA001", "CH001", to=wang)
    line = shop.labour(order, 1)
    actions.assign(order, placements=[Placement(line.pk, liu.employee_id)], by=shop.foreman, now=NOW)
    assert on(order) == [("MA001", "王建国"), ("CH001", "刘洋")]
    assert shop.fresh(order).state == "dispatched"
    undo(AuditEntry.objects.get(code="workshop.order.assigned").uid, by=shop.foreman, now=NOW)
    assert on(order) == [("MA001", "王建国"), ("CH001", "王建国")]
    assert Assignment.objects.filter(line=line).count() == 3


def test_undo_gives_a_dragged_job_its_time_back_as_one_that_a_person_chose(shop):
    wang, liu = shop.technician(), shop.technician("刘洋", mechanics=3)
    line = shop.labour(order := shop.opened("CH001", to=wang))
    span = {"start_at": NOW + timedelta(hours=3), "end_at": NOW + timedelta(hours=4)}
    chosen = Placement(line.pk, wang.employee_id, dragged=True, **span)
    actions.assign(order, placements=[chosen], by=shop.foreman, now=NOW)
    actions.assign(order, placements=[Placement(line.pk, liu.employee_id)], by=shop.foreman, now=NOW)
    undo(AuditEntry.objects.filter(code="workshop.order.assigned").latest("pk").uid, by=shop.foreman, now=NOW)
    row = Assignment.objects.get(line=line, ended_at=None)
    assert (row.technician_id, row.planned_start_at, row.dragged) == (wang.employee_id, span["start_at"], True)


def test_a_running_job_stays_with_whoever_works_on_it(shop):
    wang, liu = shop.technician(), shop.technician("刘洋", mechanics=3)
    order = shop.opened("MA001", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    with pytest.raises(Refused) as refusal:
        actions.assign(order, placements=[Placement(shop.labour(order).pk, liu.employee_id)], by=shop.foreman, now=NOW)
    assert (refusal.value.code, refusal.value.facts["technician"]) == ("workshop.line.clock_runs", "王建国")
    assert on(order) == [("MA001", "王建国")]
    assert JobClock.objects.get().stopped_at is None


def test_only_technicians_of_the_store_get_jobs(shop):
    order = shop.opened("MA001")
    with pytest.raises(Refused) as refusal:
        dispatched(shop, order, shop.advisor)
    assert refusal.value.code == "workshop.order.not_a_technician"
