"""What the parts store answers: availability with sisters, finding, the keeper's board, the card, the list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheyi.foundation.scope import within
from cheyi.foundation.sources import Source
from cheyi.parts import actions, queries
from cheyi.parts.models import Balance, Place
from cheyi.parts.queries import SisterStock
from tests.foundation.org import NOW
from tests.parts.stockroom import ORDER, later, q, yuan

TODAY = NOW.date()


@pytest.fixture
def counted():
    """Counts the statements of a block."""

    def count(work):
        with CaptureQueriesContext(connection) as spoken:
            answer = work()
        return answer, len([s for s in spoken if not s["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))])

    return count


def test_availability_tells_own_stock_its_bin_and_the_sisters_in_one_query(stockroom, counted):
    here, there, nowhere = (stockroom.part(number, "件") for number in ("AA11", "BB22", "CC33"))
    stockroom.stock(here, 6, "600.00")
    stockroom.stock(here, 3, store=stockroom.town.sister)
    stockroom.stock(there, 2, store=stockroom.town.sister)
    stockroom.ask((here, 2))
    ids = [here.pk, there.pk, nowhere.pk]
    found, statements = counted(lambda: queries.availability(ids, store=stockroom.store))
    sister = SisterStock(stockroom.town.sister.pk, "西湖店", q(3))
    assert (found[here.pk].own, found[here.pk].sisters, found[here.pk].bin_code) == (q(4), (sister,), "主库")
    assert (found[there.pk].own, found[there.pk].elsewhere) == (q(0), q(2))
    assert (found[nowhere.pk].own, found[nowhere.pk].sisters, found[nowhere.pk].bin_code) == (q(0), (), "")
    assert statements == 1


def test_stock_in_quarantine_or_past_its_last_day_is_not_available(stockroom):
    part = stockroom.part("BF-DOT4", "制动液", lot_tracked=True)
    stockroom.stock(part, 2, batch="B1", expires_on=TODAY)
    stockroom.stock(part, 1, batch="B2")
    line = stockroom.line(stockroom.ask((part, 1)))
    stockroom.issue(line, 1)
    actions.take_back(line, quantity=q(1), condition="damaged", by=stockroom.keeper, now=NOW)
    found = queries.availability([part.pk], store=stockroom.store, on=TODAY)
    assert found[part.pk].own == q(2)
    found = queries.availability([part.pk], store=stockroom.store, on=later(48).date())
    assert found[part.pk].own == q(1)


def test_another_groups_stock_is_never_told(stockroom):
    from cheyi.foundation.models import Group, LegalEntity, Store
    from cheyi.foundation.scope import everywhere

    part = stockroom.part()
    with everywhere("a stranger"):
        group = Group.objects.create(name="别家", created_at=NOW)
        entity = LegalEntity.objects.create(group=group, name="别家", created_at=NOW)
        store = Store.objects.create(group=group, legal_entity=entity, code="XX01", name="别家店", created_at=NOW)
    stockroom.stock(part, 5)
    assert queries.availability([part.pk], store=stockroom.store)[part.pk].own == q(5)
    with within(store):
        assert queries.availability([part.pk], store=store)[part.pk].own == q(0)


def test_parts_are_found_by_number_name_and_pinyin_with_price_and_stock(stockroom):
    part = stockroom.part("BP-HAN-F", "前刹车片")
    stockroom.part("OL-0W20", "机油")
    stockroom.stock(part, 2)
    for text in ("bp-han", "刹车", "qscp"):
        (found,) = queries.find(text, stockroom.store)
        assert (found.part_no, found.name, found.price, found.stock.own) == (
            "BP-HAN-F",
            "前刹车片",
            yuan("620.00"),
            q(2),
        )
    actions.set_in_store(part, store=stockroom.store, retail_price=yuan("599"), abc="A", by=stockroom.keeper, now=NOW)
    (found,) = queries.find("bp-han", stockroom.store)
    assert (found.price, found.abc) == (yuan("599"), "A")
    actions.edit_part(part, active=False, by=stockroom.keeper, now=NOW)
    assert queries.find("bp-han", stockroom.store) == []


def test_the_board_shows_the_oldest_promise_first_with_bins_and_look_alikes(stockroom, counted):
    right, wrong = stockroom.part("BYD-BMS-2023A", "甲"), stockroom.part("BYD-BMS-2023B", "乙")
    stockroom.stock(right, 1)
    stockroom.ask((right, 1), needed_at=later(8))
    stockroom.ask((right, 2), (wrong, 1), source=Source("trial.paper", 82, "RO82"), needed_at=later(2))
    board, statements = counted(lambda: queries.open_requests(stockroom.store, on=TODAY))
    assert [request.source.id for request in board] == [82, 81]
    first, second = board[1].lines[0], board[0].lines[0]
    assert [(piece.place_code, piece.quantity) for piece in first.kept] == [("主库", q(1))]
    assert (first.state, first.missing, second.state, second.missing) == ("reserved", q(0), "backordered", q(2))
    assert [(s.part_no, s.name, s.place) for s in first.siblings] == [("BYD-BMS-2023B", "乙", 11)]
    assert statements <= 6
    _, again = counted(lambda: queries.open_requests(stockroom.store, on=TODAY))
    for number in range(20):
        stockroom.ask((right, 1), source=Source("trial.paper", 100 + number))
    _, many = counted(lambda: queries.open_requests(stockroom.store, on=TODAY))
    assert many == again


def test_a_request_and_a_documents_lines_are_told(stockroom):
    part = stockroom.part()
    stockroom.stock(part, 2)
    request = stockroom.ask((part, 1))
    stockroom.ask((part, 1))
    card = queries.request_card(request.pk, stockroom.store)
    assert (card.no, len(card.open_lines)) == (request.no, 1)
    assert queries.request_card(999_999, stockroom.store) is None
    assert [line.source_line_id for line in queries.request_lines(ORDER, store=stockroom.store)] == [1, 1]
    stockroom.issue(stockroom.line(request), 1)
    assert [r.request_id for r in queries.open_requests(stockroom.store)] != [request.pk]


def test_the_card_leaves_cost_out_for_whoever_may_not_see_it(stockroom):
    part = stockroom.part()
    other = stockroom.part("ZZ-9", "替代")
    stockroom.stock(part, 3, "100.00")
    actions.allow_substitute(part, substitute=other, by=stockroom.keeper, now=NOW)
    line = stockroom.line(stockroom.ask((part, 1)))
    stockroom.issue(line, 1)
    stockroom.ask((part, 4), source=Source("trial.paper", 82))
    keeper = queries.part_card(part, store=stockroom.store, viewer=stockroom.keeper, on=TODAY)
    assert (keeper.value, keeper.unit_cost) == (None, None)
    assert (keeper.on_hand, keeper.reserved, keeper.used_in_a_year, keeper.missed_in_a_year) == (q(2), q(2), q(1), q(2))
    assert [part.part_no for part in keeper.substitutes] == ["ZZ-9"]
    assert [(move.kind, move.goes_in, move.on_hand) for move in keeper.moves.rows] == [
        ("issue", False, q(2)),
        ("opening", True, q(3)),
    ]
    buyer = queries.part_card(part, store=stockroom.store, viewer=stockroom.town.person("buyer"), on=TODAY)
    assert (str(buyer.value), str(buyer.unit_cost)) == ("66.67", "33.3350")


def test_the_stock_list_comes_in_pages_and_knows_what_is_short(stockroom, counted):
    for number in range(60):
        stockroom.stock(stockroom.part(f"N{number:03d}Q", "件"), 1)
    short = stockroom.part("ZZ-SHORT", "缺件")
    stockroom.ask((short, 1))
    page, statements = counted(lambda: queries.stock_page(stockroom.store))
    assert (len(page.rows), page.rows[0].part_no, statements) == (50, "N000Q", 3)
    rest = queries.stock_page(stockroom.store, after=page.after)
    assert ([row.part_no for row in rest.rows], rest.after) == ([f"N{n:03d}Q" for n in range(50, 60)], "")
    assert [row.part_no for row in queries.stock_page(stockroom.store, only_short=True).rows] == ["ZZ-SHORT"]
    first = page.rows[0]
    assert (first.on_hand, first.available, first.is_low) == (q(1), q(1), False)
    assert Balance.objects.count() == 60


def test_where_a_part_lies_is_said_in_the_warehouse_s_name_also_without_bins(stockroom):
    hall = actions.add_warehouse(
        code="W2", name="二号库", kind="main", store=stockroom.store, by=stockroom.keeper, now=NOW
    )
    assert [place.code for place in hall.places.all()] == ["二号库"]
    codes = Place.objects.filter(warehouse__code__in=["MAIN", "CONS", "QUAR", "TRAN"], store=stockroom.store)
    assert sorted(codes.values_list("code", flat=True)) == ["主库", "在途", "待检", "辅料"]
