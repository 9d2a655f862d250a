"""An order stands still only when no job of it can go on; what happens then, and how it goes on again (domain.md 5.2)."""

from __future__ import annotations

import json

import pytest

from cheyi.foundation.acts import undo
from cheyi.foundation.models import AuditEntry, Todo
from cheyi.foundation.refusals import sentence
from cheyi.kernel import Refused
from cheyi.workshop import actions
from cheyi.workshop.models import JobClock, LabourLine, WorkOrder
from tests.foundation.org import NOW
from tests.workshop.shop import after, everything, q
from tests.workshop.test_pages_order import page, send
from tests.workshop.test_pages_reception import at_desk

REVIEW = "workshop.todo.review_promise"


@pytest.fixture
def wang(shop):
    return shop.technician()


@pytest.fixture
def liu(shop):
    return shop.technician("刘洋", mechanics=4, electrics=3, diagnosis=3, detailing=3)


def two_at_work(shop, wang, liu):
    """An order with a job in the hands of each of two technicians."""
    order = shop.opened("CH001", "DT004", to=wang)
    moved = [actions.Placement(shop.labour(order, 1).pk, liu.employee_id)]
    actions.assign(order, placements=moved, by=shop.foreman, now=NOW)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    actions.start_job(shop.labour(order, 1), by=liu, now=NOW)
    return shop.fresh(order)


def refused(verb, order, **words):
    """The refusal of a verb that changes nothing."""
    before = everything(WorkOrder, LabourLine, JobClock, Todo)
    with pytest.raises(Refused) as refusal:
        verb(order, now=after(minutes=9), **words)
    assert everything(WorkOrder, LabourLine, JobClock, Todo) == before
    return refusal.value


def test_an_order_on_which_somebody_else_is_at_work_does_not_stand_still(shop, wang, liu):
    order = two_at_work(shop, wang, liu)
    answer = refused(actions.hold, order, reason="wait_tool", by=wang)
    assert (answer.code, answer.facts["job"], answer.facts["who"]) == (
        "workshop.order.job_goes_on",
        shop.labour(order, 1).name,
        "刘洋",
    )
    assert sentence(answer).startswith(f"刘洋正在做“{shop.labour(order, 1).name}”")
    assert refused(actions.hold, order, reason="other", by=shop.advisor).facts["who"] == "王建国"


def test_the_one_job_that_waits_is_put_aside_and_the_order_works_on(shop, wang, liu):
    order = two_at_work(shop, wang, liu)
    actions.pause_job(shop.labour(order), reason="wait_tool", by=wang, now=after(minutes=1))
    assert (shop.fresh(order).state, shop.labour(order).pause_reason) == ("working", "wait_tool")
    order = actions.hold(order, reason="wait_bay", by=liu, now=after(minutes=2))
    assert [shop.labour(order, place).state for place in (0, 1)] == ["paused", "paused"]
    assert (order.state, JobClock.objects.filter(stopped_at=None).count()) == ("hold", 0)


def test_the_foreman_pauses_one_job_with_its_reason_in_its_row(shop, wang, liu):
    order = two_at_work(shop, wang, liu)
    foreman, line = at_desk(shop.foreman), shop.labour(order)
    words = {"verb": "pause", "technician": wang.employee_id, "reason": "wait_tool"}
    answer = foreman.post(f"/workshop/lines/labour/{line.pk}/clock", words, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 303
    assert (shop.fresh(line).state, shop.fresh(line).pause_reason) == ("paused", "wait_tool")


def test_an_order_with_one_job_is_held_by_whoever_says_so(shop, wang):
    order = shop.opened("DT004", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    assert actions.hold(order, reason="wait_insurer", by=shop.advisor, now=after(minutes=1)).state == "hold"


def test_an_order_does_not_wait_for_parts_while_a_job_has_all_of_its_own(shop, wang):
    rare = shop.part("RARE-1", "稀有件", "99")
    jobs = [actions.JobWanted("DT004", parts=[actions.PartWanted(q(1), rare.pk)]), actions.JobWanted("CH001")]
    order = actions.open_order(vehicle=shop.car(), jobs=jobs, dispatch_to=shop.employee(wang), by=shop.advisor, now=NOW)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    answer = refused(actions.hold, order, reason="wait_parts", by=wang)
    assert (answer.code, answer.facts["job"]) == ("workshop.order.job_can_go_on", shop.labour(order, 1).name)
    assert "配件都齐" in sentence(answer)
    assert actions.hold(order, reason="wait_bay", by=wang, now=after(minutes=9)).state == "hold"


def test_the_advisor_looks_at_the_promise_while_an_order_stands_still(shop, wang):
    order = shop.opened("DT004", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    actions.hold(order, reason="wait_tool", by=wang, now=after(minutes=1))
    todo = Todo.objects.get(kind=REVIEW)
    assert (todo.role, todo.assignee_id, todo.source_id, todo.due_at, todo.done_at) == (
        "advisor",
        shop.advisor.employee_id,
        order.pk,
        after(minutes=1),
        None,
    )
    actions.resume(order, by=wang, now=after(minutes=5))
    assert Todo.objects.get(kind=REVIEW).done_at == after(minutes=5)


def test_a_moved_promise_is_a_promise_looked_at(shop, wang):
    order = shop.opened("DT004", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    order = actions.hold(order, reason="wait_tool", by=wang, now=after(minutes=1))
    actions.change_promise(order, promised_at=after(hours=9), by=shop.advisor, now=after(minutes=3))
    assert Todo.objects.get(kind=REVIEW).done_at == after(minutes=3)


def test_a_cancelled_order_has_no_promise_to_look_at(shop, wang):
    order = shop.opened("DT004", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    order = actions.hold(order, reason="wait_tool", by=wang, now=after(minutes=1))
    actions.cancel(order, reason="客户放弃", by=shop.manager, now=after(minutes=3))
    assert Todo.objects.get(kind=REVIEW).done_at == after(minutes=3)


def asked_and_held(shop, wang, *codes):
    order = shop.opened("DT004", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    for code in codes:
        actions.add_extra(order, jobs=[actions.JobWanted(code)], by=shop.advisor, now=after(minutes=1))
    return actions.hold(order, reason="wait_approval", by=wang, now=after(minutes=2))


def test_an_order_goes_on_by_itself_with_the_customers_last_answer(shop, wang):
    order = asked_and_held(shop, wang, "EL001", "EL003")
    one, two = actions.pending_lines(order)
    assert actions.decline([one], by=shop.advisor, now=after(minutes=3)).state == "hold"
    assert actions.approve([two], via="link", by=shop.advisor, now=after(minutes=4)).state == "working"
    assert (shop.fresh(order).hold_reason, Todo.objects.get(kind=REVIEW).done_at) == ("", after(minutes=4))
    assert AuditEntry.objects.get(code="workshop.order.resumed").actor_id is None


def test_an_order_goes_on_when_the_last_question_is_taken_off(shop, wang):
    order = asked_and_held(shop, wang, "EL001")
    actions.remove_line(actions.pending_lines(order)[0], by=shop.advisor, now=after(minutes=3))
    assert shop.fresh(order).state == "working"


def test_an_order_that_waits_for_something_else_stays_where_it_is(shop, wang):
    order = shop.opened("DT004", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    actions.add_extra(order, jobs=[actions.JobWanted("EL001")], by=shop.advisor, now=after(minutes=1))
    order = actions.hold(order, reason="wait_tool", by=wang, now=after(minutes=2))
    assert actions.decline(actions.pending_lines(order), by=shop.advisor, now=after(minutes=3)).state == "hold"


def test_who_goes_on_all_the_same_says_why(shop, wang):
    order = asked_and_held(shop, wang, "EL001")
    answer = refused(actions.resume, order, anyway=True, reason=" ", by=wang)
    assert (answer.code, answer.field) == ("workshop.order.no_reason", "reason")
    actions.resume(order, anyway=True, reason="先做保养", by=wang, now=after(minutes=5))
    row = AuditEntry.objects.get(code="workshop.order.resumed")
    assert (shop.fresh(order).state, row.facts["anyway"], row.facts["reason"]) == ("working", True, "先做保养")


def test_a_hold_undone_goes_on_and_says_so(shop, wang):
    order = asked_and_held(shop, wang, "EL001")
    undo(AuditEntry.objects.get(code="workshop.order.held").uid, by=wang, now=after(minutes=3))
    assert shop.fresh(order).state == "working"


def test_the_page_asks_why_before_it_goes_on(shop, wang):
    advisor, order = at_desk(shop.advisor), asked_and_held(shop, wang, "EL001")
    assert f"/workshop/orders/{order.pk}/ask/resume-anyway" in page(advisor, order)
    asked = advisor.get(f"/workshop/orders/{order.pk}/ask/resume-anyway").content.decode()
    assert 'value="其他项目可以先做"' in asked
    assert send(advisor, order, "resume-anyway").status_code == 422
    send(advisor, order, "resume-anyway", reason="其他项目可以先做")
    assert shop.fresh(order).state == "working"


def test_the_api_holds_and_goes_on_with_the_same_guards(shop, wang, liu):
    order, foreman = two_at_work(shop, wang, liu), at_desk(shop.foreman)

    def call(verb, body, key):
        return foreman.post(
            f"/api/v1/orders/{order.pk}/{verb}", body, content_type="application/json", headers={"Idempotency-Key": key}
        )

    answer = call("hold", {"reason": "wait_tool"}, "h1")
    assert (answer.status_code, json.loads(answer.content)["code"]) == (422, "workshop.order.job_goes_on")
    for place, who in ((0, wang), (1, liu)):
        actions.pause_job(shop.labour(order, place), reason="wait_approval", by=who, now=after(minutes=1))
    actions.add_extra(order, jobs=[actions.JobWanted("EL001")], by=shop.advisor, now=after(minutes=1))
    assert call("hold", {"reason": "wait_approval"}, "h2").status_code == 200
    assert json.loads(call("resume", {}, "r1").content)["code"] == "workshop.order.answer_still_missing"
    assert json.loads(call("resume", {"anyway": True}, "r2").content)["code"] == "workshop.order.no_reason"
    assert json.loads(call("resume", {"anyway": True, "reason": "先做别的"}, "r3").content)["state"] == "working"
