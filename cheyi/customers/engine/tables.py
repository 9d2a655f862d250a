"""Tables in text files, as other programs and spreadsheets save them: any usual encoding and separator, faults named."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cheyi.kernel import Refused

DELIMITERS = ",;\t|"
LONGEST_CELL = 1_000_000
KEY_NAMES = frozenset(
    ["id", "rec_id", "recid", "record_id", "recordid", "record", "rowid", "row_id", "row", "uid", "uuid", "guid", "key", "pk",
     "index", "idx", "no", "nr", "num", "number", "编号", "序号", "行号", "记录号", "记录编号", "客户编号", "客户号", "会员号", "主键"]
)  # fmt: skip
MOST_MAKES = 3

_BYTE_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_ENCODINGS = ("utf-8", "gb18030")
_END = "\x1e"
_NUMBERED = re.compile(r"(?=.*[a-z])(?=.*\d)[a-z0-9._:#/-]+", re.IGNORECASE | re.ASCII)

Row = Mapping[str, str]


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a file with a head: UTF-8, UTF-16 or GB18030, any usual separator, blanks around cells dropped.

    Rows without any filled cell are passed over, cells that a short row lacks are empty. Raises Refused
    ``customers.bench.no_file``, ``.not_text`` (no known encoding), ``.no_head``, ``.open_quote``, ``.long_cell``,
    ``.double_column`` (two columns of one name) and ``.ragged_row`` (more cells than the head).
    """
    cells = _cells(path)
    names = [name.strip() for name in next(cells, [])]
    if not any(names):
        raise Refused("customers.bench.no_head", file=path.name)
    twice = next((name for place, name in enumerate(names) if name and name in names[:place]), "")
    if twice:
        raise Refused("customers.bench.double_column", file=path.name, column=twice)
    rows = []
    for number, row in enumerate(cells, start=1):
        filled = [cell.strip() for cell in row]
        if any(filled[len(names) :]):
            raise Refused("customers.bench.ragged_row", file=path.name, row=number, cells=len(filled), head=len(names))
        if any(filled):
            filled += [""] * (len(names) - len(filled))
            rows.append({name: cell for name, cell in zip(names, filled, strict=False) if name})
    return rows


def _cells(path: Path) -> Iterator[list[str]]:
    text = _text(path)
    head = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=lambda sign: (head.count(sign), -DELIMITERS.index(sign)))
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        # A quote that is never closed would swallow the rest of the file, and the end mark with it.
        found = list(csv.reader(io.StringIO(f"{text}\n{_END}"), delimiter=delimiter, skipinitialspace=True))
    except csv.Error as fault:
        raise Refused("customers.bench.long_cell", file=path.name, longest=LONGEST_CELL) from fault
    finally:
        csv.field_size_limit(before)
    if found[-1] != [_END]:
        raise Refused("customers.bench.open_quote", file=path.name)
    return iter(found[:-1])


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise Refused("customers.bench.no_file", file=path.name) from fault
    marked = next((encoding for mark, encoding in _BYTE_MARKS if content.startswith(mark)), "")
    for encoding in (marked,) if marked else _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise Refused("customers.bench.not_text", file=path.name)


def head_of(rows: Sequence[Row]) -> list[str]:
    """The names of a table's columns, in order."""
    return list(rows[0]) if rows else []


def key_column(tables: Sequence[Sequence[Row]], names: Sequence[str]) -> str:
    """The first of these columns that does nothing but name the records, "" for none.

    No cell of it is empty or stands twice in a table, and it is called so (rec_id, 编号), or its cells are all of one make
    with running numbers (rec-17-org, A00017) of which the tables have none in common: a telephone or ID number, which
    is evidence, would be met again.
    """
    single = [name for name in names if all(all_different(rows, name) for rows in tables)]
    called = next((name for name in single if name.casefold().replace(" ", "_") in KEY_NAMES), "")
    return called or next((name for name in single if _numbered(tables, name)), "")


def all_different(rows: Sequence[Row], name: str) -> bool:
    """Whether every cell of a column is filled and none stands twice."""
    cells = [row.get(name) or "" for row in rows]
    return all(cells) and len(set(cells)) == len(cells)


def _numbered(tables: Sequence[Sequence[Row]], name: str) -> bool:
    columns = [[row.get(name) or "" for row in rows] for rows in tables]
    if len(columns) > 1 and set(columns[0]) & set(columns[1]):
        return False
    cells = [cell for column in columns for cell in column]
    makes = {re.sub(r"\d+", "9", cell) for cell in cells}
    return len(makes) <= min(MOST_MAKES, len(cells) // 2) and all(map(_NUMBERED.fullmatch, cells))
