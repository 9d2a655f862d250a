"""Parts and stock from a table: every cell read as people write it, every bad row with its reason, nothing doubled."""

from datetime import date

import pytest

from cheyi.foundation.refusals import sentence
from cheyi.foundation.sources import Source
from cheyi.parts.imports import KINDS, PARTS, STOCK
from cheyi.parts.models import Lot, Move, Part, StorePart
from tests.foundation.org import NOW
from tests.parts.stockroom import all_wrong, q, yuan

PAPER = Source("project.import", 1, "库存.xlsx")


def bring(stockroom, kind, *rows):
    prepared = [kind.prepare(str(number), row) for number, row in enumerate(rows, 2)]
    assert [one.faults for one in prepared] == [()] * len(rows)
    clean = [one.clean for one in prepared]
    return kind.apply(clean, store=stockroom.store, by=stockroom.keeper, now=NOW, paper=PAPER)


def test_the_example_row_of_each_template_can_be_brought_in(stockroom):
    for kind in KINDS:
        example = {column.code: column.example for column in kind.columns}
        if kind is STOCK:
            example.pop("unit_cost")
            example.pop("expires_on")
        assert [one.kind for one in bring(stockroom, kind, example)] == ["new"]
    part = Part.objects.get()
    assert (part.part_no, part.retail_price, part.grade) == ("BP-HAN-F", yuan("620.00"), "original")
    assert (StorePart.objects.get().abc, StorePart.objects.get().reorder_point) == ("A", q(4))
    move = Move.objects.get()
    assert (move.kind, move.quantity, move.value, move.to_place.code) == ("opening", q(6), yuan("2412.00"), "A-03-2-01")
    assert all_wrong() == []


def test_heads_are_unlike_and_codes_are_columns():
    for kind in KINDS:
        for names in ([c.code for c in kind.columns], [c.zh for c in kind.columns], [c.en for c in kind.columns]):
            assert len(set(names)) == len(names)


def test_the_same_table_twice_doubles_nothing(stockroom):
    parts = [{"part_no": f"AA-{n}1", "name_zh": "件", "retail_price": "10"} for n in range(3)]
    stock = [{"part_no": row["part_no"].lower(), "quantity": "2", "unit_cost": "3.335"[:4]} for row in parts]
    for expected in ("new", "here"):
        assert {one.kind for one in bring(stockroom, PARTS, *parts)} == {expected}
        assert {one.kind for one in bring(stockroom, STOCK, *stock)} == {expected}
    assert (Part.objects.count(), Move.objects.count()) == (3, 3)
    assert {move.value for move in Move.objects.all()} == {yuan("6.66")}


def test_a_number_that_is_easily_mistaken_is_named_beside_the_other_in_both_files(stockroom):
    parts = [
        {"part_no": number, "name_zh": name, "retail_price": "10"}
        for number, name in (("BYD-BMS-2023A", "电池管理"), ("BYD-BMS-2023B", "电池管理 B"), ("FLT-77", "机滤"))
    ]
    answers = bring(stockroom, PARTS, *parts)
    assert [one.kind for one in answers] == ["new"] * 3
    assert [[sentence(note) for note in one.notes] for one in answers] == [
        ["BYD-BMS-2023A 容易和 BYD-BMS-2023B 电池管理 B 弄混，对着标签再看一眼"],
        ["BYD-BMS-2023B 容易和 BYD-BMS-2023A 电池管理 弄混，对着标签再看一眼"],
        [],
    ]
    stocked = bring(stockroom, STOCK, {"part_no": "BYD-BMS-2023A", "quantity": "1", "unit_cost": "5"})
    assert [note.code for note in stocked[0].notes] == ["parts.import.looks_like"]


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("2026-06-15", date(2026, 6, 15)),
        ("2026/6/5", date(2026, 6, 5)),
        ("20260615", date(2026, 6, 15)),
        ("2026年6月15日", date(2026, 6, 15)),
        ("2026-06-15 00:00:00", date(2026, 6, 15)),
    ],
)
def test_dates_are_read_as_people_write_them(stockroom, text, on):
    stockroom.part("BF-DOT4", "制动液", lot_tracked=True)
    bring(stockroom, STOCK, {"part_no": "BF-DOT4", "quantity": "1", "value": "9", "batch": "B1", "expires_on": text})
    assert Lot.objects.get().expires_on == on


@pytest.mark.parametrize(
    ("kind", "row", "code", "field"),
    [
        (PARTS, {"part_no": "A1", "name_zh": "件"}, "customers.import.cell_missing", "retail_price"),
        (
            PARTS,
            {"part_no": "A1", "name_zh": "件", "retail_price": "十元"},
            "kernel.number.not_a_number",
            "retail_price",
        ),
        (PARTS, {"part_no": "A1", "name_zh": "件", "retail_price": "1.234"}, "kernel.number.too_fine", "retail_price"),
        (
            PARTS,
            {"part_no": "A1", "name_zh": "件", "retail_price": "1", "grade": "翻新"},
            "customers.import.bad_choice",
            "grade",
        ),
        (
            PARTS,
            {"part_no": "A1", "name_zh": "件", "retail_price": "1", "lot_tracked": "也许"},
            "customers.import.bad_choice",
            "lot_tracked",
        ),
        (
            STOCK,
            {"part_no": "A1", "quantity": "1", "expires_on": "2026-02-30"},
            "customers.import.bad_date",
            "expires_on",
        ),
        (STOCK, {"part_no": "A1", "quantity": "1", "expires_on": "明年"}, "customers.import.bad_date", "expires_on"),
        (STOCK, {"part_no": "A1", "quantity": "-1", "value": "1"}, "parts.import.negative", "quantity"),
        (STOCK, {"part_no": "A1", "quantity": "约26", "value": "1"}, "kernel.number.not_a_number", "quantity"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(kind, row, code, field):
    prepared = kind.prepare("2", row)
    assert [(fault.refused.code, fault.column) for fault in prepared.faults] == [(code, field)]
    assert prepared.clean is None
    assert "%(" not in sentence(prepared.faults[0].refused)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"part_no": "ZZ-9", "quantity": "1", "value": "1"}, "parts.part.unknown_number"),
        ({"part_no": "0986494", "quantity": "1", "value": "1"}, "parts.part.several_brands"),
        ({"part_no": "0986494", "brand": "无名", "quantity": "1", "value": "1"}, "parts.part.unknown_number"),
        ({"part_no": "BP-HAN-F", "quantity": "1"}, "parts.import.no_value"),
        ({"part_no": "BP-HAN-F", "quantity": "1", "value": "-1"}, "parts.receipt.value_negative"),
        ({"part_no": "BP-HAN-F", "quantity": "1", "value": "1", "bin": "左边架子"}, "parts.place.bad_code"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_reason(stockroom, row, code):
    stockroom.part()
    for brand in ("博世", "曼牌"):
        stockroom.part("0986494", "刹车片", brand=brand)
    good = {"part_no": "0986494", "brand": "曼牌", "quantity": "1", "value": "1"}
    outcomes = bring(stockroom, STOCK, row, good)
    assert [one.kind for one in outcomes] == ["refused", "new"]
    assert outcomes[0].problem.code == code
    assert "%(" not in sentence(outcomes[0].problem)


@pytest.mark.parametrize("text", ["d/11/01/08", "Ｄ－１１－０１－０８", "D110108", "d 11—01 08"])
def test_bins_are_read_however_they_are_written(stockroom, text):
    stockroom.part()
    bring(stockroom, STOCK, {"part_no": "bp han f", "quantity": "1", "value": "9", "bin": text})
    assert Move.objects.get().to_place.code == "D-11-01-08"


@pytest.mark.parametrize("text", ["4.5", "４．５", "4.5升", "4.5 L"])
def test_a_quantity_may_bear_its_unit(stockroom, text):
    stockroom.part(qty_step=q("0.5"))
    bring(stockroom, STOCK, {"part_no": "BP-HAN-F", "quantity": text, "value": "9"})
    assert Move.objects.get().quantity == q("4.5")


def test_what_is_measured_goes_in_tenths_unless_the_list_says_otherwise(stockroom):
    rows = [
        {"part_no": "OIL-1", "name_zh": "机油", "retail_price": "95", "unit": "L"},
        {"part_no": "OIL-2", "name_zh": "机油", "retail_price": "95", "unit": "升", "qty_step": "0.5"},
        {"part_no": "FLT-1", "name_zh": "机滤", "retail_price": "68", "unit": "个"},
    ]
    bring(stockroom, PARTS, *rows)
    steps = dict(Part.objects.values_list("part_no", "qty_step"))
    assert steps == {"OIL-1": q("0.1"), "OIL-2": q("0.5"), "FLT-1": q(1)}


def test_a_part_of_which_nothing_lies_there_keeps_no_list_out(stockroom):
    stockroom.part()
    rows = [{"part_no": "BP-HAN-F", "quantity": "0"}, {"part_no": "BP-HAN-F", "quantity": "2", "value": "9"}]
    assert [one.kind for one in bring(stockroom, STOCK, *rows)] == ["here", "new"]
    assert Move.objects.get().quantity == q(2)


def test_a_name_longer_than_the_column_is_refused_with_its_row(stockroom):
    row = {"part_no": "A1", "name_zh": "件" * 81, "retail_price": "1"}
    (outcome,) = bring(stockroom, PARTS, row)
    assert (outcome.kind, outcome.problem.code, outcome.problem.field) == ("refused", "parts.part.too_long", "name_zh")
