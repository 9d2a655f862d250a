"""From the dispatch on only a manager cancels; the advisor asks him, or he agrees beside (domain.md 5.2)."""

from __future__ import annotations

import json

import pytest

from cheyi.foundation.acts import undo
from cheyi.foundation.models import AuditEntry
from cheyi.foundation.refusals import sentence
from cheyi.kernel import Refused
from cheyi.settlement import actions as settlement
from cheyi.settlement.models import Approval, Bill
from cheyi.workshop import actions
from cheyi.workshop.models import LabourLine, WorkOrder
from cheyi.workshop.queries.counter import counter
from cheyi.workshop.queries.figures import day_figures
from tests.foundation.org import NOW
from tests.workshop.shop import after, everything, yuan
from tests.workshop.test_pages_giving_back import agreed, known, problem
from tests.workshop.test_pages_order import send
from tests.workshop.test_pages_reception import at_desk


@pytest.fixture
def dispatched(shop):
    return shop.opened("CH001", "DT004", to=shop.technician())


def refused(verb, order, **words):
    """The refusal of a verb that changes nothing."""
    before = everything(WorkOrder, LabourLine, Approval)
    with pytest.raises(Refused) as refusal:
        verb(order, **{"reason": "客户放弃", "now": after(minutes=5), **words})
    assert everything(WorkOrder, LabourLine, Approval) == before
    return refusal.value


def test_an_order_that_nobody_has_yet_is_cancelled_by_its_advisor(shop):
    order = shop.opened("MA001")
    assert actions.cancel(order, reason="客户放弃", by=shop.advisor, now=after(hours=1)).state == "cancelled"


def test_from_the_dispatch_on_only_a_manager_cancels(shop, dispatched):
    answer = refused(actions.cancel, dispatched, by=shop.advisor)
    assert (answer.code, answer.field) == ("workshop.order.manager_cancels", "approver")
    assert "发申请" in sentence(answer)
    for nobody in (shop.advisor, shop.foreman):
        answer = refused(actions.cancel, dispatched, by=shop.advisor, approver=nobody)
        assert answer.code == "workshop.order.manager_cancels"
    assert actions.cancel(dispatched, reason="客户放弃", by=shop.manager, now=after(minutes=5)).state == "cancelled"


def test_a_manager_who_stands_beside_agrees(shop, dispatched):
    words = {"reason": "客户放弃", "approver": shop.manager, "by": shop.advisor, "now": after(minutes=5)}
    assert actions.cancel(dispatched, **words).state == "cancelled"
    row = AuditEntry.objects.get(code="workshop.order.cancelled")
    assert (row.actor_id, row.facts["approver"]) == (shop.advisor.user_id, shop.manager.name)


def test_parts_that_moved_ask_for_the_manager_before_the_dispatch_too(shop):
    from cheyi.parts import actions as parts
    from cheyi.parts.models import RequestLine

    order = shop.opened("CH001")
    shop.hand_out(order)
    line = RequestLine.objects.get(request__source_id=order.pk)
    parts.take_back(line, quantity=line.issued, condition="good", by=shop.keeper, now=NOW)
    assert shop.fresh(order).state == "open"
    assert refused(actions.cancel, order, by=shop.advisor).code == "workshop.order.manager_cancels"


def opened_entry():
    return AuditEntry.objects.get(code="workshop.order.opened").uid


def test_whoever_opened_an_order_by_mistake_takes_it_back_at_once(shop, dispatched):
    undo(opened_entry(), by=shop.advisor, now=after(seconds=8))
    assert (shop.fresh(dispatched).state, shop.told()) == ("cancelled", [])


def test_an_opening_is_not_taken_back_by_a_colleague_nor_later_nor_once_somebody_has_begun(shop, dispatched):
    colleague = shop.town.person("advisor", "王芳")
    for who, when in ((colleague, after(seconds=8)), (shop.advisor, after(minutes=2))):
        with pytest.raises(Refused) as refusal:
            undo(opened_entry(), by=who, now=when)
        assert refusal.value.code == "workshop.order.manager_cancels"
    actions.start_job(shop.labour(dispatched), by=shop.technician(), now=after(seconds=5))
    with pytest.raises(Refused) as refusal:
        undo(opened_entry(), by=shop.advisor, now=after(seconds=8))
    assert (refusal.value.code, shop.fresh(dispatched).state) == ("workshop.order.manager_cancels", "working")


def test_the_manager_is_asked_agrees_and_the_order_is_cancelled_in_the_name_of_who_asked(shop, dispatched):
    row = actions.ask_cancel(dispatched, reason="客户放弃", by=shop.advisor, now=after(minutes=5))
    assert (row.act, row.amount, row.source_id, row.state) == (
        "cancel_order",
        dispatched.estimate_total,
        dispatched.pk,
        "waiting",
    )
    assert refused(actions.ask_cancel, dispatched, by=shop.advisor).code == "settlement.approval.waits"
    first = day_figures(shop.store, after(hours=1)).decisions[0]
    assert (first.approval, first.code, first.plate) == (row.pk, "cancel_order", "沪A80001")
    settlement.agree(row, store=shop.store, by=shop.manager, now=after(minutes=9))
    entry = AuditEntry.objects.get(code="workshop.order.cancelled")
    assert (shop.fresh(dispatched).state, entry.actor_id, entry.facts["approver"]) == (
        "cancelled",
        shop.advisor.user_id,
        shop.manager.name,
    )


def test_a_service_manager_agrees_too_and_a_cashier_does_not(shop, dispatched):
    row = actions.ask_cancel(dispatched, reason="客户放弃", by=shop.advisor, now=after(minutes=5))
    with pytest.raises(Refused) as refusal:
        settlement.agree(row, store=shop.store, by=shop.cashier, now=after(minutes=6))
    assert refusal.value.code == "settlement.approval.no_right"
    settlement.agree(row, store=shop.store, by=shop.town.person("service_manager"), now=after(minutes=9))
    assert shop.fresh(dispatched).state == "cancelled"


def test_what_is_done_is_billed_when_the_manager_agrees(shop):
    wang = shop.technician()
    order = shop.opened("DT004", "CH001", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    actions.finish_job(shop.labour(order), self_checked=True, by=wang, now=NOW)
    row = actions.ask_cancel(shop.fresh(order), reason="客户放弃", by=shop.advisor, now=after(minutes=5))
    settlement.agree(row, store=shop.store, by=shop.manager, now=after(minutes=9))
    assert (shop.fresh(order).state, Bill.objects.get(state="due").net_due) == ("ready", yuan(160))


def test_parts_that_are_out_come_back_before_the_manager_is_asked(shop, dispatched):
    shop.hand_out(dispatched)
    assert refused(actions.ask_cancel, dispatched, by=shop.advisor).code == "workshop.order.parts_outstanding"
    assert refused(actions.ask_cancel, dispatched, reason=" ", by=shop.advisor).code == "workshop.order.no_reason"


def test_what_was_asked_lapses_when_the_manager_cancels_himself(shop, dispatched):
    row = actions.ask_cancel(dispatched, reason="客户放弃", by=shop.advisor, now=after(minutes=5))
    actions.cancel(dispatched, reason="客户放弃", by=shop.manager, now=after(minutes=6))
    assert shop.fresh(row).state == "lapsed"


def test_the_page_leads_the_advisor_to_the_manager(shop, dispatched):
    advisor, manager = at_desk(shop.advisor), at_desk(known(shop.manager))
    asked = advisor.get(f"/workshop/orders/{dispatched.pk}/ask/cancel").content.decode()
    assert "派工后只有经理能作废：store_manager（店总）" in asked
    assert 'name="act" value="ask"' in asked
    assert problem(send(advisor, dispatched, "cancel", reason="客户放弃")) == "workshop.order.manager_cancels"
    send(advisor, dispatched, "cancel", reason="客户放弃", act="ask")
    row = Approval.objects.get()
    seen = [(one.is_own, one.may_decide) for one in counter(shop.store, NOW, viewer=shop.advisor).asked]
    assert (seen, "申请作废" in advisor.get("/workshop/counter").content.decode()) == ([(True, False)], True)
    assert f"/workshop/approvals/{row.pk}/agree" in manager.get("/workshop/today").content.decode()
    manager.post(f"/workshop/approvals/{row.pk}/agree", headers={"Idempotency-Key": "m1"})
    assert shop.fresh(dispatched).state == "cancelled"


def test_the_manager_agrees_on_the_advisors_screen(shop, dispatched):
    send(at_desk(shop.advisor), dispatched, "cancel", reason="客户放弃", **agreed(known(shop.manager)))
    assert shop.fresh(dispatched).state == "cancelled"


def test_the_advisor_takes_his_request_back(shop, dispatched):
    send(at_desk(shop.advisor), dispatched, "cancel", reason="客户放弃", act="ask")
    row = Approval.objects.get()
    at_desk(shop.advisor).post(f"/workshop/approvals/{row.pk}/withdraw", headers={"Idempotency-Key": "w1"})
    assert (shop.fresh(row).state, shop.fresh(dispatched).state) == ("withdrawn", "dispatched")


def test_the_manager_gets_the_plain_question(shop, dispatched):
    asked = at_desk(shop.manager).get(f"/workshop/orders/{dispatched.pk}/ask/cancel").content.decode()
    assert ('name="approver"' in asked, 'name="reason" value="客户放弃"' in asked) == (False, True)


def test_the_api_asks_and_cancels(shop, dispatched):
    def call(who, address, body):
        answer = at_desk(who).post(
            f"/api/v1/{address}", body, content_type="application/json", headers={"Idempotency-Key": address}
        )
        return answer.status_code, json.loads(answer.content)

    status, said = call(shop.advisor, f"orders/{dispatched.pk}/cancel", {"reason": "客户放弃"})
    assert (status, said["code"]) == (422, "workshop.order.manager_cancels")
    status, said = call(shop.advisor, f"orders/{dispatched.pk}/ask-cancel", {"reason": "客户放弃"})
    row = Approval.objects.get()
    assert (status, said) == (200, {"approval_id": row.pk})
    assert [one["id"] for one in at_desk(shop.advisor).get("/api/v1/approvals").json()["approvals"]] == [row.pk]
    assert at_desk(shop.town.person("advisor", "王芳")).get("/api/v1/approvals").json()["approvals"] == []
    assert call(shop.manager, f"approvals/{row.pk}/agree", {})[0] == 200
    assert shop.fresh(dispatched).state == "cancelled"
