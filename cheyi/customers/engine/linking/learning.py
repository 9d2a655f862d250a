"""Learning the weights from the file itself by EM: how often a field is right in doubles and agrees in strangers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cheyi.customers.engine.linking.chance import LEAST_BY_CHANCE, agreement, different, drawn_pairs, often
from cheyi.customers.engine.linking.columns import Column, Table
from cheyi.customers.engine.linking.comparing import Compared, compare
from cheyi.customers.engine.linking.likeness import EQUAL, MISSING, STRANGERS, Indexes, Levels
from cheyi.customers.engine.linking.together import NOTHING_TOGETHER, Together, together
from cheyi.customers.engine.linking.weights import Floats, Weights, ratio, total

ROUNDS = 200
TURNS_FOR_KIN = 10
STILL = 1e-6
# What is believed of doubles before any is seen, worth so many pairs: mostly equal, then close, near, faint, strange.
BELIEVED = (0.0, 0.80, 0.09, 0.03, 0.03, 0.03, 0.02)
BELIEF = 30.0
DISTINCTIVE = 0.5
SHARED = 0.7
UNSHARED = 0.3
FIRST_SHARED = 0.8
FEWEST_KIN = 30
FEWEST_DRAWN = 10
MISTAKEN = 0.3
LEAST_KIN = 0.05
LEAST_KIN_APART_IN_ONE = 0.2
COMMON = 0.02


@dataclass(frozen=True, eq=False)
class _Seen:
    """The different patterns of levels (columns × patterns), how often each occurs, and what is known of the table.

    ``different``: how strangers who differ spread over the levels; ``equal`` of ``filled`` pairs agree in each column.
    """

    table: Table
    patterns: NDArray[np.int8]
    counts: Floats
    believed: Floats
    different: Floats
    equal: Floats
    filled: Floats
    possible: float
    together: Together = NOTHING_TOGETHER

    def first_strangers(self) -> Floats:
        """The levels of strangers before any double is known: equal numbers of one's own are no chance, all else is."""
        own = np.array([_is_own_number(column) for column in self.table.columns])
        return self._strangers(np.where(own, self.equal, 0.0))

    def strangers(self, related: Floats) -> Floats:
        """The levels of strangers: pairs that are equal are counted over the whole file, less those that are ``related``."""
        return self._strangers(np.array([related[row == EQUAL].sum() for row in self.patterns]))

    def _strangers(self, alike: Floats) -> Floats:
        chance = np.maximum(self.equal - alike, np.maximum(LEAST_BY_CHANCE * self.equal, 0.5)) / np.maximum(
            self.filled, 1
        )
        found = self.different * (1 - chance[:, None])
        found[:, EQUAL] = np.minimum(chance, 0.99)
        return np.asarray(found)

    def chances(self, weights: Weights, without: int = -1) -> tuple[Floats, Floats]:
        """How many pairs of each pattern are doubles, and how many kin; ``without`` names a column that is not looked at."""
        seen = self.patterns.copy()
        if without >= 0:
            seen[without] = MISSING
        twice = self.together.excess(seen)
        doubles = np.exp2(np.clip(weights.prior + total(weights.of_levels(), seen) - twice, -500, 500))
        kin = doubles * 0
        if weights.kin_share:
            bits = np.nan_to_num(ratio(weights.kin, weights.strangers))
            kin = weights.kin_share * np.exp2(np.clip(total(bits, seen) - twice, -500, 500))
        whole = 1 + doubles + kin
        return self.counts * doubles / whole, self.counts * kin / whole

    def spread(self, chance: Floats) -> Floats:
        """How these pairs spread over the levels of each column, missing ones apart, with a little of what is believed."""
        levels = self.believed.shape[1]
        seen = np.array([np.bincount(row, weights=chance, minlength=levels)[:levels] for row in self.patterns], float)
        seen[:, MISSING] = 0
        seen += BELIEF * self.believed
        return np.asarray(seen / seen.sum(axis=1, keepdims=True))


def learn(table: Table, compared: Compared, copied: Indexes) -> Weights:
    """EM over the candidate pairs; all other pairs of the file count as strangers. The start is fixed, so is the result.

    ``copied`` names a record once for every further row that holds just the same: doubles too, but no measure of chance.
    Learned with kin first; where none show themselves (two columns shared, two never, a fair number of pairs), without:
    doubles with a wrong birthday are no kin.
    """
    levels = max(STRANGERS[column.kind] for column in table.columns) + 1
    if not table.possible_pairs:
        return _unlearned(table, compared, levels)
    twins = compare(table, copied, copied)
    patterns, counts, of_pair = _patterns(np.hstack((compared.levels, twins.levels)), levels)
    believed = np.array([_believed(column, levels) for column in table.columns])
    agreements = np.array([agreement(table, column) for column in table.columns]).T + (twins.levels == EQUAL).sum(
        axis=1
    )
    drawn = drawn_pairs(table)
    spread, possible = different(table, drawn, levels), float(table.possible_pairs + len(copied))
    seen = _Seen(table, patterns, counts, believed, spread, agreements[0], agreements[1], possible)
    seen = replace(seen, together=_together(seen, compared, drawn))
    weights = _with_kin_or_without(seen)
    by_value = []
    for number in range(len(table.columns)):
        # Judged by the other columns, or what two strangers share would make them doubles and itself a rare thing.
        doubles = seen.chances(weights, without=number if len(table.columns) > 1 else -1)[0] / seen.counts
        by_value.append(often(table, number, compared, doubles[of_pair[: len(compared.one)]]))
    return replace(weights, together=seen.together, often=tuple(by_value))


def _unlearned(table: Table, compared: Compared, levels: int) -> Weights:
    """What is believed of a table that has no pair of different rows: as likely one as not before looking."""
    believed = np.array([_believed(column, levels) for column in table.columns])
    none = np.zeros(0)
    by_value = tuple(often(table, number, compared, none) for number in range(len(table.columns)))
    return Weights(believed, believed, believed, 0.5, often=by_value)


def _with_kin_or_without(seen: _Seen) -> Weights:
    table = seen.table
    own = np.array([_is_own(column) for column in table.columns])
    if not own.any():
        return _with_kin_apart_in_one(seen) or _settle(seen, np.zeros(len(own)))[0]
    if not own.all():
        weights, shared = _settle(seen, np.where(own, 0.0, FIRST_SHARED))
        fewest = max(FEWEST_KIN / seen.possible, LEAST_KIN * weights.share)
        if min((shared >= SHARED).sum(), (shared <= UNSHARED).sum()) >= 2 and weights.kin_share >= fewest:
            return weights
    return _settle(seen, np.zeros(len(own)))[0]


def _with_kin_apart_in_one(seen: _Seen) -> Weights | None:
    """Kin where no column is known for one's own, as in lists of given name, surname and address: which one may it be?

    The column in which most kin are seen to differ, one for five doubles at least: no column is so often wrong that
    doubles would show as many that differ in it as strangers do and agree in the others. None where there is no such
    column; where it is empty it is no witness.
    """
    columns = seen.table.columns
    text = np.array([column.kind == "text" for column in columns])
    found: list[tuple[float, int, Weights]] = []
    for number in np.flatnonzero(text & (seen.first_strangers()[:, EQUAL] <= COMMON)).tolist():
        weights, shared = _settle(seen, np.where(np.arange(len(columns)) == number, 0.0, FIRST_SHARED))
        doubles, relatives = seen.chances(weights)
        differing = float(relatives[seen.patterns[number] == STRANGERS["text"]].sum())
        enough = max(LEAST_KIN_APART_IN_ONE * float(doubles.sum()), FEWEST_KIN)
        if (shared >= SHARED).sum() >= 2 and differing >= enough:
            found.append((differing, -number, weights))
    return max(found, key=lambda one: one[:2])[2] if found else None


def _is_own(column: Column) -> bool:
    """Whether what stands there is a person's own by its kind: kin never share it but by chance."""
    return column.kind in ("person", "date", "id_number")


def _is_own_number(column: Column) -> bool:
    """Whether nearly every cell has a number that no other has."""
    return column.kind not in ("text", "person", "date") and len(column.values) > DISTINCTIVE * column.filled


def _settle(seen: _Seen, shared: Floats) -> tuple[Weights, Floats]:
    """Repeat until the shares stand still. ``shared``: per column how often kin share it; all 0 means without kin."""
    table = seen.table
    share = _first_share(seen)
    with_kin = bool(shared.any())
    strangers = seen.first_strangers()
    weights = Weights(seen.believed, strangers, strangers, share, share if with_kin else 0.0)
    # A single column teaches nothing of how often it is wrong: there what is believed stays.
    for turn in range(ROUNDS if len(table.columns) > 1 else 0):
        kin = shared[:, None] * weights.doubles + (1 - shared[:, None]) * strangers
        weights = Weights(weights.doubles, strangers, kin, weights.share, weights.kin_share)
        doubles, relatives = seen.chances(weights)
        if with_kin:
            shared = _shared(seen, weights, shared, relatives)
        before = weights.share
        share = float(np.clip(doubles.sum() / seen.possible, 0.1 / seen.possible, 0.5))
        strangers = seen.strangers(doubles + relatives)
        # Kin find their place first, or doubles would learn from them that one's own is often wrong.
        settled = turn >= TURNS_FOR_KIN or not with_kin
        held = seen.spread(doubles) if settled else seen.believed
        weights = Weights(held, strangers, kin, share, float(relatives.sum() / seen.possible))
        if settled and abs(share - before) <= STILL * before:
            break
    return weights, shared


def _first_share(seen: _Seen) -> float:
    """The share of doubles to begin with: three in ten of the smaller file's records, or all that share a number of their own."""
    table = seen.table
    by_count = 0.3 * min(table.left, table.records - table.left or table.records)
    own = [float(equal) for column, equal in zip(table.columns, seen.equal, strict=True) if _is_own_number(column)]
    return min(0.4, max(by_count, *own, 0.0) / seen.possible)


def _shared(seen: _Seen, weights: Weights, shared: Floats, relatives: Floats) -> Floats:
    """How often kin share each column, from the pairs that look like kin; one's own stays one's own."""
    result = shared.copy()
    for column in np.flatnonzero(shared > 0):
        row = seen.patterns[column]
        filled = row != MISSING
        alike = shared[column] * weights.doubles[column][row]
        by_chance = (1 - shared[column]) * weights.strangers[column][row]
        part = np.where(filled, alike / np.maximum(alike + by_chance, 1e-300), 0)
        result[column] = np.clip((part * relatives).sum() / max(relatives[filled].sum(), 1e-9), 0.01, 0.99)
    return result


def _believed(column: Column, levels: int) -> Floats:
    held = np.zeros(levels)
    last = STRANGERS[column.kind]
    held[EQUAL : last + 1] = BELIEVED[EQUAL : last + 1]
    held[last] += sum(BELIEVED[last + 1 :])
    return np.asarray(held / held.sum())


def _together(seen: _Seen, compared: Compared, drawn: Compared) -> Together:
    """What strangers share together, by what is believed of doubles before anything is learned of them.

    Candidates count as far as they look like strangers; those of the drawn pairs that are no candidates stand for all
    the others.
    """
    table = seen.table
    chances = seen.first_strangers()
    weights = Weights(seen.believed, chances, chances, _first_share(seen))
    doubles = seen.chances(weights)[0]
    others = drawn.part(
        ~np.isin(drawn.one * table.records + drawn.other, compared.one * table.records + compared.other)
    )
    patterns, counts, _ = _patterns(others.levels, seen.believed.shape[1])
    counts = np.where(counts >= FEWEST_DRAWN, counts, 0) * (seen.possible / max(len(drawn.one), 1))
    last = [STRANGERS[column.kind] for column in table.columns]
    return together(
        np.hstack((seen.patterns, patterns)).astype(np.int64),
        np.concatenate((seen.counts - doubles, counts)),
        chances,
        last,
        possible=seen.possible,
        margin=MISTAKEN * float(doubles.sum()),
    )


def _patterns(levels: Levels, most: int) -> tuple[Levels, Floats, Indexes]:
    """The different rows of levels (columns × pairs), how often each occurs, and which of them each pair has."""
    key = np.zeros(levels.shape[1], np.int64)
    for row in levels:
        key = key * most + row
    _, first, of_pair, counts = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    return levels[:, first], counts.astype(float), of_pair
