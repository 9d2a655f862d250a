"""INSERT statements whose text is made once (docs/decisions/0006-questions-kept-ready.md).

Django writes the text of an INSERT anew for every row or batch and asks four functions about every value. Here the text
is kept for each shape of statement, and a value that its column takes as it is goes straight to the driver.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, ClassVar, NamedTuple

from django.db import models

Statement = tuple[str, Sequence[Any]]
Kinds = frozenset[type]
MOST_KEPT = 2048
"""Texts kept for each engine: one for each size of a batch; at more, all are made anew."""
NOTHING: Kinds = frozenset()
WORDS: Kinds = frozenset({str, type(None)})
WHOLE_NUMBERS: Kinds = frozenset({int, type(None)})
AS_IT_IS: dict[type, Kinds] = {
    models.CharField: WORDS,
    models.TextField: WORDS,
    models.BooleanField: frozenset({bool, type(None)}),
    models.ForeignKey: WHOLE_NUMBERS,
    models.OneToOneField: WHOLE_NUMBERS,
}
"""Of a column of exactly this kind: the values that Django hands unchanged to every driver."""


class _Column(NamedTuple):
    """A field, the attribute that holds its value, and the kinds of value that the driver takes as they are."""

    field: Any
    attribute: str
    as_it_is: Kinds


class _Text(NamedTuple):
    """A statement kept: its text, its columns, whether its values go as an array for each column, what it gives back."""

    sql: str
    columns: Sequence[_Column]
    by_column: bool
    returning: Any


class _IsExpression(Exception):
    """A value is worked out by the database, so it is part of the text."""


class KeptInserts:
    """Put before an engine's ``SQLInsertCompiler``: the same statements, with their texts kept."""

    as_it_is: Mapping[type, Kinds] = AS_IT_IS
    _kept: ClassVar[dict[Any, _Text]]

    def as_sql(self) -> list[Statement]:
        """The statement with its values; Django's own where no field is named or a value is an expression."""
        compiler: Any = self
        query = compiler.query
        if not query.fields or query.raw:
            return self._anew()
        shape = _shape(query, compiler.returning_fields)
        kept = self._kept.get(shape)
        if kept is None:
            return self._made(shape)
        try:
            rows = [_values(each, kept.columns, compiler.connection) for each in query.objs]
        except _IsExpression:
            return self._anew()
        compiler.returning_params = kept.returning
        values: Iterable[Any] = map(list, zip(*rows, strict=True)) if kept.by_column else chain.from_iterable(rows)
        return [(kept.sql, tuple(values))]

    def _anew(self) -> list[Statement]:
        statements: list[Statement] = super().as_sql()  # type: ignore[misc]
        return statements

    def _made(self, shape: Any) -> list[Statement]:
        """Django's statement; its text is kept where every value has a place of its own in it."""
        compiler: Any = self
        query = compiler.query
        statements = self._anew()
        fields, many = query.fields, len(query.objs)
        sql, values = statements[0]
        by_column = many > 1 and len(values) == len(fields)
        if len(statements) == 1 and (by_column or len(values) == many * len(fields)) and not _has_expression(query):
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            columns = [_Column(one, one.attname, self.as_it_is.get(type(one), NOTHING)) for one in fields]
            self._kept[shape] = _Text(sql, columns, by_column, getattr(compiler, "returning_params", ()))
        return statements


def _shape(query: Any, returning: Any) -> Any:
    """All that the text depends on but the values."""
    conflict = query.on_conflict and (query.on_conflict, _names(query.update_fields), _names(query.unique_fields))
    return query.model, _names(query.fields), len(query.objs), _names(returning or ()), conflict


def _names(fields: Iterable[Any]) -> tuple[str, ...]:
    return tuple([one.attname for one in fields])


def _has_expression(query: Any) -> bool:
    return any(
        hasattr(one.pre_save(each, add=True), "resolve_expression") for each in query.objs for one in query.fields
    )


def _values(row: models.Model, columns: Sequence[_Column], connection: Any) -> list[Any]:
    """What the driver is given for a row. Raises _IsExpression, and what a field raises before it is saved."""
    held = row.__dict__
    found = []
    for field, attribute, as_it_is in columns:
        value = held.get(attribute, NOTHING)
        if type(value) not in as_it_is:
            value = field.pre_save(row, add=True)
            if hasattr(value, "resolve_expression"):
                raise _IsExpression
            value = field.get_db_prep_save(value, connection=connection)
        found.append(value)
    return found
