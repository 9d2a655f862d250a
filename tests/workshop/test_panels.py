"""What the workshop shows on the cards of customers and cars: the right visits, to whom they concern, at few queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheyi.customers.models import Customer
from cheyi.vehicles.models import Vehicle
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.queries import comings
from cheyi.workshop.queries.visits import bookings, put_off, visits
from tests.customers.visits import browser
from tests.foundation.org import NOW
from tests.workshop.shop import after, yuan


def seen(shop, viewer, **whose):
    return visits(viewer, store=shop.store, now=after(days=3), **whose)


def test_open_orders_stand_before_past_ones_and_only_past_ones_count_as_visits(shop):
    past = shop.handed_over(shop.pay(shop.ready("DT004")), now=after(hours=3))
    again = shop.opened("MA001", car=past.vehicle, now=after(days=2))
    view = seen(shop, shop.advisor, customer_id=past.customer_id)
    assert [row.order.pk for row in view.rows] == [again.pk, past.pk]
    assert (view.count, view.shows_prices) == (1, True)
    assert view.rows[1].works == (shop.labour(past).name,)
    assert seen(shop, shop.advisor, vehicle_id=past.vehicle_id) == view


def test_the_last_visit_is_dated_by_the_hand_over(shop):
    past = shop.handed_over(shop.pay(shop.ready("DT004")), now=after(hours=3))
    assert past.vehicle.stores.get(store=shop.store).last_visit_on == shop.store.business_date(after(hours=3))


def test_who_sees_no_prices_sees_the_visits_without_them(shop):
    order = shop.opened("DT004")
    view = seen(shop, shop.inspector, vehicle_id=order.vehicle_id)
    assert ([row.order.pk for row in view.rows], view.shows_prices) == ([order.pk], False)


def test_the_history_costs_three_queries_however_long_it_is(shop):
    car = shop.car()
    for day in range(3):
        shop.handed_over(shop.pay(shop.ready("DT004", car=car)), now=after(hours=3 + day))
    with CaptureQueriesContext(connection) as context:
        assert len(seen(shop, shop.advisor, vehicle_id=car.pk).rows) == 3
    assert len(context.captured_queries) <= 3


def test_nothing_booked_and_nothing_put_off_is_an_empty_answer(shop):
    car = shop.car()
    assert list(bookings(store=shop.store, now=NOW, vehicle_id=car.pk)) == []
    assert list(put_off(car.pk, store=shop.store)) == []
    assert yuan(0) == yuan("0.00")


def test_the_lists_say_how_often_somebody_was_here(shop):
    order = shop.opened("MA001")
    other = shop.customer("方志敏", "19900003333")
    cancelled = shop.opened("CH001", car=shop.car("沪A80002", owner=other, vin="LSVAA2A15FE000002"))
    WorkOrder.objects.filter(pk=cancelled.pk).update(state="cancelled")
    counted = comings.counts_by("customer", [order.customer_id, other.pk], shop.advisor)
    assert counted == {order.customer_id: 1, other.pk: 0}
    assert comings.counts_by("vehicle", [order.vehicle_id], shop.advisor) == {order.vehicle_id: 1}


def test_a_car_in_the_shop_leads_to_its_order_and_one_outside_to_a_new_one(shop):
    order = shop.opened("MA001")
    outside = shop.car("沪A80002", owner=Customer.objects.get(pk=order.customer_id), vin="LSVAA2A15FE000002")
    cars = comings.cars_to_open(comings.cars_of(order.customer_id), shop.advisor)
    assert [(one.id, one.order_id) for one in cars] == [(outside.pk, None), (order.vehicle_id, order.pk)]
    Vehicle.objects.filter(pk=outside.pk).update(status="scrapped")
    assert [one.id for one in comings.cars_to_open([outside.pk, order.vehicle_id], shop.advisor)] == [order.vehicle_id]


LISTS = {"/customers/": 9, "/vehicles/": 8}


@pytest.mark.parametrize("address", LISTS)
def test_a_list_takes_as_many_statements_for_twelve_rows_as_for_two(shop, address):
    client = browser(shop.advisor)
    counts = []
    for number in range(12):
        owner = shop.customer(f"方{'一二三四五六七八九十百千'[number]}", f"199000044{number:02d}")
        shop.opened("CH001", car=shop.car(f"沪B800{number:02d}", owner=owner, vin=f"LSVAA2A15FE0001{number:02d}"))
        if number in (1, 11):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            counts.append(len(asked))
    assert counts[0] == counts[1] <= LISTS[address]


CARDS = {"customers": 20, "vehicles": 17}


@pytest.mark.parametrize("of", CARDS)
def test_a_card_with_all_its_panels_keeps_its_budget(shop, of):
    client = browser(shop.advisor)
    for _ in range(3):
        order = shop.handed_over(shop.pay(shop.ready("MA001")))
    its_id = order.customer_id if of == "customers" else order.vehicle_id
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/{of}/{its_id}").content.decode()
    assert f"/workshop/reception/cars/{order.vehicle_id}" in page
    assert len(asked) <= CARDS[of]
