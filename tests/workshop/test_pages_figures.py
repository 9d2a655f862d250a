"""The manager's page: figures compared in what they are counted in, followed cheaply."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheyi.project.demo.clock import zone
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.queries.trends import LEAST_CARS, Change, Measure, trends
from tests.workshop.shop import yuan
from tests.workshop.test_pages_reception import at_desk

WEEK = timedelta(days=7)


@pytest.fixture
def manager(shop):
    return at_desk(shop.manager)


def pieces(value, before):
    return Measure("opened", "pieces", value, before, value)


def money(value, before, *, solid=True):
    return Measure("taken", "fen", value, before, 0, solid=solid)


@pytest.mark.parametrize(
    ("measure", "change"),
    [
        (pieces(43, 4), Change(39, "pieces")),
        (pieces(3, 0), Change(3, "pieces")),
        (pieces(2, 5), Change(-3, "pieces")),
        (money(120_000, 100_000), Change(20, "percent")),
        (money(120_000, 900, solid=False), Change(119_100, "fen")),
        (money(120_000, None), None),
        (Measure("on_time", "percent", 80, 92, 25), Change(-12, "points")),
        (Measure("on_time", "percent", None, 92, 0), None),
    ],
)
def test_counts_differ_by_pieces_shares_by_points_and_money_by_percent_of_enough(measure, change):
    assert measure.change == change


def at_noon(shop):
    """The present, in a store where it is noon: a week ago to the minute is the same day of the week."""
    now = datetime.now(UTC)
    shop.store.zone = zone(now, midday=True)
    shop.store.save(update_fields=["zone"])
    return now


def opened(shop, count, at):
    for _ in range(count):
        plate = f"沪A8{WorkOrder.objects.count():04d}"
        shop.opened("DT004", car=shop.car(plate, vin="", owner=False), now=at - timedelta(minutes=1))


def said(text, code):
    """What stands in the card of a figure, without its drawings."""
    card = re.search(rf'id="figure-{code}".*?>(.*?)</a>', text, re.DOTALL)[1]
    return " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", card, flags=re.DOTALL).split())


@pytest.mark.parametrize(
    ("language", "more", "none"),
    [
        ("zh-hans", "今日开单 6 +2 之前 4", "今日交车 0 0 之前 0"),
        ("en", "Opened today 6 +2 before 4", "Handed over today 0 0 before 0"),
    ],
)
def test_counts_are_compared_by_their_difference(shop, manager, language, more, none):
    now = at_noon(shop)
    opened(shop, 4, now - WEEK)
    opened(shop, 6, now)
    manager.cookies["django_language"] = language
    text = manager.get("/workshop/today").content.decode()
    assert (said(text, "opened"), said(text, "delivered")) == (more, none)


def test_fewer_orders_than_a_week_ago_are_told_with_a_minus(shop, manager):
    now = at_noon(shop)
    opened(shop, 3, now - WEEK)
    opened(shop, 1, now)
    assert said(manager.get("/workshop/today").content.decode(), "opened") == "今日开单 1 -2 之前 3"


def test_little_money_is_compared_in_yuan_and_more_in_percent(shop, manager):
    now = at_noon(shop)
    taken(shop, 1, now - WEEK)
    taken(shop, 3, now)
    text = manager.get("/workshop/today").content.decode()
    assert said(text, "taken") == "今日收款 ¥480.00 +¥320.00 之前 ¥160.00"
    taken(shop, 6, now - WEEK)
    text = manager.get("/workshop/today").content.decode()
    assert said(text, "taken") == "今日收款 ¥480.00 -57% 之前 ¥1,120.00"


def test_takings_are_compared_with_the_same_time_of_day_a_week_ago(shop, manager):
    now = at_noon(shop)
    taken(shop, 2, now - WEEK)
    taken(shop, 5, now - WEEK + timedelta(hours=3))
    taken(shop, 1, now)
    assert said(manager.get("/workshop/today").content.decode(), "taken") == "今日收款 ¥160.00 -¥160.00 之前 ¥320.00"


def taken(shop, count, at):
    """So many cars are paid for, ¥160 each."""
    owner = shop.customer(mobile=f"1990000{5000 + WorkOrder.objects.count()}")
    for number in range(count):
        paid_at = at - timedelta(minutes=number)
        car = shop.car(f"沪A8{WorkOrder.objects.count():04d}", vin="", owner=owner)
        shop.pay(shop.ready("DT004", car=car, now=paid_at - timedelta(hours=1)), now=paid_at)


def test_the_value_per_car_stands_in_percent_once_both_weeks_have_enough_cars(shop):
    now = at_noon(shop)
    weeks = [(at, number) for at in (now, now - WEEK) for number in range(LEAST_CARS)]
    for at, _ in weeks:
        plate = f"沪A8{WorkOrder.objects.count():04d}"
        row = shop.opened("DT004", car=shop.car(plate, vin="", owner=False), now=at - timedelta(hours=2))
        later = at - timedelta(hours=1)
        value = yuan(240) if at == now else yuan(200)
        WorkOrder.objects.filter(pk=row.pk).update(
            state="delivered", settled_at=later, delivered_at=later, approved_total=value
        )
    assert figure(shop, "per_car", now).change == Change(20, "percent")
    WorkOrder.objects.filter(pk=row.pk).update(state="settled", delivered_at=None)
    assert figure(shop, "per_car", now).change == Change(4_000, "fen")


def figure(shop, code, now):
    return next(one for one in trends(shop.store, now).measures if one.code == code)


def test_the_page_on_which_nothing_happened_costs_three_queries_and_no_body(shop, manager):
    at_noon(shop)
    shop.opened("DT004")
    for _ in range(2):  # a minute may end between the two looks, not twice
        tag = manager.get("/workshop/today/rows").headers["ETag"]
        with CaptureQueriesContext(connection) as context:
            again = manager.get("/workshop/today/rows", HTTP_IF_NONE_MATCH=tag)
        if again.status_code == 304:
            break
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert len(context.captured_queries) <= 3, [one["sql"] for one in context.captured_queries]


def test_what_happens_in_the_store_makes_another_page(shop, manager):
    now = at_noon(shop)
    tag = manager.get("/workshop/today/rows").headers["ETag"]
    opened(shop, 1, now)
    answer = manager.get("/workshop/today/rows", HTTP_IF_NONE_MATCH=tag)
    assert (answer.status_code, answer.headers["ETag"] != tag) == (200, True)
    text = answer.content.decode()
    assert said(text, "opened") == "今日开单 1 +1 之前 0"
    assert "<html" not in text
    assert re.search(r"数据到 1[34]:\d\d", text)


def test_the_page_asks_for_its_rows_and_the_rows_are_what_it_shows(shop, manager):
    opened(shop, 1, at_noon(shop))
    page = manager.get("/workshop/today").content.decode()
    assert (
        'id="today" hx-get="/workshop/today/rows" hx-trigger="every 15s, cheyi:changed from:body" hx-swap="innerMorph" data-poll'
        in page
    )
    rows = manager.get("/workshop/today/rows").content.decode()
    assert [said(text, "opened") for text in (page, rows)] == ["今日开单 1 +1 之前 0"] * 2
    assert rows.count('id="figure-') == 6
