"""Is this somebody we have: points for what agrees, three answers, each with its reasons (domain.md 6.10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from cheyi.customers.engine import names, phones, pinyin, vins
from cheyi.customers.engine.marks import Key, Marks, Person, asking_keys, kept_keys, marks_of

Answer = Literal["same", "maybe", "new"]
SAME, MAYBE = 100, 60
SERIES_DAYS = 30
LONGEST_PERSON = 4
POINTS = {
    "mobile": 100,
    "vin": 100,
    "wechat": 100,
    "id_no": 100,
    "plate": 80,
    "mobile_shared": 60,
    "vin_alike": 60,
    "plate_alike": 50,
    "mobile_near": 50,
    "name": 20,
    "firm": 20,
    "series": 15,
    "address": 15,
    "pinyin": 10,
    "name_near": 10,
    "courtesy": 10,
    "surname": 5,
}


@dataclass(frozen=True, slots=True)
class Match:
    """How much speaks for two being one: points, the codes of POINTS in order of weight, and notes worth 0 points.

    Notes: ``other_name`` (the number or car is known under another full name), ``two_id_numbers``.
    """

    key: int
    points: int
    reasons: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def answer(self) -> Answer:
        """``same`` from 100 points (block), ``maybe`` from 60 (ask), else ``new``."""
        if self.points >= SAME:
            return "same"
        return "maybe" if self.points >= MAYBE else "new"


def near_of(asked: Marks) -> frozenset[str]:
    """The numbers one slip away from those of somebody; for who is compared with many."""
    return frozenset(other for number in asked.phones for other in phones.near_phones(number))


def match(asked: Marks, known: Marks, *, near: frozenset[str] | None = None) -> Match:
    """Weigh one pair. The same two give the same answer; nothing in it tells what the other's data are.

    ``near`` is ``near_of(asked)`` where it is at hand.
    """
    likeness = name_likeness(asked, known)
    found = {_by_phone(asked, known, likeness, near), _by_plate(asked, known), _by_vin(asked, known)}
    if asked.wechat and asked.wechat == known.wechat:
        found.add("wechat")
    if asked.id_no and asked.id_no == known.id_no:
        found.add("id_no")
    if _same_series(asked, known):
        found.add("series")
    if _meet(asked.address, known.address) or _meet(asked.nickname, known.nickname):
        found.add("address")
    # A bare surname that fits says more beside a number that is nearly right than it does alone.
    beside = found & {"mobile_near", "plate_alike"}
    found.add("surname" if likeness == "courtesy" and not beside else likeness)
    ordered = sorted(found - {""}, key=lambda code: (-POINTS[code], code))
    return Match(
        known.key, sum(POINTS[code] for code in ordered), tuple(ordered), _notes(asked, known, likeness, found)
    )


def _meet(one: str, other: str) -> bool:
    return bool(one) and one == other


def _by_phone(asked: Marks, known: Marks, likeness: str, near: frozenset[str] | None) -> str:
    if asked.phones & known.phones:
        return "mobile_shared" if known.shared_phone and likeness in ("", "surname") else "mobile"
    return "mobile_near" if known.phones & (near_of(asked) if near is None else near) else ""


def _by_plate(asked: Marks, known: Marks) -> str:
    if asked.plates & known.plates:
        return "plate"
    return "plate_alike" if asked.plate_skeletons & known.plate_skeletons else ""


def _by_vin(asked: Marks, known: Marks) -> str:
    if asked.vins & known.vins:
        return "vin"
    alike = asked.vin_skeletons & known.vin_skeletons
    return "vin_alike" if alike or any(known.vins.intersection(vins.repairs(vin)) for vin in asked.vins) else ""


def _same_series(asked: Marks, known: Marks) -> bool:
    if not _meet(asked.series, known.series) or not (asked.asked_on and known.asked_on):
        return False
    return abs((asked.asked_on - known.asked_on).days) <= SERIES_DAYS


def _notes(asked: Marks, known: Marks, likeness: str, found: set[str]) -> tuple[str, ...]:
    notes = []
    full = {asked.name_kind, known.name_kind} <= {"person", "foreigner", "company"}
    if full and likeness in ("", "surname") and found & {"mobile", "mobile_shared", "vin", "plate"}:
        notes.append("other_name")
    if asked.id_no and known.id_no and asked.id_no != known.id_no:
        notes.append("two_id_numbers")
    return tuple(notes)


def name_likeness(asked: Marks, known: Marks) -> str:
    """How two names agree: name, firm, pinyin, name_near (one character of three or more), courtesy, surname, or ""."""
    one, other = asked.name, known.name
    if not one or not other:
        return ""
    if one == other:
        return "surname" if asked.name_kind == "surname_only" else "name"
    people = {asked.name_kind, known.name_kind} <= {"person", "surname_only"}
    if not people or max(len(one), len(other)) > LONGEST_PERSON:
        return _firm_likeness(one, other)
    bare = "surname_only" in (asked.name_kind, known.name_kind)
    return _person_likeness(one, other, bare=bare)


def _firm_likeness(one: str, other: str) -> str:
    if min(len(one), len(other)) > 2 and names.firm_core(one) == names.firm_core(other):
        return "firm"
    return "name_near" if _one_character_apart(one, other) else ""


def _person_likeness(one: str, other: str, *, bare: bool) -> str:
    if len(one) == len(other) and set(pinyin.full_pinyin(one)) & set(pinyin.full_pinyin(other)):
        return "pinyin"
    if _one_character_apart(one, other):
        return "name_near"
    if pinyin.surname_of(one) != pinyin.surname_of(other):
        return ""
    return "courtesy" if bare else "surname"


def _one_character_apart(one: str, other: str) -> bool:
    same = sum(a == b for a, b in zip(one, other, strict=False))
    return len(one) == len(other) >= 3 and same == len(one) - 1


@dataclass(slots=True)
class Register:
    """Everybody on file in memory, found by his keys: for imports, leads in bulk, and to time the look-up."""

    _people: dict[int, Marks] = field(default_factory=dict)
    _by_key: dict[Key, list[int]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, people: Iterable[Person]) -> Register:
        """A register of these people, each with a key of his own."""
        register = cls()
        for person in people:
            register.add(person)
        return register

    def add(self, person: Person) -> None:
        """Take one more in. Raises ValueError for a key that is taken."""
        if person.key in self._people:
            raise ValueError(f"key {person.key} is taken")
        marks = marks_of(person)
        self._people[person.key] = marks
        for key in kept_keys(marks):
            self._by_key[key].append(person.key)

    def find(self, person: Person) -> tuple[Match, ...]:
        """Everybody who may be this person, `same` first, `new` left out; the likeliest first, then by key."""
        asked = marks_of(person)
        keys = asking_keys(asked)
        hits = {number for key in keys if key in self._by_key for number in self._by_key[key]}
        near = near_of(asked) if hits else frozenset()
        matches = [match(asked, self._people[number], near=near) for number in sorted(hits)]
        return tuple(sorted((m for m in matches if m.points >= MAYBE), key=lambda m: (-m.points, m.key)))

    def answer(self, person: Person) -> Answer:
        """The one answer: that of the likeliest, ``new`` when nobody is like him."""
        found = self.find(person)
        return found[0].answer if found else "new"
