"""Reads one .xlsx or .csv in a process of its own, under limits, and writes its rows as lines of JSON.

Started by ``tables.py`` as ``python -I tablechild.py IN OUT SHEET``; says on its output what it found, or the code of a
refusal with its facts. Knows nothing of the rest of the program, so that it starts in 50 ms (reliability.md 8.5).
"""

from __future__ import annotations

import csv
import io
import json
import resource
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

MEGABYTE = 1024 * 1024
MEMORY = 512 * MEGABYTE
SECONDS = 60
LARGEST_OUTPUT = 600 * MEGABYTE
MOST_INFLATED = 100 * MEGABYTE
MOST_RATIO = 100
MOST_MEMBERS = 1000
MOST_ROWS = 200_000
MOST_COLUMNS = 500
LONGEST_CELL = 32_767
CHUNK = 64 * 1024
GUARDED = tuple("=+-@\t\r\0＝＋－＠")
NOT_XLSX = (b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")

Row = tuple[int, list[str]]


class Refusal(Exception):
    """The file is not taken; the code is completed to ``foundation.table.…`` by the parent."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def limit_this_process() -> None:
    """512 MB of memory, 60 s of processor, no core dump, no endless output."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def read(path: Path, sheet: str) -> tuple[dict[str, str], Iterator[Row]]:
    """What kind of table it is, and its rows with their numbers in the file. Raises Refusal."""
    head = path.open("rb").read(8)
    if head.startswith(b"PK"):
        check_archive(path)
        return read_workbook(path, sheet)
    if head.startswith(NOT_XLSX):
        raise Refusal("other_format")
    return read_text(path.read_bytes())


def check_archive(path: Path) -> None:
    """Inflate every member into nothing while counting: the sizes that the archive states may lie. Raises Refusal."""
    size = path.stat().st_size
    inflated = 0
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS:
                raise Refusal("too_many_members", count=len(members), limit=MOST_MEMBERS)
            if "xl/workbook.xml" not in archive.namelist():
                raise Refusal("other_format")
            for member in members:
                inflated = _inflate(archive, member, inflated, min(MOST_INFLATED, MOST_RATIO * size))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError):
        raise Refusal("damaged") from None


def _inflate(archive: zipfile.ZipFile, member: zipfile.ZipInfo, inflated: int, most: int) -> int:
    with archive.open(member) as content:
        first = True
        while chunk := content.read(CHUNK):
            inflated += len(chunk)
            if inflated > most:
                raise Refusal("inflates", megabytes=inflated // MEGABYTE)
            if first and b"<!DOCTYPE" in chunk[:4096].upper():
                raise Refusal("entities")
            first = False
    return inflated


def read_workbook(path: Path, sheet: str) -> tuple[dict[str, str], Iterator[Row]]:
    """The named sheet, or the first visible one that holds something; formulas give their last value."""
    import python_calamine as calamine  # noqa: PLC0415 - a text file needs none of it

    try:
        book = calamine.load_workbook(str(path))
        shown = [meta.name for meta in book.sheets_metadata if meta.visible == calamine.SheetVisibleEnum.Visible]
        if sheet and sheet not in book.sheet_names:
            raise Refusal("no_sheet", sheet=sheet, sheets="、".join(shown))
        names = [sheet] if sheet else [name for name in shown if book.get_sheet_by_name(name).total_height] or shown[:1]
        if not names:
            raise Refusal("empty")
        found = book.get_sheet_by_name(names[0])
    except (calamine.CalamineError, OSError):
        raise Refusal("damaged") from None
    if found.total_width > MOST_COLUMNS:
        raise Refusal("too_many_columns", count=found.total_width, limit=MOST_COLUMNS)
    pad = [""] * (found.start[1] if found.start else 0)
    rows = ((number, pad + [cell_text(cell) for cell in cells]) for number, cells in enumerate(found.iter_rows(), 1))
    return {"format": "xlsx", "encoding": "", "sheet": names[0]}, rows


def cell_text(value: object) -> str:
    """A cell as text: whole numbers without a point, dates as ISO, what we guarded when writing without its quote."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(Decimal(repr(value)), "f")
    if isinstance(value, (datetime, date, time)):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    return unguarded(str(value))


def unguarded(text: str) -> str:
    """Take away the quote that ``tables.guarded`` put before a text that could be a formula."""
    return text[1:] if text.startswith("'") and text[1:].startswith(GUARDED) else text


def read_text(content: bytes) -> tuple[dict[str, str], Iterator[Row]]:
    """Comma, semicolon or tab separated text in UTF-8, UTF-16 with mark, or GB18030."""
    text, encoding = decoded(content)
    head = text[: text.find("\n")] if "\n" in text else text
    separator = max(",;\t", key=head.count)
    return {"format": "csv", "encoding": encoding, "sheet": ""}, _records(text, separator)


def decoded(content: bytes) -> tuple[str, str]:
    """The text and its encoding, told by the bytes, not by what somebody called it.

    Raises Refusal ``nul_bytes`` and ``unknown_encoding`` (with the first line that fits none).
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded_strictly(content, "utf-16"), "UTF-16"
    if b"\0" in content:
        raise Refusal("nul_bytes", line=content[: content.index(b"\0")].count(b"\n") + 1)
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
    text = _decoded_strictly(content, "gb18030", line)
    foreign = [sign for sign in text if sign > "\x7f"]
    strange = sum(not _common(sign) for sign in foreign)
    if strange * 20 > len(foreign):
        raise Refusal("unknown_encoding", line=line)
    return text, "GB18030"


def _decoded_strictly(content: bytes, encoding: str, line: int = 1) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise Refusal("unknown_encoding", line=line) from None


def _common(sign: str) -> bool:
    """Whether a sign belongs to what Chinese tables hold; Big5 or Latin-1 read as GB18030 gives many that do not."""
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return sign in "·—…￥€"
    return True


def _records(text: str, separator: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Refusal("broken_line", line=number) from None
        if len(cells) > MOST_COLUMNS:
            raise Refusal("too_many_columns", count=len(cells), limit=MOST_COLUMNS)
        yield number, [unguarded(cell) for cell in cells]
        number += 1


def copy_rows(rows: Iterator[Row], write: Callable[[str], object]) -> int:
    """Write the rows that hold something; gives how many. Raises Refusal."""
    count = 0
    for number, cells in rows:
        texts = [cell.strip() for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            continue
        count += 1
        if count > MOST_ROWS:
            raise Refusal("too_many_rows", limit=MOST_ROWS)
        if max(map(len, texts)) > LONGEST_CELL:
            raise Refusal("long_cell", line=number, limit=LONGEST_CELL)
        write(json.dumps([number, texts], ensure_ascii=False, separators=(",", ":")) + "\n")
    if not count:
        raise Refusal("empty")
    return count


def main(source: str, target: str, sheet: str) -> None:
    """Read, write, and say what was found."""
    limit_this_process()
    try:
        found, rows = read(Path(source), sheet)
        with Path(target).open("w", encoding="utf-8") as lines:
            answer: dict[str, object] = {**found, "count": copy_rows(rows, lines.write)}
    except Refusal as refusal:
        answer = {"refused": refusal.code, "facts": refusal.facts}
    except (MemoryError, OSError):
        answer = {"refused": "too_heavy", "facts": {}}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
