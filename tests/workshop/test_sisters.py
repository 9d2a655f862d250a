"""What sister stores of the group have done on a car: shared as far as design.md 13 says, and not a word further."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheyi.customers import actions as customers
from cheyi.foundation.models import Store
from cheyi.foundation.scope import within
from cheyi.parts import actions as parts
from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted
from cheyi.workshop.actions.cataloguing import load_shipped
from cheyi.workshop.models import Advice, LabourLine, WorkOrder
from cheyi.workshop.queries.sisters import SisterVisit, sister_visits
from tests.customers.visits import browser
from tests.foundation.org import NOW, hire
from tests.workshop.shop import yuan

WORDS, REASON = "发动机异响", "另店已接"


@pytest.fixture
def near(shop):
    """Another store of the same firm."""
    entity = shop.store.legal_entity
    store = Store.objects.create(group=entity.group, legal_entity=entity, code="SH03", name="城北店", created_at=NOW)
    with within(store):
        load_shipped(store=store, by=hire(store, "store_manager", "城北店长"), now=NOW)
        parts.set_up_store(store=store, by=hire(store, "parts_keeper", "城北库管"), now=NOW)
    return store


def visited(shop, store, car, *, days=0, state="delivered") -> WorkOrder:
    """A visit of the car to a sister store, with its job, parts, advice, words and amounts."""
    with within(store):
        order = actions.open_order(
            vehicle=car,
            mileage=19_000,
            request_text=WORDS,
            jobs=[JobWanted("MA001")],
            second_order_reason=REASON,
            by=shop.town.person("advisor", f"{store.name}顾问", store=store),
            now=NOW + timedelta(days=days),
        )
        Advice.objects.create(
            store=store, vehicle=car, order=order, text="刹车片", price=yuan(999), advised_at=NOW, created_at=NOW
        )
        left = NOW if state in {"delivered", "closed"} else None
        WorkOrder.objects.filter(pk=order.pk).update(state=state, settled_at=left, delivered_at=left)
    return order


def seen(shop, car):
    return sister_visits(car.pk, store=shop.store)


def page_of(shop, car, viewer=None) -> str:
    return browser(viewer or shop.advisor).get(f"/workshop/cars/{car.pk}/sister-visits").content.decode()


def consent(shop, car, act=customers.record_consent, **more):
    return act(car.ownerships.get().customer, purpose="sharing_group", by=shop.advisor, now=NOW, **more)


def test_a_visit_to_a_store_of_the_same_firm_shows_day_store_mileage_work_parts_and_advice(shop, near):
    car = shop.car()
    visited(shop, near, car)
    assert seen(shop, car) == [
        SisterVisit(
            on=NOW.date(),
            store_name="城北店",
            mileage=19_000,
            works=("小保养（机油机滤）",),
            parts=("机油 5W-30", "机油滤清器"),
            advice=("刹车片",),
        )
    ]


def test_no_price_note_number_person_or_word_of_the_customer_crosses(shop, near):
    car = shop.car()
    order = visited(shop, near, car)
    page = page_of(shop, car)
    assert ("城北店" in page, "小保养" in page, "刹车片" in page, "19,000" in page) == (True, True, True, True)
    for secret in ("¥", "999", WORDS, REASON, order.no, f"/workshop/orders/{order.pk}", "顾问", "方志强", "****"):
        assert secret not in page, secret


def test_another_firm_of_the_group_shows_nothing_until_the_customer_consents_and_nothing_after(shop):
    car = shop.car()
    visited(shop, shop.town.sister, car)
    assert seen(shop, car) == []
    consent(shop, car, channel="paper", wording_version="1", separate=True)
    assert [visit.store_name for visit in seen(shop, car)] == ["西湖店"]
    consent(shop, car, customers.withdraw_consent)
    assert seen(shop, car) == []


def test_it_is_the_consent_of_whoever_brought_the_car_then_that_counts(shop):
    car = shop.car()
    order = visited(shop, shop.town.sister, car)
    other = shop.customer("方志敏", "19900003333")
    with within(shop.town.sister):
        WorkOrder.objects.filter(pk=order.pk).update(customer=other)
    consent(shop, car, channel="paper", wording_version="1", separate=True)
    assert seen(shop, car) == []


def test_only_what_was_handed_over_is_history_the_latest_first_and_eight_at_most(shop, near):
    car = shop.car()
    for state in ("open", "working", "cancelled"):
        visited(shop, near, car, state=state)
    assert seen(shop, car) == []
    for days in range(9):
        visited(shop, near, car, days=days, state="closed")
    days = [visit.on for visit in seen(shop, car)]
    assert (len(days), days) == (8, sorted(days, reverse=True))


def test_declined_work_was_not_done(shop, near):
    car = shop.car()
    order = visited(shop, near, car)
    with within(near):
        LabourLine.objects.filter(order=order).update(state="declined")
    assert seen(shop, car)[0].works == ()


def test_the_stores_own_visits_stand_in_its_own_list(shop):
    order = shop.handed_over(shop.pay(shop.ready("DT004")))
    assert seen(shop, order.vehicle) == []
    assert "暂无" in page_of(shop, order.vehicle)


def test_a_car_that_the_store_does_not_know_does_not_exist_for_it(shop, near):
    with within(near):
        stranger = shop_car(near)
    answer = browser(shop.advisor).get(f"/workshop/cars/{stranger.pk}/sister-visits")
    assert answer.status_code == 404


def shop_car(store):
    """A car that only this store knows."""
    from cheyi.vehicles import actions as vehicles

    return vehicles.add(plate="沪A80777", vin="", store=store, by=hire(store, "advisor", "别店顾问"), now=NOW)


def test_a_technician_sees_the_history_of_the_cars_of_his_jobs_only(shop, near):
    mine, other = (
        shop.car(),
        shop.car("沪A80002", owner=shop.customer("方志敏", "19900003333"), vin="LSVAA2A15FE000002"),
    )
    wang = shop.technician()
    shop.opened("DT004", car=mine, to=wang, mileage=18_950)
    for car in (mine, other):
        visited(shop, near, car, days=1)
    pages = [browser(wang).get(f"/vehicles/{car.pk}").content.decode() for car in (mine, other)]
    assert ["sister-visits" in page for page in pages] == [True, False]
    assert ["城北店" in page_of(shop, car, wang) for car in (mine, other)] == [True, False]


def test_the_card_asks_for_it_once_it_stands_and_the_answer_takes_five_statements(shop, near):
    car = shop.car()
    for days in range(8):
        visited(shop, near, car, days=days)
    client = browser(shop.advisor)
    card = client.get(f"/vehicles/{car.pk}").content.decode()
    assert f'hx-get="/workshop/cars/{car.pk}/sister-visits" hx-trigger="load"' in card
    assert "城北店" not in card
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/workshop/cars/{car.pk}/sister-visits").content.decode().count("城北店") == 8
    assert len(asked) == 5
