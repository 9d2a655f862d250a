"""The paper side of an import: finding the columns under people's own heads, templates, files to correct."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cheyi.foundation.importing import Column, ImportKind
from cheyi.foundation.tables import write_csv, write_xlsx
from cheyi.kernel import Refused

MANY_NAMES = 2
SIGN_OF_PRINT = re.compile(
    r"第?\d+页(/?共\d+页)?|共\d+页|page\d+(of\d+)?|(合计|总计|小计|本页合计|注|备注|说明|制表|审核|打印人?|打印时间|total|sum)([:：].*)?"
)
FEW_CELLS = 3  # a total says its word and at most a figure or two; a row of the table says more


@dataclass(frozen=True, slots=True)
class Heads:
    """Which cell of a row holds which column, and the heads that nobody understood."""

    places: Mapping[str, int]
    unknown: tuple[str, ...]

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """The row's cells by column code, without a spreadsheet's mark of a text; beyond the row's end they are empty."""
        return {code: _unguarded(row[place]) if place < len(row) else "" for code, place in self.places.items()}


def head_among(kind: ImportKind, rows: Sequence[Sequence[str]]) -> int:
    """Which of a file's first rows is its head: the first with every column that is needed, else the one that knows most.

    Old systems print a title and a date above it. Raises Refused ``project.import.no_head`` when none names a column.
    """
    known, needed = _known(kind), {column.code for column in kind.columns if column.required}
    named = [{column.code for cell in row if (column := known.get(_bare(cell)))} for row in rows]
    place = next((place for place, codes in enumerate(named) if codes and codes >= needed), None)
    if place is not None:
        return place
    most = max(range(len(named)), key=lambda place: (len(named[place]), -place), default=0)
    if not named or not named[most]:
        columns = [title(column) for column in kind.columns if column.required or not needed]
        raise Refused("project.import.no_head", columns="、".join(columns[:MANY_NAMES]), kind=kind.code)
    return most


def heads_of(kind: ImportKind, row: Sequence[str]) -> Heads:
    """Read the head of a file; a column counts in Chinese, English, as a code, or as people also call it.

    Raises Refused ``project.import.missing_columns`` and ``project.import.doubled_column``.
    """
    known = _known(kind)
    places: dict[str, int] = {}
    unknown = []
    for place, head in enumerate(row):
        column = known.get(_bare(head))
        if column is None:
            unknown.append(head)
        elif column.code in places:
            raise Refused("project.import.doubled_column", column=title(column))
        else:
            places[column.code] = place
    missing = [title(column) for column in kind.columns if column.required and column.code not in places]
    if missing:
        raise Refused("project.import.missing_columns", columns="、".join(missing), kind=kind.code)
    return Heads(places, tuple(head for head in unknown if head and _bare(head) not in _reason_words()))


def is_print(row: Sequence[str], head: Sequence[str]) -> bool:
    """Whether a row is the print's and not the table's: the head again, a page number, a total, a note at the end."""
    filled = [(place, cell) for place, cell in enumerate(row) if cell]
    again = sum(place < len(head) and _bare(cell) == _bare(head[place]) for place, cell in filled)
    if again >= MANY_NAMES and again * 2 > len(filled):
        return True
    first = unicodedata.normalize("NFKC", "".join(filled[0][1].split())).casefold() if filled else ""
    return bool(SIGN_OF_PRINT.fullmatch(first)) and len(filled) <= FEW_CELLS


def _known(kind: ImportKind) -> dict[str, Column]:
    return {_bare(word): column for column in kind.columns for word in _words(column)}


def title(column: Column) -> str:
    """The column's head in the language in use."""
    return column.en if (get_language() or "").startswith("en") else column.zh


def write_template(kind: ImportKind, path: Path) -> None:
    """Write an empty file with all heads; in .xlsx each head tells in a note whether it is needed, and an example."""
    titles = [f"{title(column)}*" if column.required else title(column) for column in kind.columns]
    if path.suffix.lower() == ".csv":
        write_csv(path, columns=titles, rows=[])
        return
    notes = [_note(column) for column in kind.columns]
    write_xlsx(path, columns=titles, rows=[], sheet=str(kind.label)[:31], notes=notes)


def write_to_correct(path: Path, *, head: Sequence[str], rows: Sequence[tuple[Sequence[str], str]]) -> int:
    """Write rows with what is wrong with each in the last column; the file can be imported when it is corrected."""
    plain = [cell for cell in head if _bare(cell) not in _reason_words()]
    kept = [place for place, cell in enumerate(head) if _bare(cell) not in _reason_words()]
    lines = [[*(cells[place] if place < len(cells) else "" for place in kept), reason] for cells, reason in rows]
    return write_csv(path, columns=[*plain, _("What is wrong")], rows=lines)


def _unguarded(cell: str) -> str:
    return cell.removeprefix("'")


def _note(column: Column) -> str:
    need = _("Required") if column.required else _("Optional")
    return need + " · " + _("for example %s") % column.example if column.example else need


def _words(column: Column) -> tuple[str, ...]:
    return (column.zh, column.en, column.code, *column.also)


def _reason_words() -> frozenset[str]:
    return frozenset({_bare("What is wrong"), _bare(_("What is wrong")), _bare("问题")})


def _bare(head: str) -> str:
    """A head without width, case, star, spaces and what stands in brackets."""
    text = unicodedata.normalize("NFKC", head).casefold()
    return re.sub(r"\(.*?\)|[*\s_:]", "", text)
