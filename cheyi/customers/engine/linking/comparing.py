"""Pairs of records compared column by column: a level each, and the common value where they are equal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cheyi.customers.engine.linking.columns import Column, Table
from cheyi.customers.engine.linking.likeness import (
    CLOSE,
    EQUAL,
    MISSING,
    NEAR,
    STRANGERS,
    Indexes,
    Levels,
    levels_between,
)
from cheyi.customers.engine.linking.slips import overlap

LEAST_ALIKE = 0.5


@dataclass(frozen=True, eq=False)
class Compared:
    """The pairs (record numbers) with levels (columns × pairs) and the shared value's number, −1 where none is equal."""

    one: Indexes
    other: Indexes
    levels: Levels
    shared: NDArray[np.int32]

    def part(self, chosen: NDArray[np.bool_] | Indexes) -> Compared:
        """Some of the pairs."""
        return Compared(self.one[chosen], self.other[chosen], self.levels[:, chosen], self.shared[:, chosen])


def compare(table: Table, one: Indexes, other: Indexes) -> Compared:
    """Compare every pair in every column; fields that stand in each other's place count as close."""
    levels = np.zeros((len(table.columns), len(one)), np.int8)
    shared = np.full((len(table.columns), len(one)), -1, np.int32)
    for number, column in enumerate(table.columns):
        levels[number], shared[number] = _column_levels(column, one, other)
    _see_swapped_fields(table, one, other, levels)
    return Compared(one, other, levels, shared)


def _column_levels(column: Column, one: Indexes, other: Indexes) -> tuple[Levels, NDArray[np.int32]]:
    strangers = STRANGERS[column.kind]
    best = np.full(len(one), strangers + 1, np.int8)
    shared = np.full(len(one), -1, np.int32)
    width = column.codes.shape[1]
    for i in range(width):
        for j in range(width):
            mine, theirs = column.codes[one, i], column.codes[other, j]
            both = (mine >= 0) & (theirs >= 0)
            equal = both & (mine == theirs)
            rarer = equal & ((shared < 0) | (column.counts[mine] < column.counts[shared]))
            shared[rarer] = mine[rarer]
            best[equal] = EQUAL
            open_pairs = np.flatnonzero(both & ~equal & (best > EQUAL))
            if len(open_pairs):
                found = _different(column, mine[open_pairs], theirs[open_pairs])
                best[open_pairs] = np.minimum(best[open_pairs], found)
    best[best > strangers] = MISSING
    return best, shared


def _different(column: Column, mine: NDArray[np.int32], theirs: NDArray[np.int32]) -> Levels:
    """Levels of pairs of different values, each pair worked out once."""
    low, high = np.minimum(mine, theirs).astype(np.int64), np.maximum(mine, theirs).astype(np.int64)
    keys, places = np.unique(low * len(column.values) + high, return_inverse=True)
    return levels_between(column, keys // len(column.values), keys % len(column.values))[places]


def _see_swapped_fields(table: Table, one: Indexes, other: Indexes, levels: Levels) -> None:
    """Where two columns do not agree straight but agree crosswise, they count as close: given name and surname swapped."""
    held = table.held
    for first in range(len(held)):
        for second in range(first + 1, len(held)):
            places = np.flatnonzero((levels[first] != EQUAL) & (levels[second] != EQUAL))
            a, b = one[places], other[places]
            filled = (held[first][a] >= 0) & (held[second][a] >= 0)
            some = (held[first][a] >= 0) | (held[second][a] >= 0)
            hit = some & (held[first][a] == held[second][b]) & (held[second][a] == held[first][b])
            if table.columns[first].kind == table.columns[second].kind == "text":
                rest = np.flatnonzero(~hit & (levels[first, places] > NEAR) & (levels[second, places] > NEAR))
                nearly = _crosswise(table, held[first], held[second], a[rest], b[rest])
                hit[rest[nearly]] = True
            levels[first, places[hit]] = CLOSE
            levels[second, places[hit & filled]] = CLOSE


def _crosswise(
    table: Table, first: NDArray[np.int64], second: NDArray[np.int64], one: Indexes, other: Indexes
) -> NDArray[np.bool_]:
    """Which pairs have both columns near each other crosswise, damaged as they may be."""
    everything = table.everything
    alike = np.arange(len(one))
    for mine, theirs in ((first, second), (second, first)):
        kept = overlap(everything.masks, mine[one[alike]], theirs[other[alike]]) >= LEAST_ALIKE
        alike = alike[kept]
    for mine, theirs in ((first, second), (second, first)):
        found = levels_between(everything, mine[one[alike]], theirs[other[alike]])
        alike = alike[(found <= NEAR) | (mine[one[alike]] == theirs[other[alike]])]
    result = np.zeros(len(one), np.bool_)
    result[alike] = True
    return result
