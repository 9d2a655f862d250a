"""Which live parts may be mistaken for some others: one query over shared look-alike keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cheyi.parts.engine.guard import KnownPart, siblings
from cheyi.parts.engine.numbers import near_keys, normalise
from cheyi.parts.models import LookAlike, Part

MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Sibling:
    """A part that looks like another one; ``place`` is where the normal forms differ, from 1."""

    part_id: int
    part_no: str
    name: str
    how: str
    place: int

    @property
    def pieces(self) -> tuple[str, str, str]:
        """Its number cut around the character that differs."""
        return cut(self.part_no, self.place)


def cut(part_no: str, place: int) -> tuple[str, str, str]:
    """A number as it is written, cut around the n-th character of its normal form: what is before, it, and the rest.

    ``cut("BP-HAN-F", 6)`` is ``("BP-HAN-", "F", "")``; a place behind the end gives all of it and two empty texts.
    """
    seen = 0
    for index, sign in enumerate(part_no):
        seen += len(normalise(sign))
        if seen >= place:
            return part_no[:index], sign, part_no[index + 1 :]
    return part_no, "", ""


def siblings_of(parts: Collection[Part]) -> dict[int, tuple[Sibling, ...]]:
    """The look-alikes of each part, the most easily confused first; a successor or predecessor is none of them."""
    keys = {part.pk: near_keys(part.number_key) for part in parts}
    wanted = {key for own in keys.values() for key in own}
    sharing: dict[str, list[Part]] = defaultdict(list)
    for row in LookAlike.objects.filter(key__in=wanted, part__active=True).select_related("part"):
        sharing[row.key].append(row.part)
    return {part.pk: _told(part, {other for key in keys[part.pk] for other in sharing[key]}) for part in parts}


def _told(part: Part, others: Collection[Part]) -> tuple[Sibling, ...]:
    strangers: Sequence[Part] = [
        other
        for other in others
        if part.pk not in {other.pk, other.superseded_by_id} and other.pk != part.superseded_by_id
    ]
    known = [KnownPart(other.pk, other.number_key, other.part_no, other.name) for other in strangers]
    return tuple(
        Sibling(found.part.key, found.part.label, found.part.name, found.how, found.place)
        for found in siblings(part.number_key, known)[:MOST_SHOWN]
    )
