"""Which live parts may be mistaken for some others: one query over shared look-alike keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cheyi.foundation.models import Store
from cheyi.kernel import Quantity
from cheyi.parts.engine.guard import KnownPart, siblings
from cheyi.parts.engine.numbers import cut, near_keys
from cheyi.parts.models import Balance, LookAlike, Part, Place

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


def siblings_of(parts: Collection[Part]) -> dict[int, tuple[Sibling, ...]]:
    """The look-alikes of each part, the most easily confused first; a successor or predecessor is none of them."""
    keys = {part.pk: near_keys(part.number_key) for part in parts}
    wanted = {key for own in keys.values() for key in own}
    sharing: dict[str, list[Part]] = defaultdict(list)
    for row in LookAlike.objects.filter(key__in=wanted, part__active=True).select_related("part"):
        sharing[row.key].append(row.part)
    return {part.pk: _told(part, {other for key in keys[part.pk] for other in sharing[key]}) for part in parts}


def lying_look_alike(part: Part, store: Store) -> Sibling | None:
    """The most easily confused look-alike of a part that lies in one of the store's bins, or None. Two queries."""
    alike = siblings_of([part])[part.pk]
    lying = Balance.objects.filter(store=store, place__kind=Place.Kind.BIN, on_hand__gt=Quantity(0))
    there = set(lying.filter(part__in=[one.part_id for one in alike]).values_list("part_id", flat=True))
    return next((one for one in alike if one.part_id in there), None)


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
