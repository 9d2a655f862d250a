"""Rows that hold just the same: found however many they are, and no measure of how common a value is."""

import random

import pytest

from cheyi.customers.engine.bench import run_rows
from cheyi.customers.engine.linking.columns import read_table
from cheyi.customers.engine.linking.copies import Copies
from cheyi.customers.engine.linking.link import link
from tests.simulators import people

WANG = {"姓名": "王建国", "电话": "13800138001"}
NAMES = ("姓名", "电话")


def crowd(count=200):
    return [one.row for one in people.people(random.Random(7), count)]


@pytest.mark.parametrize("count", [2, 5, 100])
def test_rows_that_are_all_the_same_are_one(count):
    linked = link([WANG] * count, None, NAMES)
    assert linked.groups == (tuple(range(count)),)
    assert len(linked.same) == count * (count - 1) // 2
    assert linked.same[0].alike == (("姓名", "equal"), ("电话", "equal"))


def test_of_thousands_that_are_all_the_same_each_is_paired_with_the_first():
    linked = link([WANG] * 3000, None, NAMES)
    assert [(pair.one, pair.other) for pair in linked.same] == [(0, row) for row in range(1, 3000)]
    assert linked.groups == (tuple(range(3000)),)


def test_a_name_however_often_it_stands_is_a_question():
    linked = link([{"姓名": "王伟"}] * 40, None, ["姓名"])
    assert (linked.same, linked.groups) == ((), ())
    assert len(linked.maybe) == 780


def test_copies_follow_their_record_into_its_group():
    file = [*crowd(), *[{"姓名": "钱小满", "电话": "19904713852"}] * 3, {"姓名": "千小满", "电话": "19904713582"}]
    linked = link(file, None, NAMES)
    assert linked.groups == ((200, 201, 202, 203),)
    assert [(pair.one, pair.other) for pair in linked.same] == [
        (200, 201), (200, 202), (200, 203), (201, 202), (201, 203), (202, 203),
    ]  # fmt: skip


def test_copies_of_both_files_are_all_paired():
    found = run_rows([WANG] * 3, [WANG] * 4, NAMES).pairs
    assert [pair[:2] for pair in found] == [(str(a), str(b)) for a in range(1, 4) for b in range(1, 5)]


def test_copies_that_a_person_holds_apart_stay_apart():
    linked = link([*crowd(), WANG, WANG], None, NAMES, apart=[(201, 200)])
    assert linked.same == ()
    assert [(pair.one, pair.other, pair.veto) for pair in linked.apart] == [(200, 201, "kept_apart")]


def test_a_value_on_a_hundred_copies_is_as_rare_as_on_one():
    once = link([*crowd(), WANG, {**WANG, "姓名": "王健国"}], None, NAMES)
    often = link([*crowd(), *[WANG] * 100, {**WANG, "姓名": "王健国"}], None, NAMES)
    assert [(pair.one, pair.other) for pair in once.same] == [(200, 201)]
    assert often.groups == (tuple(range(200, 301)),)


def test_records_stand_in_the_order_of_what_they_hold_with_all_their_rows():
    rows = [{"a": cell} for cell in ("b", "a", "b", "c", "a", "b")]
    copies = Copies.of(read_table(rows, None, ["a"], {"a": "text"}))
    assert [copies.rows_of(record) for record in range(copies.table.records)] == [[1, 4], [0, 2, 5], [3]]
    assert copies.copied.tolist() == [0, 1, 1]
    assert list(copies.pairs(1, 1)) == [(0, 2), (0, 5), (2, 5)]
    assert list(copies.pairs(0, 2)) == [(1, 3), (3, 4)]
    apart = Copies.of(read_table(rows, None, ["a"], {"a": "text"}), single=[2])
    assert sorted(map(apart.rows_of, range(apart.table.records))) == [[0], [1, 4], [2], [3], [5]]
