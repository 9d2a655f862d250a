"""One file: which records are one entity, by what all of them say of each other, never by a chain of likenesses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from cheyi.customers.engine.linking.model import Model
from cheyi.customers.engine.linking.pairing import Pairs

MOST_TOGETHER = 60
MOST_AROUND = 150
CERTAIN = 15.0

Odds = dict[tuple[int, int], float]


def clusters(model: Model, found: Pairs, *, least: float = 0.0) -> list[tuple[int, ...]]:
    """Groups of two records or more, each sorted, in order of their first record.

    Records linked by a pair of ``least`` odds or more are looked at together: all pairs among them are scored, and
    groups grow only while the mean odds between two groups stay above ``least`` and no pair in them must stay apart.
    Of gatherings of more than 60 only a record's nearest are looked at with it.
    """
    gatherings = _gatherings(found, least)
    odds = _all_odds(model, gatherings)
    return sorted(group for gathering in gatherings for group in _grown(gathering, odds, least))


def _gatherings(found: Pairs, least: float) -> list[list[int]]:
    """Connected records; where too many hang together, each with the most links left and its nearest."""
    links: dict[int, dict[int, float]] = defaultdict(dict)
    near = found.part(np.flatnonzero(found.odds >= least))
    for one, other, odds in zip(near.one.tolist(), near.other.tolist(), near.odds.tolist(), strict=True):
        links[one][other] = links[other][one] = odds
    done: list[list[int]] = []
    for members in _connected(links):
        done += [members] if len(members) <= MOST_TOGETHER else _stars(members, links)
    return done


def _connected(links: Mapping[int, Mapping[int, float]]) -> list[list[int]]:
    seen: set[int] = set()
    found = []
    for start in sorted(links):
        if start in seen:
            continue
        seen.add(start)
        members = [start]
        for record in members:
            fresh = links[record].keys() - seen
            seen |= fresh
            members += sorted(fresh)
        found.append(sorted(members))
    return found


def _stars(members: Sequence[int], links: Mapping[int, Mapping[int, float]]) -> list[list[int]]:
    left = set(members)
    found = []
    for middle in sorted(members, key=lambda record: (-len(links[record]), record)):
        if middle in left:
            around = sorted(links[middle].keys() & left - {middle}, key=lambda other: (-links[middle][other], other))
            star = [middle, *around[: MOST_AROUND - 1]]
            left -= set(star)
            found.append(sorted(star))
    return [star for star in found if len(star) > 1]


def _all_odds(model: Model, gatherings: Sequence[Sequence[int]]) -> Odds:
    """Odds of every pair within a gathering; beyond certainty more adds nothing, a veto stays minus infinity."""
    wanted = [(a, b) for group in gatherings for place, a in enumerate(group) for b in group[place + 1 :]]
    if not wanted:
        return {}
    one, other = np.array(wanted, np.int64).T
    odds = model.odds(one, other)
    clipped = np.where(np.isneginf(odds), odds, np.clip(odds, -CERTAIN, CERTAIN))
    return dict(zip(wanted, clipped.tolist(), strict=True))


def _grown(gathering: Sequence[int], odds: Odds, least: float) -> list[tuple[int, ...]]:
    """Join the two groups with the best mean odds again and again."""
    groups = {number: [record] for number, record in enumerate(gathering)}
    total = {(a, b): odds[gathering[a], gathering[b]] for a in groups for b in groups if a < b}

    def mean(pair: tuple[int, int]) -> float:
        return total[pair] / (len(groups[pair[0]]) * len(groups[pair[1]]))

    while total:
        best = max(total, key=lambda pair: (mean(pair), -pair[0], -pair[1]))
        if mean(best) < least or (mean(best) == 0 and least == 0):
            break
        a, b = best
        del total[best]
        for other in groups.keys() - {a, b}:
            gone = (min(b, other), max(b, other))
            total[min(a, other), max(a, other)] += total.pop(gone)
        groups[a] += groups.pop(b)
    return [tuple(sorted(group)) for group in groups.values() if len(group) > 1]
