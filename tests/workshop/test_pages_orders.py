"""The list of orders: filters, search, sort, pages, and its spreadsheet."""

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from cheyi.workshop import actions
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.queries.order_list import Wanted, order_list
from tests.foundation.org import NOW
from tests.workshop.shop import yuan
from tests.workshop.test_pages_reception import at_desk


@pytest.fixture
def advisor(shop):
    return at_desk(shop.advisor)


@pytest.fixture
def two(shop):
    """One promised early and cheap, one later and dear."""
    late = shop.opened("DT004", promised_at=NOW + timedelta(hours=1))
    dear = shop.opened("MA001", car=shop.car("沪A80002", vin="", owner=False), promised_at=NOW + timedelta(hours=5))
    return late, dear


def listed(shop, viewer=None, at=NOW, **wanted):
    view = order_list(viewer or shop.advisor, Wanted(**wanted), store=shop.store, now=at)
    return [row.order.pk for row in view.rows]


def test_open_orders_stand_by_promise_received_or_total(shop, two):
    late, dear = two
    assert listed(shop) == [late.pk, dear.pk]
    assert listed(shop, sort="total") == [dear.pk, late.pk]
    assert listed(shop, sort="received") == [dear.pk, late.pk]
    assert listed(shop, sort="weather") == [late.pk, dear.pk]


def test_they_are_filtered_by_state_person_and_delay(shop, two):
    late, dear = two
    assert listed(shop, state="open") == [late.pk, dear.pk]
    assert listed(shop, state="working") == []
    assert listed(shop, mine=True) == [late.pk, dear.pk]
    assert listed(shop, viewer=shop.manager, mine=True) == []
    assert listed(shop, late=True, at=NOW + timedelta(hours=2)) == [late.pk]


@pytest.mark.parametrize("text", ["80002", "沪A80002"])
def test_a_plate_s_piece_finds_its_orders_in_every_state(shop, two, text):
    _, dear = two
    WorkOrder.objects.filter(pk=dear.pk).update(state="cancelled")
    assert listed(shop, text=text) == [dear.pk]


def test_a_name_finds_nothing_for_whom_may_not_see_persons(shop, two):
    late, _ = two
    assert listed(shop, text="方志强") == [late.pk]
    assert listed(shop, viewer=shop.technician(), text="方志强") == []


def test_the_page_stays_within_its_queries(shop, advisor, two, django_assert_max_num_queries):
    advisor.get("/workshop/orders")
    with django_assert_max_num_queries(4):
        advisor.get("/workshop/orders")
    text = advisor.get("/workshop/orders", {"q": "80002", "page": "nothing"}).content.decode()
    assert ("沪A·80002" in text, "沪A·80001" in text) == (True, False)


def test_the_spreadsheet_holds_what_the_list_shows(shop, advisor, two):
    answer = advisor.get("/workshop/orders.xlsx", {"sort": "total"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        cells = book.read("xl/worksheets/sheet1.xml").decode()
    assert cells.index("沪A80002") < cells.index("沪A80001")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_who_sees_no_prices_gets_none_in_list_and_file(shop, two):
    wang = shop.technician()
    view = order_list(wang, Wanted(), store=shop.store, now=NOW)
    assert (view.shows_prices, {row.total for row in view.rows} <= {None}) == (False, True)
    own = order_list(shop.advisor, Wanted(), store=shop.store, now=NOW)
    assert [row.total for row in own.rows] == [yuan(160), yuan(640)]


def test_a_sum_of_money_is_called_so_and_no_subtotal(shop, advisor, two):
    late, _ = two
    seen = [(advisor, "/workshop/orders"), (advisor, f"/vehicles/{late.vehicle_id}")]
    for desk, path in (*seen, (at_desk(shop.manager), "/workshop/today/in_shop")):
        text = desk.get(path).content.decode()
        assert ("金额" in text, "小计" in text) == (True, False), path
    assert "小计" in advisor.get(f"/workshop/orders/{late.pk}").content.decode()


def test_a_search_without_a_hit_offers_an_order_with_what_was_typed(shop, advisor, two):
    text = advisor.get("/workshop/orders", {"q": "8K62F"}).content.decode()
    assert "没有“8K62F”的工单" in text
    assert 'href="/workshop/reception/new-car?text=8K62F"' in text
    assert text.count("data-primary") == 1
    narrowed = advisor.get("/workshop/orders", {"q": "80002", "state": "working"}).content.decode()
    assert 'href="?q=80002"' in narrowed
    keeper = at_desk(shop.keeper).get("/workshop/orders", {"q": "8K62F"}).content.decode()
    assert ("没有“8K62F”的工单" in keeper, "new-car" in keeper) == (True, False)


def held(shop, reason):
    """An order whose work stands still."""
    wang = shop.technician()
    order = shop.opened("DT004", to=wang, promised_at=datetime.now(UTC) + timedelta(days=1))
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    return actions.hold(shop.fresh(order), reason=reason, by=shop.advisor, now=NOW)


def test_a_held_order_is_named_by_what_it_waits_for(shop, advisor):
    order = held(shop, "wait_tool")
    pages = ("/workshop/orders", f"/workshop/orders/{order.pk}", "/workshop/reception", f"/vehicles/{order.vehicle_id}")
    for path in pages:
        text = advisor.get(path).content.decode()
        chips = re.findall(r'class="tag wait"[^>]*><svg.*?</svg>([^<]*)<', text, re.DOTALL)
        assert [chip.strip() for chip in chips] == ["待工具"], path
    assert "中断" not in advisor.get(pages[1]).content.decode()


def test_a_hold_for_another_reason_is_called_a_hold(shop):
    held(shop, "other")
    view = order_list(shop.advisor, Wanted(), store=shop.store, now=NOW)
    assert [row.state_words for row in view.rows] == ["中断"]
