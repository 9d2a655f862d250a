"""Writing down who is new, active, asleep or lost: by the visits of the whole group, and only what is known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cheyi.care.actions import mark_life_cycles
from cheyi.care.jobs import mark_life_cycles as nightly
from cheyi.customers.models import Customer
from cheyi.foundation.jobs import SCHEDULES
from cheyi.foundation.scope import everywhere, within
from cheyi.vehicles.models import Vehicle, VehicleStore
from tests.foundation.org import NOW
from tests.workshop.shop import open_shop

OVER_A_YEAR = timedelta(days=400)


@pytest.fixture
def shop(db):
    shop = open_shop()
    with within(shop.store):
        yield shop


def marked(customer, *, store, now=NOW):
    with everywhere("the marks of the whole group"):
        mark_life_cycles(store, now=now)
        row = Customer.objects.get(pk=customer.pk)
    return row.life_cycle, row.at_risk


def came(shop, order):
    return Customer.objects.get(pk=order.customer_id)


def test_one_visit_is_new_then_active_asleep_and_lost(shop):
    customer = came(shop, shop.opened("MA001"))
    found = [marked(customer, store=shop.store, now=NOW + timedelta(days=days))[0] for days in (0, 100, 200, 400)]
    assert found == ["new", "active", "sleeping", "lost"]


def test_an_order_that_was_cancelled_is_no_visit(shop):
    order = shop.opened("MA001")
    customer = came(shop, order)
    type(order).objects.filter(pk=order.pk).update(state="cancelled")
    VehicleStore.objects.update(last_visit_on=None)
    assert marked(customer, store=shop.store) == ("", False)


def test_the_last_visit_of_imported_data_counts(shop):
    shop.car()
    customer = Customer.objects.get()
    VehicleStore.objects.update(last_visit_on=shop.store.business_date(NOW - OVER_A_YEAR))
    assert marked(customer, store=shop.store)[0] == "lost"


def test_overdue_and_not_seen_for_three_months_is_at_risk(shop):
    order = shop.opened("MA001")
    today = shop.store.business_date(NOW + timedelta(days=120))
    Vehicle.objects.filter(pk=order.vehicle_id).update(next_service_on=today)
    later = NOW + timedelta(days=120)
    assert marked(came(shop, order), store=shop.store, now=later) == ("active", True)


def test_nobody_is_called_new_who_was_never_here(shop):
    customer = shop.customer()
    assert customer.life_cycle == "new"
    assert marked(customer, store=shop.store) == ("", False)


def test_the_night_marks_every_group_once(shop):
    customer = came(shop, shop.opened("MA001"))
    Customer.objects.update(life_cycle="lost")
    assert SCHEDULES["care.customer.mark_life_cycles"] == timedelta(days=1)
    nightly(now=NOW)
    assert Customer.objects.get(pk=customer.pk).life_cycle == "new"
    with everywhere("the marks of the whole group"):
        assert mark_life_cycles(shop.store, now=NOW) == 0


def test_the_marks_of_a_group_take_few_statements(shop, django_assert_max_num_queries):
    for number in range(6):
        shop.customer(f"方志{'一二三四五六'[number]}", f"1990000222{number}")
    shop.opened("MA001")
    with everywhere("the marks of the whole group"), django_assert_max_num_queries(9):
        mark_life_cycles(shop.store, now=NOW)
