"""Reading any table of parts and months, and the race on it."""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest

from cheyi.kernel import Refused
from cheyi.parts.engine import bench, bench_table
from cheyi.parts.engine.demand.fill import Shelf, stock_for
from tests.simulators import part_series

MONTHS = [f"2024-{month:02}" for month in range(1, 7)]


@pytest.fixture
def read(tmp_path):
    def write(text, encoding="utf-8"):
        file = tmp_path / "demand.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return bench_table.read_table(file)

    return write


def cells(table):
    return [[None if math.isnan(value) else value for value in row] for row in table.demand]


def test_a_head_of_months_and_numbers_of_parts(read):
    table = read(f"Part,{','.join(MONTHS)}\n21029627,0,0,2,1,,\n21029628,1,2,0,0,0,3\n")
    assert table.names == ("21029627", "21029628")
    assert cells(table) == [[0, 0, 2, 1, None, None], [1, 2, 0, 0, 0, 3]]
    assert (table.first_month, table.shape, table.prices) == (1, "wide", None)


@pytest.mark.parametrize(
    "head", ["Jan-98,Feb-98,Mar-98", "1998/1,1998/2,1998/3", "1998年1月,1998年2月,1998年3月", "M199801,M199802,M199803"]
)
def test_months_are_known_however_they_are_written(read, head):
    table = read(f"id,{head}\nA,1,2,3\nB,0,0,1\n")
    assert (cells(table), table.first_month) == ([[1, 2, 3], [0, 0, 1]], 1)


@pytest.mark.parametrize("head", ["part_id,m1,m2,m3", "sku,1,2,3", "料号,第1月,第2月,第3月", ",0,1,2"])
def test_months_may_be_numbered(read, head):
    assert cells(read(f"{head}\n17,1,2,3\n4,0,0,1\n9,5,5,5\n")) == [[1, 2, 3], [0, 0, 1], [5, 5, 5]]


def test_a_table_of_numbers_alone(read):
    table = read("3,0,1,5\n2,2,0,4\n0,0,0,1\n")
    assert cells(table) == [[3, 0, 1, 5], [2, 2, 0, 4], [0, 0, 0, 1]]
    assert table.names == ("1", "2", "3")


def test_text_in_front_names_the_parts_without_a_head(read):
    table = read("A-1;0;1;2\nA-2;3;0;1\n")
    assert (table.names, cells(table)) == (("A-1", "A-2"), [[0, 1, 2], [3, 0, 1]])


def test_prices_are_taken_from_their_column(read):
    table = read("编号,名称,价格,2024-01,2024-02,2024-03\n1,机油,¥250,3,4,5\n2,滤芯,,0,1,0\n", "gb18030")
    assert (table.prices, table.names) == ((250.0, 0.0), ("1", "2"))
    assert cells(table) == [[3, 4, 5], [0, 1, 0]]


def test_a_table_of_months_by_parts_is_turned(read):
    table = read("month,A,B\n2024-01,1,4\n2024-02,2,5\n2024-03,3,6\n")
    assert (table.shape, table.names, cells(table)) == ("turned", ("A", "B"), [[1, 2, 3], [4, 5, 6]])


def test_a_line_a_part_and_month_is_gathered(read):
    table = read("part,month,demand\nA,2024-01,1\nB,2024-03,2\nA,2024-03,3\nA,2024-03,1\n")
    assert (table.shape, table.names) == ("long", ("A", "B"))
    assert cells(table) == [[1, 0, 4], [None, None, 2]]


def test_numbers_are_read_as_people_write_them(read):
    assert cells(read('part,2024-01,2024-02,2024-03\nA,"1,234.5",-2,３\nB,NA,n/a,\n')) == [
        [1234.5, -2, 3],
        [None, None, None],
    ]


@pytest.mark.parametrize(
    ("text", "code", "facts"),
    [
        ("", "parts.bench.empty", {}),
        ("part,2024-01,2024-02\n", "parts.bench.empty", {}),
        ("part,2024-01,2024-02\nA,1,two\n", "parts.bench.no_number", {"row": 2, "column": 3, "text": "two"}),
        ("part,2024-01\nA,1,2\n", "parts.bench.ragged_row", {"row": 2, "cells": 3, "head": 2}),
        ("part,price,2024-01\nA,-3,1\n", "parts.bench.bad_price", {"row": 2, "text": "-3"}),
        ("part,name\nA,B\nC,D\n", "parts.bench.no_months", {}),
        ('part,2024-01\n"A,1\n', "parts.bench.open_quote", {}),
        (b"\x81\xff\x00\x00", "parts.bench.not_text", {}),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_by_its_fault(read, text, code, facts):
    with pytest.raises(Refused) as refused:
        read(text)
    assert refused.value.code == code
    assert facts.items() <= refused.value.facts.items()


def write(path, demand, prices=None):
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["part", *(["price"] if prices is not None else []), *(f"m{at}" for at in range(demand.shape[1]))]
        )
        for at, row in enumerate(demand):
            priced = [prices[at]] if prices is not None else []
            writer.writerow([f"P{at}", *priced, *("" if math.isnan(value) else value for value in row)])
    return path


def test_the_race_names_every_measure_and_the_engine_needs_far_less_stock_than_months_of_cover(tmp_path):
    series = part_series.mixed(250, 36, seed=12)
    result = bench.run(write(tmp_path / "d.csv", series.demand, series.price))
    assert list(result.race.losses) == [
        *(
            f"quantile loss {what}, {ahead} months ahead"
            for ahead in (1, 3)
            for what in ("0.9", "0.95", "0.9 and 0.95")
        ),
        "weighted quantile loss 0.1 … 0.9, each of 12 months",
    ]
    for what in ("of pieces", "line fill"):
        pieces = result.race.stocks[f"pieces in stock for 95% {what}"]
        assert pieces["engine"] < 0.78 * pieces["months of cover"]
        value = result.race.stocks[f"stock value for 90% {what}"]
        assert value["engine"] < 0.75 * value["engine, equal service"]
    assert result.lines[0] == "parts 250 months 36 (wide, with prices)"


def test_a_file_measures_the_same_each_time(tmp_path):
    file = write(tmp_path / "d.csv", part_series.mixed(60, 24, seed=2).demand)
    assert bench.run(file).race.lines == bench.run(file).race.lines


@pytest.mark.parametrize(
    ("demand", "code"),
    [
        (np.ones((4, 1)), "parts.bench.too_few_months"),
        (np.zeros((4, 24)), "parts.bench.no_demand"),
        (np.ones((2, 1000)), "parts.demand.too_many_months"),
    ],
)
def test_what_gives_no_comparison_is_refused(tmp_path, demand, code):
    with pytest.raises(Refused) as refused:
        bench.run(write(tmp_path / "d.csv", demand))
    assert refused.value.code == code


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(Refused) as refused:
        bench.bench_parts(tmp_path / "nowhere.csv")
    assert (refused.value.code, refused.value.facts["file"]) == ("parts.bench.no_file", "nowhere.csv")


def test_the_stock_for_a_fill_is_that_of_the_least_knob():
    shelf = Shelf(np.array([10.0, 0.0]), np.array([1.0, 1.0]), None, np.array([2.0, 1.0]))
    assert stock_for([shelf], 0.8) == pytest.approx(12, abs=0.1)
    assert stock_for([Shelf(np.array([5.0]), np.ones(1), None, np.zeros(1))], 0.5) == math.inf


def test_a_line_is_served_whole_or_not():
    demanded, price = np.array([4.0, 1.0, 0.0]), np.ones(3)
    chances = (np.ones((3, 128)) * (np.arange(128) < 10), np.ones(3))
    pieces = Shelf(demanded, price, chances, price)
    lines = Shelf(demanded, price, chances, price, line=np.array([4.0, 1.0, 1.0]))
    assert (pieces.asked, lines.asked) == (5, 2)
    short = np.array([3.0, 1.0, 9.0])
    assert (pieces.filled(short), lines.filled(short)) == (4, 1)
    assert lines.filled(np.array([4.0, 1.0, 0.0])) == 2


def test_a_line_of_many_pieces_needs_a_better_chance_for_each():
    chances = (np.tile(0.9 ** np.arange(1, 129), (2, 1)), np.ones(2))
    shelf = Shelf(np.ones(2), np.ones(2), chances, np.ones(2), line=np.array([1.0, 4.0]))
    one, many = shelf.level(2.0, by_price=True)
    assert one > many
    assert len(set(shelf.level(2.0, by_price=False))) == 1


def test_the_simulated_truth_is_what_months_show():
    """Over all parts the true chances and the demand drawn from them agree in pieces and in months with demand."""
    series = part_series.mixed(4000, 36, seed=4)
    months = range(12, 36)
    known = ~np.isnan(series.demand)
    chances = {month: series.truth(month, 128)[known[:, month]] for month in months}
    drawn = {month: series.demand[known[:, month], month] for month in months}
    expected, seen = (sum(one[month].sum() for month in months) for one in (chances, drawn))
    assert seen == pytest.approx(expected, rel=0.01)
    expected = sum(chances[month][:, 0].sum() for month in months)
    assert sum((drawn[month] > 0).sum() for month in months) == pytest.approx(expected, rel=0.01)


def test_a_piece_costs_its_share_of_what_a_job_takes():
    series = part_series.mixed(4000, 12, seed=4)
    by_job = [np.log(series.price * series.taken)[series.taken == taken].mean() for taken in (1, 2, 8)]
    assert max(by_job) - min(by_job) < 0.3


def test_a_part_of_a_great_price_is_still_reached():
    chances = (np.tile(0.5 ** np.arange(1, 129), (2, 1)), np.ones(2))
    dear = Shelf(np.ones(2), np.array([1.0, 1e9]), chances, np.ones(2))
    assert 1e9 * 0.9 < stock_for([dear], 1.0) < math.inf
