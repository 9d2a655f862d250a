"""Questions whose SQL is made once and asked often.

Django writes the text of a query anew each time it is asked, which takes a third of the time of a page. A question
keeps the text and asks it again with other values; rows are made by Django's own row makers, and the scope in force is
part of what is kept (docs/decisions/0006-questions-kept-ready.md).
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, Generic, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Expression, QuerySet
from django.db.transaction import TransactionManagementError

from cheyi.foundation.scope import Scope, current_or_none

Row = TypeVar("Row")
Value = int | str | date | Collection[int] | Collection[str]
MOST_KEPT = 512
"""Texts kept per question: one for each scope and each size of its lists; at more, all are made anew."""
WIDEST_INT = 2**63


class Question(Generic[Row]):
    """A query kept ready: ``Question(lambda order: Line.objects.filter(order_id=order))``, asked as ``lines(order=7)``.

    The function is called with a hole for each of its parameters, in place of a value or (for ``in``) of a list of
    values; whatever else it uses is fixed at the first asking. Rows are locked only inside a transaction.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self._build = build
        self._names = tuple(inspect.signature(build).parameters)
        self._kept: dict[Any, _Ready] = {}

    def __call__(self, **values: Value) -> list[Row]:
        """All rows. One query, none where a list is empty or nothing can be equal to a number.

        Raises TypeError for a value that no hole can take.
        """
        held = {name: _held(values[name]) for name in self._names}
        if len(values) != len(held):
            raise TypeError(f"no such hole: {sorted(values.keys() - held.keys())}")
        if not all(held.values()):
            return []
        sizes = tuple(None if _is_single(values[name]) else len(held[name]) for name in self._names)
        key = (_fixed(current_or_none()), sizes)
        ready = self._kept.get(key)
        if ready is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            holes = {name: _Hole(name, size) for name, size in zip(self._names, sizes, strict=True)}
            try:
                ready = self._kept[key] = _Ready(self._build(**holes))
            except EmptyResultSet:
                return []
        return ready.rows(held)

    def first(self, **values: Value) -> Row | None:
        """The first row, or None."""
        return next(iter(self(**values)), None)


class _Place(NamedTuple):
    """Where in the text which value of which hole goes."""

    hole: str
    at: int


class _Hole(Expression):
    """Stands for a value, or for a list of so many values, until the question is asked."""

    def __init__(self, name: str, size: int | None) -> None:
        super().__init__()
        self.name, self.size = name, size

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:  # noqa: ARG002 - Django's signature
        """A mark for each value, and in place of the value where it comes from."""
        marks = ", ".join(["%s"] * (self.size or 1))
        return f"({marks})", [_Place(self.name, at) for at in range(self.size or 1)]


class _Ready:
    """The text of a question in one scope, and what Django needs to make rows of the answer."""

    def __init__(self, rows: Any) -> None:
        if rows._prefetch_related_lookups:  # noqa: SLF001 - the only place that says so
            raise TypeError("a question is one query: it cannot prefetch")
        self._rows = rows
        self._compiler = rows.query.get_compiler(rows.db)
        self._sql, self._params = self._compiler.as_sql()
        columns = [one for one, *_names in self._compiler.select[: self._compiler.col_count]]
        self._converted = sorted(self._compiler.get_converters(columns))
        self._compiler.connection = None  # the asker's is put in; this thread's would stay open as long as the program

    def rows(self, held: dict[str, list[Any]]) -> list[Any]:
        """Ask, with a list of values for each hole. Raises TransactionManagementError for a lock outside a transaction."""
        connection = connections[self._rows.db]
        if self._rows.query.select_for_update and connection.get_autocommit():
            raise TransactionManagementError("rows are locked inside a transaction only")
        params = tuple(
            _adapted(held[one.hole][one.at], connection) if isinstance(one, _Place) else one for one in self._params
        )
        compiler = copy.copy(self._compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_options: (self._sql, params)
        compiler.get_converters = lambda columns: self._converters(compiler, columns)
        query = copy.copy(self._rows.query)
        query.get_compiler = lambda *_args, **_options: compiler
        asked = SimpleNamespace(
            query=query,
            db=self._rows.db,
            model=self._rows.model,
            _fields=self._rows._fields,
            _known_related_objects=self._rows._known_related_objects,  # noqa: SLF001
        )
        return list(self._rows._iterable_class(asked))  # noqa: SLF001

    def _converters(self, compiler: Any, columns: Sequence[Any]) -> dict[int, Any]:
        """What makes values of this connection's columns; only the places are asked where there is something to make."""
        found = type(compiler).get_converters(compiler, [columns[at] for at in self._converted])
        return {self._converted[at]: converter for at, converter in found.items()}


def _held(value: Value) -> list[Any]:
    """The values of one hole that a column can hold, filled up to the next power of two: few sizes, few texts."""
    values = [value] if _is_single(value) else sorted(set(value))  # type: ignore[arg-type, type-var]
    many = [one for one in values if not _too_wide(one)]
    room = 1 << (len(many) - 1).bit_length() if many else 0
    return many + many[-1:] * (room - len(many))


def _is_single(value: Value) -> bool:
    if isinstance(value, (int, str, date)):
        return True
    if isinstance(value, Collection) and not isinstance(value, bytes):
        return False
    raise TypeError(f"a hole takes whole numbers, words, days and times, or a list of them: {value!r}")


def _too_wide(value: Any) -> bool:
    """Whether no column can hold the number: nothing is equal to it, and SQLite cannot even be asked."""
    return isinstance(value, int) and not -WIDEST_INT <= value < WIDEST_INT


def _adapted(value: Any, connection: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def _fixed(scope: Scope | None) -> Any:
    """What of the scope gets into the text."""
    if scope is None or scope.is_open:
        return scope is None
    return scope.group_ids, scope.legal_entity_ids, scope.store_ids
