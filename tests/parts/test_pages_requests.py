"""The keeper's screens: see what is asked for, hand out by scanning, a look-alike stopped beside the right one."""

import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from django.test import Client

from cheyi.foundation.sources import Source
from cheyi.foundation.web.viewers import SESSION_USER
from cheyi.parts import actions
from cheyi.parts.models import Move, RequestLine
from tests.foundation.org import NOW
from tests.parts.stockroom import q

HX = {"HX-Request": "true"}


def at_desk(viewer) -> Client:
    client = Client()
    session = client.session
    session[SESSION_USER] = viewer.user_id
    session.save()
    return client


@pytest.fixture
def keeper(stockroom):
    return at_desk(stockroom.keeper)


@pytest.fixture
def line(stockroom):
    """An order wants the battery module whose number differs by one letter from another one's."""
    right, wrong = stockroom.part("BYD-BMS-2023A", "电池管理模块"), stockroom.part("BYD-BMS-2023B", "电池管理模块 乙")
    now = datetime.now(UTC)
    for part in (right, wrong):
        stockroom.stock(part, 2, "19600.00", now=now)
    return stockroom.line(stockroom.ask((right, 2), now=now, needed_at=now))


def post(client, address, key="k1", **form):
    return client.post(address, {**form, "_key": key}, headers=HX)


def test_the_keeper_lands_on_what_is_asked_for(keeper, line):
    text = keeper.get("/parts/").content.decode()
    assert "ROSH012606150001" in text
    assert "电池管理模块" in text
    assert f'action="/parts/lines/{line.pk}/issue"' in text
    assert "主库" in text


@pytest.mark.parametrize(
    ("car", "shown"),
    [
        ({"plate": "沪A80001", "vin": "LSVAA4187E2184847"}, '<span class="plate">沪A·80001</span>'),
        ({"plate": "沪AD80001", "vin": ""}, '<span class="plate nev">沪A·D80001</span>'),
        ({"plate": "", "vin": "LSVAA4187E2184847"}, ">184847</span>"),
    ],
)
def test_the_list_and_the_request_name_the_car(stockroom, keeper, car, shown):
    part = stockroom.part()
    stockroom.stock(part, 1)
    request = stockroom.ask((part, 1), **car)
    assert shown in keeper.get("/parts/").content.decode()
    large = shown.replace("plate nev", "plate nev lg").replace('"plate"', '"plate lg"')
    text = keeper.get(f"/parts/requests/{request.pk}").content.decode()
    assert large in text
    assert "LSVAA4187E2184847" not in text


def test_on_a_request_s_own_page_the_scanner_s_number_goes_into_the_first_line(keeper, line):
    text = keeper.get(f"/parts/requests/{line.request_id}").content.decode()
    assert re.findall(r'<input id="number-(\d+)"[^>]* autofocus>', text) == [str(line.pk)]


def test_the_look_alike_stands_beside_the_right_number_with_the_letter_marked(keeper, line):
    text = keeper.get("/parts/").content.decode()
    assert 'BYD-BMS-2023<b class="right">A</b>' in text
    assert 'BYD-BMS-2023<b class="wrong">B</b>' in text
    assert "电池管理模块 乙" in text


def test_the_right_number_hands_the_part_out_and_the_row_is_gone(keeper, line):
    answer = post(keeper, f"/parts/lines/{line.pk}/issue", typed_number="byd bms 2023a", quantity="2", view="board")
    assert answer.status_code == 200
    assert f'id="line-{line.pk}"' not in answer.content.decode()
    assert "X-Toast" in answer.headers
    line.refresh_from_db()
    assert (line.state, line.issued) == ("issued", q(2))


def test_without_script_a_look_alike_is_refused_in_words_the_sign_counted_as_printed(keeper, line):
    form = {"typed_number": "BYD-BMS-2023B", "quantity": "2", "_key": "k"}
    answer = keeper.post(f"/parts/lines/{line.pk}/issue", form)
    assert answer.status_code == 422
    assert "停：BYD-BMS-2023B 不是 BYD-BMS-2023A，第 13 位不同" in answer.content.decode()
    assert not Move.objects.filter(kind="issue").exists()


def test_the_same_form_twice_hands_out_once(keeper, line):
    for _ in range(2):
        answer = post(keeper, f"/parts/lines/{line.pk}/issue", typed_number="BYD-BMS-2023A", quantity="1", view="board")
        assert answer.status_code == 200
    line.refresh_from_db()
    assert line.issued == q(1)


def test_a_quantity_that_is_no_number_is_refused_beside_its_field(keeper, line):
    answer = post(keeper, f"/parts/lines/{line.pk}/issue", typed_number="BYD-BMS-2023A", quantity="两个")
    assert answer.status_code == 422
    assert 'data-field="quantity"' in answer.content.decode()


def test_an_unchanged_list_is_not_sent_again(keeper, line):
    first = keeper.get("/parts/rows")
    again = keeper.get("/parts/rows", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_the_list_stays_within_its_queries(stockroom, keeper, line, django_assert_max_num_queries):
    for number in range(10):
        stockroom.ask((stockroom.part(f"X{number}Y{number}Z", "件"), 1))
    with django_assert_max_num_queries(13):
        keeper.get("/parts/rows")


def test_a_request_is_worked_off_and_taken_back_on_its_own_page(keeper, line):
    page = f"/parts/requests/{line.request_id}"
    assert "BYD-BMS-2023A" in keeper.get(page).content.decode()
    post(keeper, f"/parts/lines/{line.pk}/pick", key="p", typed_number="BYD-BMS-2023A")
    answer = post(keeper, f"/parts/lines/{line.pk}/issue", key="i", typed_number="BYD-BMS-2023A", quantity="2")
    assert 'id="request"' in answer.content.decode()
    answer = post(
        keeper, f"/parts/lines/{line.pk}/take-back", key="b", quantity="1", condition="damaged", reason="划伤"
    )
    assert answer.status_code == 200
    line.refresh_from_db()
    assert (line.state, line.handed_out) == ("issued", q(1))
    back = Move.objects.get(kind="issue_return")
    assert (back.to_place.warehouse.kind, back.reason) == ("quarantine", "划伤")


def test_without_script_the_browser_is_sent_to_the_request(keeper, line):
    answer = keeper.post(
        f"/parts/lines/{line.pk}/issue", {"typed_number": "BYD-BMS-2023A", "quantity": "2", "_key": "k"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/parts/requests/{line.request_id}")


def test_a_short_line_shows_where_else_it_is_and_gets_a_decision(stockroom, keeper):
    part = stockroom.part()
    stockroom.stock(part, 3, store=stockroom.town.sister)
    line = stockroom.line(stockroom.ask((part, 1)))
    text = keeper.get(f"/parts/requests/{line.request_id}").content.decode()
    assert "西湖店 3" in text
    post(keeper, f"/parts/lines/{line.pk}/shortage", choice="transfer")
    assert RequestLine.objects.get().shortage_action == "transfer"


def test_an_issue_is_undone_by_the_toast(keeper, line):
    answer = post(keeper, f"/parts/lines/{line.pk}/issue", typed_number="BYD-BMS-2023A", quantity="2", view="board")
    uid = json.loads(unquote(answer.headers["X-Toast"]))[0]["undo"]
    assert post(keeper, f"/undo/{uid}", key="u").status_code in {200, 204, 303}
    line.refresh_from_db()
    assert (line.state, line.handed_out) == ("reserved", q(0))


@pytest.mark.parametrize(
    ("role", "sees", "issues"),
    [
        ("parts_keeper", 200, 422),
        ("advisor", 200, 403),
        ("technician", 200, 403),
        ("foreman", 200, 403),
        ("store_manager", 200, 403),
        ("cashier", 403, 403),
        ("consultant", 403, 403),
        ("administrator", 403, 403),
    ],
)
def test_only_the_keeper_hands_out(stockroom, line, role, sees, issues):
    client = at_desk(stockroom.town.person(role))
    assert client.get("/parts/").status_code == sees
    answer = post(client, f"/parts/lines/{line.pk}/issue", typed_number="ZZ", quantity="1")
    assert answer.status_code == issues


def test_a_sister_stores_line_does_not_exist(stockroom, line):
    stranger = at_desk(stockroom.town.person("parts_keeper", "外店", store=stockroom.town.sister))
    assert stranger.get(f"/parts/requests/{line.request_id}").status_code == 404
    answer = post(stranger, f"/parts/lines/{line.pk}/issue", typed_number="BYD-BMS-2023A", quantity="1")
    assert answer.status_code == 404
    assert "ROSH012606150001" not in stranger.get("/parts/").content.decode()


def scan(client, number, key="s1"):
    return post(client, "/parts/scan", key, typed_number=number)


def test_a_scanned_label_hands_out_the_line_that_wants_it(keeper, line):
    answer = scan(keeper, "byd bms 2023a")
    assert answer.status_code == 200
    assert f'id="line-{line.pk}"' not in answer.content.decode()
    assert 'hx-target="#scan-q"' in answer.content.decode()
    line.refresh_from_db()
    assert (line.state, line.issued) == ("issued", q(2))


def test_of_two_lines_the_older_promise_is_served_by_the_scan(stockroom, keeper):
    part = stockroom.part("AA-11", "机油滤清器")
    now = datetime.now(UTC)
    stockroom.stock(part, 5, now=now)
    late = stockroom.line(stockroom.ask((part, 1), now=now, needed_at=now + timedelta(hours=5)))
    soon = stockroom.line(stockroom.ask((part, 1), now=now, needed_at=now + timedelta(hours=1)))
    assert scan(keeper, "AA-11").status_code == 200
    late.refresh_from_db()
    soon.refresh_from_db()
    assert (soon.state, late.state) == ("issued", "reserved")


def test_a_scanned_look_alike_is_stopped_beside_the_number_that_is_wanted(keeper, line):
    answer = scan(keeper, "BYD-BMS-2023B")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'BYD-BMS-2023<b class="wrong">B</b>' in text
    assert 'BYD-BMS-2023<b class="right">A</b>' in text
    assert "电池管理模块 乙" in text
    assert not Move.objects.filter(kind="issue").exists()


@pytest.mark.parametrize("verb", ["issue", "pick"])
def test_a_look_alike_typed_in_the_row_is_stopped_like_a_scanned_one(keeper, line, verb):
    answer = post(keeper, f"/parts/lines/{line.pk}/{verb}", typed_number="byd-bms-2023b", quantity="2")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'data-field="typed_number"' in text
    assert '手上 <span class="mono">BYD-BMS-2023<b class="wrong">B</b></span> 电池管理模块 乙' in text
    assert '要的 <span class="mono">BYD-BMS-2023<b class="right">A</b></span> 电池管理模块<' in text
    assert not Move.objects.filter(kind="issue").exists()


def test_an_approved_substitute_one_sign_away_is_handed_out_from_the_row(stockroom, keeper, line):
    other = stockroom.part_no("BYD-BMS-2023B")
    actions.allow_substitute(line.part, substitute=other, by=stockroom.keeper, now=NOW)
    answer = post(keeper, f"/parts/lines/{line.pk}/issue", typed_number="BYD-BMS-2023B", quantity="2")
    assert answer.status_code == 200
    line.refresh_from_db()
    assert (line.state, line.part_id) == ("issued", other.pk)


SHORT = "本店没有 BP-HAN-F（浙A·F80091 缺 1）"


@pytest.mark.parametrize(
    ("rear", "said"),
    [(None, SHORT), ("0", SHORT), ("1", f"{SHORT}。手上是不是 BP-HAN-R？")],
)
def test_a_scanned_part_that_is_short_is_named_with_its_car_beside_the_field(stockroom, keeper, rear, said):
    front = stockroom.part("BP-HAN-F", "前刹车片")
    if rear is not None:
        other = stockroom.part("BP-HAN-R", "后刹车片")
        if rear != "0":
            stockroom.stock(other, rear, now=datetime.now(UTC))
    short = stockroom.line(stockroom.ask((front, 1), now=datetime.now(UTC), plate="浙AF80091"))
    answer = scan(keeper, "bp-han-f")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'data-field="typed_number"' in text
    assert f"<span data-problem-text>{said}</span>" in text
    short.refresh_from_db()
    assert (short.state, short.issued) == ("backordered", q(0))


def test_of_a_part_that_is_there_in_part_the_scan_says_how_much(stockroom, keeper):
    front = stockroom.part("BP-HAN-F", "前刹车片")
    stockroom.stock(front, 1, now=datetime.now(UTC))
    stockroom.ask((front, 3), now=datetime.now(UTC), plate="浙AF80091")
    text = scan(keeper, "BP-HAN-F").content.decode()
    assert 'data-field="typed_number"' in text
    assert "本店 BP-HAN-F 只有 1（浙A·F80091 要 3），在那一行里先发" in text
    assert not Move.objects.filter(kind="issue").exists()


@pytest.mark.parametrize("typed", ["", "   ", "XX-99", "'; --"])
def test_a_scan_that_nobody_wants_is_said_and_moves_nothing(keeper, line, typed):
    answer = scan(keeper, typed)
    assert answer.status_code == 422
    assert 'data-field="typed_number"' in answer.content.decode()
    assert not Move.objects.filter(kind="issue").exists()


def test_what_is_done_about_a_short_part_is_one_tap_on_the_board(stockroom, keeper):
    part = stockroom.part("AA-11", "机油滤清器")
    stockroom.stock(part, 3, store=stockroom.town.sister)
    short = stockroom.line(stockroom.ask((part, 1)))
    text = keeper.get("/parts/").content.decode()
    assert f'action="/parts/lines/{short.pk}/shortage"' in text
    assert f'action="/parts/lines/{short.pk}/issue"' not in text
    answer = post(keeper, f"/parts/lines/{short.pk}/shortage", choice="transfer", view="board")
    assert 'value="transfer" type="submit" aria-pressed="true"' in answer.content.decode()
    short.refresh_from_db()
    assert short.shortage_action == "transfer"


def test_the_keeper_writes_down_when_a_short_part_will_be_here_by_the_stores_clock(stockroom, keeper):
    short = stockroom.line(stockroom.ask((stockroom.part("AA-11", "机油滤清器"), 1)))
    tomorrow = stockroom.store.local(datetime.now(UTC) + timedelta(days=1))
    typed = f"{tomorrow:%Y-%m-%d}T10:00"
    address = f"/parts/lines/{short.pk}/shortage"
    answer = post(keeper, address, choice="urgent_po", expected_at=typed, view="board")
    assert answer.status_code == 200
    assert unquote(answer.headers["X-Toast"]).count(f"{tomorrow:%m-%d} 10:00") == 1
    short.refresh_from_db()
    assert stockroom.store.local(short.expected_at) == tomorrow.replace(hour=10, minute=0, second=0, microsecond=0)
    text = keeper.get("/parts/").content.decode()
    assert f'name="expected_at" value="{typed}"' in text
    assert 'name="choice" value="urgent_po" type="submit">保存' in text


@pytest.mark.parametrize(
    "typed", ["2020-01-01T10:00", "9999-12-31T23:59", "0001-01-01T00:00", "明天", "2027-13-40T99:99"]
)
def test_an_arrival_that_cannot_be_is_refused_beside_its_field(stockroom, keeper, typed):
    short = stockroom.line(stockroom.ask((stockroom.part("AA-11", "机油滤清器"), 1)))
    answer = post(keeper, f"/parts/lines/{short.pk}/shortage", choice="wait", expected_at=typed, view="board")
    assert answer.status_code == 422
    assert 'data-field="expected_at"' in answer.content.decode()
    short.refresh_from_db()
    assert (short.shortage_action, short.expected_at) == ("", None)


def test_what_can_be_handed_out_comes_first_and_what_is_short_below_it(stockroom, keeper):
    here, gone = stockroom.part("AA-11", "机油滤清器"), stockroom.part("BB-22", "前刹车片")
    stockroom.stock(here, 5)
    now = datetime.now(UTC)
    early = stockroom.ask((gone, 1), needed_at=now + timedelta(hours=1), now=now, plate="浙A80001")
    mixed = stockroom.ask(
        (gone, 1),
        (here, 1),
        needed_at=now + timedelta(hours=2),
        now=now,
        plate="浙A80002",
        source=Source("trial.paper", 82, "ROSH012606150002"),
    )
    late = stockroom.ask(
        (here, 1),
        needed_at=now + timedelta(hours=3),
        now=now,
        plate="浙A80003",
        source=Source("trial.paper", 83, "ROSH012606150003"),
    )
    text = keeper.get("/parts/").content.decode()
    rows = re.findall(r'<tr [^>]*id="([a-z]+)-(\d+)"', text)
    lines = [(kind, int(pk)) for kind, pk in rows]
    assert lines == [
        ("request", mixed.pk),
        ("line", stockroom.line(mixed, 1).pk),
        ("request", late.pk),
        ("line", stockroom.line(late).pk),
        ("short", early.pk),
        ("line", stockroom.line(early).pk),
        ("short", mixed.pk),
        ("line", stockroom.line(mixed, 0).pk),
    ]
    assert text.count("缺件，还发不了") == 1
    assert ("4 件待发" in text, "缺 2 件" in text) == (True, True)


def test_without_anything_short_no_heading_says_so(stockroom, keeper):
    here = stockroom.part("AA-11", "机油滤清器")
    stockroom.stock(here, 5)
    stockroom.ask((here, 1))
    assert "缺件，还发不了" not in keeper.get("/parts/").content.decode()
