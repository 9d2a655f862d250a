"""Columns of a table as whole numbers: one code per different normal form, so that millions of pairs compare at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cheyi.customers.engine.linking import kinds
from cheyi.customers.engine.linking.slips import Texts, bigram_masks

Codes = NDArray[np.int32]
MOST_VALUES = 4


@dataclass(frozen=True, eq=False)
class Column:
    """One column over all records: ``codes`` is records × values of a cell, −1 where there is none."""

    name: str
    kind: str
    values: tuple[str, ...]
    codes: Codes

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """In how many cells each value stands."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.values)).astype(np.int64)

    @cached_property
    def texts(self) -> Texts:
        """The values without blanks, as a matrix of characters."""
        return Texts.of([value.replace(" ", "") for value in self.values])

    @cached_property
    def masks(self) -> NDArray[np.uint64]:
        """The bigrams of each value in 64 bits."""
        return bigram_masks(self.texts)

    @cached_property
    def word_sets(self) -> NDArray[np.int64]:
        """A number for the words of each value whatever their order; −1 for a single word."""
        numbers: dict[str, int] = {}
        return np.array(
            [
                numbers.setdefault(" ".join(sorted(value.split())), len(numbers)) if " " in value else -1
                for value in self.values
            ],
            np.int64,
        )

    @property
    def filled(self) -> int:
        """How many cells hold something."""
        return int((self.codes[:, 0] >= 0).sum())


def read_column(name: str, cells: Sequence[str], kind: str = "") -> Column:
    """One column of cells as codes; the kind is found out unless given. At most four values of a cell count.

    Values are numbered in the order of their text, not of the rows.
    """
    distinct = sorted(set(cells))
    kind = kind or kinds.kind_of(distinct)
    forms = kinds.forms_of(kind)
    numbers: dict[str, int] = {}
    by_cell: dict[str, list[int]] = {}
    for cell in distinct:
        by_cell[cell] = [numbers.setdefault(form, len(numbers)) for form in dict.fromkeys(forms(cell))][:MOST_VALUES]
    widest = max((len(found) for found in by_cell.values()), default=1) or 1
    rows = {cell: found + [-1] * (widest - len(found)) for cell, found in by_cell.items()}
    codes = np.array([rows[cell] for cell in cells], dtype=np.int32).reshape(len(cells), widest)
    return Column(name, kind, tuple(numbers), codes)


@dataclass(frozen=True, eq=False)
class Table:
    """Columns over the records of one file, or of two behind one another (``left`` records are the first file's)."""

    columns: tuple[Column, ...]
    records: int
    left: int

    @property
    def one_file(self) -> bool:
        """Whether doubles are sought within one file."""
        return self.left == self.records

    @property
    def possible_pairs(self) -> int:
        """How many pairs there are to be judged."""
        if self.one_file:
            return self.records * (self.records - 1) // 2
        return self.left * (self.records - self.left)

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """The records in the order of what they hold, each file by itself: the same however the rows were shuffled."""
        keys = [codes for column in reversed(self.columns) for codes in column.codes.T]
        right = np.arange(self.records) >= self.left
        return np.lexsort((*keys, right))

    def part(self, records: NDArray[np.int64]) -> Table:
        """Some of the records, those of the first file first."""
        columns = (replace(column, codes=column.codes[records]) for column in self.columns)
        return Table(tuple(columns), len(records), int((records < self.left).sum()))

    @cached_property
    def everything(self) -> Column:
        """All values of all columns as one column of text, to see a value in a wrong column; it has no records."""
        values = sorted({value for column in self.columns for value in column.values})
        return Column("", "text", tuple(values), np.zeros((0, 1), np.int32))

    @cached_property
    def held(self) -> tuple[NDArray[np.int64], ...]:
        """Per column the number in `everything` of what each record holds there first, −1 for nothing."""
        numbers = {value: number for number, value in enumerate(self.everything.values)}
        found = []
        for column in self.columns:
            common = np.array([numbers[value] for value in column.values], np.int64)
            first = column.codes[:, 0]
            found.append(np.where(first >= 0, common[first], -1))
        return tuple(found)


def read_table(
    records: Sequence[Mapping[str, str]],
    against: Sequence[Mapping[str, str]] | None,
    names: Sequence[str],
    given_kinds: Mapping[str, str] | None = None,
) -> Table:
    """The named columns of one file or two, as far as they hold anything; a missing cell is empty."""
    rows = [*records, *(against or ())]
    found = []
    for name in names:
        column = read_column(name, [row.get(name) or "" for row in rows], (given_kinds or {}).get(name, ""))
        if column.values:
            found.append(column)
    return Table(tuple(found), len(rows), len(records))
