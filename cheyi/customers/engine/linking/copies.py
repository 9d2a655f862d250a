"""Rows that are wholly alike are looked at once: copies of one row tell nothing of how often a value is met by chance."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from cheyi.customers.engine.linking.columns import Table
from cheyi.customers.engine.linking.likeness import Indexes

MOST_COPIES = 100


@dataclass(frozen=True, eq=False)
class Copies:
    """A table of different records, in the order of what they hold, with the rows that each stands for; ``left``: the rows of the first file."""

    table: Table
    rows: Indexes
    starts: Indexes
    left: int

    @classmethod
    def of(cls, table: Table, single: Collection[int] = ()) -> Copies:
        """Fold the rows of each file that hold the same; those in ``single`` stand for themselves."""
        rows = table.order
        held = np.hstack([column.codes[rows] for column in table.columns])
        fresh = np.ones(len(rows), np.bool_)
        fresh[1:] = (held[1:] != held[:-1]).any(axis=1)
        if table.left < len(rows):
            fresh[table.left] = True
        if single:
            alone = np.isin(rows, list(single))
            fresh |= alone
            fresh[1:] |= alone[:-1]
        firsts = np.flatnonzero(fresh)
        return cls(table.part(rows[firsts]), rows, np.append(firsts, len(rows)), table.left)

    @property
    def folded(self) -> Indexes:
        """The records that stand for several rows."""
        return np.flatnonzero(np.diff(self.starts) > 1)

    @property
    def copied(self) -> Indexes:
        """Each record once for every further row that it stands for."""
        return np.repeat(np.arange(self.table.records), np.diff(self.starts) - 1)

    def rows_of(self, record: int) -> list[int]:
        """The rows that a record stands for, rising."""
        return sorted(self.rows[self.starts[record] : self.starts[record + 1]].tolist())

    def pairs(self, one: int, other: int) -> Iterator[tuple[int, int]]:
        """The pairs of rows that a pair of records stands for, the lower first; a record's own with itself.

        Of more than 100 copies only the first is paired with all.
        """
        mine, theirs = self.rows_of(one), self.rows_of(other)
        if len(mine) > MOST_COPIES or len(theirs) > MOST_COPIES:
            found = {(mine[0], row) for row in theirs} | {(row, theirs[0]) for row in mine}
            yield from sorted({(min(pair), max(pair)) for pair in found if pair[0] != pair[1]})
        elif one == other:
            yield from combinations(mine, 2)
        else:
            yield from ((min(pair), max(pair)) for pair in product(mine, theirs))
