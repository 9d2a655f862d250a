"""What a statement reads across the wall between stores, worked out from its text and the declared tables.

A table is bound by a condition on its scope column, by an equal scope column of a bound table, or by a foreign key that
the database itself keeps inside one scope. The bound values must lie in the scope in force.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cheyi.foundation.guards.declarations import Link, Table
from cheyi.foundation.guards.sql_reading import Bound, Column, Query, Source, read
from cheyi.foundation.scope import Scope

KEPT = 2048


@dataclass(frozen=True, slots=True)
class Reading:
    """Tables left unbound, and per bound table its kind and the conditions that bind it (any one of them may do)."""

    unbound: tuple[str, ...]
    bound: tuple[tuple[str, str, tuple[Bound, ...]], ...]


class Wall:
    """The declared tables, and what each statement seen so far was found to do."""

    def __init__(self, tables: Iterable[Table]) -> None:
        tables = list(tables)
        self.kinds = {table.name: table.kind for table in tables if table.kind}
        self.columns = {(table.name, table.column): table.kind for table in tables if table.kind}
        self.links: dict[tuple[str, str], Link] = {
            (link.table, link.column): link for table in tables for link in table.links
        }
        self._kept: OrderedDict[str, Reading] = OrderedDict()

    def reading(self, sql: str) -> Reading:
        """What the statement does; every distinct text is read once and the latest 2,048 are kept."""
        found = self._kept.get(sql)
        if found is None:
            found = self._kept[sql] = self._read(sql)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def _read(self, sql: str) -> Reading:
        """Read a statement; one that cannot be understood counts as unbound for each scoped table that it names."""
        try:
            queries = read(sql)
        except ValueError:
            return Reading(tuple(name for name in self.kinds if name in sql), ())
        unbound: list[str] = []
        bound: list[tuple[str, str, tuple[Bound, ...]]] = []
        for query in queries:
            self._collect(query, None, unbound, bound)
        return Reading(tuple(unbound), tuple(bound))

    def _collect(self, query: Query, around: _Bindings | None, unbound: list[str], bound: list[Any]) -> None:
        bindings = _Bindings(self, query, around)
        unbound.extend(
            source.table
            for source in query.sources
            if source.table in self.kinds and source.alias not in bindings.bound
        )
        for alias, bounds in bindings.direct.items():
            table = bindings.sources[alias].table
            bound.append((table, self.kinds[table], tuple(bounds)))
        for inner in query.inner:
            self._collect(inner, bindings, unbound, bound)

    def carries(self, known: tuple[str, str], new: tuple[str, str]) -> bool:
        """Whether an equality of these (table, column) pairs keeps the new table inside the scope of the known one."""
        if known in self.columns and self.columns.get(new) == self.columns[known]:
            return True
        up = self.links.get(known)
        if up is not None and up.parent == new[0] and new[1] == "id":
            return up.goes_up
        down = self.links.get(new)
        return down is not None and down.parent == known[0] and known[1] == "id" and down.is_same

    def wrong(self, sql: str, params: Any, scope: Scope | None) -> str:
        """What is wrong with running this statement in this scope; empty when nothing is."""
        if scope is not None and scope.is_open:
            return ""
        found = self.reading(sql)
        if scope is None:
            names = sorted({*found.unbound, *(table for table, _, _ in found.bound)})
            return f"no scope is open, but {', '.join(names)} is read" if names else ""
        if found.unbound:
            return f"{', '.join(sorted(set(found.unbound)))} is read without a condition on its scope"
        for table, kind, bounds in found.bound:
            ids = scope.ids(kind)
            if not any(all(value in ids for value in _values(bound, params)) for bound in bounds):
                return f"{table} is asked for ids outside the scope"
        return ""


def _values(bound: Bound, params: Sequence[Any] | Mapping[str, Any] | None) -> list[Any]:
    given: list[Any] = [params[place] for place in bound.values] if params else []  # type: ignore[index]
    return [*given, *bound.literals]


class _Bindings:
    """Which aliases of a query, seen with those of the queries around it, are bound."""

    def __init__(self, wall: Wall, query: Query, around: _Bindings | None) -> None:
        self.wall = wall
        self.query = query
        self.around = around
        self.sources = {source.alias: source for source in query.sources}
        self.direct: dict[str, list[Bound]] = {}
        self.bound: set[str] = set()
        for bound in query.bounds:
            source = self.find(bound.column)
            if source is not None and (source.table, bound.column.name) in wall.columns:
                self.direct.setdefault(source.alias, []).append(bound)
                self.bound.add(source.alias)
        while self._spread():
            pass

    def find(self, column: Column) -> Source | None:
        if column.alias:
            return self.sources.get(column.alias)
        return self.query.sources[0] if len(self.query.sources) == 1 else None

    def table_of(self, column: Column) -> tuple[str, bool] | None:
        """The table of a column here or around, and whether it is bound there."""
        source = self.find(column)
        if source is not None:
            return source.table, source.alias in self.bound
        return self.around.table_of(column) if self.around is not None else None

    def _spread(self) -> bool:
        before = len(self.bound)
        for pair in self.query.equals:
            for one, other in ((pair.left, pair.right), (pair.right, pair.left)):
                source, known = self.find(one), self.table_of(other)
                if source is None or known is None or (pair.only and source.alias != pair.only):
                    continue
                if known[1] and self.wall.carries((known[0], other.name), (source.table, one.name)):
                    self.bound.add(source.alias)
        return len(self.bound) > before
