"""Tables come in safely and leave without formulas."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from cheyi.foundation import tablechild, tables
from cheyi.kernel import Money, Quantity, Refused

HEAD = ["客户姓名", "手机", "车牌"]
LINES = [["王建国", "19900001234", "沪A80001"], ["李雷", "19900005678", "苏E80002"]]


def _csv(encoding: str, lines: list[list[str]] | None = None, separator: str = ",") -> bytes:
    return "".join(separator.join(line) + "\r\n" for line in lines or [HEAD, *LINES]).encode(encoding)


def _refusal(content: bytes | Path, **kwargs: str) -> Refused:
    with pytest.raises(Refused) as refusal, tables.opened(content, **kwargs):
        pass
    return refusal.value


def _archive(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("gbk", "GB18030"), ("gb18030", "GB18030"), ("utf-16", "UTF-16")],
)
def test_a_csv_is_read_rightly_in_every_usual_encoding(encoding, told):
    with tables.opened(_csv(encoding)) as table:
        assert table.encoding == told
        assert table.count == 3
        assert list(table.rows()) == [(1, HEAD), (2, LINES[0]), (3, LINES[1])]


def test_a_gbk_file_called_utf8_is_read_rightly(tmp_path):
    file = tmp_path / "客户-utf8.csv"
    file.write_bytes(_csv("gbk"))
    with tables.opened(file) as table:
        assert [cells[0] for _, cells in table.rows()] == ["客户姓名", "王建国", "李雷"]


@pytest.mark.parametrize("encoding", ["big5", "shift_jis"])
def test_an_encoding_that_is_neither_is_refused_with_its_line(encoding):
    lines = (
        [["name", "place"], ["測試", "臺灣區車輛維護紀錄檢測員"]]
        if encoding == "big5"
        else [["テスト", "カタカナのデータ"]]
    )
    refused = _refusal(_csv(encoding, lines))
    assert refused.code == "foundation.table.unknown_encoding"
    assert refused.facts["line"] == len(lines)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_seen_in_the_first_line(separator):
    with tables.opened(_csv("utf-8", separator=separator)) as table:
        assert next(iter(table.rows())) == (1, HEAD)


def test_blank_lines_are_left_out_but_numbers_stay():
    with tables.opened(b"a,b\n\n,\n1, 2 \n") as table:
        assert list(table.rows()) == [(1, ["a", "b"]), (4, ["1", "2"])]


def test_nul_bytes_are_refused_with_their_line():
    refused = _refusal(b"a,b\n1,2\n3,\x004\n")
    assert (refused.code, refused.facts) == ("foundation.table.nul_bytes", {"line": 3})


def test_half_a_quoted_csv_is_refused_with_its_line():
    refused = _refusal(b'a,b\n1,"2')
    assert (refused.code, refused.facts) == ("foundation.table.broken_line", {"line": 2})


def test_an_empty_file_and_a_file_of_blanks_are_refused():
    assert _refusal(b"").code == "foundation.table.empty"
    assert _refusal(b"\n ,\n").code == "foundation.table.empty"


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert _refusal(tmp_path / "nothing.csv").code == "foundation.table.no_file"


@pytest.mark.parametrize("head", [b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x89PNG\r\n\x1a\n"])
def test_other_formats_are_refused(head):
    assert _refusal(head + b"x" * 100).code == "foundation.table.other_format"


def test_another_archive_is_refused():
    assert _refusal(_archive({"word/document.xml": b"<x/>"})).code == "foundation.table.other_format"


def test_half_an_xlsx_is_refused(tmp_path):
    file = tmp_path / "whole.xlsx"
    tables.write_xlsx(file, columns=HEAD, rows=LINES * 200)
    assert _refusal(file.read_bytes()[:-300]).code == "foundation.table.damaged"
    assert _refusal(file.read_bytes()[: file.stat().st_size // 2]).code == "foundation.table.damaged"


def test_an_xlsx_that_inflates_a_hundredfold_is_refused_while_counting():
    bomb = _archive({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b"0" * (290 * 1024 * 1024)})
    assert len(bomb) < 400_000
    refused = _refusal(bomb)
    assert refused.code == "foundation.table.inflates"
    assert refused.facts["megabytes"] == len(bomb) * 100 // 1024 // 1024


def test_a_lying_size_in_the_archive_is_not_believed():
    bomb = bytearray(_archive({"xl/workbook.xml": b"<workbook/>" + b" " * 3_000_000}))
    real = (3_000_011).to_bytes(4, "little")
    assert bomb.count(real) == 2
    assert _refusal(bytes(bomb.replace(real, (11).to_bytes(4, "little")))).code in {
        "foundation.table.inflates",
        "foundation.table.damaged",
    }


def test_too_many_members_are_refused():
    members = {"xl/workbook.xml": b"<workbook/>"} | {f"x/{number}": b"" for number in range(1000)}
    refused = _refusal(_archive(members))
    assert (refused.code, refused.facts["count"]) == ("foundation.table.too_many_members", 1001)


def test_declared_entities_are_refused():
    content = b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'
    assert _refusal(_archive({"xl/workbook.xml": content})).code == "foundation.table.entities"


def test_too_many_rows_are_refused():
    refused = _refusal(b"1\n" * (tablechild.MOST_ROWS + 1))
    assert (refused.code, refused.facts) == ("foundation.table.too_many_rows", {"limit": 200_000})


def test_a_cell_in_the_far_corner_does_not_take_the_memory(tmp_path):
    file = tmp_path / "corner.xlsx"
    book = xlsxwriter.Workbook(str(file))
    page = book.add_worksheet()
    page.write(0, 0, "a")
    page.write(1_048_575, 16_383, "z")
    book.close()
    assert _refusal(file).code in {"foundation.table.too_heavy", "foundation.table.too_many_columns"}


def test_a_file_over_20_megabytes_is_refused(tmp_path):
    file = tmp_path / "large.csv"
    file.write_bytes(b"a" * (20 * 1024 * 1024 + 1))
    assert _refusal(file).code == "foundation.table.too_large"


def test_an_xlsx_keeps_its_row_numbers_columns_and_plain_texts(tmp_path):
    file = tmp_path / "sheet.xlsx"
    book = xlsxwriter.Workbook(str(file))
    book.add_worksheet("空")
    page = book.add_worksheet("数据")
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    page.write(2, 1, "手机")
    page.write(4, 1, 19900001234)
    page.write(4, 2, 0.1)
    page.write_datetime(4, 3, datetime(2026, 6, 15, 8, 30), moment)
    page.write_formula(5, 1, "=1+1", None, 2)
    page.write_boolean(5, 2, True)
    hidden = book.add_worksheet("旧")
    hidden.write(0, 0, "junk")
    hidden.hide()
    book.close()
    with tables.opened(file) as table:
        assert (table.format, table.sheet) == ("xlsx", "数据")
        assert list(table.rows()) == [
            (3, ["", "手机"]),
            (5, ["", "19900001234", "0.1", "2026-06-15 08:30:00"]),
            (6, ["", "2", "TRUE"]),
        ]
    with tables.opened(file, sheet="旧") as table:
        assert list(table.rows()) == [(1, ["junk"])]
    assert _refusal(file, sheet="没有").code == "foundation.table.no_sheet"


HOSTILE = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠1"]


@pytest.mark.parametrize("text", [*HOSTILE, "\0=1"])
def test_a_text_that_could_be_a_formula_gets_a_quote(text):
    assert tables.guarded(text) == f"'{text}"


def test_ordinary_texts_and_negative_numbers_stay(tmp_path):
    assert tables.guarded("机油 4L") == "机油 4L"
    file = tmp_path / "numbers.csv"
    assert tables.write_csv(file, columns=["甲", "乙"], rows=[[Decimal("-1.50"), "-1.50"]]) == 1
    assert file.read_bytes().decode("utf-8-sig") == "甲,乙\r\n-1.50,'-1.50\r\n"


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_is_written_comes_back_equal_and_holds_no_formula(tmp_path, kind):
    file = tmp_path / f"out.{kind}"
    write = tables.write_xlsx if kind == "xlsx" else tables.write_csv
    texts = [text.strip() for text in HOSTILE]
    rows = [[text, str(place)] for place, text in enumerate(HOSTILE)]
    assert write(file, columns=["=A1", "no"], rows=rows) == len(HOSTILE)
    if kind == "xlsx":
        with zipfile.ZipFile(file) as archive:
            assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    with tables.opened(file) as table:
        lines = [cells for _, cells in table.rows()]
    assert lines[0] == ["=A1", "no"]
    assert [line[0].strip() for line in lines[1:]] == texts


def test_measures_and_dates_are_written_as_numbers_and_dates(tmp_path):
    file = tmp_path / "typed.xlsx"
    row = [Money.yuan("213.00"), Quantity.of("4.5"), date(2026, 6, 15), None, 7, True]
    tables.write_xlsx(file, columns=list("abcdef"), rows=[row], notes=["元"])
    with tables.opened(file) as table:
        assert list(table.rows())[1] == (2, ["213", "4.5", "2026-06-15", "", "7", "TRUE"])
