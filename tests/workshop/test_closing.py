"""An order is over once its owner was called, or fifteen days after the car has left (domain.md 5.2)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from cheyi.foundation import todos
from cheyi.foundation.models import AuditEntry, Fact, Todo
from cheyi.foundation.refusals import sentence
from cheyi.foundation.scope import using
from cheyi.foundation.sources import Source
from cheyi.kernel import Refused
from cheyi.workshop import actions, jobs
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.rules.calling import CALL_BACK
from tests.foundation.org import NOW
from tests.workshop.shop import after, everything
from tests.workshop.test_pages_order import page, primary_of, send
from tests.workshop.test_pages_reception import at_desk


@pytest.fixture
def care(shop):
    return shop.town.person("care_agent")


@pytest.fixture
def gone(shop):
    """An order whose car has left."""
    return shop.handed_over(shop.pay(shop.ready("DT004")))


def call():
    return Todo.objects.get(kind=CALL_BACK)


def test_an_order_whose_owner_was_not_called_is_not_closed(shop, care, gone):
    before = everything(WorkOrder, Todo)
    with pytest.raises(Refused) as refusal:
        actions.close(gone, by=care, now=after(days=3))
    assert (refusal.value.code, refusal.value.facts["until"]) == ("workshop.order.follow_up_missing", "2026-06-30")
    assert "还没回访" in sentence(refusal.value)
    assert everything(WorkOrder, Todo) == before


def reached(order, care, *, now):
    return actions.record_call(order, outcome="satisfied", by=care, now=now)


def test_the_call_that_reached_him_closes_the_order(shop, care, gone):
    reached(gone, care, now=after(days=3))
    order = shop.fresh(gone)
    assert (order.state, order.closed_at) == ("closed", after(days=3))
    assert AuditEntry.objects.get(code="workshop.order.closed").actor_id is None
    fact = Fact.objects.get(code="foundation.todo.settled")
    assert (fact.facts["kind"], fact.facts["source_id"]) == (CALL_BACK, gone.pk)


def test_a_call_settled_with_its_document_closes_the_order_too(shop, care, gone):
    source = Source("workshop.order", gone.pk)
    assert todos.settle(store=shop.store, source=source, kinds=(CALL_BACK,), by=care, now=after(days=2)) == 1
    assert shop.fresh(gone).state == "closed"


def test_a_call_written_down_twice_closes_once(shop, care, gone):
    reached(gone, care, now=after(days=3))
    with pytest.raises(Refused) as refusal:
        reached(gone, care, now=after(days=4))
    assert refusal.value.code == "workshop.call.not_waiting"
    settled = Fact.objects.filter(code="foundation.todo.settled")
    assert (shop.fresh(gone).closed_at, settled.count()) == (after(days=3), 1)


def test_who_was_not_reached_three_times_is_called_no_more_and_his_order_is_over(shop, care, gone):
    for day in (3, 4):
        actions.record_call(gone, outcome="not_reached", by=care, now=after(days=day))
        assert shop.fresh(gone).state == "delivered"
    actions.record_call(gone, outcome="not_reached", by=care, now=after(days=5))
    assert shop.fresh(gone).state == "closed"


def test_something_else_that_is_ticked_off_closes_nothing(shop, care, gone):
    other = todos.remind_to(
        store=shop.store, role="care_agent", kind="x.y", source=Source("workshop.order", gone.pk), due_at=NOW, now=NOW
    )
    todos.done(other, by=care, now=after(days=1))
    assert shop.fresh(gone).state == "delivered"


def test_after_fifteen_days_the_order_is_over_without_the_call(shop, care, gone):
    with pytest.raises(Refused):
        actions.close(gone, by=care, now=after(days=14, hours=23))
    assert actions.close(gone, by=care, now=after(days=15, hours=1)).state == "closed"
    assert call().done_at == after(days=15, hours=1)


def test_the_clock_closes_a_called_order_when_its_vin_is_known(shop, care):
    car = shop.car("沪A80009", vin="")
    order = shop.handed_over(shop.pay(shop.ready("DT004", car=car)))
    reached(order, care, now=after(days=3))
    assert shop.fresh(order).state == "delivered"
    with using(None):
        jobs.close_old(now=after(days=3, hours=1))
    assert shop.fresh(order).state == "delivered"
    type(car).objects.filter(pk=car.pk).update(vin="LSVAA4184N2183294")
    with using(None):
        jobs.close_old(now=after(days=3, hours=2))
    assert (shop.fresh(order).state, shop.fresh(order).vin) == ("closed", "LSVAA4184N2183294")


def test_the_clock_leaves_an_order_that_waits_for_its_call(shop, gone):
    with using(None):
        jobs.close_old(now=after(days=5))
    assert shop.fresh(gone).state == "delivered"


def test_the_page_offers_closing_when_the_order_is_over_and_says_else_who_is_next(shop, care, gone):
    manager, left_at = at_desk(shop.manager), gone.delivered_at
    WorkOrder.objects.filter(pk=gone.pk).update(delivered_at=datetime.now(UTC))
    text = page(manager, gone)
    assert (primary_of(text), "客服回访后自动关闭" in text) == (None, True)
    assert send(manager, gone, "close").status_code == 422
    WorkOrder.objects.filter(pk=gone.pk).update(delivered_at=left_at)
    assert primary_of(page(at_desk(care), gone)) == "close"
    send(at_desk(care), gone, "close")
    assert shop.fresh(gone).state == "closed"


def test_an_advisor_closes_nothing(shop, gone):
    assert send(at_desk(shop.advisor), gone, "close").status_code == 403


def test_a_call_written_down_by_machine_closes_the_order(shop, care, gone):
    answer = at_desk(care).post(
        f"/api/v1/orders/{gone.pk}/record-call",
        {"outcome": "satisfied"},
        content_type="application/json",
        headers={"Idempotency-Key": "t1"},
    )
    assert (answer.status_code, shop.fresh(gone).state) == (200, "closed")
    answer = at_desk(care).post(
        f"/api/v1/orders/{gone.pk}/close", {}, content_type="application/json", headers={"Idempotency-Key": "t2"}
    )
    assert (answer.status_code, json.loads(answer.content)["code"]) == (422, "workshop.order.not_now")
