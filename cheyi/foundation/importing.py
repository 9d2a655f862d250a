"""What a package offers to ``cheyi import``: its columns, how a row is read, how rows are applied."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from django.utils.functional import Promise

from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Refused


def plain_text(cell: str) -> str:
    """The cell as it is."""
    return cell


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a template: its code, its head in both languages, an example, and how a cell is read.

    ``also`` are further heads under which people's files have it. ``parse`` raises Refused for a cell it cannot read;
    an empty cell is not parsed.
    """

    code: str
    zh: str
    en: str
    example: str = ""
    required: bool = False
    parse: Callable[[str], Any] = plain_text
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell of a row (``column`` is empty for the row as a whole)."""

    column: str
    refused: Refused


@dataclass(frozen=True, slots=True)
class Prepared:
    """A row that was read: what ``apply`` takes, or the faults that keep it out; ``notes`` say what was read otherwise."""

    clean: Any = None
    faults: tuple[Fault, ...] = ()
    notes: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a row, by the reference it was prepared with; ``notes`` are doubts that did not keep it out."""

    ref: str
    kind: Literal["new", "here", "linked", "refused"]
    problem: Refused | None = None
    notes: tuple[Refused, ...] = ()


Prepare = Callable[[str, Mapping[str, str]], Prepared]


class Apply(Protocol):
    """Writes prepared rows; one answer for each, in their order."""

    def __call__(  # noqa: D102 - the class says it
        self, rows: Sequence[Any], *, store: Store, by: Viewer, now: datetime, paper: Source
    ) -> list[Applied]: ...


@dataclass(frozen=True, slots=True)
class ImportKind:
    """One kind of file. ``prepare(ref, {code: cell})`` reads a row without looking at the database.

    ``apply(clean rows, store=, by=, now=, paper=)`` writes them inside one act and tells what became of each; rows that
    are on file already are left as they are. The caller gives everything up when a row is refused, or for a dry run.
    ``same(clean row)`` is what a thing may have only one row for; a second one that says something else is refused.
    ``spare`` are the columns whose unreadable cells may stay empty when whoever imports says so; their text goes into ``note``.
    """

    code: str
    label: str | Promise
    columns: tuple[Column, ...]
    prepare: Prepare
    apply: Apply
    same: Callable[[Any], Hashable] | None = None
    spare: frozenset[str] = frozenset()
    note: str = ""
