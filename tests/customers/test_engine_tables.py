"""Table files as people save them: any encoding and separator, quotes and line breaks in cells, faults named."""

import csv

import pytest

from cheyi.customers.engine.tables import key_column, read_rows
from cheyi.kernel import Refused


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ","), ("gb18030", ";"), ("utf-16", "\t"), ("utf-8", "|")]
)
def test_a_table_is_read_in_any_usual_form(tmp_path, encoding, delimiter):
    path = tmp_path / "t.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([[" 姓名", "电话"], [" 王建国 ", "13800138000"]])
    assert read_rows(path) == [{"姓名": "王建国", "电话": "13800138000"}]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b'n,a\n"Wang, Li","two\nlines"\n', [{"n": "Wang, Li", "a": "two\nlines"}]),
        (b'n,a\n"say ""hi""",5\n', [{"n": 'say "hi"', "a": "5"}]),
        (b'n,a\nx, "with, comma"\n', [{"n": "x", "a": "with, comma"}]),
        (b'n,a\n6" pipe,y\n', [{"n": '6" pipe', "a": "y"}]),
        (b"n,a\r\nx,y\r\n", [{"n": "x", "a": "y"}]),
        (b"n,a\rx,y\r", [{"n": "x", "a": "y"}]),
        (b"n,a\nx\n,\n\n ,y", [{"n": "x", "a": ""}, {"n": "", "a": "y"}]),
        (b"n,a,,\nx,y,,\n", [{"n": "x", "a": "y"}]),
        (b"n\nx\n", [{"n": "x"}]),
        (b"n,a\n", []),
        (b"\xef\xbb\xbfn\nx", [{"n": "x"}]),
    ],
)
def test_quotes_line_breaks_and_short_rows_are_read_as_they_are_meant(tmp_path, content, rows):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    assert read_rows(path) == rows


@pytest.mark.parametrize(
    ("content", "code", "facts"),
    [
        (None, "no_file", {}),
        (b"", "no_head", {}),
        (b"\n\nn,a\n", "no_head", {}),
        (b"\xff\xff\x00\x81\xff", "not_text", {}),
        ("n,a\nx,y\n".encode("utf-16-le"), "not_text", {}),
        (b"PK\x03\x04\x14\x00\x06\x00", "not_text", {}),
        (b"n,n\nx,y\n", "double_column", {"column": "n"}),
        (b"n,a\nx,y\nx,y,z\n", "ragged_row", {"row": 2, "cells": 3, "head": 2}),
        (b'n,a\nx,"y\nz,u\n', "open_quote", {}),
        (b"n\n" + b"x" * 1_000_001, "long_cell", {"longest": 1_000_000}),
    ],
)
def test_what_is_no_table_is_refused_with_its_fault(tmp_path, content, code, facts):
    path = tmp_path / "t.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Refused) as refusal:
        read_rows(path)
    assert refusal.value.code == f"customers.bench.{code}"
    assert refusal.value.facts == {"file": "t.csv", **facts}
    assert csv.field_size_limit() == 131_072


@pytest.mark.parametrize(
    ("tables", "key"),
    [
        ([["rec-1-org", "rec-2-org"], ["rec-1-dup-0", "rec-9-dup-1"]], "which"),
        ([["A0001", "A0002", "A0003", "A0004"]], "which"),
        ([["6989", "6990"], ["1212", "1313"]], ""),
        ([["6a", "7a"], ["6a", "9a"]], ""),
        ([["A0001", "A0001"]], ""),
        ([["A0001", ""]], ""),
        ([["main road 1", "main road 2"]], ""),
        ([["x1", "y2"]], ""),
    ],
)
def test_a_column_of_running_numbers_is_a_key_unless_it_is_evidence(tables, key):
    assert key_column([[{"which": cell} for cell in cells] for cells in tables], ["which"]) == key


@pytest.mark.parametrize("name", ["rec_id", "ID", "编号", "Record ID"])
def test_a_column_called_so_is_a_key(name):
    assert key_column([[{"n": "mia", name: "77"}, {"n": "bob", name: "5"}]], ["n", name]) == name
