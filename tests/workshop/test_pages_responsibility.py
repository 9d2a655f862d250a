"""Whose fault it is that a car came back: said on the rework order by who judges the work (domain.md 2.1, 5.2)."""

import pytest

from cheyi.workshop import actions
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.models.choices import Responsibility
from tests.foundation.org import NOW
from tests.workshop.shop import after, everything
from tests.workshop.test_pages_api import call
from tests.workshop.test_pages_order import PARTIAL, page
from tests.workshop.test_pages_reception import at_desk

JUDGES = ("foreman", "inspector", "store_manager", "service_manager")


@pytest.fixture
def rework(shop):
    order = shop.handed_over(shop.pay(shop.ready("DT004")))
    return actions.come_back(order, lines=[shop.labour(order)], mileage=20_400, by=shop.advisor, now=after(days=1))


def send(client, order, **form):
    address = f"/workshop/orders/{order.pk}/set-responsibility"
    return client.post(address, form | {"_key": f"r{form}"}, headers=PARTIAL)


@pytest.mark.parametrize("role", JUDGES)
def test_who_judges_the_work_says_it_on_the_order_with_one_click(shop, rework, role):
    judge = at_desk(shop.town.person(role))
    shown = page(judge, rework).split('id="responsibility"')[1].split("</section>")[0]
    assert "还没看" in shown
    assert f"/workshop/orders/{rework.rework_of_id}" in shown
    asked = judge.get(f"/workshop/orders/{rework.pk}/ask/responsibility").content.decode()
    assert [code for code in Responsibility.values if f'value="{code}"' in asked] == Responsibility.values
    answer = send(judge, rework, responsibility="diagnosis")
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (200, "cheyi:changed")
    assert shop.fresh(rework).rework_responsibility == "diagnosis"
    shown = page(judge, rework).split('id="responsibility"')[1].split("</section>")[0]
    assert "诊断" in shown
    assert "还没看" not in shown


@pytest.mark.parametrize("role", ["advisor", "cashier", "technician"])
def test_nobody_else_says_it_on_the_page_or_by_machine(shop, rework, role):
    client = at_desk(shop.technician() if role == "technician" else shop.town.person(role))
    before = everything(WorkOrder)
    assert send(client, rework, responsibility="customer_use").status_code == 403
    assert call(client, f"/orders/{rework.pk}/set-responsibility", responsibility="customer_use").status_code == 403
    assert everything(WorkOrder) == before


def test_the_advisor_reads_it_and_has_no_button(shop, rework):
    actions.set_responsibility(rework, responsibility="part", by=shop.inspector, now=NOW)
    shown = page(at_desk(shop.advisor), rework).split('id="responsibility"')[1].split("</section>")[0]
    assert "配件" in shown
    assert "ask/responsibility" not in shown


def test_by_machine_the_inspector_says_it(shop, rework):
    answer = call(at_desk(shop.inspector), f"/orders/{rework.pk}/set-responsibility", responsibility="workshop")
    assert (answer.status_code, shop.fresh(rework).rework_responsibility) == (200, "workshop")


@pytest.mark.parametrize("form", [{}, {"responsibility": ""}, {"responsibility": "nobody"}])
def test_a_fault_of_nobody_known_is_refused(shop, rework, form):
    before = everything(WorkOrder)
    answer = send(at_desk(shop.foreman), rework, **form)
    assert (answer.status_code, answer.headers["X-Problem"]) == (422, "workshop.order.unknown_responsibility")
    assert everything(WorkOrder) == before


def test_an_ordinary_order_has_no_such_question(shop):
    order = shop.opened("DT004")
    foreman = at_desk(shop.foreman)
    assert 'id="responsibility"' not in page(foreman, order)
    answer = send(foreman, order, responsibility="workshop")
    assert (answer.status_code, answer.headers["X-Problem"]) == (422, "workshop.order.no_rework")
