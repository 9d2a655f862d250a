"""The cards of customers and cars with the workshop's panels: what they show, and their query budgets."""

from __future__ import annotations

import re

import pytest

from tests.customers.visits import browser
from tests.workshop.shop import after


@pytest.fixture
def past(shop):
    """A car that was here once and is back."""
    order = shop.handed_over(shop.pay(shop.ready("DT004")), now=after(hours=3))
    shop.opened("MA001", car=order.vehicle, now=after(days=2))
    return order


def page(viewer, address) -> str:
    return browser(viewer).get(address).content.decode()


def test_a_customers_card_shows_his_visits_within_its_queries(shop, past, django_assert_max_num_queries):
    client = browser(shop.advisor)
    with django_assert_max_num_queries(8):
        text = client.get(f"/customers/{past.customer_id}").content.decode()
    assert f'href="/workshop/orders/{past.pk}"' in text
    assert "共到店 1 次" in text
    assert "19900001111" not in text


def test_a_cars_card_shows_its_visits_within_its_queries(shop, past, django_assert_max_num_queries):
    client = browser(shop.advisor)
    with django_assert_max_num_queries(8):
        text = client.get(f"/vehicles/{past.vehicle_id}").content.decode()
    assert f'href="/workshop/orders/{past.pk}"' in text
    assert "¥" in text


def test_an_order_is_opened_from_a_customers_card_by_the_one_button_or_by_the_digit_of_the_car(shop):
    person, first = shop.customer(), shop.car("沪A80003", vin="", owner=None)
    mine = shop.car("沪A80004", vin="", owner=person)
    card = f"/customers/{person.pk}"
    assert re.findall(r'href="/workshop/reception/cars/(\d+)"[^>]*data-primary', page(shop.advisor, card)) == [
        str(mine.pk)
    ]
    other = shop.car("沪A80005", vin="", owner=person)
    text = page(shop.advisor, card)
    found = re.findall(r'href="/workshop/reception/cars/(\d+)"[^>]*data-key="(\d)"', text)
    assert sorted(found, key=lambda one: one[1]) == [(pk, str(nth)) for nth, (pk, _) in enumerate(found, 1)]
    assert {int(pk) for pk, _ in found} == {mine.pk, other.pk}
    assert ("data-primary" in text, str(first.pk) in dict(found)) == (False, False)


def test_a_technician_sees_no_price_of_a_car_that_he_works_on(shop, past):
    wang = shop.technician("刘洋", mechanics=3)
    shop.opened("DT004", car=shop.car("沪A80009", vin="", owner=None), to=wang)
    text = page(wang, f"/vehicles/{past.vehicle_id}")
    assert "¥" not in text
    assert f'href="/workshop/orders/{past.pk}"' not in text
