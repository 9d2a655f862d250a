"""Two files: who is whose partner, the surest first, then once more among those who are left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cheyi.customers.engine.linking.likeness import Indexes
from cheyi.customers.engine.linking.model import Model
from cheyi.customers.engine.linking.weights import Floats

MOST_LEFT_PAIRS = 4_000_000
ROUNDS = 100


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of record numbers with their log2 odds of being one entity."""

    one: Indexes
    other: Indexes
    odds: Floats

    def part(self, chosen: Indexes | NDArray[np.bool_]) -> Pairs:
        """Some of them."""
        return Pairs(self.one[chosen], self.other[chosen], self.odds[chosen])

    @classmethod
    def together(cls, first: Pairs, second: Pairs) -> Pairs:
        """Both lists behind one another."""
        return cls(*(np.concatenate(both) for both in zip(first.arrays, second.arrays, strict=True)))

    @property
    def arrays(self) -> tuple[Indexes, Indexes, Floats]:
        """The three arrays."""
        return self.one, self.other, self.odds


def partners(model: Model, found: Pairs, *, least: float = 0.0) -> Pairs:
    """The pairs of one entity between two files, sorted by record.

    A record that has a surer partner takes a second one only if the two partners do not speak against being one
    themselves: so doubles within a file are all found, and a stranger who looks like them is not. What is left is
    compared once more wholly, with the share of doubles among what is left.
    """
    table = model.table
    sure = _agreeing(model, _surest_first(found, least))
    left = np.setdiff1d(np.arange(table.left), sure.one)
    right = np.setdiff1d(np.arange(table.left, table.records), sure.other)
    rest = _each_once(_surest_first(_rest(model, left, right, found), least))
    whole = Pairs.together(sure, rest)
    return whole.part(np.lexsort((whole.other, whole.one)))


def _surest_first(pairs: Pairs, least: float) -> Pairs:
    order = np.lexsort((pairs.other, pairs.one, -pairs.odds))
    return pairs.part(order[pairs.odds[order] >= least])


def _agreeing(model: Model, pairs: Pairs) -> Pairs:
    """From the surest pair down, those that do not contradict an earlier one."""
    sure = _each_once(pairs)
    of_one = dict(zip(sure.one.tolist(), sure.other.tolist(), strict=True))
    of_other = dict(zip(sure.other.tolist(), sure.one.tolist(), strict=True))
    others = [
        (place, one, other)
        for place, (one, other) in enumerate(zip(pairs.one.tolist(), pairs.other.tolist(), strict=True))
        if of_one.get(one) != other
    ]
    asked = sorted({pair for _, one, other in others for pair in _questions(one, other, of_one, of_other)})
    answers = _odds_between(model, asked)
    kept = [
        place
        for place, one, other in others
        if all(answers[pair] >= model.weights.prior for pair in _questions(one, other, of_one, of_other))
    ]
    return Pairs.together(sure, pairs.part(np.array(kept, np.int64)))


def _each_once(pairs: Pairs) -> Pairs:
    """From the first pair down, those whose records are both free."""
    used: set[int] = set()
    kept = []
    for place, (one, other) in enumerate(zip(pairs.one.tolist(), pairs.other.tolist(), strict=True)):
        if one not in used and other not in used:
            used |= {one, other}
            kept.append(place)
    return pairs.part(np.array(kept, np.int64))


def _questions(one: int, other: int, of_one: dict[int, int], of_other: dict[int, int]) -> list[tuple[int, int]]:
    """The pairs within a file that would have to be one entity too."""
    asked = []
    for mine, partner in ((other, of_one.get(one)), (one, of_other.get(other))):
        if partner is not None:
            asked.append((min(mine, partner), max(mine, partner)))
    return asked


def _odds_between(model: Model, asked: list[tuple[int, int]]) -> dict[tuple[int, int], float]:
    if not asked:
        return {}
    one, other = np.array(asked, np.int64).T
    return dict(zip(asked, model.odds(one, other).tolist(), strict=True))


def _rest(model: Model, left: Indexes, right: Indexes, found: Pairs) -> Pairs:
    """All pairs among those left where they are few, else the known ones, with odds for how many doubles are left."""
    possible = len(left) * len(right)
    if not possible:
        return found.part(np.zeros(0, np.int64))
    if possible <= MOST_LEFT_PAIRS:
        one, other = np.repeat(left, len(right)), np.tile(right, len(left))
        pairs = Pairs(one, other, model.odds(one, other, question=-np.inf))
    else:
        known = found.part(np.flatnonzero(np.isin(found.one, left) & np.isin(found.other, right)))
        pairs = Pairs(known.one, known.other, model.odds(known.one, known.other, question=-np.inf))
    prior = model.weights.prior
    return Pairs(pairs.one, pairs.other, pairs.odds + _share_among(pairs.odds - prior, possible) - prior)


def _share_among(evidence: Floats, possible: int) -> float:
    """Log2 odds of a double among the pairs that are left, such that the evidence is likeliest."""
    ratio = np.exp2(np.clip(evidence, -60, 60))
    share = min(1 / possible, 0.5)
    for _ in range(ROUNDS):
        share = float(np.clip((share * ratio / (share * ratio + 1 - share)).sum() / possible, 0.01 / possible, 0.5))
    return float(np.log2(share / (1 - share)))
