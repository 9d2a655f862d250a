"""What SQLite's planner is told of our tables: how many rows an index finds in a large installation.

SQLite keeps no statistics unasked. Without them it takes every index for one that finds ten rows, also one on the scope
column alone, and walks all rows of a store where another index would find the three that are wanted. Statistics that are
measured change with the data, and plans with them; ours are written down at each migration, the same everywhere, so that
the plans of the tests are those of a group with 300,000 cars (https://www.sqlite.org/optoverview.html#manual_control_of_query_plans_using_sqlite_stat_tables).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from cheyi.foundation.scope import ScopeKey

ROWS = 1_000_000
SHORT_WORD = 16
# How many different values a column has, by what it is. Of states it is the few living ones that are asked for.
SCOPES, LIVING, FLAGS, DAYS, MOMENTS, FEW, OFTEN_NONE, MANY = 3, 5_000, 6, 700, 300_000, 60, 2_000, 200_000
BUSINESS = ("StoreOwned", "GroupOwned", "LegalEntityOwned")
PEOPLE = {
    "Employee",
    "VehicleModel",
    "Series",
    "Brand",
    "Skill",
    "Bay",
    "LabourOp",
    "FlowProfile",
    "Warehouse",
    "Place",
}


def write(connection: Any) -> int:
    """Replace the planner's statistics by what is to be expected; gives the number of indexes. For SQLite alone."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE sqlite_schema")
        cursor.execute("DELETE FROM sqlite_stat1")
        rows = [row for model in apps.get_models() for row in _expected(cursor, model)]
        cursor.executemany("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (%s, %s, %s)", rows)
        cursor.execute("ANALYZE sqlite_schema")
    return len(rows)


def _expected(cursor: Any, model: type[models.Model]) -> Iterator[tuple[str, str, str]]:
    table = model._meta.db_table
    fields = {field.column: field for field in model._meta.local_concrete_fields}
    cursor.execute(f'PRAGMA index_list("{table}")')
    for _, name, unique, *_ in cursor.fetchall():
        cursor.execute(f'PRAGMA index_info("{name}")')
        columns = [row[2] for row in cursor.fetchall()]
        counts = list(_found([_values(fields.get(column)) for column in columns]))
        if unique:
            counts[-1] = 1
        yield table, name, " ".join(str(count) for count in (ROWS, *counts))


def _found(values: list[int]) -> Iterator[int]:
    """Rows that agree in the first column, in the first two, and so on."""
    left = ROWS
    for count in values:
        left = max(left // count, 1)
        yield left


def _values(field: Any) -> int:
    """How many different values a column has in a large installation."""
    if isinstance(field, models.ForeignKey):
        return _targets(field)
    if getattr(field, "name", "") == "state":
        return LIVING
    if isinstance(field, models.BooleanField) or getattr(field, "choices", None):
        return FLAGS
    if isinstance(field, models.DateField):  # a moment is a date, to Django
        return MOMENTS if isinstance(field, models.DateTimeField) else DAYS
    short = isinstance(field, models.CharField) and (field.max_length or 0) <= SHORT_WORD
    return FEW if short and field.name in {"thing", "kind", "role", "code"} else MANY


def _targets(field: Any) -> int:
    if isinstance(field, ScopeKey):
        return SCOPES
    target = field.related_model
    if target.__name__ in PEOPLE or not any(base.__name__ in BUSINESS for base in target.__mro__):
        return FEW
    return OFTEN_NONE if field.null else MANY
