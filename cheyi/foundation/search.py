"""The search index: keys written by the act that saves a thing, looked up by their beginning (design.md 5)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import models

from cheyi.foundation import sql
from cheyi.foundation.models import SearchKey, Store
from cheyi.foundation.sealed import plain_number
from cheyi.foundation.searchkeys import (
    SHORTEST_PHONE,
    TAIL_MARK,
    WHOLE_MARK,
    Key,
    code_keys,
    document_keys,
    folded,
    name_keys,
    phone_keys,
    ranges_of,
    segment_keys,
)

__all__ = [
    "Hit",
    "Key",
    "KeySet",
    "code_keys",
    "document_keys",
    "drop_keys",
    "look_up",
    "name_keys",
    "phone_keys",
    "ranking",
    "segment_keys",
    "write_keys",
    "write_keys_many",
]

MOST_CANDIDATES = 120
AT_ONCE = 500
MOST_WORDS = 4
LONGEST = 40
NOT_RANKED = 50


@dataclass(frozen=True, slots=True)
class KeySet:
    """All keys of one thing in one store, or in the whole group when ``store_id`` is None."""

    group_id: int
    store_id: int | None
    thing: str
    target_id: int
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found, by which key, and its place in the order (0 stands first).

    What a phone's last four digits found is shown masked (reliability.md 7.3).
    """

    thing: str
    target_id: int
    key: str
    rank: int

    @property
    def by_phone(self) -> bool:
        """Whether a phone number led here."""
        return self.key.startswith((TAIL_MARK, WHOLE_MARK))


Ranking = Callable[[Collection[int], Store], Mapping[int, int]]
_rankings: dict[str, Ranking] = {}


def ranking(thing: str) -> Callable[[Ranking], Ranking]:
    """Register what puts hits of a thing in order: (target ids, store) -> {id: 0…49}; what it leaves out stands last."""

    def register(function: Ranking) -> Ranking:
        _rankings[thing] = function
        return function

    return register


def write_keys(
    *,
    thing: str,
    target_id: int,
    keys: Iterable[Key | str],
    store: Store | None = None,
    group_id: int | None = None,
    fresh: bool = False,
) -> None:
    """Replace the keys of a thing in a store (or in a group when only ``group_id`` is given); belongs in the act.

    ``fresh`` says that the thing is new and has none yet. Raises ValueError when neither is given.
    """
    group = store.group_id if store is not None else group_id
    if group is None:
        raise ValueError("search keys need a store or a group")
    texts = tuple(Key(folded(key)) if isinstance(key, str) else key for key in keys)
    write_keys_many([KeySet(group, store.pk if store else None, thing, target_id, texts)], fresh=fresh)


def write_keys_many(sets: Iterable[KeySet], *, fresh: bool = False) -> int:
    """Replace the keys of many things; ``fresh`` says that none of them has keys yet. Gives the number of keys."""
    count = 0
    remaining = iter(sets)
    while batch := list(islice(remaining, AT_ONCE)):
        if not fresh:
            for group_id, store_id, thing in {(each.group_id, each.store_id, each.thing) for each in batch}:
                found = [e.target_id for e in batch if (e.group_id, e.store_id, e.thing) == (group_id, store_id, thing)]
                _rows(group_id, thing, found).filter(store_id=store_id).delete()
        rows = [row for each in batch for row in _columns(each)]
        sql.insert_keys(rows)
        count += len(rows)
    return count


def drop_keys(*, group_id: int, thing: str, target_id: int) -> None:
    """Take a thing out of the search in every store of the group."""
    _rows(group_id, thing, [target_id]).delete()


def _rows(group_id: int, thing: str, targets: Sequence[int]) -> models.QuerySet[SearchKey]:
    sql.demand("group", group_id)
    return SearchKey.objects.filter(group_id=group_id, thing=thing, target_id__in=targets)


def _columns(each: KeySet) -> Iterable[tuple[int, int | None, str, str, int, int]]:
    best: dict[str, int] = {}
    for key in each.keys:
        text = key.text[:LONGEST]
        best[text] = min(key.rank, best.get(text, key.rank))
    return [(each.group_id, each.store_id, text, each.thing, each.target_id, rank) for text, rank in best.items()]


def look_up(text: str, store: Store, *, things: Sequence[str] = (), limit: int = 12) -> list[Hit]:
    """What a store knows under a text: each word must begin a key of the thing. Best first, at most ``limit``.

    Whole keys stand before longer ones, then comes what the thing's ranking says, then the key's own rank. One
    statement. Only what this store knows (and what belongs to the whole group) is found.
    """
    words = [word[:LONGEST] for word in _words(text)]
    if not words:
        return []
    found = sql.found_keys(
        group_id=store.group_id,
        store_id=store.pk,
        ranges=ranges_of(words[0]),
        others=[ranges_of(word)[0] for word in words[1:]],
        things=things,
        limit=MOST_CANDIDATES,
    )
    return _in_order(found, folded(words[0]), store)[:limit]


def _words(text: str) -> list[str]:
    """The words to look for, the longest (rarest) first; a phone written in groups is one word."""
    number = plain_number(text)
    if number.lstrip("+").isdecimal() and len(number) >= SHORTEST_PHONE:
        return [number]
    return sorted({word for word in text.split()[:MOST_WORDS] if folded(word)}, key=len, reverse=True)


def _in_order(found: Iterable[sql.FoundKey], typed: str, store: Store) -> list[Hit]:
    best: dict[tuple[str, int], tuple[bool, int, int, str]] = {}
    for key, rank, thing, target_id in found:
        longer = key != typed and key[:1] not in {TAIL_MARK, WHOLE_MARK}
        place = (longer, rank, len(key), key)
        best[thing, target_id] = min(place, best.get((thing, target_id), place))
    weights = _weights(best, store)
    order = sorted(best.items(), key=lambda each: (each[1][0], weights.get(each[0], NOT_RANKED), each[1][1:], each[0]))
    return [Hit(thing, target, place[3], rank) for rank, ((thing, target), place) in enumerate(order)]


def _weights(best: Collection[tuple[str, int]], store: Store) -> dict[tuple[str, int], int]:
    weights: dict[tuple[str, int], int] = {}
    for thing, function in _rankings.items():
        targets = [target for kind, target in best if kind == thing]
        if targets:
            weights |= {(thing, target): weight for target, weight in function(targets, store).items()}
    return weights
