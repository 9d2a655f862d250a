"""Doubles in any table, or between two: read, block, compare, learn, decide (intelligence.md 4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cheyi.customers.engine.linking.blocking import candidate_pairs
from cheyi.customers.engine.linking.clusters import clusters
from cheyi.customers.engine.linking.columns import Table, read_table
from cheyi.customers.engine.linking.comparing import compare
from cheyi.customers.engine.linking.copies import Copies
from cheyi.customers.engine.linking.learning import learn
from cheyi.customers.engine.linking.likeness import STRANGERS, Indexes
from cheyi.customers.engine.linking.model import VETOES, Model
from cheyi.customers.engine.linking.pairing import Pairs, partners
from cheyi.customers.engine.linking.weights import Weights

MAYBE_FROM = -6.0
LEVEL_NAMES = ("missing", "equal", "close", "near", "faint")

Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Link:
    """Two records (numbers from 0, each in its own file) with log2 odds and, column by column, how alike they are."""

    one: int
    other: int
    odds: float
    alike: tuple[tuple[str, str], ...] = ()
    veto: str = ""

    @property
    def probability(self) -> float:
        """The chance that they are one entity, from 0 to 1."""
        return float(1 / (1 + np.exp2(-np.clip(self.odds, -500, 500))))


@dataclass(frozen=True, eq=False)
class Linked:
    """What was found: pairs that are one, pairs to ask about, groups of one file, pairs held apart, and what was learned."""

    same: tuple[Link, ...]
    maybe: tuple[Link, ...]
    apart: tuple[Link, ...]
    groups: tuple[tuple[int, ...], ...]
    table: Table
    weights: Weights | None


def link(
    records: Rows,
    against: Rows | None,
    columns: Sequence[str],
    *,
    kinds: Mapping[str, str] | None = None,
    least: float = 0.0,
    apart: Collection[tuple[int, int]] = (),
    strict: bool = False,
) -> Linked:
    """Link the rows of one table, or of two, by these columns; ``least``: the log2 odds that make a pair one.

    ``apart`` names pairs of one table that a person has said are not one; ``strict`` never links two full names that
    are not alike. Deterministic. A table without filled columns, or with nothing to compare with, links nothing.
    """
    table = read_table(records, against, columns, kinds)
    if not table.columns or not table.possible_pairs:
        return Linked((), (), (), (), table, None)
    copies = Copies.of(table, {row for pair in apart for row in pair})
    different = copies.table
    one, other = candidate_pairs(different)
    compared = compare(different, one, other)
    model = Model(different, learn(different, compared, copies.copied), _held_apart(copies, apart), strict)
    found = Pairs(one, other, model.odds_of(compared))
    groups = clusters(model, found, least=least) if table.one_file else []
    linked = _pairs_within(model, groups) if table.one_file else partners(model, found, least=least)
    rest = _not_in(different, found, linked)
    if table.one_file:
        alone, own = _own_copies(model, copies.folded, groups, least)
        groups += alone
        sure = own.odds >= least
        linked, rest = Pairs.together(linked, own.part(sure)), Pairs.together(rest, own.part(~sure))
    return Linked(
        _links(model, linked, copies),
        _links(model, rest.part(rest.odds >= MAYBE_FROM), copies),
        _links(model, rest.part(np.isneginf(rest.odds)), copies),
        tuple(sorted(tuple(sorted(row for record in group for row in copies.rows_of(record))) for group in groups)),
        table,
        model.weights,
    )


def _held_apart(copies: Copies, apart: Collection[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """The pairs of rows by their records."""
    rows = np.array(sorted(apart), np.int64).reshape(-1, 2)
    records = np.sort(np.searchsorted(copies.starts, np.argsort(copies.rows)[rows], side="right") - 1, axis=1)
    return frozenset(map(tuple, records.tolist()))


def _own_copies(
    model: Model, folded: Indexes, groups: Sequence[Sequence[int]], least: float
) -> tuple[list[tuple[int, ...]], Pairs]:
    """Records that are one with their own copies and with no other, and the odds of each record with its copies."""
    grouped = np.isin(folded, [record for group in groups for record in group])
    odds = model.odds(folded, folded)
    odds = np.where(grouped, np.maximum(odds, least), odds)
    alone = folded[~grouped & (odds >= least)]
    return [(record,) for record in alone.tolist()], Pairs(folded, folded, odds)


def _pairs_within(model: Model, groups: Sequence[Sequence[int]]) -> Pairs:
    pairs = [(a, b) for group in groups for place, a in enumerate(group) for b in group[place + 1 :]]
    one, other = np.array(pairs, np.int64).reshape(-1, 2).T
    return Pairs(one, other, model.odds(one, other))


def _not_in(table: Table, found: Pairs, linked: Pairs) -> Pairs:
    known = linked.one * table.records + linked.other
    return found.part(np.flatnonzero(~np.isin(found.one * table.records + found.other, known)))


def _links(model: Model, pairs: Pairs, copies: Copies) -> tuple[Link, ...]:
    """The pairs of rows with what is alike, sorted by them."""
    table = model.table
    compared = compare(table, pairs.one, pairs.other)
    vetoes = [VETOES[veto] for veto in model.vetoes(compared).tolist()]
    names = [column.name for column in table.columns]
    words = [(*LEVEL_NAMES[: STRANGERS[column.kind]], "different", "different") for column in table.columns]
    start = 0 if table.one_file else copies.left
    found = []
    for one, other, odds, levels, veto in zip(
        *(side.tolist() for side in pairs.arrays), compared.levels.T.tolist(), vetoes, strict=True
    ):
        alike = tuple((name, word[level]) for name, word, level in zip(names, words, levels, strict=True) if level)
        found += [Link(row, match - start, odds, alike, veto) for row, match in copies.pairs(one, other)]
    return tuple(sorted(found, key=lambda link: (link.one, link.other)))
