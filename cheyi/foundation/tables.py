"""Tables in and out: .xlsx and .csv read in a child process under limits, written so that no cell is a formula."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from cheyi.foundation import tablechild
from cheyi.kernel import Refused
from cheyi.kernel.numbers import Measure

LARGEST_BYTES = 20 * tablechild.MEGABYTE
PATIENCE_SECONDS = tablechild.SECONDS + 5
WIDEST_COLUMN = 40


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read: rows lie in a file and are read one by one. ``encoding`` is empty for .xlsx."""

    format: str
    encoding: str
    sheet: str
    count: int
    path: Path

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row that holds something: its number as the user sees it, and its cells as trimmed texts."""
        with self.path.open(encoding="utf-8") as lines:
            for line in lines:
                number, cells = json.loads(line)
                yield number, cells


@contextmanager
def opened(source: Path | bytes, *, sheet: str = "") -> Iterator[Table]:
    """Read a file (a path or its content) and hand out the table for the block.

    Formats and encodings are told by the content: .xlsx, or text in UTF-8, UTF-16 or GB18030 separated by comma,
    semicolon or tab. Raises Refused ``foundation.table.…``: no_file, too_large, other_format, damaged, inflates,
    too_many_members, too_many_rows, too_many_columns, long_cell, entities, nul_bytes, unknown_encoding, broken_line,
    no_sheet, empty, too_heavy.
    """
    with tempfile.TemporaryDirectory(prefix="cheyi-table-") as directory:
        file = _as_file(source, Path(directory))
        if not file.is_file():
            raise Refused("foundation.table.no_file", name=file.name)
        if file.stat().st_size > LARGEST_BYTES:
            raise Refused("foundation.table.too_large", limit=LARGEST_BYTES // tablechild.MEGABYTE)
        target = Path(directory) / "rows.jsonl"
        found = _read_in_child(file, target, sheet)
        yield Table(found["format"], found["encoding"], found["sheet"], found["count"], target)


def _as_file(source: Path | bytes, directory: Path) -> Path:
    if isinstance(source, Path):
        return source
    file = directory / "content"
    file.write_bytes(source)
    return file


def _read_in_child(file: Path, target: Path, sheet: str) -> dict[str, Any]:
    command = [sys.executable, "-I", tablechild.__file__, os.fspath(file), os.fspath(target), sheet]
    try:
        child = subprocess.run(command, capture_output=True, timeout=PATIENCE_SECONDS, check=False)  # noqa: S603
        answer: dict[str, Any] = json.loads(child.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise Refused("foundation.table.too_heavy") from None
    if "refused" in answer:
        raise Refused(f"foundation.table.{answer['refused']}", **answer["facts"])
    return answer


def guarded(text: str) -> str:
    """A text that a spreadsheet will not run: a quote before = + - @, tab, CR, NUL and their full-width twins."""
    return f"'{text}" if text.startswith(tablechild.GUARDED) else text


def write_xlsx(
    path: Path,
    *,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    sheet: str = "Sheet1",
    notes: Sequence[str] = (),
) -> int:
    """Write a table with a bold head; ``notes`` are comments on the head's cells. Gives the number of rows.

    Texts are guarded; whole numbers, decimals and measures stay numbers, dates stay dates, and a moment is written as
    the clock of its own zone shows it.
    """
    book = xlsxwriter.Workbook(
        os.fspath(path), {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    )
    page = book.add_worksheet(sheet)
    page.freeze_panes(1, 0)
    styles = {
        "head": book.add_format({"bold": True, "bg_color": "#EEF2F7"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }
    for place, title in enumerate(columns):
        page.set_column(place, place, min(WIDEST_COLUMN, max(12, 2 * len(title))))
        page.write_string(0, place, guarded(title), styles["head"])
        if place < len(notes) and notes[place]:
            page.write_comment(0, place, notes[place])
    count = 0
    for count, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            _write_cell(page, count, place, value, styles)
    book.close()
    return count


def _write_cell(page: Any, row: int, place: int, value: Any, styles: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(row, place, value)
    elif isinstance(value, Measure):
        page.write_number(row, place, value.decimal)
    elif isinstance(value, (int, float, Decimal)):
        page.write_number(row, place, value)
    elif isinstance(value, datetime):
        page.write_datetime(row, place, value.replace(tzinfo=None), styles["moment"])
    elif isinstance(value, date):
        page.write_datetime(row, place, value, styles["date"])
    else:
        page.write_string(row, place, guarded(str(value)))


def write_csv(path: Path, *, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a table as UTF-8 with mark, which Excel opens rightly; texts are guarded. Gives the number of rows."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([guarded(title) for title in columns])
        for row in rows:
            lines.writerow([guarded(value) if isinstance(value, str) else value for value in row])
            count += 1
    return count
