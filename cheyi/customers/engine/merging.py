"""Which customers on file may be one person: merge proposals with reasons, for import and for the night (intelligence.md 4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from cheyi.customers.engine.marks import Key, Marks, Person, kept_keys, marks_of
from cheyi.customers.engine.points import POINTS, SAME, match

SURE = 7.0
COLUMNS = ("name", "phones", "plates", "vins", "id_no", "wechat", "address")
CHOICES = ("name", "phones", "address", "id_no", "wechat")
NOTHING = {"", frozenset()}
KINDS = {
    "name": "person",
    "phones": "phone",
    "plates": "plate",
    "vins": "vin",
    "id_no": "id_number",
    "wechat": "text",
    "address": "text",
}


@dataclass(frozen=True, slots=True)
class MergeProposal:
    """Customers who may be one: who would be kept, who merged into him, why, and what a person must decide.

    ``same`` is sure by the odds of all of them together, ``maybe`` asks. ``odds`` are log2, of the weakest tie for a group.
    ``reasons`` are codes of points.POINTS with how often they hold among the pairs; ``choices`` name fields in which the
    customers differ. It is a proposal: nothing is merged until accepted.
    """

    answer: Literal["same", "maybe"]
    keep: int
    merge: tuple[int, ...]
    odds: float
    reasons: tuple[tuple[str, int], ...]
    notes: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


def propose(people: Sequence[Person], *, apart: Collection[tuple[int, int]] = ()) -> tuple[MergeProposal, ...]:
    """Merge proposals for a file, groups first, then pairs to ask about; by the kept customer's place in the file.

    ``apart``: pairs of keys that somebody has said are two people. Two right ID numbers, the two owners of one car
    and two full names that are not alike are never put into one group, only asked about where they share a key. Raises ValueError when a key stands twice.
    """
    from cheyi.customers.engine.linking.link import link  # noqa: PLC0415 NumPy is for batches only

    places = {person.key: place for place, person in enumerate(people)}
    if len(places) < len(people):
        raise ValueError("a key stands twice")
    file = _File(people, tuple(map(marks_of, people)))
    barred = {(places[a], places[b]) for a, b in apart if a in places and b in places}
    linked = link(
        [_row(person) for person in people], None, COLUMNS, kinds=KINDS, least=SURE, apart=barred, strict=True
    )
    odds = {(pair.one, pair.other): pair.odds for pair in linked.same}
    together = {place: number for number, group in enumerate(linked.groups) for place in group}
    sure = [file.proposal("same", group, _weakest(group, odds)) for group in linked.groups]
    asked = {(pair.one, pair.other): pair.odds for pair in linked.maybe}
    for group in file.sharing_a_key():
        if len(group) == 2:
            asked.setdefault((group[0], group[1]), 0.0)
        else:
            sure.append(file.proposal("maybe", group, 0.0, notes=("crowded",)))
    open_pairs = [
        file.proposal("maybe", pair, odds)
        for pair, odds in sorted(asked.items())
        if together.get(pair[0], -1) != together.get(pair[1], -2) and not barred.intersection({pair, pair[::-1]})
    ]
    return (*sure, *open_pairs)


def _weakest(group: Sequence[int], odds: dict[tuple[int, int], float]) -> float:
    return min(odds[one, other] for place, one in enumerate(group) for other in group[place + 1 :])


@dataclass(frozen=True, slots=True)
class _File:
    """The people with their marks, place by place."""

    people: Sequence[Person]
    marks: tuple[Marks, ...]

    def sharing_a_key(self) -> list[tuple[int, ...]]:
        """Groups of places with one mobile, VIN, WeChat or ID number: whatever the odds, a person must see them."""
        by_key: dict[Key, list[int]] = defaultdict(list)
        for place, marks in enumerate(self.marks):
            for key in kept_keys(marks):
                if POINTS.get(key[0], 0) >= SAME:
                    by_key[key].append(place)
        return sorted({tuple(group) for group in by_key.values() if len(group) > 1})

    def proposal(
        self, answer: Literal["same", "maybe"], group: Sequence[int], odds: float, notes: tuple[str, ...] = ()
    ) -> MergeProposal:
        """The proposal for these places; the fullest record is kept, of equals the first."""
        found = [match(self.marks[a], self.marks[b]) for place, a in enumerate(group) for b in group[place + 1 :]]
        reasons = Counter(code for one in found for code in one.reasons)
        keep = max(group, key=lambda place: (_fullness(self.people[place]), -place))
        return MergeProposal(
            answer,
            self.people[keep].key,
            tuple(self.people[place].key for place in group if place != keep),
            odds,
            tuple(sorted(reasons.items(), key=lambda item: (-POINTS[item[0]], item[0]))),
            tuple(dict.fromkeys([*notes, *(note for one in found for note in one.notes)])),
            tuple(
                field for field in CHOICES if len({getattr(self.marks[place], field) for place in group} - NOTHING) > 1
            ),
        )


def _fullness(person: Person) -> int:
    texts = (person.name, person.wechat, person.id_no, person.address, person.nickname)
    return sum(map(bool, texts)) + len(person.phones) + len(person.plates) + len(person.vins)


def _row(person: Person) -> dict[str, str]:
    return {
        "name": person.name,
        "phones": "/".join(person.phones),
        "plates": "/".join(person.plates),
        "vins": "/".join(person.vins),
        "id_no": person.id_no,
        "wechat": person.wechat,
        "address": person.address,
    }
