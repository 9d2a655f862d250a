"""The catalogue that is shipped: operations, skills, rates, packages, schedules and reasons as read from ``data/``."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

DATA = Path(__file__).resolve().parent.parent / "data"
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason from a list, with its name in both languages."""

    kind: str
    code: str
    name: str
    name_en: str

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name


@cache
def rows(name: str) -> tuple[Row, ...]:
    """The rows of ``data/<name>.csv``. Raises ValueError for a row with too many or too few cells."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        found = tuple(csv.DictReader(lines, strict=True))
    for place, row in enumerate(found, 2):
        if None in row or None in row.values():
            raise ValueError(f"{name}.csv, line {place}: wrong number of cells")
    return found


@cache
def reasons(kind: str) -> tuple[Reason, ...]:
    """The reasons of a list (extra, discount, cancel, delay, second_order), in the order of the file."""
    return tuple(
        Reason(row["kind"], row["code"], row["name"], row["name_en"]) for row in rows("reasons") if row["kind"] == kind
    )
