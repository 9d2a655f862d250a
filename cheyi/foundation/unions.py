"""Rows of several tables in one statement: what a page shows side by side and would otherwise ask for one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Cast

Fields = Mapping[str, "models.Field[Any, Any]"]


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table: what they are called, and which of their columns fill which of the common ones."""

    what: str
    rows: QuerySet[Any]
    filled: Mapping[str, str] = field(default_factory=dict)


def side_by_side(common: Fields, *parts: Part) -> dict[str, list[dict[str, Any]]]:
    """The rows of all parts, by what they are, in the order of their keys. One query; none without parts.

    Each row has ``id`` and the common columns; those that its table does not fill are None. Rows are not sorted or
    cut in the database, which SQLite cannot do to a part.
    """
    found: dict[str, list[dict[str, Any]]] = {part.what: [] for part in parts}
    if parts:
        first, *others = [_columns(part, common) for part in parts]
        names = ("what", "id", *common)
        rows = [dict(zip(names, row, strict=True)) for row in (first.union(*others, all=True) if others else first)]
        for row in sorted(rows, key=lambda row: row["id"]):
            found[row["what"]].append(row)
    return found


def _columns(part: Part, common: Fields) -> QuerySet[Any, Any]:
    """The rows in the common columns; an empty one says its type, which PostgreSQL wants to know."""
    columns: dict[str, Any] = {f"_{name}": Cast(Value(None), one) for name, one in common.items()}
    columns |= {f"_{name}": F(column) for name, column in part.filled.items()}
    shown: QuerySet[Any, Any] = part.rows.order_by().annotate(_what=Value(part.what), _id=F("pk"), **columns)
    return shown.values_list("_what", "_id", *(f"_{name}" for name in common))
