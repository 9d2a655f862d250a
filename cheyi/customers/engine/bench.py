"""Link any table files and write the pairs with scores: what ``cheyi bench duplicates`` runs."""

from __future__ import annotations

import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from cheyi.customers.engine.tables import Row, all_different, head_of, key_column, read_rows
from cheyi.kernel import Refused

if TYPE_CHECKING:
    from cheyi.customers.engine.linking.link import Link, Linked

HEAD = ("record", "against", "answer", "score", "probability", "alike")


@dataclass(frozen=True, eq=False)
class Result:
    """The pairs and what it took; records are named by their file's key column, or by their number from 1."""

    linked: Linked
    columns: tuple[tuple[str, str], ...]
    records: int
    against: int
    cpu_seconds: float
    names: tuple[Sequence[str], Sequence[str]]

    @property
    def pairs(self) -> tuple[tuple[str, str, float], ...]:
        """The pairs that are one entity: names of the two records and the probability."""
        return tuple((*self.named(link), link.probability) for link in self.linked.same)

    def named(self, link: Link) -> tuple[str, str]:
        """The names of a link's two records."""
        return self.names[0][link.one], self.names[1][link.other]

    def write(self, stream: TextIO, *, maybe: bool = False) -> None:
        """The pairs as CSV, head first; ``maybe`` adds those to ask about and those that must stay apart."""
        writer = csv.writer(stream)
        writer.writerow(HEAD)
        lists = [("same", self.linked.same)]
        if maybe:
            lists += [("maybe", self.linked.maybe), ("apart", self.linked.apart)]
        for answer, links in lists:
            for link in links:
                alike = link.veto or " ".join(f"{column}:{level}" for column, level in link.alike)
                writer.writerow((*self.named(link), answer, f"{link.odds:.2f}", f"{link.probability:.6f}", alike))

    def summary(self) -> str:
        """What was found, in a few lines."""
        kinds = ", ".join(f"{name} ({kind})" for name, kind in self.columns) or "none filled"
        sizes = f"{self.records} records" + (f" against {self.against}" if self.against else "")
        found = f"{len(self.linked.same)} pairs are one, {len(self.linked.maybe)} to ask about"
        return f"{sizes}\ncolumns: {kinds}\n{found}\n{self.cpu_seconds:.1f} CPU-seconds"


def run(
    records: Path | str, against: Path | str | None = None, columns: Sequence[str] = (), *, key: str = ""
) -> Result:
    """Link the records of one CSV file, or of two.

    ``columns`` name what is compared, each as ``name``, ``name=its name in the other file`` and with its kind where it is
    not to be found out (``phone:phone``; kinds.KINDS); none means all that both files have but the key. ``key`` is the
    column that names the records; without it the one that does nothing else (tables.key_column), else the number of the
    record in its file. The key never takes part in the comparison. Raises Refused as `read_rows`, and
    ``customers.bench.no_common_column``, ``.unknown_column``, ``.unknown_kind``, ``.nothing_filled``,
    ``.key_compared``, ``.key_not_unique``.
    """
    return run_rows(read_rows(Path(records)), read_rows(Path(against)) if against else None, columns, key=key)


def run_rows(
    rows: Sequence[Row], others: Sequence[Row] | None = None, columns: Sequence[str] = (), *, key: str = ""
) -> Result:
    """The same for rows in memory; all rows of a table have the same columns. Raises Refused as `run`."""
    from cheyi.customers.engine.linking.link import link  # noqa: PLC0415 NumPy is for batches only

    tables = [table for table in (rows, others) if table]
    asked = [_Asked.of(column, head_of(rows) if rows else head_of(others or ())) for column in columns]
    if tables:
        _demand(asked, key, rows, others)
    own_key = key or _found_key(tables, [one.name for one in asked])
    used = asked or [_Asked(name) for name in _shared(tables) if name != own_key]
    renamed = _renamed(others, used)
    started = time.process_time()
    linked = link(rows, renamed, [one.name for one in used], kinds={one.name: one.kind for one in used if one.kind})
    taken = time.process_time() - started
    if tables and not linked.table.columns:
        raise Refused("customers.bench.nothing_filled", columns=_listed([one.name for one in used]))
    names = _names(rows, own_key)
    return Result(
        linked,
        tuple((column.name, column.kind) for column in linked.table.columns),
        len(rows),
        len(others or ()),
        taken,
        (names, names if others is None else _names(others, own_key)),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A column to compare: its name, its name in the other file and its kind, where they are given."""

    name: str
    other: str = ""
    kind: str = ""

    @classmethod
    def of(cls, text: str, head: Sequence[str]) -> _Asked:
        """Read ``name=other:kind``; a column that is called just so is taken by its whole name."""
        if text in head:
            return cls(text)
        names, _, kind = text.rpartition(":") if ":" in text else (text, "", "")
        if names in head:
            return cls(names, "", kind)
        name, _, other = names.partition("=")
        return cls(name.strip(), other.strip(), kind.strip())


def _demand(asked: Sequence[_Asked], key: str, rows: Sequence[Row], others: Sequence[Row] | None) -> None:
    """Refuse what cannot be linked as asked. Raises Refused as `run`."""
    from cheyi.customers.engine.linking.kinds import KINDS  # noqa: PLC0415 its package is for batches only

    sides = [(number, table) for number, table in enumerate((rows, others)) if table]
    heads = {number: head_of(table) for number, table in sides}
    for one in asked:
        for number, head in heads.items():
            name = one.other if number and one.other else one.name
            if name not in head:
                raise Refused("customers.bench.unknown_column", column=name, file=number + 1, known=_listed(head))
        if one.kind and one.kind not in KINDS:
            raise Refused("customers.bench.unknown_kind", column=one.name, kind=one.kind, known=_listed(KINDS))
    if len(heads) == 2 and not asked and not set(heads[0]) & set(heads[1]):
        raise Refused("customers.bench.no_common_column", first=_listed(heads[0]), second=_listed(heads[1]))
    for number, table in sides if key else ():
        if key not in heads[number]:
            raise Refused("customers.bench.unknown_column", column=key, file=number + 1, known=_listed(heads[number]))
        if not all_different(table, key):
            raise Refused("customers.bench.key_not_unique", column=key, file=number + 1)
    if key and key in [one.name for one in asked]:
        raise Refused("customers.bench.key_compared", column=key)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _shared(tables: Sequence[Sequence[Row]]) -> list[str]:
    heads = [head_of(table) for table in tables]
    return [name for name in heads[0] if all(name in head for head in heads)] if heads else []


def _found_key(tables: Sequence[Sequence[Row]], asked: Sequence[str]) -> str:
    from cheyi.customers.engine.linking.kinds import kind_of  # noqa: PLC0415 its package is for batches only

    free = [name for name in _shared(tables) if name not in asked]
    plain = [
        name for name in free if kind_of(row.get(name) or "" for table in tables for row in table) in ("text", "code")
    ]
    return key_column(tables, plain)


def _renamed(others: Sequence[Row] | None, used: Sequence[_Asked]) -> Sequence[Row] | None:
    """The second table with its columns called as in the first."""
    if others is None or not any(one.other for one in used):
        return others
    return [{one.name: row.get(one.other or one.name) or "" for one in used} for row in others]


def _names(rows: Sequence[Row], key: str) -> Sequence[str]:
    return [row[key] for row in rows] if key else [str(number) for number in range(1, len(rows) + 1)]
