"""Permissions: each names a row of the capability matrix and the letter that it needs."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

REACHES = {"s": "own", "o": "store", "g": "group", "n": "numbers"}
WIDTH = {"": 0, "numbers": 1, "own": 2, "store": 3, "group": 4}


@dataclass(frozen=True, slots=True)
class Cell:
    """One letter of one cell: what (V view, E edit, A approve, X execute), how far, and whether masked."""

    letter: str
    reach: str
    masked: bool


@dataclass(frozen=True, slots=True)
class Permission:
    """``package.thing.verb`` with the capability row and letter behind it; ``only`` narrows it to some roles."""

    code: str
    capability: str
    letter: str
    only: frozenset[str] = frozenset()


_declared: dict[str, Permission] = {}


@functools.cache
def matrix() -> dict[str, dict[str, tuple[Cell, ...]]]:
    """The matrix of domain.md 2.2 as data: capability -> role -> cells."""
    with (Path(__file__).parent / "matrix.csv").open(encoding="utf-8", newline="") as lines:
        return {
            row.pop("capability"): {role: _cells(text) for role, text in row.items() if text}
            for row in csv.DictReader(lines)
        }


def _cells(text: str) -> tuple[Cell, ...]:
    return tuple(Cell(piece[0], REACHES[piece[1]], piece.endswith("m")) for piece in text.split())


def permission(code: str, *, capability: str, letter: str, only: tuple[str, ...] = ()) -> Permission:
    """Declare a permission; packages do this in their ``access.py``.

    Raises ValueError for an unknown capability, an unknown letter or a code declared differently before.
    """
    if capability not in matrix() or letter not in "VEAX":
        raise ValueError(f"{code}: no capability {capability} with letter {letter}")
    made = Permission(code, capability, letter, frozenset(only))
    if _declared.setdefault(code, made) != made:
        raise ValueError(f"permission {code} is declared twice")
    return made


def all_permissions() -> dict[str, Permission]:
    """All declared permissions by code."""
    return dict(_declared)


@functools.lru_cache(maxsize=4096)
def granted(role: str, code: str) -> Cell | None:
    """The widest cell by which a role has a permission, or None. Raises KeyError for an undeclared code."""
    wanted = _declared[code]
    if wanted.only and role not in wanted.only:
        return None
    cells = matrix()[wanted.capability].get(role, ())
    fitting = [cell for cell in cells if wanted.letter in ("V", cell.letter)]
    return max(fitting, key=lambda cell: (WIDTH[cell.reach], not cell.masked), default=None)
