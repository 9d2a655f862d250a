"""What strangers share together: a street and its district, a postcode and its suburb say one thing, not two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from cheyi.customers.engine.linking.likeness import EQUAL, Levels

FEWEST = 30
LEAST_BITS = 1.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Together:
    """Pairs of columns that agree together oftener among strangers than chance would have it, as a forest (Chow and Liu).

    Each with the log2 of how much oftener, levels of the first × levels of the second; 0 where it is no oftener.
    """

    edges: tuple[tuple[int, int, Floats], ...] = ()

    def excess(self, levels: Levels) -> Floats:
        """Bits that agreements (columns × pairs) tell twice, to be taken off what speaks for doubles."""
        found = np.zeros(levels.shape[1])
        for one, other, bits in self.edges:
            found += bits[levels[one], levels[other]]
        return found


NOTHING_TOGETHER = Together()


def together(
    patterns: Levels, strangers: Floats, chances: Floats, last: Sequence[int], *, possible: float, margin: float
) -> Together:
    """Compare how often strangers agree in two columns with what each by itself would give.

    ``patterns`` (columns × patterns) with how many ``strangers`` show each; ``chances`` per column and level; ``last``:
    the level of strangers per column; ``possible``: how many pairs there are; ``margin``: how many of the strangers in one
    cell may be doubles taken for strangers.
    """
    edges = []
    for one, other in combinations(range(len(patterns)), 2):
        size = chances.shape[1]
        seen = np.bincount(patterns[one] * size + patterns[other], weights=strangers, minlength=size * size)
        seen = np.maximum(seen[: size * size].reshape(size, size) - margin, 0)
        expected = possible * np.outer(chances[one], chances[other])
        bits = np.log2(np.maximum(seen, 1e-9)) - np.log2(np.maximum(expected, 1e-9))
        agreeing = np.zeros((size, size), np.bool_)
        agreeing[EQUAL : last[one], EQUAL : last[other]] = True
        bits = np.where(agreeing & (seen >= FEWEST) & (bits >= LEAST_BITS), bits, 0.0)
        if bits.any():
            edges.append((float((seen * bits).sum()), one, other, bits))
    edges.sort(key=lambda edge: (-edge[0], edge[1], edge[2]))
    return Together(tuple(_forest([edge[1:] for edge in edges], len(patterns))))


def _forest(edges: Sequence[tuple[int, int, Floats]], columns: int) -> list[tuple[int, int, Floats]]:
    """The strongest of the edges that close no ring."""
    tree = list(range(columns))
    kept = []
    for one, other, bits in edges:
        mine, theirs = tree[one], tree[other]
        if mine != theirs:
            kept.append((one, other, bits))
            tree = [mine if number == theirs else number for number in tree]
    return kept
