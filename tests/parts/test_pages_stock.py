"""The stock list, a part's card, and receiving goods."""

import pytest

from cheyi.parts import actions
from cheyi.parts.models import DemandEntry, Move, Receipt, StorePart
from tests.foundation.org import NOW
from tests.parts.stockroom import q, yuan
from tests.parts.test_pages_requests import HX, at_desk, post


@pytest.fixture
def keeper(stockroom):
    return at_desk(stockroom.keeper)


def test_the_list_shows_what_lies_here_and_what_is_short(stockroom, keeper):
    stockroom.stock(stockroom.part("AA-11", "机油滤清器"), 3)
    stockroom.ask((stockroom.part("BB-22", "空调滤芯"), 1))
    text = keeper.get("/parts/stock").content.decode()
    assert "机油滤清器" in text
    assert "空调滤芯" not in text
    text = keeper.get("/parts/stock?short=1").content.decode()
    assert "空调滤芯" in text
    assert "机油滤清器" not in text


def test_searching_swaps_the_list_and_shows_sister_stores(stockroom, keeper):
    part = stockroom.part("AA-11", "机油滤清器")
    stockroom.stock(part, 3, store=stockroom.town.sister)
    text = keeper.get("/parts/stock", {"q": "jylq"}, headers=HX).content.decode()
    assert text.lstrip().startswith('<div id="stock">')
    assert "AA-11" in text
    assert "西湖店 3" in text
    assert "¥620.00" in text


@pytest.mark.parametrize(("role", "sees_cost"), [("parts_keeper", False), ("buyer", True), ("advisor", False)])
def test_the_card_shows_cost_only_to_whom_it_concerns(stockroom, role, sees_cost):
    part = stockroom.part()
    stockroom.stock(part, 3, "100.00")
    text = at_desk(stockroom.town.person(role)).get(f"/parts/parts/{part.pk}").content.decode()
    assert "前刹车片" in text
    assert ("¥100.00" in text) is sees_cost
    assert ("33.3333" in text) is sees_cost


def test_the_card_stays_within_its_queries(stockroom, keeper, django_assert_max_num_queries):
    part = stockroom.part()
    stockroom.stock(part, 3, "100.00")
    with django_assert_max_num_queries(20):
        keeper.get(f"/parts/parts/{part.pk}")


@pytest.mark.parametrize("said", ["main", "主库"])
def test_goods_are_received_by_scanning_their_numbers(stockroom, keeper, said):
    part = stockroom.part("AA-11", "机油滤清器", barcode="6901234567892")
    actions.receive(
        incoming=[actions.Incoming(part.pk, q(1), yuan("38.50"))], store=stockroom.store, by=stockroom.keeper, now=NOW
    )
    assert "AA-11" in keeper.get("/parts/receive/hits", {"q": "jylq"}, headers=HX).content.decode()
    taken = keeper.get("/parts/receive/hits", {"q": "6901234567892", "take": "1"}, headers=HX).content.decode()
    assert f'name="part" value="{part.pk}"' in taken
    assert '<hx-partial hx-target="#receive-rows" hx-swap="beforeend">' in taken
    form = {"part": part.pk, "quantity": "4", "price": "", "bin": said, "batch": "", "expires_on": ""}
    answer = post(keeper, "/parts/receive", delivery_no="DN-1", **form)
    assert answer.status_code == 200
    assert Receipt.objects.count() == 2
    assert Move.objects.order_by("-pk").first().value == yuan("154.00")


def test_goods_without_any_known_price_ask_for_it(stockroom, keeper):
    part = stockroom.part()
    form = {"part": part.pk, "quantity": "4", "price": "", "bin": "", "batch": "", "expires_on": ""}
    answer = post(keeper, "/parts/receive", **form)
    assert answer.status_code == 422
    assert "BP-HAN-F" in answer.content.decode()
    for name, value in (("price", "abc"), ("quantity", "0"), ("expires_on", "31.12."), ("bin", "Z-99-9-99")):
        answer = post(keeper, "/parts/receive", key=name, **{**form, "price": "1", name: value})
        assert (answer.status_code, name) == (422, name)
    assert not Receipt.objects.exists()


def test_a_form_with_missing_columns_is_refused_whole(stockroom, keeper):
    part = stockroom.part()
    answer = post(keeper, "/parts/receive", part=part.pk, quantity="1")
    assert answer.status_code == 422
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    ("role", "stock", "receive"),
    [("parts_keeper", 200, 200), ("advisor", 200, 403), ("buyer", 200, 403), ("cashier", 403, 403)],
)
def test_who_may_see_the_stock_and_who_may_receive(stockroom, role, stock, receive):
    client = at_desk(stockroom.town.person(role))
    assert (client.get("/parts/stock").status_code, client.get("/parts/receive").status_code) == (stock, receive)


def test_the_search_box_finds_parts_for_whom_it_concerns(stockroom, keeper):
    part = stockroom.part("AA-11", "机油滤清器")
    stockroom.stock(part, 3)
    text = keeper.get("/search", {"q": "jylq"}).content.decode()
    assert f"/parts/parts/{part.pk}" in text
    assert "AA-11" in text
    stranger = at_desk(stockroom.town.person("consultant"))
    assert "AA-11" not in stranger.get("/search", {"q": "jylq"}).content.decode()


def test_a_missed_sale_is_noted_with_one_press_and_counts_as_demand(stockroom, keeper):
    part = stockroom.part("AA-11", "机油滤清器")
    answer = keeper.post(f"/parts/parts/{part.pk}/lost-sale", {"_key": "k1", "quantity": "2"})
    assert answer.status_code == 303
    entry = DemandEntry.objects.get(part=part)
    assert (entry.kind, entry.missing) == ("lost_sale", q(2))
    assert keeper.post(f"/parts/parts/{part.pk}/lost-sale", {"_key": "k2", "quantity": "-1"}).status_code == 422
    assert DemandEntry.objects.count() == 1


@pytest.mark.parametrize(("role", "sees_cost"), [("parts_keeper", False), ("buyer", True)])
def test_the_list_shows_worth_only_to_whom_it_concerns(stockroom, role, sees_cost):
    stockroom.stock(stockroom.part("AA-11", "机油滤清器"), 3, "123.00")
    text = at_desk(stockroom.town.person(role)).get("/parts/stock").content.decode()
    assert ("¥123.00" in text) is sees_cost


def test_the_list_of_a_class_leaves_the_others_out(stockroom, keeper):
    for number, grade in (("AA-11", "A"), ("BB-22", "C")):
        part = stockroom.part(number, number)
        stockroom.stock(part, 1)
        StorePart.objects.filter(part=part).update(abc=grade)
    text = keeper.get("/parts/stock?abc=C").content.decode()
    assert ("BB-22" in text, "AA-11" in text) == (True, False)
    assert "AA-11" in keeper.get("/parts/stock?abc=Z").content.decode()
