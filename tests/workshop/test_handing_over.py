"""A car leaves with its keys: the forms state it, machines say it, and where it is not so the car stays (domain.md 5.2)."""

from __future__ import annotations

import json
import re

import pytest

from cheyi.foundation.models import Todo
from cheyi.foundation.refusals import sentence
from cheyi.kernel import Refused
from cheyi.settlement.models import Payment
from cheyi.workshop import actions
from cheyi.workshop.models import WorkOrder
from tests.foundation.org import NOW
from tests.workshop.shop import everything
from tests.workshop.test_pages_counter import send
from tests.workshop.test_pages_giving_back import problem
from tests.workshop.test_pages_reception import at_desk

TICKED = re.compile(r'<input type="checkbox" name="keys_out" checked>\s*车钥匙已交给客户')


@pytest.fixture
def paid(shop):
    return shop.pay(shop.ready("DT004"))


def test_who_says_nothing_of_the_keys_has_them_still(shop, paid):
    before = everything(WorkOrder, Todo)
    for leaving in (None, actions.LeavingCar(old_parts_choice="none")):
        with pytest.raises(Refused) as refusal:
            actions.hand_over(paid, leaving=leaving, by=shop.advisor, now=NOW)
        assert refusal.value.code == "workshop.order.keys_missing"
    assert sentence(refusal.value) == "车钥匙还在店里。交给客户后打勾，或只收款"
    assert everything(WorkOrder, Todo) == before


def test_both_forms_state_it_so_that_the_usual_hand_over_takes_no_click_more(shop, paid):
    cashier = at_desk(shop.cashier)
    waits = shop.ready("DT004", car=shop.car("沪A80002", vin="", owner=False))
    assert TICKED.search(cashier.get(f"/workshop/orders/{paid.pk}/hand-over").content.decode())
    assert TICKED.search(cashier.get(f"/workshop/orders/{waits.pk}/settle").content.decode())


def test_without_the_tick_the_car_stays_and_nothing_is_taken(shop, paid):
    cashier, waits = (
        at_desk(shop.cashier),
        shop.ready("DT004", car=shop.car("沪A80002", vin="", owner=shop.customer("乐乐", mobile="19900002222"))),
    )
    before = everything(WorkOrder, Payment)
    form = {"old_parts_choice": "none"}
    assert problem(send(cashier, f"/workshop/orders/{paid.pk}/hand-over", **form)) == "workshop.order.keys_missing"
    assert problem(send(cashier, f"/workshop/orders/{waits.pk}/pay", key="k2", way="cash", **form)) == (
        "workshop.order.keys_missing"
    )
    assert everything(WorkOrder, Payment) == before
    assert send(cashier, f"/workshop/orders/{waits.pk}/pay", key="k3", way="cash", act="pay").status_code == 200
    assert shop.fresh(waits).state == "settled"


def test_with_the_tick_the_car_leaves(shop, paid):
    form = {"old_parts_choice": "none", "keys_out": "on"}
    assert send(at_desk(shop.advisor), f"/workshop/orders/{paid.pk}/hand-over", **form).status_code == 200
    assert (shop.fresh(paid).state, shop.fresh(paid).keys_out) == ("delivered", True)


def test_a_machine_has_to_say_it(shop, paid):
    def call(body, key):
        answer = at_desk(shop.advisor).post(
            f"/api/v1/orders/{paid.pk}/hand-over",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": key},
        )
        return answer.status_code, json.loads(answer.content)

    status, said = call({"old_parts_choice": "none"}, "a")
    assert (status, said["code"], list(said["fields"])) == (422, "foundation.form.invalid", ["keys_out"])
    assert call({"old_parts_choice": "none", "keys_out": False}, "b")[1]["code"] == "workshop.order.keys_missing"
    assert call({"old_parts_choice": "none", "keys_out": True}, "c")[1]["state"] == "delivered"
