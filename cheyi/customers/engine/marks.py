"""By what a person is recognised: marks in normal form, the keys kept of them, and the keys asked for (intelligence.md 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from cheyi.customers.engine import id_numbers, names, phones, plates, vins
from cheyi.customers.engine.verdicts import narrow

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Person:
    """A customer or somebody at the desk, as written by anyone; empty texts are no evidence.

    ``shared_phone``: the number is known to be a family's. ``series``: the car he asks for, on the day ``asked_on``.
    """

    key: int = 0
    name: str = ""
    phones: tuple[str, ...] = ()
    plates: tuple[str, ...] = ()
    vins: tuple[str, ...] = ()
    wechat: str = ""
    id_no: str = ""
    address: str = ""
    nickname: str = ""
    series: str = ""
    asked_on: date | None = None
    shared_phone: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """The same in normal form, without placeholders; what cannot be a phone, plate, VIN or ID number is left out."""

    key: int
    name: str
    name_kind: str
    phones: frozenset[str]
    plates: frozenset[str]
    vins: frozenset[str]
    wechat: str
    id_no: str
    address: str
    nickname: str
    series: str
    asked_on: date | None
    shared_phone: bool

    @property
    def plate_skeletons(self) -> frozenset[str]:
        """The plates with look-alike characters folded."""
        return frozenset(map(plates.skeleton, self.plates))

    @property
    def vin_skeletons(self) -> frozenset[str]:
        """The VINs with look-alike characters folded."""
        return frozenset(map(vins.skeleton, self.vins))


def marks_of(person: Person) -> Marks:
    """Read everything once. I, O and Q in a VIN and I and O behind a plate's city letter become the digits they stand for."""
    name = names.normalise(person.name)
    numbers = (number for text in person.phones for number in _phones(text))
    return Marks(
        key=person.key,
        name="" if name in names.PLACEHOLDERS else name,
        name_kind=names.kind_of(person.name),
        phones=frozenset(number for number in numbers if not phones.is_placeholder(number)),
        plates=frozenset(plate for plate in map(_plate, person.plates) if len(plate) >= 6),
        vins=frozenset(vin for vin in map(_vin, person.vins) if len(vin) == vins.LENGTH),
        wechat=narrow(person.wechat),
        id_no=number if id_numbers.check(number := id_numbers.normalise(person.id_no)).valid else "",
        address=re.sub(r"\W+", "", narrow(person.address)).casefold(),
        nickname=narrow(person.nickname).casefold(),
        series=narrow(person.series).casefold(),
        asked_on=person.asked_on,
        shared_phone=person.shared_phone,
    )


def _phones(text: str) -> tuple[str, ...]:
    number = phones.normalise(text)
    return phones.several(text) or ((number,) if re.fullmatch(r"1\d{9,11}", number) else ())


def _plate(text: str) -> str:
    return plates.repair(text) or plates.normalise(text)


def _vin(text: str) -> str:
    return "".join(vins.FORBIDDEN.get(character, character) for character in vins.normalise(text))


def kept_keys(marks: Marks) -> frozenset[Key]:
    """The rows (kind, key) by which somebody on file is found; sealed ones are to be stored as blind indexes."""
    return frozenset(
        [
            *(("mobile", number) for number in marks.phones),
            *(("plate", plate) for plate in marks.plates),
            *(("plate_alike", plate) for plate in marks.plate_skeletons),
            *(("vin", vin) for vin in marks.vins),
            *(("vin_alike", vin) for vin in marks.vin_skeletons),
            *((kind, value) for kind, value in (("wechat", marks.wechat), ("id_no", marks.id_no)) if value),
        ]
    )


def asking_keys(marks: Marks) -> frozenset[Key]:
    """The keys to look up for somebody at the desk: his own, and those his would be but for one slip (some hundred)."""
    near = (("mobile", other) for number in marks.phones for other in phones.near_phones(number))
    repaired = (("vin", other) for vin in marks.vins for other in vins.repairs(vin))
    return kept_keys(marks) | frozenset(near) | frozenset(repaired)
