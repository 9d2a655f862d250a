"""Putting stock in: the whole table of domain.md 6.2 through the product's own verbs, and what is refused."""

from datetime import date

import pytest

from cheyi.foundation.acts import undo
from cheyi.foundation.models import AuditEntry, Fact
from cheyi.foundation.sources import Source
from cheyi.kernel import Refused
from cheyi.parts import actions
from cheyi.parts.actions import Incoming
from cheyi.parts.models import Balance, DemandEntry, Lot, Move, Part, Receipt, Supplier
from tests.foundation.org import NOW
from tests.parts.stockroom import everything, later, q, yuan


def receive(stockroom, part, quantity, value, **details):
    about = {name: details.pop(name) for name in ("supplier", "delivery_no") if name in details}
    return actions.receive(
        incoming=[Incoming(part.pk, q(quantity), yuan(value), **details)],
        store=stockroom.store,
        by=stockroom.keeper,
        now=NOW,
        **about,
    )


def supplier(stockroom):
    return Supplier.objects.create(group=stockroom.town.group, code="NB", name="宁波制动", created_at=NOW)


def test_the_reference_table_of_the_moving_average_through_the_verbs(stockroom):
    part = stockroom.part()
    stockroom.stock(part, 10, "800.00")
    receive(stockroom, part, 20, "1720.00")
    assert stockroom.cost(part) == ("30", "2520.00")
    first = stockroom.line(stockroom.ask((part, 12)))
    assert stockroom.issue(first, 12)[0].value == yuan("1008.00")
    receive(stockroom, part, 6, "540.00")
    assert stockroom.cost(part) == ("24", "2052.00")
    actions.take_back(first, quantity=q(2), condition="good", by=stockroom.keeper, now=later(1))
    assert stockroom.cost(part) == ("26", "2220.00")
    second = stockroom.line(stockroom.ask((part, 5), source=Source("trial.paper", 82)))
    assert stockroom.issue(second, 5)[0].value == yuan("426.92")
    assert stockroom.cost(part) == ("21", "1793.08")
    actions.scrap(Balance.objects.get(part=part), quantity=q(4), reason="样件", by=stockroom.keeper, now=later(2))
    assert stockroom.cost(part) == ("17", "1451.54")
    last = stockroom.line(stockroom.ask((part, 17), source=Source("trial.paper", 83)))
    assert stockroom.issue(last, 17)[0].value == yuan("1451.54")
    assert stockroom.cost(part) == ("0", "0.00")


def test_three_units_worth_a_hundred_leave_one_by_one_to_the_fen(stockroom):
    part = stockroom.part()
    stockroom.stock(part, 3, "100.00")
    line = stockroom.line(stockroom.ask((part, 3)))
    assert [stockroom.issue(line, 1)[0].value for _ in range(3)] == [yuan("33.33"), yuan("33.34"), yuan("33.33")]
    assert stockroom.cost(part) == ("0", "0.00")


def test_a_receipt_has_a_number_a_paper_and_the_last_price(stockroom):
    part, firm = stockroom.part(), supplier(stockroom)
    receipt = receive(stockroom, part, 4, "1608.00", supplier=firm, delivery_no=" DN-77 ")
    part.refresh_from_db()
    assert (receipt.no, receipt.delivery_no, part.last_purchase_price) == ("GRSH012606150001", "DN-77", yuan("402.00"))
    move = Move.objects.get()
    assert (move.kind, move.source, move.from_place.kind) == (
        "purchase_in",
        Source("parts.receipt", receipt.pk, receipt.no),
        "supplier",
    )
    assert Fact.objects.get(code="parts.stock.arrived").facts["quantity"] == 4000


def test_the_same_delivery_note_is_received_once(stockroom):
    part, firm = stockroom.part(), supplier(stockroom)
    receive(stockroom, part, 4, "1608.00", supplier=firm, delivery_no="DN-77")
    before = everything(stockroom)
    with pytest.raises(Refused) as refusal:
        receive(stockroom, part, 4, "1608.00", supplier=firm, delivery_no="DN-77")
    assert (refusal.value.code, refusal.value.field) == ("parts.receipt.already_here", "delivery_no")
    assert everything(stockroom) == before
    assert Receipt.objects.count() == 1


def test_goods_go_to_the_parts_usual_bin(stockroom):
    part = stockroom.part()
    main = stockroom.bins["SH01"].warehouse
    (bin_,) = actions.add_bins(warehouse=main, codes=["a-03-2-01"], by=stockroom.keeper, now=NOW)
    actions.set_in_store(part, store=stockroom.store, usual_place_id=bin_.pk, by=stockroom.keeper, now=NOW)
    receive(stockroom, part, 1, "402.00")
    assert Move.objects.get().to_place.code == "A-03-2-01"
    assert actions.add_bins(warehouse=main, codes=["A-03-2-01"], by=stockroom.keeper, now=NOW) == []
    with pytest.raises(Refused) as refusal:
        actions.add_bins(warehouse=main, codes=["A3"], by=stockroom.keeper, now=NOW)
    assert refusal.value.code == "parts.place.bad_code"


def test_a_sister_stores_bin_is_not_a_place_here(stockroom):
    part = stockroom.part()
    with pytest.raises(Refused) as refusal:
        receive(stockroom, part, 1, "402.00", place_id=stockroom.bins["SH02"].pk)
    assert refusal.value.code == "parts.place.not_here"
    assert not Move.objects.exists()


def test_a_lot_gets_its_last_day_from_the_shelf_life(stockroom):
    part = stockroom.part("BF-DOT4", "制动液", lot_tracked=True, shelf_life_days=365)
    receive(stockroom, part, 1, "20.00", batch="B1")
    receive(stockroom, part, 1, "20.00", batch="B1", expires_on=date(2027, 6, 15))
    assert Lot.objects.get().expires_on == date(2027, 6, 15)
    with pytest.raises(Refused) as refusal:
        receive(stockroom, part, 1, "20.00", batch="B1", expires_on=date(2028, 1, 1))
    assert (refusal.value.code, refusal.value.facts["known"]) == ("parts.lot.other_expiry", "2027-06-15")
    with pytest.raises(Refused) as refusal:
        receive(stockroom, part, 1, "20.00")
    assert refusal.value.code == "parts.lot.batch_missing"


@pytest.mark.parametrize(
    ("quantity", "value", "code"),
    [
        ("0", "1.00", "parts.quantity.not_positive"),
        ("1000000000", "1.00", "parts.quantity.too_large"),
        ("1", "-1.00", "parts.receipt.value_negative"),
    ],
)
def test_impossible_goods_are_refused(stockroom, quantity, value, code):
    part = stockroom.part()
    with pytest.raises(Refused) as refusal:
        receive(stockroom, part, quantity, value)
    assert refusal.value.code == code
    assert not Receipt.objects.exists()


def test_a_receipt_is_undone_until_somebody_needs_the_goods(stockroom):
    part = stockroom.part()
    stockroom.stock(part, 1, "400.00")
    receive(stockroom, part, 2, "810.00")
    entry = AuditEntry.objects.get(code="parts.receipt.received")
    stockroom.ask((part, 2))
    with pytest.raises(Refused) as refusal:
        undo(entry.uid, by=stockroom.keeper, now=later(1))
    assert refusal.value.code == "parts.stock.too_little"
    assert stockroom.cost(part) == ("3", "1210.00")
    actions.release(source=Source("trial.paper", 81), store=stockroom.store, by=stockroom.keeper, now=later(1))
    undo(entry.uid, by=stockroom.keeper, now=later(1))
    assert stockroom.cost(part) == ("1", "400.00")
    assert Move.objects.get(reverses__isnull=False).value == yuan("810.00")


def test_stock_moves_from_bin_to_bin_and_takes_its_value_to_another_warehouse(stockroom):
    part = stockroom.part()
    stockroom.stock(part, 3, "100.00")
    balance = Balance.objects.get(part=part)
    main = balance.place.warehouse
    (bin_,) = actions.add_bins(warehouse=main, codes=["A-01-1-01"], by=stockroom.keeper, now=NOW)
    move = actions.move_bin(balance, to_place=bin_, quantity=q(1), by=stockroom.keeper, now=NOW)
    assert (move.value, move.from_on_hand, move.to_on_hand) == (yuan("33.33"), q(2), q(1))
    assert stockroom.cost(part) == ("3", "100.00")
    house = actions.add_warehouse(
        code="ACC", name="精品", kind="accessory", store=stockroom.store, by=stockroom.keeper, now=NOW
    )
    move = actions.move_bin(balance, to_place=house.places.get(), quantity=q(2), by=stockroom.keeper, now=NOW)
    assert (move.value, move.from_value, move.to_value) == (yuan("66.67"), yuan("33.33"), yuan("66.67"))
    with pytest.raises(Refused) as refusal:
        actions.move_bin(balance, to_place=bin_, quantity=q(1), by=stockroom.keeper, now=NOW)
    assert refusal.value.code == "parts.stock.too_little"


def test_a_found_difference_is_booked_at_the_average_and_needs_a_reason(stockroom):
    part = stockroom.part()
    stockroom.stock(part, 3, "100.00")
    balance = Balance.objects.get(part=part)
    actions.adjust(balance, found=q(2), reason="盘点少一", by=stockroom.keeper, now=NOW)
    assert stockroom.cost(part) == ("2", "66.67")
    actions.adjust(balance, found=q(4), reason="又找到", by=stockroom.keeper, now=NOW)
    assert stockroom.cost(part) == ("4", "133.34")
    assert actions.adjust(balance, found=q(4), reason="复核", by=stockroom.keeper, now=NOW) is None
    with pytest.raises(Refused) as refusal:
        actions.adjust(balance, found=q(1), reason=" ", by=stockroom.keeper, now=NOW)
    assert refusal.value.code == "parts.stock.reason_missing"
    assert [m.kind for m in Move.objects.order_by("pk")] == ["opening", "adjust", "adjust"]


def test_less_than_is_reserved_cannot_be_found_without_giving_a_reservation_up(stockroom):
    part = stockroom.part()
    stockroom.stock(part, 3)
    stockroom.ask((part, 2))
    balance = Balance.objects.get(part=part)
    with pytest.raises(Refused) as refusal:
        actions.adjust(balance, found=q(1), reason="少了", by=stockroom.keeper, now=NOW)
    assert (refusal.value.code, refusal.value.facts["reserved"]) == ("parts.stock.reserved", "2")
    with pytest.raises(Refused):
        actions.scrap(balance, quantity=q(2), reason="坏", by=stockroom.keeper, now=NOW)
    assert stockroom.balance(part) == ("3", "2")


def test_what_turns_up_of_nothing_has_the_last_price_and_serves_the_waiting(stockroom):
    part = stockroom.part()
    receive(stockroom, part, 1, "402.00")
    balance = Balance.objects.get(part=part)
    actions.use_internally(balance, quantity=q(1), reason="展厅", by=stockroom.keeper, now=NOW)
    line = stockroom.line(stockroom.ask((part, 1)))
    actions.adjust(balance, found=q(2), reason="找到", by=stockroom.keeper, now=NOW)
    line.refresh_from_db()
    assert (line.state, stockroom.cost(part)) == ("reserved", ("2", "804.00"))


def test_a_lost_sale_counts_as_demand_of_the_day(stockroom):
    part = stockroom.part()
    actions.record_lost_sale(part=part, quantity=q(2), store=stockroom.store, by=stockroom.keeper, now=NOW)
    entry = DemandEntry.objects.get()
    assert (entry.kind, entry.missing, entry.asked_on) == ("lost_sale", q(2), date(2026, 6, 15))


def test_two_hundred_rows_are_taken_at_once_and_more_are_refused(stockroom):
    parts = Part.objects.bulk_create(
        Part(
            group=stockroom.town.group,
            created_at=NOW,
            part_no=f"N{n:04d}X{n}",
            number_key=f"N{n:04d}X{n}",
            name_zh="件",
        )
        for n in range(201)
    )
    rows = [Incoming(part.pk, q(1), yuan("1.00")) for part in parts]
    actions.receive(incoming=rows[:200], store=stockroom.store, by=stockroom.keeper, now=NOW)
    assert Move.objects.count() == 200
    with pytest.raises(Refused) as refusal:
        actions.receive(incoming=rows, store=stockroom.store, by=stockroom.keeper, now=NOW)
    assert refusal.value.code == "parts.receipt.too_many_lines"
