"""What strangers agree in by chance: how they spread over the levels, and how often a value is met again."""

from __future__ import annotations

import numpy as np

from cheyi.customers.engine.linking.columns import Column, Table
from cheyi.customers.engine.linking.comparing import Compared, compare
from cheyi.customers.engine.linking.likeness import EQUAL, MISSING, STRANGERS, Indexes
from cheyi.customers.engine.linking.weights import Floats

STRANGER_PAIRS = 200_000
SEED = 20_260_630
LEAST_BY_CHANCE = 0.02


def drawn_pairs(table: Table) -> Compared:
    """At most 200,000 pairs drawn at random, nearly all of them strangers."""
    dice = np.random.default_rng(SEED)
    wanted = min(STRANGER_PAIRS, table.possible_pairs)
    one = dice.integers(0, table.left, wanted)
    other = dice.integers(0 if table.one_file else table.left, table.records, wanted)
    different = one != other
    return compare(table, np.minimum(one, other)[different], np.maximum(one, other)[different])


def different(table: Table, drawn: Compared, levels: int) -> Floats:
    """How strangers who differ spread over the levels."""
    found = np.zeros((len(table.columns), levels))
    for number, column in enumerate(table.columns):
        seen = np.bincount(drawn.levels[number], minlength=levels)[:levels].astype(float)
        seen[[MISSING, EQUAL]] = 0
        last = STRANGERS[column.kind]
        seen[EQUAL + 1 : last + 1] += 0.5
        found[number] = seen / seen.sum()
    return found


def agreement(table: Table, column: Column) -> tuple[float, float]:
    """How many pairs of the two sides are equal in the column, and in how many both sides are filled."""
    mine, theirs = _sides(table, column)
    if table.one_file:
        return float((mine * (mine - 1)).sum()) / 2, float(mine.sum() * (mine.sum() - 1)) / 2
    return float((mine * theirs).sum()), float(mine.sum() * theirs.sum())


def often(table: Table, number: int, compared: Compared, doubles: Floats) -> Floats:
    """Per value of a column the chance that a stranger has it too.

    As many cells as have it but those of one entity, and never the two that are compared: an ID number on five cards of
    one person is no common number. ``doubles`` are the chances that the pairs are one. To that comes the chance that a
    value which nobody else has is met again.
    """
    column = table.columns[number]
    same = np.flatnonzero(compared.levels[number] == EQUAL)
    values, chances = compared.shared[number][same].astype(np.int64), doubles[same]
    entities = column.counts + _counted_twice(
        values, (compared.one[same], compared.other[same]), chances, len(column.values)
    )
    others = np.minimum(column.counts - column.counts / np.maximum(entities, 1), np.maximum(column.counts - 2, 0))
    equal = np.asarray(np.bincount(values, weights=chances, minlength=len(column.values)), float)
    return np.asarray(np.minimum(others / max(column.filled, 1) + _rare(column, equal), 1.0))


def _counted_twice(values: Indexes, records: tuple[Indexes, Indexes], doubles: Floats, size: int) -> Floats:
    """By how much fewer entities than cells have each value: a cell with n sure partners is one of n + 1 of one entity."""
    width = max((int(side.max(initial=0)) for side in records), default=0) + 1
    cells, which = np.unique(np.concatenate([values * width + side for side in records]), return_inverse=True)
    partners = np.bincount(which, weights=np.concatenate((doubles, doubles)), minlength=len(cells))
    return np.asarray(np.bincount(cells // width, weights=1 / (1 + partners) - 1, minlength=size), float)


def _sides(table: Table, column: Column) -> tuple[Floats, Floats]:
    """How often each value stands in the first file and in the second; twice the same for one file."""
    found = []
    for rows in (slice(0, table.left), slice(0 if table.one_file else table.left, None)):
        codes = column.codes[rows]
        found.append(np.bincount(codes[codes >= 0], minlength=len(column.values)).astype(float))
    return found[0], found[1]


def _rare(column: Column, equal: Floats) -> float:
    """The chance that another record has the value that only this one has (Good and Turing: by those that two have).

    Of the values that two records have, those of doubles do not count: ``equal`` tells how many of each value's pairs are.
    """
    held = column.counts
    once, twice = float((held == 1).sum()), float((held == 2).sum())
    by_chance = max(twice - float(equal[held == 2].sum()), LEAST_BY_CHANCE * twice, 0.5)
    return min(2 * by_chance / max(once + 2 * by_chance, 1), 1.0) / max(column.filled, 1)
