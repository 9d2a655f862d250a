"""Keys made from a value that survive its usual damage: ends, consonants, sound, parts of a date, look-alike skeleton."""

from __future__ import annotations

from collections.abc import Callable

from cheyi.customers.engine import pinyin, plates, vins

Derive = Callable[[str], tuple[str, ...]]


def _whole(value: str) -> tuple[str, ...]:
    return (value,)


def _ends(value: str) -> tuple[str, ...]:
    """The beginning and the end: whichever half a slip is in, the other is right."""
    bare = value.replace(" ", "")
    return (bare[:4], bare[-4:]) if len(bare) >= 5 else ("", "")


def _consonants(value: str) -> tuple[str, ...]:
    """The first letter and the next consonants, doubles once: what an ear keeps of a name."""
    bare = value.replace(" ", "")
    kept = [letter for letter in bare[1:] if letter not in "aeiouhwy"]
    single = [letter for place, letter in enumerate(kept) if place == 0 or kept[place - 1] != letter]
    return (bare[:1] + "".join(single)[:4],) if len(bare) >= 3 else ("",)


def _date_parts(value: str) -> tuple[str, ...]:
    return (value[:4], value[4:]) if len(value) == 8 else ("", "")


def _any_order(value: str) -> tuple[str, ...]:
    return ("".join(sorted(value)),)


def _sound(value: str) -> tuple[str, ...]:
    syllables = pinyin.spellings(value)[0] if value else ()
    return ("".join(map(pinyin.fold, syllables)),)


def _name_ends(value: str) -> tuple[str, ...]:
    return (value[:2], value[-2:]) if len(value) >= 3 else ("", "")


DERIVED: dict[str, tuple[tuple[Derive, bool], ...]] = {
    "text": ((_whole, True), (_ends, False), (_consonants, False)),
    "code": ((_whole, True), (_any_order, False)),
    "date": ((_whole, True), (_date_parts, False), (_any_order, False)),
    "phone": ((_whole, True),),
    "plate": ((_whole, True), (lambda value: (plates.skeleton(value),), False)),
    "vin": ((_whole, True), (lambda value: (vins.skeleton(value)[-8:],), False)),
    "id_number": ((_whole, True),),
    "person": ((_whole, True), (_sound, False), (_name_ends, False)),
}
SLIPPING = ("code", "date", "phone", "plate", "vin", "id_number")
