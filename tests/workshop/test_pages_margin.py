"""What a settled order cost and brought: on its page for who may see costs, and for nobody else (domain.md 2.2, 6.1)."""

import pytest

from cheyi.kernel import Rate
from cheyi.workshop import actions
from cheyi.workshop.queries.earned import earned_by
from tests.foundation.org import NOW
from tests.workshop.shop import yuan
from tests.workshop.test_pages_order import page
from tests.workshop.test_pages_reception import at_desk


@pytest.fixture
def settled(shop):
    """Half an hour at 60 yuan and four litres and a filter at 40 each, sold for 640.00 with tax."""
    return shop.pay(shop.ready("MA001"))


def test_cost_profit_and_margin_are_those_of_bills_and_lines(shop, settled):
    found = earned_by(settled)
    assert (found.money.revenue, found.money.ex) == (yuan(640), yuan("566.37"))
    assert (found.money.cost, found.unknown) == (yuan(230), 0)
    assert (found.money.profit, found.money.margin) == (yuan("336.37"), Rate.percent("59.39"))


def test_before_it_is_settled_an_order_has_earned_nothing(shop):
    assert earned_by(shop.ready("MA001")) is None


def test_lines_without_a_cost_are_counted(shop):
    wang = shop.technician()
    order = shop.opened("DT004", to=wang)
    actions.add_sublet(order, name="四轮定位", price=yuan(150), by=shop.advisor, now=NOW)
    actions.add_fee(order, name="拖车", amount=yuan(200), by=shop.advisor, now=NOW)
    order = shop.pay(shop.work(order, wang))
    assert (earned_by(order).unknown, earned_by(order).money.cost) == (1, yuan(30))


@pytest.mark.parametrize("role", ["store_manager", "service_manager", "accountant"])
def test_who_may_see_costs_reads_them_on_the_order(shop, settled, role):
    shown = page(at_desk(shop.town.person(role)), settled).split('id="margin"')[1].split("</div></div>")[0]
    assert [words for words in ("毛利", "¥336.37", "59.39%", "¥230.00") if words in shown] == [
        "毛利",
        "¥336.37",
        "59.39%",
        "¥230.00",
    ]


@pytest.mark.parametrize("role", ["advisor", "cashier", "foreman", "inspector"])
def test_nobody_else_does(shop, settled, role):
    shown = page(at_desk(shop.town.person(role)), settled)
    assert 'id="margin"' not in shown
    assert "336.37" not in shown
