"""Reads any table of parts and months that other programs save, and refuses what it cannot read surely."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path

from cheyi.kernel import Refused

DELIMITERS = ",;\t|"
LARGEST_FILE = 512 * 1024 * 1024
LONGEST_CELL = 10_000
SURELY = 6
PRICES = frozenset(["price", "cost", "unit price", "unit cost", "cost price", "价格", "单价", "成本", "成本价", "进价"])
NAMES = frozenset(
    ["id", "no", "sku", "item", "part", "part no", "part number", "part_no", "number", "name", "series", "unique_id", "item_id",
     "编号", "序号", "配件", "配件号", "配件编号", "零件号", "名称"]
)  # fmt: skip
QUANTITIES = frozenset(["demand", "quantity", "qty", "sales", "y", "value", "target", "units", "数量", "需求", "销量"])
NOTHING = frozenset(["", "na", "n/a", "nan", "null", "none", "-", "–", "—", "?", "."])

_BYTE_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_ENCODINGS = ("utf-8", "gb18030")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_MONTHS = {
    name: at
    for at, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_YEAR_FIRST = re.compile(
    r"[^\d]?((?:19|20)\d\d)[-/._年 mM]?(\d{1,2})(?:[-/._月 ]+\d{1,2}日?)?月?(?:[ T]00:00.*)?", re.ASCII
)
_COUNTED = re.compile(r"(\D*)(\d{1,4})(\D*)")
_MONTH_FIRST = re.compile(r"(\d{1,2})[-/. ]((?:19|20)\d\d)", re.ASCII)
_NAMED = re.compile(r"([a-z]{3})[a-z]*[-/.' ]*((?:19|20)?\d\d)|((?:19|20)?\d\d)[-/.' ]*([a-z]{3})[a-z]*", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Table:
    """Demand by part and month, oldest first; a month that is not known is NaN.

    ``prices`` are None where the file has no column of prices; ``first_month`` is the calendar month of the first column
    (1 to 12), 0 where no head names it. ``shape`` says how the file was read: ``wide``, ``turned`` or ``long``.
    """

    names: tuple[str, ...]
    demand: tuple[tuple[float, ...], ...]
    prices: tuple[float, ...] | None
    first_month: int
    shape: str


def read_table(path: Path) -> Table:
    """Read a file: UTF-8, UTF-16 or GB18030, separated by comma, semicolon, tab or bar, with or without a head.

    A row a part and a column a month; a column a part and a row a month when the first column holds months; a line a part
    and month when there are three columns for part, month and quantity. Columns before the months that are no prices and no
    numbers name the part. Raises Refused ``parts.bench.no_file``, ``.too_large_file``, ``.not_text``, ``.empty``, ``.no_number``
    (facts ``row``, ``column``, ``text``), ``.no_months``, ``.ragged_row``, ``.bad_price``, ``.open_quote``.
    """
    rows = _rows(path)
    head, body = _head_of(rows)
    if not body:
        raise Refused("parts.bench.empty", file=path.name)
    _same_width(head, body, path)
    first = 2 if head else 1
    turned = _is_turned(head, body) and not any(_called(cell) in QUANTITIES for cell in head)
    if head and not turned and (columns := _long_columns(head, body)):
        return _long(body, columns, path, first)
    if turned:
        head, body = _turned(head, body)
        return _wide(head, body, path, "turned", first)
    return _wide(head, body, path, "wide", first)


def month_of(text: str) -> int:
    """A month as a running number (year × 12 + month − 1), −1 if the text names none: ``2024-03``, ``Mar-24``, ``3/2024``."""
    text = text.strip()
    if found := _YEAR_FIRST.fullmatch(text):
        return _running(found[1], int(found[2]))
    if found := _MONTH_FIRST.fullmatch(text):
        return _running(found[2], int(found[1]))
    if found := _NAMED.fullmatch(text):
        return _running(found[2] or found[3], _MONTHS.get((found[1] or found[4]).lower(), 0))
    return -1


def _running(year: str, month: int) -> int:
    if not 1 <= month <= 12:
        return -1
    number = int(year)
    if number < 100:
        number += 1900 if number >= 70 else 2000
    return number * 12 + month - 1


def number_of(text: str) -> float | None:
    """A number as people write it (``1,234.5``, full-width digits), NaN for an empty cell, None for text."""
    text = text.strip().translate(_NARROW)
    if text.lower() in NOTHING:
        return float("nan")
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    return float(text) if _NUMBER.fullmatch(text) else None


_NARROW = {ord(wide): narrow for wide, narrow in zip("０１２３４５６７８９．－＋，", "0123456789.-+,", strict=True)}


def _rows(path: Path) -> list[list[str]]:
    text = _text(path)
    begin = next((line for line in text.split("\n") if line.strip()), "")
    delimiter = max(DELIMITERS, key=lambda sign: (begin.count(sign), -DELIMITERS.index(sign)))
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error as fault:
        raise Refused("parts.bench.open_quote", file=path.name) from fault
    finally:
        csv.field_size_limit(before)
    return [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]


def _text(path: Path) -> str:
    try:
        size, content = path.stat().st_size, b""
        if size <= LARGEST_FILE:
            content = path.read_bytes()
    except OSError as fault:
        raise Refused("parts.bench.no_file", file=path.name) from fault
    if size > LARGEST_FILE:
        raise Refused("parts.bench.too_large_file", file=path.name, longest=LARGEST_FILE // 1024 // 1024)
    marked = next((encoding for mark, encoding in _BYTE_MARKS if content.startswith(mark)), "")
    for encoding in (marked,) if marked else _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise Refused("parts.bench.not_text", file=path.name)


def _head_of(rows: Sequence[list[str]]) -> tuple[list[str], list[list[str]]]:
    """The head, if the first row is one: it names months, a price or a part, or is words above columns of numbers."""
    if not rows:
        return [], []
    first, rest = rows[0], list(rows[1:])
    named = sum(month_of(cell) >= 0 or _called(cell) in PRICES | NAMES | QUANTITIES for cell in first)
    words = [at for at, cell in enumerate(first) if number_of(cell) is None]
    below = [row for row in rest[:50] if len(row) == len(first)]
    over_numbers = sum(all(number_of(row[at]) is not None for row in below) for at in words) if below else 0
    places = _numbered(first)
    sure = len(places) >= SURELY or not first[0] or (places and not first[places[0]][0].isdigit())
    numbered = bool(places) and bool(sure) and not all(map(_numbered, below[:3]))
    if (named >= 1 and len(first) > 1 and (named > 1 or words)) or over_numbers > 1 or numbered:
        return first, rest
    return [], list(rows)


def _called(cell: str) -> str:
    return re.sub(r"[\s_()（）¥￥£$€/]+", " ", cell.casefold()).strip()


def _same_width(head: Sequence[str], body: list[list[str]], path: Path) -> None:
    """Short rows lack their last months; a row longer than the head is refused."""
    width = len(head) or max(map(len, body))
    for number, row in enumerate(body, start=2 if head else 1):
        if any(row[width:]):
            raise Refused("parts.bench.ragged_row", file=path.name, row=number, cells=len(row), head=width)
        row[width:] = [""] * 0
        row.extend([""] * (width - len(row)))


def _long_columns(head: Sequence[str], body: Sequence[list[str]]) -> tuple[int, int, int] | None:
    """Which columns hold part, month and quantity, if each is sure."""
    if not 3 <= len(head) <= 6 or any(month_of(cell) >= 0 for cell in head):
        return None
    months = [at for at in range(len(head)) if all(month_of(row[at]) >= 0 for row in body)]
    if len(months) != 1:
        return None
    quantity = [at for at, cell in enumerate(head) if _called(cell) in QUANTITIES and at not in months]
    names = [at for at, cell in enumerate(head) if _called(cell) in NAMES and at not in months]
    if len(head) == 3 and not (quantity and names):
        numbers = [at for at in range(3) if at not in months and all(number_of(row[at]) is not None for row in body)]
        quantity = quantity or numbers[-1:]
        names = names or [at for at in range(3) if at not in {*months, *quantity}]
    return (names[0], months[0], quantity[0]) if quantity and names else None


def _long(body: Sequence[list[str]], columns: tuple[int, int, int], path: Path, first: int) -> Table:
    """A line a part and month; months that a part lacks between its first and the file's last are 0."""
    part_at, month_at, quantity_at = columns
    found: dict[str, dict[int, float]] = {}
    for number, row in enumerate(body, start=first):
        value = number_of(row[quantity_at])
        if value is None:
            raise _no_number(path, number, quantity_at, row[quantity_at])
        line = found.setdefault(row[part_at], {})
        month = month_of(row[month_at])
        line[month] = line.get(month, 0.0) + value
    start = min(min(line) for line in found.values())
    end = max(max(line) for line in found.values())
    if end - start > 12 * 100:
        raise Refused("parts.bench.no_months", file=path.name)
    table = tuple(
        tuple(line.get(month, 0.0 if month >= min(line) else float("nan")) for month in range(start, end + 1))
        for line in found.values()
    )
    return Table(tuple(found), table, None, start % 12 + 1, "long")


def _is_turned(head: Sequence[str], body: Sequence[list[str]]) -> bool:
    """Whether rows are months: the first column names a month in each row, one after the other, and no head does."""
    if len(body) < 3 or len(body[0]) < 2 or any(month_of(cell) >= 0 for cell in head[1:]):
        return False
    months = [month_of(row[0]) for row in body]
    return months[0] >= 0 and months == list(range(months[0], months[0] + len(months)))


def _turned(head: Sequence[str], body: Sequence[list[str]]) -> tuple[list[str], list[list[str]]]:
    names = list(head[1:]) or [str(at) for at in range(1, len(body[0]))]
    columns = [list(column) for column in zip(*body, strict=True)]
    return ["part", *columns[0]], [[name, *column] for name, column in zip(names, columns[1:], strict=True)]


def _wide(head: Sequence[str], body: Sequence[list[str]], path: Path, shape: str, first: int) -> Table:
    width = len(body[0])
    price = next((at for at, cell in enumerate(head) if _called(cell) in PRICES), -1)
    begin = _first_month(head, body, price)
    months = [at for at in range(begin, width) if at != price]
    if not months:
        raise Refused("parts.bench.no_months", file=path.name)
    table = []
    for number, row in enumerate(body, start=first):
        values = [number_of(row[at]) for at in months]
        if None in values:
            at = months[values.index(None)]
            raise _no_number(path, number, at, row[at])
        table.append(tuple(value for value in values if value is not None))
    names = tuple(row[0] if begin and price else str(number) for number, row in enumerate(body, start=1))
    named = month_of(head[months[0]]) if head else -1
    return Table(names, tuple(table), _prices(body, price, path, first), named % 12 + 1 if named >= 0 else 0, shape)


def _first_month(head: Sequence[str], body: Sequence[list[str]], price: int) -> int:
    """The first column of months: that which the head names; else after columns of text, of prices, and one of running numbers."""
    if named := [at for at, cell in enumerate(head) if month_of(cell) >= 0]:
        return named[0]
    if numbered := _numbered(head):
        return numbered[0]
    begin = 0
    for at in range(len(body[0])):
        column = [row[at] for row in body]
        text = (
            all(number_of(cell) is None or not cell for cell in column)
            or sum(number_of(c) is None for c in column) > len(column) / 2
        )
        name = bool(head) and _called(head[at]) in NAMES
        if at == price or text or name or (at == begin and not at and _names_rows(column, bool(head) and not head[0])):
            begin = at + 1
        else:
            break
    return begin


def _numbered(head: Sequence[str]) -> list[int]:
    """The places of a head that count on to its end with the same words around (m1, m2, m3): at least three."""
    found = [_COUNTED.fullmatch(cell) for cell in head]
    places: list[int] = []
    for at in range(len(head) - 1, -1, -1):
        here, after = found[at], found[places[0]] if places else None
        follows = here and after and (here[1], here[3]) == (after[1], after[3]) and int(here[2]) + 1 == int(after[2])
        if not here or (places and not follows):
            break
        places.insert(0, at)
    return places if len(places) >= 3 else []


def _names_rows(column: Sequence[str], unnamed: bool) -> bool:
    """Whether a first column of numbers names the parts: 1, 2, 3 …, or large whole numbers that are all different."""
    values = [number_of(cell) for cell in column]
    if len(values) < 3 or any(value is None or not value.is_integer() for value in values):
        return False
    known = [value for value in values if value is not None]
    running = known[0] in {0.0, 1.0} and known == [known[0] + at for at in range(len(known))]
    return running or (len(set(known)) == len(known) and (unnamed or min(known) >= 10_000))


def _prices(body: Sequence[list[str]], price: int, path: Path, first: int) -> tuple[float, ...] | None:
    if price < 0:
        return None
    found = []
    for number, row in enumerate(body, start=first):
        value = number_of(row[price].lstrip("¥￥£$€ "))
        if value is None or value < 0:
            raise Refused("parts.bench.bad_price", file=path.name, row=number, text=row[price][:40])
        found.append(0.0 if isnan(value) else value)
    return tuple(found)


def _no_number(path: Path, row: int, column: int, text: str) -> Refused:
    return Refused("parts.bench.no_number", file=path.name, row=row, column=column + 1, text=text[:40])
