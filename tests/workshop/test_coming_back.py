"""The same fault returns: within its kilometres and days, and the inspector says whose fault it was (domain.md 5.2)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from cheyi.foundation import todos
from cheyi.foundation.models import Todo
from cheyi.kernel import Refused
from cheyi.workshop import actions
from cheyi.workshop.models import WorkOrder
from tests.workshop.shop import after, everything
from tests.workshop.test_pages_giving_back import problem
from tests.workshop.test_pages_order import page, send
from tests.workshop.test_pages_reception import at_desk

REVIEW = "workshop.todo.review_rework"


@pytest.fixture
def gone(shop):
    """An order whose car has left at 20,400 km."""
    return shop.handed_over(shop.pay(shop.ready("DT004", mileage=20_400)))


@pytest.fixture
def back(shop, gone):
    """Its rework."""
    return actions.come_back(gone, lines=[shop.labour(gone)], mileage=20_900, by=shop.advisor, now=after(days=2))


def test_the_inspector_has_to_say_whose_fault_it_was(shop, gone, back):
    todo = Todo.objects.get(kind=REVIEW)
    assert (todo.role, todo.assignee_id, todo.source_id, todo.due_at) == ("inspector", None, back.pk, after(days=2))
    assert todos.sentence(todo) == f"沪A80001 修完 {gone.no} 又来返修：在 {back.no} 上定责任"
    actions.set_responsibility(back, responsibility="part", by=shop.inspector, now=after(days=3))
    assert (Todo.objects.get(kind=REVIEW).done_at, shop.fresh(back).rework_responsibility) == (after(days=3), "part")


def test_a_rework_that_does_not_take_place_has_nobodys_fault(shop, back):
    actions.cancel(back, reason="录入错误", by=shop.advisor, now=after(days=3))
    assert Todo.objects.get(kind=REVIEW).done_at == after(days=3)


def test_a_responsibility_is_one_of_the_list_and_of_a_rework(shop, gone, back):
    before = everything(WorkOrder, Todo)
    for order, said, code in (
        (back, "", "unknown_responsibility"),
        (back, "nobody", "unknown_responsibility"),
        (gone, "part", "no_rework"),
    ):
        with pytest.raises(Refused) as refusal:
            actions.set_responsibility(order, responsibility=said, by=shop.inspector, now=after(days=3))
        assert refusal.value.code == f"workshop.order.{code}"
    assert everything(WorkOrder, Todo) == before


def test_the_inspector_says_it_on_the_order_page_and_can_change_it(shop, back):
    inspector = at_desk(shop.inspector)
    assert "定责任" in page(inspector, back)
    asked = inspector.get(f"/workshop/orders/{back.pk}/ask/responsibility").content.decode()
    assert 'name="responsibility" value="workshop"' in asked
    assert problem(send(inspector, back, "set-responsibility")) == "workshop.order.unknown_responsibility"
    send(inspector, back, "set-responsibility", responsibility="workshop")
    assert shop.fresh(back).rework_responsibility == "workshop"
    answered = page(inspector, back)
    assert ("定责任" in answered, "/ask/responsibility" in answered) == (False, True)


def test_a_keeper_says_nothing_of_it(shop, back):
    assert send(at_desk(shop.keeper), back, "set-responsibility", responsibility="part").status_code == 403


def lately(gone):
    """Move an order's hand-over to today, since pages read the present clock."""
    WorkOrder.objects.filter(pk=gone.pk).update(delivered_at=datetime.now(UTC))


def test_the_dialog_asks_for_the_mileage_and_says_why(shop, gone):
    asked = at_desk(shop.advisor).get(f"/workshop/orders/{gone.pk}/ask/come-back").content.decode()
    field = asked[asked.index('name="mileage"') :]
    assert ('value=""' in field[: field.index(">")], "保修也按里程算，不填就按上次的 20,400 km" in asked) == (
        True,
        True,
    )


def test_the_typed_mileage_decides_whether_it_is_rework(shop, gone):
    advisor, line = at_desk(shop.advisor), shop.labour(gone).pk
    lately(gone)
    answer = send(advisor, gone, "come-back", line=line, mileage="31,000")
    assert (problem(answer), WorkOrder.objects.count()) == ("workshop.order.guarantee_over", 1)
    assert problem(send(advisor, gone, "come-back", line=line, mileage="viel")) == "workshop.form.bad_mileage"
    send(advisor, gone, "come-back", line=line, mileage="20,900")
    rework = WorkOrder.objects.get(rework_of=gone)
    assert (rework.mileage_in, rework.type) == (20_900, "rework")


def test_without_a_mileage_the_last_reading_counts(shop, gone):
    lately(gone)
    send(at_desk(shop.advisor), gone, "come-back", line=shop.labour(gone).pk, mileage="")
    assert WorkOrder.objects.filter(rework_of=gone).count() == 1


def test_the_api_takes_an_agreed_responsibility_as_the_page_does(shop, gone):
    def call(who, order, verb, body, key):
        answer = at_desk(who).post(
            f"/api/v1/orders/{order.pk}/{verb}", body, content_type="application/json", headers={"Idempotency-Key": key}
        )
        return answer.status_code, json.loads(answer.content)

    body = {"line_ids": [shop.labour(gone).pk], "mileage": 31_000}
    assert call(shop.advisor, gone, "come-back", body, "a")[1]["code"] == "workshop.order.guarantee_over"
    status, made = call(shop.advisor, gone, "come-back", {**body, "responsibility": "part"}, "b")
    rework = WorkOrder.objects.get(rework_of=gone)
    assert (status, made["id"], rework.rework_responsibility) == (200, rework.pk, "part")
    assert call(shop.inspector, rework, "set-responsibility", {"responsibility": "diagnosis"}, "c")[0] == 200
    assert shop.fresh(rework).rework_responsibility == "diagnosis"
