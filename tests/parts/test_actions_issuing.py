"""Handing out and taking back: the right part, the right cost, never more than there is or is wanted."""

from datetime import date

import pytest

from cheyi.foundation.acts import undo
from cheyi.foundation.models import AuditEntry, Fact
from cheyi.foundation.refusals import sentence
from cheyi.foundation.sources import Source
from cheyi.kernel import Refused
from cheyi.parts import actions
from cheyi.parts.models import Balance, Lot, Move, Reservation, StorePart
from tests.foundation.org import NOW
from tests.parts.stockroom import everything, later, q, yuan


@pytest.fixture
def line(stockroom):
    """A line that wants two pieces of a part of which six lie there, worth 2400."""
    part = stockroom.part()
    stockroom.stock(part, 6, "2400.00")
    return stockroom.line(stockroom.ask((part, 2)))


def refused(stockroom, line, quantity="1", number=None, **details):
    before = everything(stockroom)
    with pytest.raises(Refused) as refusal:
        stockroom.issue(line, quantity, number, **details)
    assert everything(stockroom) == before
    assert "%(" not in sentence(refusal.value)
    assert sentence(refusal.value) != refusal.value.code
    return refusal.value


def test_issuing_takes_the_pieces_and_fixes_their_cost(stockroom, line):
    moves = stockroom.issue(line, 2)
    line.refresh_from_db()
    line.request.refresh_from_db()
    assert [(m.kind, m.quantity, m.value, m.to_place.kind) for m in moves] == [
        ("issue", q(2), yuan("800.00"), "customer")
    ]
    assert (moves[0].from_on_hand, moves[0].from_value, moves[0].to_on_hand) == (q(4), yuan("1600.00"), None)
    assert (line.state, line.issued, line.cost) == ("issued", q(2), yuan("800.00"))
    assert line.request.state == "closed"
    assert stockroom.balance(line.part) == ("4", "0")
    assert stockroom.cost(line.part) == ("4", "1600.00")
    assert Reservation.objects.get(line=line).state == "taken"
    facts = Fact.objects.get(code="parts.request.issued").facts
    assert (facts["line_id"], facts["quantity"], facts["value"], facts["line_state"]) == (1, 2000, 80000, "issued")


def test_issuing_in_two_goes_keeps_the_rest_reserved(stockroom, line):
    stockroom.issue(line, 1)
    line.refresh_from_db()
    assert (line.state, line.outstanding, line.request.state) == ("reserved", q(1), "issued")
    assert stockroom.balance(line.part) == ("5", "1")
    stockroom.issue(line, 1)
    line.refresh_from_db()
    assert (line.state, line.cost) == ("issued", yuan("800.00"))


def test_part_numbers_are_read_however_they_are_typed(stockroom, line):
    stockroom.issue(line, 1, " bp han.f ")
    stockroom.issue(line, 1, "ＢＰ-ＨＡＮ-Ｆ")
    line.refresh_from_db()
    assert line.state == "issued"


def test_a_scanned_barcode_is_the_part(stockroom):
    part = stockroom.part("OL-0W20", "机油", barcode="6901234567892")
    stockroom.stock(part, 1)
    line = stockroom.line(stockroom.ask((part, 1)))
    stockroom.issue(line, 1, "6901234567892")
    line.refresh_from_db()
    assert line.state == "issued"


def test_a_look_alike_is_stopped_and_shown_beside_the_right_one(stockroom):
    right = stockroom.part("BYD-BMS-2023A", "电池管理模块")
    wrong = stockroom.part("BYD-BMS-2023B", "电池管理模块 乙")
    for part in (right, wrong):
        stockroom.stock(part, 1, "9800.00")
    line = stockroom.line(stockroom.ask((right, 1)))
    refusal = refused(stockroom, line, number="byd bms 2023b")
    assert (refusal.code, refusal.field) == ("parts.part.look_alike", "typed_number")
    assert refusal.facts == {
        "number": "BYD-BMS-2023B",
        "number_name": "电池管理模块 乙",
        "number_id": wrong.pk,
        "other": "BYD-BMS-2023A",
        "other_name": "电池管理模块",
        "other_id": right.pk,
        "place": 13,  # as printed, the hyphens counted
    }


def test_a_confirmation_does_not_make_a_look_alike_right(stockroom):
    right, wrong = stockroom.part("BYD-BMS-2023A", "甲"), stockroom.part("BYD-BMS-2023B", "乙")
    for part in (right, wrong):
        stockroom.stock(part, 1)
    line = stockroom.line(stockroom.ask((right, 1)))
    assert refused(stockroom, line, number="BYD-BMS-2023B", confirmed_sibling=True).code == "parts.part.look_alike"


def test_another_part_or_no_part_at_all_is_refused(stockroom, line):
    stockroom.part("OL-0W20", "机油")
    assert refused(stockroom, line, number="OL-0W20").code == "parts.part.other_part"
    assert refused(stockroom, line, number="BP-HAN-G").code == "parts.part.unknown_number"
    assert refused(stockroom, line, number=" -. ").code == "parts.part.number_missing"


def test_a_number_that_two_brands_share_asks_for_a_second_look(stockroom):
    bosch = stockroom.part("0986494", "刹车片", brand="博世", barcode="6900000000011")
    stockroom.part("0986494", "刹车片", brand="曼牌")
    stockroom.stock(bosch, 3)
    line = stockroom.line(stockroom.ask((bosch, 3)))
    refusal = refused(stockroom, line, number="0986494")
    assert refusal.code == "parts.part.same_number_other_brand"
    assert (refusal.facts["brand"], refusal.facts["others"]) == ("博世", "曼牌")
    stockroom.issue(line, 1, "0986494", confirmed_sibling=True)
    stockroom.issue(line, 1, "6900000000011")
    line.refresh_from_db()
    assert line.issued == q(2)


def test_an_approved_substitute_may_be_handed_out_and_becomes_the_lines_part(stockroom, line):
    other = stockroom.part("BP-HAN-FC", "前刹车片 陶瓷")
    stockroom.stock(other, 2, "1000.00")
    assert refused(stockroom, line, number="BP-HAN-FC").code == "parts.part.look_alike"
    actions.allow_substitute(line.part, substitute=other, by=stockroom.keeper, now=NOW)
    stockroom.issue(line, 2, "BP-HAN-FC")
    line.refresh_from_db()
    assert (line.part_id, line.state, line.cost) == (other.pk, "issued", yuan("1000.00"))
    assert stockroom.balance(stockroom.part_no("BP-HAN-F")) == ("6", "0")
    assert Reservation.objects.get(line=line).state == "released"
    assert Fact.objects.get(code="parts.request.issued").facts["part_id"] == other.pk


def test_the_successor_of_a_number_may_be_handed_out_but_not_in_another_grade(stockroom, line):
    new = stockroom.part("NEW-4711", "前刹车片", grade="equivalent")
    stockroom.stock(new, 2)
    actions.supersede(line.part, successor=new, on=date(2026, 6, 1), by=stockroom.keeper, now=NOW)
    assert refused(stockroom, line, number="NEW-4711").code == "parts.part.other_grade"
    actions.edit_part(new, grade="original", by=stockroom.keeper, now=NOW)
    stockroom.issue(line, 2, "NEW-4711")
    line.refresh_from_db()
    assert (line.part_id, line.state) == (new.pk, "issued")


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        ("0", "parts.quantity.not_positive"),
        ("-1", "parts.quantity.not_positive"),
        ("1000000000", "parts.quantity.too_large"),
        ("0.5", "parts.quantity.off_step"),
        ("3", "parts.line.too_much"),
    ],
)
def test_quantities_that_cannot_be_are_refused_in_words(stockroom, line, quantity, code):
    refusal = refused(stockroom, line, quantity)
    assert (refusal.code, refusal.field) == (code, "quantity")


def test_litres_go_in_the_steps_of_the_part(stockroom):
    oil = stockroom.part("OL-0W20", "机油", unit="升", qty_step=q("0.5"))
    stockroom.stock(oil, "60", "3000.00")
    line = stockroom.line(stockroom.ask((oil, "4.5")))
    assert refused(stockroom, line, "4.2").code == "parts.quantity.off_step"
    stockroom.issue(line, "4.5")
    assert stockroom.cost(oil) == ("55.5", "2775.00")


def test_the_last_piece_goes_to_one_of_two_lines(stockroom):
    part = stockroom.part()
    first = stockroom.line(stockroom.ask((part, 1)))
    second = stockroom.line(stockroom.ask((part, 1), source=Source("trial.paper", 82)))
    stockroom.stock(part, 1, "402.00")
    stockroom.issue(first, 1)
    refusal = refused(stockroom, second)
    assert (refusal.code, refusal.facts["available"]) == ("parts.stock.too_little", "0")


def test_what_is_kept_for_another_line_is_not_handed_out(stockroom, line):
    other = stockroom.line(stockroom.ask((line.part, 5), source=Source("trial.paper", 82)))
    assert other.state == "backordered"
    refusal = refused(stockroom, other, "5")
    assert (refusal.code, refusal.facts["available"]) == ("parts.stock.too_little", "4")
    stockroom.issue(other, 4)
    other.refresh_from_db()
    assert (other.state, other.outstanding) == ("backordered", q(1))


def test_a_line_is_not_issued_twice(stockroom, line):
    stockroom.issue(line, 2)
    refusal = refused(stockroom, line, "2")
    assert refusal.code == "parts.request.not_now"


def test_the_lot_that_expires_first_is_handed_out_first(stockroom):
    part = stockroom.part("BF-DOT4", "制动液", lot_tracked=True)
    stockroom.stock(part, 2, "40.00", batch="B2", expires_on=date(2027, 1, 1))
    stockroom.stock(part, 2, "50.00", batch="B1", expires_on=date(2026, 9, 1))
    line = stockroom.line(stockroom.ask((part, 3)))
    moves = stockroom.issue(line, 3)
    assert [(m.lot.batch, m.quantity, m.value) for m in moves] == [
        ("B1", q(2), yuan("45.00")),
        ("B2", q(1), yuan("22.50")),
    ]


def test_an_expired_lot_stays_on_the_shelf(stockroom):
    part = stockroom.part("BF-DOT4", "制动液", lot_tracked=True)
    stockroom.stock(part, 2, batch="B1", expires_on=date(2026, 6, 20))
    line = stockroom.line(stockroom.ask((part, 2)))
    assert line.state == "reserved"
    refusal = refused(stockroom, line, "2", now=later(24 * 6))
    assert (refusal.code, refusal.facts["available"]) == ("parts.stock.lot_expired", "0")
    assert stockroom.line(stockroom.ask((part, 1), now=later(24 * 6))).state == "backordered"
    stockroom.issue(line, 2, now=later(24 * 5 + 12))


def test_a_warehouse_that_values_by_lot_takes_the_lots_own_cost(stockroom):
    house = actions.add_warehouse(
        code="LOT", name="批次库", kind="main", values_by_lot=True, store=stockroom.store, by=stockroom.keeper, now=NOW
    )
    bin_ = house.places.get()
    part = stockroom.part("BAT-60", "蓄电池", lot_tracked=True)
    stockroom.stock(part, 2, "900.00", batch="B1", place_id=bin_.pk)
    stockroom.stock(part, 2, "1100.00", batch="B2", place_id=bin_.pk)
    line = stockroom.line(stockroom.ask((part, 3)))
    assert [m.value for m in stockroom.issue(line, 3)] == [yuan("900.00"), yuan("550.00")]


def test_laying_ready_needs_the_right_part_and_ends_the_time_limit(stockroom, line):
    with pytest.raises(Refused):
        actions.pick(line, typed_number="BP-HAN-R", by=stockroom.keeper, now=NOW)
    actions.pick(line, typed_number="BP-HAN-F", by=stockroom.keeper, now=NOW)
    line.refresh_from_db()
    assert (line.state, line.request.state, line.request.picker_id) == (
        "picked",
        "picked",
        stockroom.keeper.employee_id,
    )
    assert Reservation.objects.get().expires_at is None
    stockroom.issue(line, 2)
    line.refresh_from_db()
    assert line.state == "issued"


def test_falling_to_the_reorder_point_is_said(stockroom, line):
    actions.set_in_store(line.part, store=stockroom.store, reorder_point=q(4), by=stockroom.keeper, now=NOW)
    assert StorePart.objects.get().reorder_point == q(4)
    stockroom.issue(line, 2)
    facts = Fact.objects.get(code="parts.stock.below_reorder_point").facts
    assert (facts["available"], facts["reorder_point"]) == (4000, 4000)


def test_what_comes_back_comes_back_at_the_cost_at_which_it_went_out(stockroom):
    part = stockroom.part()
    stockroom.stock(part, 10, "800.00")
    stockroom.stock(part, 20, "1720.00")
    line = stockroom.line(stockroom.ask((part, 12)))
    stockroom.issue(line, 12)
    stockroom.stock(part, 6, "540.00")
    assert stockroom.cost(part) == ("24", "2052.00")
    moves = actions.take_back(line, quantity=q(2), condition="good", by=stockroom.keeper, now=later(1))
    line.refresh_from_db()
    assert [(m.kind, m.value, m.reverses.kind) for m in moves] == [("issue_return", yuan("168.00"), "issue")]
    assert stockroom.cost(part) == ("26", "2220.00")
    assert (line.state, line.handed_out, line.cost) == ("issued", q(10), yuan("840.00"))
    actions.take_back(line, quantity=q(10), condition="good", by=stockroom.keeper, now=later(2))
    line.refresh_from_db()
    assert (line.state, line.cost, line.request.state) == ("returned", yuan("0.00"), "closed")
    with pytest.raises(Refused):
        actions.take_back(line, quantity=q(1), condition="good", by=stockroom.keeper, now=later(3))


def test_thirds_of_a_fen_come_back_to_the_fen(stockroom):
    part = stockroom.part()
    stockroom.stock(part, 3, "100.00")
    line = stockroom.line(stockroom.ask((part, 3)))
    for _ in range(3):
        stockroom.issue(line, 1)
    values = [
        actions.take_back(line, quantity=q(1), condition="good", by=stockroom.keeper, now=later(1))[0].value
        for _ in range(3)
    ]
    assert values == [yuan("33.33"), yuan("33.34"), yuan("33.33")]
    assert stockroom.cost(part) == ("3", "100.00")


@pytest.mark.parametrize(("condition", "warehouse"), [("damaged", "quarantine"), ("opened", "consumable")])
def test_what_is_not_as_new_goes_elsewhere(stockroom, line, condition, warehouse):
    stockroom.issue(line, 2)
    (move,) = actions.take_back(line, quantity=q(1), condition=condition, by=stockroom.keeper, now=later(1))
    assert move.to_place.warehouse.kind == warehouse
    assert Balance.objects.get(place=move.to_place).on_hand == q(1)


def test_more_than_is_out_does_not_come_back(stockroom, line):
    stockroom.issue(line, 1)
    before = everything(stockroom)
    with pytest.raises(Refused) as refusal:
        actions.take_back(line, quantity=q(2), condition="good", by=stockroom.keeper, now=later(1))
    assert (refusal.value.code, refusal.value.facts["out"]) == ("parts.line.not_so_much_out", "1")
    assert everything(stockroom) == before
    with pytest.raises(Refused) as refusal:
        actions.take_back(line, quantity=q(1), condition="lost", by=stockroom.keeper, now=later(1))
    assert refusal.value.code == "parts.line.unknown_condition"


def test_what_comes_back_good_goes_to_whoever_waits(stockroom):
    part = stockroom.part()
    stockroom.stock(part, 1, "402.00")
    line = stockroom.line(stockroom.ask((part, 1)))
    stockroom.issue(line, 1)
    waiting = stockroom.line(stockroom.ask((part, 1), source=Source("trial.paper", 82)))
    actions.take_back(line, quantity=q(1), condition="good", by=stockroom.keeper, now=later(1))
    waiting.refresh_from_db()
    assert waiting.state == "reserved"


def test_an_issue_is_undone_whole_and_the_line_is_as_before(stockroom, line):
    stockroom.issue(line, 2)
    entry = AuditEntry.objects.get(code="parts.request.issued")
    words = undo(entry.uid, by=stockroom.keeper, now=later(1))
    line.refresh_from_db()
    line.request.refresh_from_db()
    assert "BP-HAN-F" in words
    assert (line.state, line.handed_out, line.cost, line.request.state) == ("reserved", q(0), yuan(0), "reserved")
    assert stockroom.balance(line.part) == ("6", "2")
    assert stockroom.cost(line.part) == ("6", "2400.00")
    with pytest.raises(Refused) as refusal:
        undo(entry.uid, by=stockroom.keeper, now=later(1))
    assert refusal.value.code == "foundation.undo.done_already"
    stockroom.issue(line, 2)
    line.refresh_from_db()
    assert (line.state, line.outstanding) == ("issued", q(0))


def test_an_issue_of_which_something_came_back_is_not_undone(stockroom, line):
    stockroom.issue(line, 2)
    entry = AuditEntry.objects.get(code="parts.request.issued")
    actions.take_back(line, quantity=q(1), condition="good", by=stockroom.keeper, now=later(1))
    before = everything(stockroom)
    with pytest.raises(Refused) as refusal:
        undo(entry.uid, by=stockroom.keeper, now=later(1))
    assert refusal.value.code == "parts.move.reversed_already"
    assert everything(stockroom) == before


def test_giving_up_a_line_that_was_handed_out_in_part_keeps_what_is_out(stockroom, line):
    stockroom.issue(line, 1)
    source = line.request.source
    actions.release(source=source, line_ids=[1], store=stockroom.store, by=stockroom.keeper, now=later(1))
    line.refresh_from_db()
    assert (line.state, line.wanted, line.request.state) == ("issued", q(1), "closed")
    assert stockroom.balance(line.part) == ("5", "0")
    with pytest.raises(Refused) as refusal:
        actions.release(source=source, line_ids=[1], store=stockroom.store, by=stockroom.keeper, now=later(1))
    assert refusal.value.code == "parts.line.not_now"


def test_moves_are_never_changed_or_deleted(stockroom, line):
    from django.db import DatabaseError, transaction

    stockroom.issue(line, 1)
    for spoil in (lambda: Move.objects.update(reason="x"), lambda: Move.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            spoil()
    assert set(Move.objects.values_list("reason", flat=True)) == {""}


def test_the_database_itself_keeps_reserved_below_on_hand(stockroom, line):
    from django.db import IntegrityError, transaction

    for spoiled in ({"on_hand": q(1)}, {"reserved": q(-1)}, {"reserved": q(7)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Balance.objects.filter(part=line.part).update(**spoiled)
    assert stockroom.balance(line.part) == ("6", "2")


def test_a_lot_belongs_to_its_store_alone(stockroom):
    part = stockroom.part("BF-DOT4", "制动液", lot_tracked=True)
    stockroom.stock(part, 1, batch="B1", store=stockroom.town.sister)
    assert not Lot.objects.exists()
