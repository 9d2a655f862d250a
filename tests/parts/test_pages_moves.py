"""What happened to pieces on screen: a part's ledger, a request's hand-outs, the store's hand-outs, two brands of a number."""

from __future__ import annotations

import pytest

from cheyi.parts import queries
from cheyi.parts.models import PartsRequest
from tests.parts.stockroom import q
from tests.parts.test_pages_requests import at_desk, post


@pytest.fixture
def keeper(stockroom):
    return at_desk(stockroom.keeper)


@pytest.fixture
def line(stockroom):
    """Two filters wanted, both handed out, one of them back."""
    part = stockroom.part("AA-11", "机油滤清器")
    stockroom.stock(part, 5, "100.00")
    return stockroom.line(stockroom.ask((part, 2)))


def hand_out_and_take_back(keeper, line):
    post(keeper, f"/parts/lines/{line.pk}/issue", key="i", typed_number="AA-11", quantity="2")
    post(keeper, f"/parts/lines/{line.pk}/take-back", key="b", quantity="1", condition="good", reason="多领")


def test_what_was_handed_out_and_taken_back_stands_on_the_request_with_who_and_where(stockroom, keeper, line):
    hand_out_and_take_back(keeper, line)
    back, out = queries.moves_of_request(line.request_id, stockroom.store)
    assert (out.kind, out.goes_in, out.quantity, out.bin_code) == ("issue", False, q(2), "主库")
    assert (back.kind, back.goes_in, back.quantity, back.reason) == ("issue_return", True, q(1), "多领")
    assert out.who == back.who != ""
    text = keeper.get(f"/parts/requests/{line.request_id}").content.decode()
    assert "多领" in text
    assert f'<td class="nowrap wide-only">{out.who}</td>' in text


def test_the_history_names_part_and_paper_and_leads_to_both(keeper, line):
    hand_out_and_take_back(keeper, line)
    text = keeper.get("/parts/history").content.decode()
    assert f'href="/parts/parts/{line.part_id}"' in text
    assert f'href="/parts/requests/{line.request_id}"' in text
    assert "ROSH012606150001" in text


def test_a_sister_stores_hand_outs_are_not_in_the_history(stockroom, keeper, line):
    hand_out_and_take_back(keeper, line)
    stranger = at_desk(stockroom.town.person("parts_keeper", "外店", store=stockroom.town.sister))
    assert "AA-11" not in stranger.get("/parts/history").content.decode()


def test_the_ledger_goes_on_with_older_moves(stockroom, keeper):
    part = stockroom.part()
    for number in range(23):
        stockroom.stock(part, 1, batch=f"B{number}")
    first = queries.ledger(part, store=stockroom.store)
    second = queries.ledger(part, store=stockroom.store, before=first.before)
    assert (len(first.rows), len(second.rows), second.before) == (20, 3, None)
    assert {row.move_id for row in first.rows}.isdisjoint(row.move_id for row in second.rows)
    assert f"?before={first.before}#moves" in keeper.get(f"/parts/parts/{part.pk}").content.decode()
    older = keeper.get(f"/parts/parts/{part.pk}?before={first.before}").content.decode()
    assert older.count("<tr data-row>") == 3


def test_history_and_ledger_take_the_same_queries_for_one_move_and_for_many(
    stockroom, line, keeper, django_assert_num_queries
):
    hand_out_and_take_back(keeper, line)
    seen = PartsRequest.objects.all()
    with django_assert_num_queries(2):
        assert len(queries.handed_out(stockroom.store, among=seen).rows) == 2
    for number in range(8):
        part = stockroom.part(f"Q{number}R{number}S", "件")
        stockroom.stock(part, 1)
        stockroom.issue(stockroom.line(stockroom.ask((part, 1))), 1)
    with django_assert_num_queries(2):
        assert len(queries.handed_out(stockroom.store, among=seen).rows) == 10
    part = line.part
    with django_assert_num_queries(2):
        queries.ledger(part, store=stockroom.store)
    with django_assert_num_queries(2):
        queries.moves_of_request(line.request_id, stockroom.store)


@pytest.mark.parametrize(
    ("role", "answer"), [("parts_keeper", 200), ("advisor", 200), ("cashier", 403), ("consultant", 403)]
)
def test_who_may_see_what_was_handed_out(stockroom, role, answer):
    assert at_desk(stockroom.town.person(role)).get("/parts/history").status_code == answer


def test_of_a_number_that_two_brands_share_the_right_one_is_handed_out_after_a_second_look(stockroom, keeper):
    ours, other = stockroom.part("06L115562", "机滤", brand="曼牌"), stockroom.part("06L 115 562", "机滤", brand="马勒")
    for part in (ours, other):
        stockroom.stock(part, 1)
    line = stockroom.line(stockroom.ask((ours, 1)))
    assert 'name="confirmed_sibling"' in keeper.get("/parts/").content.decode()
    form = {"typed_number": "06L115562", "quantity": "1", "view": "board"}
    refused = post(keeper, f"/parts/lines/{line.pk}/issue", key="a", **form)
    assert (refused.status_code, "马勒" in refused.content.decode()) == (422, True)
    assert post(keeper, f"/parts/lines/{line.pk}/issue", key="b", confirmed_sibling="on", **form).status_code == 200
    line.refresh_from_db()
    assert (line.state, line.part_id) == ("issued", ours.pk)


def test_a_number_of_one_brand_asks_for_no_second_look(keeper, line):
    assert "confirmed_sibling" not in keeper.get("/parts/").content.decode()
