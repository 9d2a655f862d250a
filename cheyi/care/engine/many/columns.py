"""Columns of a file as whole numbers, each cell that cannot be used marked with its fault instead of failing the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from cheyi.kernel import Refused

Whole = NDArray[np.int64]
Marks = NDArray[np.int8]
Days = NDArray[np.datetime64]

FAULTS = ("", "not_a_number", "not_whole", "negative", "too_large", "in_the_future", "no_day")
NO_FAULT, NOT_A_NUMBER, NOT_WHOLE, NEGATIVE, TOO_LARGE, IN_THE_FUTURE, NO_DAY = range(len(FAULTS))
LARGEST = 2**53


@dataclass(frozen=True, eq=False)
class Column:
    """Values with a fault per cell; a faulty cell holds 0. ``values`` of days count from 1970-01-01."""

    values: Whole
    faults: Marks


def whole(name: str, cells: ArrayLike, *, least: int = 0) -> Column:
    """A column of whole numbers; floats are taken if they are whole, cells below ``least`` are faulty.

    Raises Refused ``care.columns.wrong_kind`` (facts ``column``, ``kind``) for anything but one row of numbers.
    """
    given = _row(name, cells, "iuf", np.int64)
    faults = np.zeros(len(given), np.int8)
    if given.dtype.kind == "f":
        finite = np.isfinite(given)
        given = np.where(finite, given, 0)
        faults[given != np.floor(given)] = NOT_WHOLE
        faults[~finite] = NOT_A_NUMBER
    faults[given > LARGEST] = TOO_LARGE
    if given.dtype.kind != "u":
        faults[given < -LARGEST] = TOO_LARGE
    values = np.where(faults == NO_FAULT, given, 0).astype(np.int64)
    faults[(values < least) & (faults == NO_FAULT)] = NEGATIVE
    return Column(np.where(faults == NO_FAULT, values, 0), faults)


def days(name: str, cells: ArrayLike, *, today: date | None = None) -> Column:
    """A column of days (``datetime64``); an empty one (NaT) is marked ``no_day``, one after today ``in_the_future``.

    Raises Refused ``care.columns.wrong_kind``.
    """
    given = _row(name, cells, "M", "datetime64[D]").astype("datetime64[D]")
    empty = np.isnat(given)
    faults = np.where(empty, NO_DAY, NO_FAULT).astype(np.int8)
    values = np.where(empty, np.int64(0), given.astype(np.int64))
    if today is not None:
        faults[values > number_of(today)] = IN_THE_FUTURE
    return Column(np.where(faults == NO_FAULT, values, 0), faults)


def flags(name: str, cells: ArrayLike) -> NDArray[np.bool_]:
    """A column of yes and no. Raises Refused ``care.columns.wrong_kind``."""
    flags: NDArray[np.bool_] = _row(name, cells, "b", np.bool_)
    return flags


def equally_long(**columns: int) -> int:
    """The common length. Raises Refused ``care.columns.different_lengths`` naming each (fact ``lengths``)."""
    if len(set(columns.values())) > 1:
        raise Refused(
            "care.columns.different_lengths", lengths=", ".join(f"{name} {count}" for name, count in columns.items())
        )
    return next(iter(columns.values()))


def first_fault(*columns: Column) -> Marks:
    """Per row the fault of the first column that has one."""
    found = columns[0].faults.copy()
    for column in columns[1:]:
        found = np.where(found == NO_FAULT, column.faults, found)
    return found


def counted(codes: Marks, names: tuple[str, ...]) -> dict[str, int]:
    """How many rows have each name; names that no row has are left out."""
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    return {name: int(count) for name, count in zip(names, counts, strict=True) if count}


def number_of(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def _row(name: str, cells: ArrayLike, kinds: str, empty: DTypeLike) -> NDArray[Any]:
    """One row of the wanted kind; an empty list is an empty row of any kind."""
    try:
        given = np.asarray(cells)
    except ValueError:
        raise Refused("care.columns.wrong_kind", column=name, kind="ragged") from None
    if given.ndim == 1 and not len(given):
        return given.astype(empty)
    if given.ndim != 1 or given.dtype.kind not in kinds:
        raise Refused("care.columns.wrong_kind", column=name, kind=f"{given.dtype} ({given.ndim})")
    return given
