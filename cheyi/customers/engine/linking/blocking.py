"""Which pairs are worth comparing: records that share rare keys, singly or two by two, the rarest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np
from numpy.typing import NDArray

from cheyi.customers.engine.linking.columns import Column, Table
from cheyi.customers.engine.linking.derived import DERIVED, SLIPPING
from cheyi.customers.engine.linking.likeness import Indexes
from cheyi.customers.engine.linking.rough import Rough
from cheyi.customers.engine.linking.slips import without_one

FEW_PAIRS = 200_000
LOOKS_PER_RECORD = 120
LEAST_LOOKS = 8_000_000
LOOKS_PER_PAIR = 4
MANY_RECORDS = 50_000
MOST_OF_MANY, MOST_OF_FEW = 160, 600
DISTINCTIVE = 0.5
LEAST_IN_COMMON = 0.005
NONE = -1


@dataclass(frozen=True, eq=False)
class Way:
    """One way to look at the records: rows of record and key; ``dense`` holds the key of each record where it is single."""

    column: int
    exact: bool
    records: Indexes
    keys: Indexes
    dense: Indexes | None = None


def candidate_pairs(table: Table) -> tuple[Indexes, Indexes]:
    """Pairs of record numbers that may be one entity, each once, in order.

    Looked at by every key of every column and by two columns at a time, exact before rough keys; each look takes the
    smallest groups first and stops at its share of the budget (120 pairs a record in all), so that common values cost
    nothing; small files are compared wholly. What two records share at first sight decides who stays.
    """
    if table.possible_pairs <= FEW_PAIRS:
        return _all_pairs(table)
    ways = [way for number, column in enumerate(table.columns) for way in _ways(table, number, column)]
    looks: list[Way | tuple[Way, Way]] = [*ways, *_two_by_two(table, ways)]
    few = min(LEAST_LOOKS, LOOKS_PER_PAIR * table.possible_pairs)
    share = max(LOOKS_PER_RECORD * table.records, few) // max(len(looks), 1)
    rough = Rough.of(table)
    found = [np.zeros(0, np.int64)]
    for look in looks:
        way = _both(*look) if isinstance(look, tuple) else look
        one, other = _pairs(table, way, way, share)
        chosen = rough.promising(one, other)
        found.append(one[chosen] * table.records + other[chosen])
    found.append(_swapped_fields(table, rough, share))
    keys = np.sort(np.concatenate(found))
    keys = keys[np.diff(keys, prepend=-1) > 0]
    return keys // table.records, keys % table.records


def _all_pairs(table: Table) -> tuple[Indexes, Indexes]:
    if table.one_file:
        one, other = np.triu_indices(table.records, 1)
        return one.astype(np.int64), other.astype(np.int64)
    right = np.arange(table.left, table.records)
    return np.repeat(np.arange(table.left), len(right)), np.tile(right, table.left)


def _swapped_fields(table: Table, rough: Rough, budget: int) -> Indexes:
    """Pairs with a rare value that stands in one column here and in another there: given name and surname swapped."""
    found = [np.zeros(0, np.int64)]
    ways = [Way(number, False, np.flatnonzero(held >= 0), held[held >= 0]) for number, held in enumerate(table.held)]
    holds = [np.bincount(way.keys, minlength=len(table.everything.values)) > 0 for way in ways]
    for first, second in permutations(ways, 2):
        common = holds[first.column] & holds[second.column]
        if common.sum() > LEAST_IN_COMMON * len(second.records):
            one, other = _pairs(table, _only(first, common), _only(second, common), budget)
            chosen = rough.promising(one, other, crossed=(first.column, second.column))
            found.append(one[chosen] * table.records + other[chosen])
    return np.concatenate(found)


def _only(way: Way, wanted: NDArray[np.bool_]) -> Way:
    kept = wanted[way.keys]
    return Way(way.column, way.exact, way.records[kept], way.keys[kept])


def _two_by_two(table: Table, ways: Sequence[Way]) -> list[tuple[Way, Way]]:
    """Which two keys are looked at together: of different columns, exact ones first, then the more telling."""
    single = [way for way in ways if way.dense is not None]
    chance = {id(way): _chance_of_agreeing(way) for way in single}
    pairs = [(one, other) for one, other in combinations(single, 2) if one.column != other.column]
    pairs.sort(key=lambda both: (2 - both[0].exact - both[1].exact, chance[id(both[0])] * chance[id(both[1])]))
    return pairs[: MOST_OF_MANY if table.records > MANY_RECORDS else MOST_OF_FEW]


def _chance_of_agreeing(way: Way) -> float:
    counts = np.bincount(way.keys).astype(float)
    return float((counts * counts).sum() / max(counts.sum(), 1) ** 2)


def _ways(table: Table, number: int, column: Column) -> Iterator[Way]:
    for derive, exact in DERIVED[column.kind]:
        by_value = [derive(value) for value in column.values]
        for which in range(max(map(len, by_value), default=0)):
            texts = [keys[which] if which < len(keys) else "" for keys in by_value]
            numbers: dict[str, int] = {"": NONE}
            of_value = np.array([numbers.setdefault(text, len(numbers)) for text in texts], np.int64)
            yield _way(table, number, column, of_value[:, None], exact=exact)
    if column.kind in SLIPPING and len(column.values) > DISTINCTIVE * column.filled:
        yield _way(table, number, column, without_one(column.texts), exact=False)


def _way(table: Table, number: int, column: Column, keys_of_value: NDArray[np.int64], *, exact: bool) -> Way:
    records, keys = [], []
    for place in range(column.codes.shape[1]):
        filled = np.flatnonzero(column.codes[:, place] >= 0)
        for which in range(keys_of_value.shape[1]):
            found = keys_of_value[column.codes[filled, place], which]
            records.append(filled[found >= 0])
            keys.append(found[found >= 0])
    dense = None
    if len(records) == 1:
        dense = np.full(table.records, NONE, np.int64)
        dense[records[0]] = keys[0]
    return Way(number, exact, np.concatenate(records), np.concatenate(keys), dense)


def _both(one: Way, other: Way) -> Way:
    """The way that looks at two columns together."""
    assert one.dense is not None
    assert other.dense is not None
    records = np.flatnonzero((one.dense >= 0) & (other.dense >= 0))
    factor = int(other.dense.max(initial=0)) + 1
    return Way(NONE, one.exact and other.exact, records, one.dense[records] * factor + other.dense[records])


def _pairs(table: Table, first: Way, second: Way, budget: int) -> tuple[Indexes, Indexes]:
    """Pairs in which one side's first key is the other's second, from the smallest groups until the budget is used.

    Some may come twice.
    """
    mine, my_keys = _side(first, None if table.one_file else first.records < table.left)
    theirs, their_keys = _side(second, None if table.one_file else second.records >= table.left)
    starts = np.flatnonzero(np.diff(my_keys, prepend=my_keys[:1] - 1)) if len(my_keys) else np.zeros(0, np.int64)
    my_size = np.diff(starts, append=len(my_keys))
    their_start = np.searchsorted(their_keys, my_keys[starts])
    their_size = np.searchsorted(their_keys, my_keys[starts], side="right") - their_start
    work = my_size * their_size
    rising = np.argsort(work, kind="stable")
    kept = rising[(np.cumsum(work[rising]) <= budget * (2 if table.one_file else 1)) & (work[rising] > 0)]
    which = np.repeat(kept, work[kept])
    within = np.arange(len(which)) - np.repeat(np.cumsum(work[kept]) - work[kept], work[kept])
    one = mine[starts[which] + within // their_size[which]]
    other = theirs[their_start[which] + within % their_size[which]]
    if first is second:
        forward = one < other
        return one[forward], other[forward]
    different = one != other
    return np.minimum(one, other)[different], np.maximum(one, other)[different]


def _side(way: Way, chosen: NDArray[np.bool_] | None) -> tuple[Indexes, Indexes]:
    """The records and keys of one side, by key."""
    records, keys = (way.records, way.keys) if chosen is None else (way.records[chosen], way.keys[chosen])
    order = np.argsort(keys, kind="stable")
    return records[order], keys[order]
