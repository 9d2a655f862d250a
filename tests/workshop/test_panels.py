"""What the workshop shows on the cards of customers and cars: the right visits, to whom they concern, at few queries."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheyi.customers.models import Customer
from cheyi.vehicles.models import MileageReading, Vehicle
from cheyi.workshop import actions
from cheyi.workshop.models import Advice, LabourLine, WorkOrder
from cheyi.workshop.queries import comings
from cheyi.workshop.queries.visits import visits
from cheyi.workshop.queries.waiting import Waiting, waiting
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


def test_the_history_costs_two_queries_however_long_it_is(shop):
    car = shop.car()
    for day in range(3):
        shop.handed_over(shop.pay(shop.ready("DT004", car=car)), now=after(hours=3 + day))
    with CaptureQueriesContext(connection) as context:
        assert len(seen(shop, shop.advisor, vehicle_id=car.pk).rows) == 3
    assert len(context.captured_queries) == 2


def waits(shop, viewer=None, **whose) -> Waiting:
    return waiting(viewer or shop.advisor, store=shop.store, now=NOW, **whose)


def test_nothing_booked_and_nothing_put_off_is_an_empty_answer(shop):
    assert waits(shop, vehicle_id=shop.car().pk) == Waiting({}, (), ())


def test_what_waits_for_a_customer_and_for_his_car_is_one_question(shop, django_assert_num_queries):
    order = shop.opened("MA001")
    slot = {"wanted_at": after(days=1), "by": shop.advisor, "now": NOW}
    booked = actions.book(vehicle=order.vehicle, customer=order.customer, request_text="四轮定位", **slot)
    advice = Advice.objects.create(
        store=shop.store,
        vehicle=order.vehicle,
        order=order,
        text="刹车片",
        urgency="now",
        price=yuan(480),
        advised_at=NOW,
        created_at=NOW,
    )
    for whose in ({"customer_id": order.customer_id}, {"vehicle_id": order.vehicle_id}):
        with django_assert_num_queries(1):
            found = waits(shop, **whose)
        assert found.standing == {order.vehicle_id: (order.pk, order.no)}
        assert [(one.plate, one.wanted_at, one.text) for one in found.booked] == [
            (order.plate, booked.wanted_at, "四轮定位")
        ]
        assert [(one.text, one.price, one.plate, one.urgency) for one in found.put_off] == [
            (advice.text, yuan(480), order.plate, "now")
        ]


def test_who_sees_no_prices_is_told_nothing_of_what_was_put_off(shop):
    order = shop.opened("MA001")
    Advice.objects.create(
        store=shop.store, vehicle=order.vehicle, order=order, text="刹车片", advised_at=NOW, created_at=NOW
    )
    assert waits(shop, shop.inspector, vehicle_id=order.vehicle_id).put_off == ()


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
    client = browser(shop.advisor)

    def ways(address):
        page = client.get(address).content.decode()
        there = (f"/workshop/reception/cars/{outside.pk}", f'/workshop/orders/{order.pk}"')
        return tuple(page.count(way) for way in there), page.count("沪A·80002")

    # Each car stands once on his card, with its one way on; its order stands in the visits besides.
    assert ways(f"/customers/{order.customer_id}") == ((1, 2), 1)
    Vehicle.objects.filter(pk=outside.pk).update(status="scrapped")
    assert ways(f"/customers/{order.customer_id}") == ((0, 2), 1)
    assert ways(f"/vehicles/{outside.pk}")[0] == (0, 0)


LISTS = {"/customers/": 7, "/vehicles/": 8, "/customers/?q=fang": 7, "/vehicles/?q=fang": 8}


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


def test_a_card_dates_its_visits_by_the_clock_of_the_store(shop):
    """Seven in the morning in Hangzhou is still the day before by the clock of the world."""
    order = shop.opened("DT004")
    WorkOrder.objects.filter(pk=order.pk).update(received_at=datetime(2026, 5, 3, 23, 5, tzinfo=UTC))
    card = browser(shop.advisor).get(f"/customers/{order.customer_id}").content.decode()
    assert ("2026-05-04" in card, "2026-05-03" in card) == (True, False)


CARDS = {"customers": 8, "vehicles": 8}


@pytest.mark.parametrize("of", CARDS)
def test_a_card_with_all_its_panels_takes_eight_statements_with_sign_in_however_full_it_is(shop, of):
    """Six cars, and sixty visits of the one that comes most."""
    client = browser(shop.advisor)
    order = shop.handed_over(shop.pay(shop.ready("MA001")))
    customer, car = order.customer, order.vehicle
    for number in range(5):
        shop.car(f"沪B9000{number}", owner=customer, vin=f"LSVAA2A15FE00020{number}")
    more_visits(order, 59)
    its_id = customer.pk if of == "customers" else car.pk
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/{of}/{its_id}").content.decode()
    assert f"/workshop/reception/cars/{car.pk}" in page
    assert "60" in page
    assert len(asked) == CARDS[of]


def more_visits(order, count):
    """The same visit again and again, each with its job and its reading."""
    for number in range(count):
        copy = WorkOrder.objects.get(pk=order.pk)
        copy.pk, copy.uid, copy.no = None, uuid4(), f"{order.no}-{number}"
        copy.received_at = after(days=-number)
        copy.save(force_insert=True)
        line = LabourLine.objects.filter(order=order).first()
        line.pk, line.uid, line.order = None, uuid4(), copy
        line.save(force_insert=True)
        MileageReading.objects.create(
            group_id=order.vehicle.group_id,
            vehicle=order.vehicle,
            km=number,
            source_kind="x",
            source_id=1,
            read_at=after(days=-number),
            read_on=after(days=-number).date(),
            created_at=NOW,
        )
