"""Reading a file to the end, then applying it in one act, which is given up for a dry run or a bad row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit
from cheyi.foundation.importing import Applied, ImportKind, Prepared
from cheyi.foundation.models import Store
from cheyi.foundation.refusals import sentence
from cheyi.foundation.scope import within
from cheyi.foundation.sources import Source
from cheyi.foundation.tables import opened
from cheyi.kernel import Refused
from cheyi.project.importing.sheets import Heads, head_among, heads_of, is_print, title

MANY = 1_000
TITLES = 10  # rows of which one must be the head; what stands above it is a title


@dataclass(slots=True)
class Row:
    """One row of the file: its number as a spreadsheet shows it, its cells, and why it cannot be taken over."""

    number: int
    cells: list[str]
    prepared: Prepared = field(default_factory=Prepared)
    reasons: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: counts by ``new``, ``here``, ``linked``, ``refused``; whether it was written.

    ``printed`` are the numbers of rows that belong to the print and not to the table: heads again, page numbers, totals.
    """

    head: list[str]
    unknown_heads: tuple[str, ...]
    printed: tuple[int, ...]
    rows: list[Row]
    counts: dict[str, int]
    applied: bool

    @property
    def bad(self) -> list[Row]:
        """The rows that keep the file from being applied."""
        return [row for row in self.rows if row.reasons]

    def doubts(self) -> list[tuple[str, list[int]]]:
        """Each doubt once, with the numbers of the rows that have it; those of most rows first."""
        rows_of: dict[str, list[int]] = {}
        for row in self.rows:
            for doubt in row.doubts:
                rows_of.setdefault(doubt, []).append(row.number)
        return sorted(rows_of.items(), key=lambda one: (-len(one[1]), one[1][0]))

    def to_correct(self) -> list[tuple[Sequence[str], str]]:
        """All rows for the file to correct, those with a reason first."""
        ordered = sorted(self.rows, key=lambda row: (not row.reasons, row.number))
        return [(row.cells, "；".join(row.reasons)) for row in ordered]


class _GivenUp(Exception):
    """Carries the answers out of an act that must not be kept."""

    def __init__(self, answers: list[Applied]) -> None:
        super().__init__()
        self.answers = answers


def run_file(
    kind: ImportKind,
    file: Path | bytes,
    *,
    store: Store,
    by: Viewer,
    now: datetime,
    apply: bool,
    name: str = "",
    most: int | None = None,
    spare: bool = False,
) -> Outcome:
    """Try a file (or its content) out, or with ``apply`` write it: wholly, or when one row is bad not at all.

    With ``spare`` cells that cannot be read stay empty where the kind can spare them, and their text goes into the note.

    Raises Refused for a file that cannot be read (``foundation.table.…``) or lacks columns
    (``project.import.no_head``, ``.missing_columns``, ``.doubled_column``, ``.no_rows``), and for more than ``most`` rows
    ``project.import.too_many_rows``.
    """
    head, heads, printed, rows = _read(kind, file, most, spare=spare)
    paper = Source("project.import", int(now.timestamp()), (name or _name(file))[:60])
    answers = _tried(kind, rows, store=store, by=by, now=now, paper=paper, apply=apply)
    by_ref = {str(row.number): row for row in rows}
    for answer in answers:
        row = by_ref[answer.ref]
        if answer.problem is not None:
            row.reasons.append(_reason(kind, answer.problem))
        row.doubts.extend(sentence(note) for note in answer.notes)
    counts: Counter[str] = Counter(answer.kind for answer in answers)
    counts["refused"] = sum(1 for row in rows if row.reasons)
    return Outcome(head, heads.unknown, printed, rows, dict(counts), applied=apply and not counts["refused"])


def _name(file: Path | bytes) -> str:
    return file.name if isinstance(file, Path) else ""


def _read(
    kind: ImportKind, file: Path | bytes, most: int | None = None, *, spare: bool = False
) -> tuple[list[str], Heads, tuple[int, ...], list[Row]]:
    with opened(file) as table:
        lines = table.rows()
        first = list(islice(lines, TITLES))
        place = head_among(kind, [cells for _number, cells in first])
        head = first[place][1]
        heads = heads_of(kind, head)
        rows = [Row(number, cells) for number, cells in chain(first[place + 1 :], lines)]
    printed = tuple(row.number for row in rows if is_print(row.cells, head))
    rows = [row for row in rows if row.number not in printed]
    if not rows:
        raise Refused("project.import.no_rows")
    if most is not None and len(rows) > most:
        raise Refused("project.import.too_many_rows", rows=len(rows), most=most, kind=kind.code)
    for row in rows:
        row.prepared = _prepared(kind, str(row.number), heads.cells(row.cells), spare=spare)
        row.reasons = [_reason(kind, fault.refused, fault.column) for fault in row.prepared.faults]
        row.doubts = [sentence(note) for note in row.prepared.notes]
    _refuse_contradictions(kind, heads, rows)
    return head, heads, printed, rows


def _prepared(kind: ImportKind, ref: str, cells: dict[str, str], *, spare: bool) -> Prepared:
    """A row as it is read; with ``spare`` without the cells that keep it out and can be spared, which is told."""
    found = kind.prepare(ref, cells)
    named = {fault.column for fault in found.faults}
    if not spare or not named or not named <= kind.spare:
        return found
    heads = {column.code: title(column) for column in kind.columns}
    told = [f"{heads[code]}：{cells[code]}" for code in sorted(named)]
    note = "；".join(filter(None, (cells.get(kind.note, ""), *told)))
    again = kind.prepare(ref, {**cells, **dict.fromkeys(named, ""), kind.note: note})
    if again.faults:
        return found
    left = [Refused("project.import.left_empty", cell=text) for text in told]
    return Prepared(again.clean, notes=(*again.notes, *left))


def _refuse_contradictions(kind: ImportKind, heads: Heads, rows: Sequence[Row]) -> None:
    """Two rows of one thing must say the same in what is taken over, else nobody knows which of them is true."""
    if kind.same is None:
        return
    first: dict[object, Row] = {}
    for row in rows:
        if row.prepared.clean is None:
            continue
        earlier = first.setdefault(kind.same(row.prepared.clean), row)
        if heads.cells(earlier.cells) != heads.cells(row.cells):
            row.reasons.append(sentence(Refused("project.import.contradicts", row=earlier.number)))


def _reason(kind: ImportKind, refused: Refused, column: str = "") -> str:
    """The refusal in words, after the head of its column."""
    titles = {each.code: title(each) for each in kind.columns}
    named = titles.get(column or str(refused.field or ""))
    words = sentence(refused)
    return _("%(column)s: %(problem)s") % {"column": named, "problem": words} if named else words


def _tried(
    kind: ImportKind, rows: Sequence[Row], *, store: Store, by: Viewer, now: datetime, paper: Source, apply: bool
) -> list[Applied]:
    """Apply the rows that could be read; kept only when asked for and every row of the file is good."""
    good = [row.prepared.clean for row in rows if not row.reasons]

    @act
    def whole() -> list[Applied]:
        answers = kind.apply(good, store=store, by=by, now=now, paper=paper)
        if not apply or len(good) < len(rows) or any(answer.kind == "refused" for answer in answers):
            raise _GivenUp(answers)
        audit(by, f"project.import.{kind.code}", store, now=now, rows=len(rows), file=paper.label)
        return answers

    with within(store):
        try:
            answers = whole() if good else []
        except _GivenUp as given_up:
            return given_up.answers
    if len(answers) >= MANY:
        connection.learn_sizes()  # type: ignore[attr-defined]
    return answers
