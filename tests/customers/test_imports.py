"""Customers from a file: cells as people write them, rows with their reasons, nobody doubled."""

from datetime import date

import pytest

from cheyi.customers.imports import COLUMNS, KIND, ROW_FIELDS, day, one_of, read_cells, whole, yes
from cheyi.customers.models import Customer, CustomerStore
from cheyi.foundation.importing import Column
from cheyi.foundation.refusals import sentence
from cheyi.foundation.scope import within
from cheyi.foundation.sources import Source
from cheyi.kernel import Refused
from tests.customers.people import NOW

PAPER = Source("onboarding.batch", 7, "2026-06-15")


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-15",
        "2026/6/15",
        "2026.6.15",
        "2026年6月15日",
        "20260615",
        "２０２６-０６-１５",
        "2026-06-15 00:00:00",
        "46188",
        "46188.5",
    ],
)
def test_a_day_is_read_as_people_write_it(text):
    assert day(text) == date(2026, 6, 15)


@pytest.mark.parametrize("text", ["15/6/2026", "2026-02-30", "去年", "2026", "73051", "461880", "19850", "20265"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(Refused, match=r"customers.import.bad_date"):
        day(text)


@pytest.mark.parametrize(
    ("text", "number"), [("24800", 24_800), ("24,800 km", 24_800), ("２４８００", 24_800), ("5.0", 5)]
)
def test_a_whole_number_is_read(text, number):
    assert whole(text) == number


@pytest.mark.parametrize("text", ["4.5", "viel", ""])
def test_what_is_no_whole_number_is_refused(text):
    with pytest.raises(Refused, match=r"customers.import.bad_number"):
        whole(text)


def test_a_number_too_large_for_a_column_is_refused():
    assert whole("999,999,999") == 999_999_999
    with pytest.raises(Refused, match=r"customers.import.too_large"):
        whole("1,000,000,000")


def test_yes_and_no_and_choices_are_read_in_both_languages():
    assert [yes(text) for text in ("是", "y", "√", "否", "0")] == [True, True, True, False, False]
    level = one_of({"金卡": "gold", "银卡": "silver"})
    assert [level(text) for text in ("金卡", "gold", "GOLD")] == ["gold"] * 3
    with pytest.raises(Refused) as refused:
        level("铂金")
    assert refused.value.facts == {"text": "铂金", "choices": "金卡、银卡"}


def test_every_column_is_a_field_and_every_example_is_read():
    fields = {field.name for field in Customer._meta.get_fields()} | ROW_FIELDS
    assert {column.code for column in COLUMNS} <= fields
    cells = {column.code: column.example for column in COLUMNS}
    assert KIND.prepare("1", cells).faults == ()


def test_all_faults_of_a_row_come_at_once():
    prepared = KIND.prepare("7", {"name": "", "mobile": "1380013800", "birthday_on": "gestern", "level": "铂金"})
    assert prepared.clean is None
    assert [(fault.column, fault.refused.code) for fault in prepared.faults] == [
        ("name", "customers.import.cell_missing"),
        ("birthday_on", "customers.import.bad_date"),
        ("level", "customers.import.bad_choice"),
        ("mobile", "customers.phone.too_short"),
    ]


@pytest.mark.parametrize(
    ("cell", "mobile", "second", "note"),
    [
        ("19900515261,19900589309(爱人)", "19900515261", "19900589309", "老客户；备用电话：爱人"),
        ("025-80008778；+8619900452880", "19900452880", "02580008778", "老客户"),
        ("19900691729(本人)", "19900691729", "", "老客户；手机：本人"),
        ("无", "", "", "老客户"),
        ("19900000000", "", "", "老客户"),
    ],
)
def test_a_mobile_as_old_systems_print_it_is_read_as_meant(cell, mobile, second, note):
    read = KIND.prepare("1", {"name": "王建国", "mobile": cell, "note": "老客户"})
    assert read.faults == ()
    assert (read.clean.mobile, read.clean.details.get("second_mobile", ""), read.clean.note) == (mobile, second, note)


def test_what_was_read_otherwise_is_told():
    def told(cell):
        return [(note.code, note.facts) for note in KIND.prepare("1", {"name": "王建国", "mobile": cell}).notes]

    two = "199 0042 6705\n19900174730"
    assert told(two) == [("customers.import.numbers_apart", {"text": "199 0042 6705 19900174730"})]
    assert told("19900000000") == [("customers.import.dummy_left_out", {"text": "19900000000"})]
    assert told("19900174730") == told("19900174730(爱人)") == []


def test_three_numbers_in_a_cell_and_two_beside_a_second_number_are_left_for_a_person():
    two, three = "19900515261 19900589309", "19900515261 19900589309 19900174730"
    for cells in ({"mobile": three}, {"mobile": two, "second_mobile": "0571-88880000"}):
        read = KIND.prepare("1", {"name": "王建国", **cells})
        assert [(fault.column, fault.refused.code) for fault in read.faults] == [("mobile", "customers.phone.several")]


def test_a_cell_that_knows_nothing_is_as_good_as_empty_but_not_where_no_is_an_answer():
    read, faults = read_cells(COLUMNS, {"name": "王建国", "birthday_on": "不详", "level": "－", "email": "#REF!"})
    assert (read, faults) == ({"name": "王建国"}, ())
    assert read_cells((Column("sealed", "已核对", "Compared", parse=yes),), {"sealed": "无"}) == ({"sealed": False}, ())


def test_a_file_applied_twice_doubles_nobody(street):
    cells = [
        {
            "external_no": "K1",
            "name": "王建国",
            "mobile": "+86 138-0013-8000",
            "level": "金卡",
            "last_visit_on": "2026/5/20",
        },
        {"external_no": "K2", "name": "恒远汽车租赁有限公司", "mobile": "0571-88889999", "kind": "单位"},
        {"external_no": "K3", "name": "李梅", "note": "周末"},
    ]
    prepared = [KIND.prepare(str(number), row) for number, row in enumerate(cells)]
    assert [one.faults for one in prepared] == [()] * 3
    with within(street.home):
        by, clean = street.advisor(), [one.clean for one in prepared]
        answers = [KIND.apply(clean, store=street.home, by=by, now=NOW, paper=PAPER) for _ in range(2)]
    assert [[one.kind for one in answer] for answer in answers] == [["new"] * 3, ["here"] * 3]
    rows = {row.external_no: row for row in CustomerStore.objects.select_related("customer")}
    assert rows["K1"].customer.level == "gold"
    assert (rows["K1"].last_visit_on, rows["K3"].note) == (date(2026, 5, 20), "周末")
    assert (rows["K2"].customer.kind, rows["K2"].customer.mobile.clear()) == ("company", "057188889999")


def test_who_is_on_file_with_another_address_keeps_his_which_is_said_in_the_heads_of_the_file(street):
    cells = [
        {"name": "王建国", "mobile": "13800138000", "address": "世纪大道1号", "second_mobile": "13911112222"},
        {"name": "王建国", "mobile": "13800138000", "address": "江南大道2号", "second_mobile": "13700001111"},
    ]
    clean = [KIND.prepare(str(number), row).clean for number, row in enumerate(cells)]
    with within(street.home):
        first, again = KIND.apply(clean, store=street.home, by=street.advisor(), now=NOW, paper=PAPER)
    assert (first.notes, again.kind) == ((), "here")
    assert [sentence(note) for note in again.notes] == ["已建档，保留原来的备用电话、地址"]
