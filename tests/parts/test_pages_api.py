"""Machines can do what the keeper can: the same verbs, permissions and refusals."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from cheyi.foundation.models import AuditEntry
from cheyi.parts.models import Balance, Move, Part, PartsRequest, RequestLine
from tests.foundation.org import NOW
from tests.parts.stockroom import all_wrong, q, yuan
from tests.parts.test_pages_requests import at_desk

count = iter(range(10_000))


def call(client: Client, address: str, body=None, *, key: str = ""):
    return client.post(
        f"/api/v1{address}",
        json.dumps(body or {}),
        content_type="application/json",
        headers={"Idempotency-Key": key or f"k{next(count)}"},
    )


@pytest.fixture
def keeper(stockroom):
    return at_desk(stockroom.keeper)


def test_a_part_is_added_edited_found_and_priced(stockroom, keeper):
    answer = call(keeper, "/parts/add", {"part_no": "BP-HAN-F", "name_zh": "前刹车片", "retail_price_fen": 62000})
    assert answer.status_code == 200, answer.content
    part_id = answer.json()["id"]
    assert call(keeper, f"/parts/{part_id}/edit", {"unit": "套", "qty_step": 500}).json()["unit"] == "套"
    assert Part.objects.get().qty_step == q("0.5")
    buyer = at_desk(stockroom.town.person("buyer"))
    assert call(keeper, f"/parts/{part_id}/change-price", {"retail_price_fen": 1}).status_code == 403
    assert call(buyer, f"/parts/{part_id}/change-price", {"retail_price_fen": 59900}).status_code == 200
    assert Part.objects.get().retail_price == yuan("599.00")
    (found,) = keeper.get("/api/v1/parts", {"q": "qscp"}).json()["parts"]
    assert (found["id"], found["price_fen"], found["free"]) == (part_id, 59900, 0)
    assert keeper.get(f"/api/v1/parts/{part_id}").json()["part_no"] == "BP-HAN-F"


def test_goods_come_in_are_asked_for_handed_out_and_taken_back(stockroom, keeper):
    part = stockroom.part()
    row = {"part_id": part.pk, "quantity": 3000, "value_fen": 10000}
    assert call(keeper, "/stock/receive", {"incoming": [row]}).json()["no"].startswith("GR")
    advisor = at_desk(stockroom.town.person("advisor"))
    body = {"wanted": [{"part_id": part.pk, "quantity": 2000}], "purpose": "展车"}
    made = call(advisor, "/parts-requests/submit", body).json()
    assert made["state"] == "reserved"
    (shown,) = keeper.get("/api/v1/parts-requests").json()["requests"]
    line_id = shown["lines"][0]["id"]
    assert (shown["source_label"], shown["lines"][0]["outstanding"]) == ("展车", 2000)
    assert (shown["plate"], shown["vin_end"]) == ("", "")
    wrong = call(keeper, f"/parts-request-lines/{line_id}/issue", {"typed_number": "BP-HAN-R", "quantity": 2000})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "parts.part.unknown_number")
    assert wrong.json()["fields"].keys() == {"typed_number"}
    call(keeper, f"/parts-request-lines/{line_id}/pick", {"typed_number": "BP-HAN-F"})
    done = call(keeper, f"/parts-request-lines/{line_id}/issue", {"typed_number": "BP-HAN-F", "quantity": 2000})
    assert (done.json()["state"], done.json()["issued"]) == ("issued", 2000)
    assert Move.objects.get(kind="issue").to_place.kind == "internal"
    back = call(keeper, f"/parts-request-lines/{line_id}/take-back", {"quantity": 1000})
    assert (back.json()["state"], back.json()["returned"]) == ("issued", 1000)
    assert keeper.get(f"/api/v1/parts-requests/{made['id']}").json()["state"] == "closed"
    assert all_wrong() == []


def test_the_same_call_twice_has_one_effect_and_another_body_is_refused(stockroom, keeper):
    part = stockroom.part()
    row = {"part_id": part.pk, "quantity": 3000, "value_fen": 10000}
    answers = [call(keeper, "/stock/receive", {"incoming": [row]}, key="same") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert stockroom.balance(part) == ("3", "0")
    other = call(keeper, "/stock/receive", {"incoming": [{**row, "quantity": 1000}]}, key="same")
    assert (other.status_code, other.json()["code"]) == (422, "foundation.form.key_reused")


def test_a_request_is_given_up_only_while_nothing_is_out(stockroom, keeper):
    part = stockroom.part()
    stockroom.stock(part, 3)
    first, second = stockroom.ask((part, 1)), stockroom.ask((part, 1))
    assert call(keeper, f"/parts-requests/{first.pk}/cancel", {"reason": "不要了"}).json()["state"] == "cancelled"
    stockroom.issue(stockroom.line(second), 1)
    refused = call(keeper, f"/parts-requests/{second.pk}/cancel")
    assert (refused.status_code, refused.json()["code"]) == (422, "parts.request.not_now")
    assert stockroom.balance(part) == ("2", "0")
    assert AuditEntry.objects.get(code="parts.request.cancelled").facts["reason"] == "不要了"


def test_a_short_line_gets_a_decision(stockroom, keeper):
    line = stockroom.line(stockroom.ask((stockroom.part(), 1)))
    answer = call(keeper, f"/parts-request-lines/{line.pk}/choose-shortage-action", {"choice": "transfer"})
    assert (answer.status_code, RequestLine.objects.get().shortage_action) == (200, "transfer")
    assert call(keeper, f"/parts-request-lines/{line.pk}/choose-shortage-action", {"choice": "x"}).status_code == 422


def test_a_machine_says_when_a_short_part_will_be_here(stockroom, keeper):
    line = stockroom.line(stockroom.ask((stockroom.part(), 1)))
    address = f"/parts-request-lines/{line.pk}/choose-shortage-action"
    told = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    body = {"choice": "urgent_po", "expected_at": told.isoformat()}
    assert datetime.fromisoformat(call(keeper, address, body).json()["expected_at"]) == told
    assert RequestLine.objects.get().expected_at == told
    (row,) = keeper.get(f"/api/v1/parts-requests/{line.request_id}").json()["lines"]
    assert datetime.fromisoformat(row["expected_at"]) == told
    for wrong, code in (
        ("2020-01-01T10:00:00+08:00", "parts.line.expected_in_the_past"),
        ("2198-01-01T10:00:00+08:00", "parts.line.expected_too_late"),
    ):
        refused = call(keeper, address, {"choice": "wait", "expected_at": wrong})
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    for wrong in ("9999-12-31T23:59:00Z", "2027-01-01T10:00:00", "morgen"):
        assert call(keeper, address, {"choice": "wait", "expected_at": wrong}).status_code == 422
    assert RequestLine.objects.get().expected_at == told
    assert call(keeper, address, {"choice": "wait"}).json()["expected_at"] is None


def test_stock_is_moved_adjusted_scrapped_and_used_by_whom_it_is_given_to(stockroom, keeper):
    part = stockroom.part()
    stockroom.stock(part, 9, "90.00")
    balance = Balance.objects.get(part=part)
    accountant = at_desk(stockroom.town.person("accountant"))
    house = stockroom.bins["SH01"].warehouse
    from cheyi.parts import actions

    (bin_,) = actions.add_bins(warehouse=house, codes=["A-01-1-01"], by=stockroom.keeper, now=NOW)
    moved = call(keeper, f"/balances/{balance.pk}/move-bin", {"to_place_id": bin_.pk, "quantity": 1000}).json()
    assert moved["moves"][0]["value_fen"] is None
    assert call(keeper, f"/balances/{balance.pk}/adjust", {"found": 7000, "reason": "少一"}).status_code == 403
    adjusted = call(accountant, f"/balances/{balance.pk}/adjust", {"found": 7000, "reason": "少一"}).json()
    assert (adjusted["moves"][0]["kind"], adjusted["moves"][0]["value_fen"]) == ("adjust", 1000)
    assert call(accountant, f"/balances/{balance.pk}/scrap", {"quantity": 1000, "reason": "坏"}).status_code == 200
    assert (
        call(keeper, f"/balances/{balance.pk}/use-internally", {"quantity": 1000, "reason": "店用"}).status_code == 200
    )
    assert stockroom.balance(part) == ("6", "0")
    assert all_wrong() == []


def test_replacements_levels_and_lost_sales(stockroom, keeper):
    one, two = stockroom.part("AA11", "件"), stockroom.part("BB22", "件")
    assert call(keeper, f"/parts/{one.pk}/allow-substitute", {"substitute_id": two.pk}).status_code == 200
    done = call(keeper, f"/parts/{one.pk}/supersede", {"successor_id": two.pk, "on": "2026-06-01"}).json()
    assert done["superseded_by_id"] == two.pk
    assert call(keeper, f"/parts/{one.pk}/set-in-store", {"reorder_point": 4000}).status_code == 200
    assert call(keeper, f"/parts/{one.pk}/record-lost-sale", {"quantity": 1000}).status_code == 200
    circle = call(keeper, f"/parts/{two.pk}/supersede", {"successor_id": one.pk, "on": "2026-06-01"})
    assert (circle.status_code, circle.json()["code"]) == (422, "parts.part.superseded_in_a_circle")


def test_the_stock_list_comes_in_pages(stockroom, keeper):
    for number in range(52):
        stockroom.stock(stockroom.part(f"N{number:03d}Q", "件"), 1)
    first = keeper.get("/api/v1/stock").json()
    rest = keeper.get("/api/v1/stock", {"after": first["after"]}).json()
    assert (len(first["rows"]), len(rest["rows"]), rest["after"]) == (50, 2, "")
    assert keeper.get("/api/v1/stock", {"short": "true"}).json()["rows"] == []


def test_a_sister_stores_rows_and_strangers_are_kept_out(stockroom, keeper):
    part = stockroom.part()
    stockroom.stock(part, 3)
    request = stockroom.ask((part, 1))
    line, balance = stockroom.line(request), Balance.objects.get()
    sister = at_desk(stockroom.town.person("parts_keeper", "外店", store=stockroom.town.sister))
    assert sister.get("/api/v1/parts-requests").json() == {"requests": [], "next": None}
    assert sister.get(f"/api/v1/parts-requests/{request.pk}").status_code == 404
    issue = {"typed_number": "BP-HAN-F", "quantity": 1000}
    assert call(sister, f"/parts-request-lines/{line.pk}/issue", issue).status_code == 404
    use = {"quantity": 1000, "reason": "x"}
    assert call(sister, f"/balances/{balance.pk}/use-internally", use).status_code == 404
    assert Client().get("/api/v1/parts-requests").status_code == 401
    assert PartsRequest.objects.count() == 1


@pytest.mark.parametrize(
    "row",
    [
        {"quantity": 0, "value_fen": 1},
        {"quantity": -1000, "value_fen": 1},
        {"quantity": 10**12, "value_fen": 1},
        {"quantity": 10**13, "value_fen": 1},
        {"quantity": 1500, "value_fen": 1},
        {"quantity": "viel", "value_fen": 1},
        {"quantity": 1000, "value_fen": -1},
    ],
)
def test_impossible_figures_are_refused_in_words(stockroom, keeper, row):
    part = stockroom.part()
    answer = call(keeper, "/stock/receive", {"incoming": [{"part_id": part.pk, **row}]})
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert not Move.objects.exists()


def test_the_catalogue_and_the_requests_turn_their_pages(stockroom, keeper):
    parts = [stockroom.part(f"PG-{number:03}", f"件{number}") for number in range(53)]
    stockroom.stock(parts[0], 60)
    asked = [stockroom.ask((parts[0], 1)) for _ in range(52)]
    for address, name, rows in (("parts", "parts", parts), ("parts-requests", "requests", asked)):
        first = keeper.get(f"/api/v1/{address}", {"after": 0}).json()
        second = keeper.get(f"/api/v1/{address}", {"after": first["next"]}).json()
        given = [row["id"] for row in [*first[name], *second[name]]]
        assert (len(first[name]), first["next"], second["next"]) == (50, rows[49].pk, None)
        assert given == [row.pk for row in rows]
        assert keeper.get(f"/api/v1/{address}", {"after": -1}).status_code == 422
