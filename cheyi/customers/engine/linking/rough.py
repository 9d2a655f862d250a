"""A first sight of a pair: what it shares outright or nearly, in bits, less a little for each open contradiction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cheyi.customers.engine.linking.columns import Column, Table
from cheyi.customers.engine.linking.likeness import Indexes

CHUNK = 200_000
ALIKE, UNLIKE = 0.5, 0.3
NEARLY = 0.8
CONTRADICTION = 1.5
ENOUGH = 0.7

Floats32 = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class _Sight:
    """One column, record by record: value numbers, their worth in bits and their bigrams (records × values of a cell)."""

    codes: NDArray[np.int32]
    worth: Floats32
    masks: NDArray[np.uint64]

    @classmethod
    def of(cls, column: Column) -> _Sight:
        bits = np.log2(max(column.filled, 2) / np.maximum(column.counts, 1)).astype(np.float32)
        return cls(column.codes, bits[column.codes], column.masks[column.codes])

    def add(self, evidence: Floats32, one: Indexes, other: Indexes) -> None:
        """Add what this column shows to the evidence of each pair."""
        best = np.full(len(one), -np.inf, np.float32)
        for i in range(self.codes.shape[1]):
            for j in range(self.codes.shape[1]):
                mine, theirs = self.codes[one, i], self.codes[other, j]
                left, right = self.masks[one, i], self.masks[other, j]
                common = np.bitwise_count(left & right).astype(np.float32) * 2
                dice = common / (np.bitwise_count(left) + np.bitwise_count(right))
                worth = np.minimum(self.worth[one, i], self.worth[other, j])
                shown = np.where(dice >= ALIKE, worth * np.float32(NEARLY), 0)
                shown = np.where(dice < UNLIKE, np.float32(-CONTRADICTION), shown)
                shown = np.where(mine == theirs, worth, shown)
                best = np.maximum(best, np.where((mine >= 0) & (theirs >= 0), shown, -np.inf))
        evidence += np.where(np.isneginf(best), 0, best)


@dataclass(frozen=True, eq=False)
class Rough:
    """The table prepared for first sights, and how much evidence is wanted."""

    sights: tuple[_Sight, ...]
    wanted: float

    @classmethod
    def of(cls, table: Table) -> Rough:
        """Hardly any two records are one, so a pair must show most of the evidence that would outweigh this."""
        likely_doubles = min(table.left, table.records - table.left or table.records)
        wanted = ENOUGH * np.log2(max(table.possible_pairs / max(likely_doubles, 1), 2))
        return cls(tuple(_Sight.of(column) for column in table.columns), float(wanted))

    def promising(self, one: Indexes, other: Indexes, crossed: tuple[int, int] | None = None) -> Indexes:
        """The places of the pairs that show enough; ``crossed``: the columns that share a value crosswise."""
        kept = [np.zeros(0, np.int64)]
        for start in range(0, len(one), CHUNK):
            a, b = one[start : start + CHUNK], other[start : start + CHUNK]
            evidence = np.zeros(len(a), np.float32)
            for sight in self.sights:
                sight.add(evidence, a, b)
            if crossed:
                # Swapped fields agree after all, and what looked like two contradictions was none.
                shared = np.minimum(self.sights[crossed[0]].worth[a, 0], self.sights[crossed[0]].worth[b, 0])
                evidence += shared * np.float32(NEARLY) + np.float32(2 * CONTRADICTION)
            kept.append(start + np.flatnonzero(evidence >= self.wanted))
        return np.concatenate(kept)
