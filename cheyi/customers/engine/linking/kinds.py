"""What kind of thing a column of any table holds, and the normal forms of its cells for comparing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from cheyi.customers.engine import id_numbers, names, phones, plates, vins
from cheyi.customers.engine.verdicts import NOTHING, narrow

KINDS = ("text", "code", "date", "phone", "plate", "vin", "id_number", "person")
SAMPLE = 300

_SIGNS = re.compile(r"[^0-9a-z\u3400-\u9fff\U00020000-\U0003ffff]+")
_WHOLE = re.compile(r"^(\d+)\.0+$")
_DIGITS = re.compile(r"[\d\s./\-:()+,']+")
_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T].*)?")
_DATE_LAST_YEAR = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


def kind_of(cells: Iterable[str]) -> str:
    """The kind that most filled cells agree with; ``text`` when none stands out.

    Looks at 300 different cells at most, taken evenly from all of them in the order of their text, so that the order of
    the rows does not matter.
    """
    filled = sorted({cell for cell in map(_plain, cells) if cell.casefold() not in NOTHING})
    sample = filled[:: len(filled) // SAMPLE + 1]
    for kind, share, fits in _SIGNS_OF_KINDS if sample else ():
        if sum(map(fits, sample)) >= share * len(sample):
            return kind
    return "text"


def _plain(cell: str) -> str:
    """Half-width, and a whole number without the .0 that a spreadsheet has hung on it."""
    return _WHOLE.sub(r"\1", narrow(cell))


def _is_phone(cell: str) -> bool:
    return any(phones.check(number).kind in _DIALLED for number in (cell, *phones.several(cell)))


_DIALLED = ("mobile", "virtual_mobile", "privacy", "landline")


def _is_plate(cell: str) -> bool:
    return bool(plates.kind_of(plates.normalise(cell)) or plates.repair(cell))


def _is_date(cell: str) -> bool:
    return len(_date(cell)) == 8


def _is_person(cell: str) -> bool:
    return names.kind_of(cell) in ("person", "surname_only") and len(names.normalise(cell)) <= 4


_SIGNS_OF_KINDS: tuple[tuple[str, float, Callable[[str], bool]], ...] = (
    ("id_number", 0.5, lambda cell: id_numbers.check(cell).valid),
    ("vin", 0.5, lambda cell: vins.check(cell).valid),
    ("plate", 0.5, _is_plate),
    ("phone", 0.5, _is_phone),
    ("date", 0.6, _is_date),
    ("code", 0.7, lambda cell: bool(_DIGITS.fullmatch(cell))),
    ("person", 0.5, _is_person),
)


def forms_of(kind: str) -> Callable[[str], tuple[str, ...]]:
    """The function from a cell to its normal forms: none for an empty cell, several for several numbers in one."""
    several = _FORMS[kind]

    def forms(cell: str) -> tuple[str, ...]:
        plain = _plain(cell)
        return () if plain.casefold() in NOTHING else tuple(form for form in several(plain) if form)

    return forms


def _text(cell: str) -> tuple[str, ...]:
    apart = unicodedata.normalize("NFD", cell.casefold())
    return (_SIGNS.sub(" ", "".join(c for c in apart if not unicodedata.combining(c))).strip(),)


def _code(cell: str) -> tuple[str, ...]:
    return (_SIGNS.sub("", cell.casefold()),)


def _date(cell: str) -> str:
    """Eight digits where a date can be read, else the digits that are there."""
    match = _DATE.fullmatch(cell)
    if match and 1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31:
        return f"{match[1]}{int(match[2]):02}{int(match[3]):02}"
    match = _DATE_LAST_YEAR.fullmatch(cell)
    if match:
        return f"{match[3]}{int(match[2]):02}{int(match[1]):02}"
    return _SIGNS.sub("", cell.casefold())


def _phones(cell: str) -> tuple[str, ...]:
    numbers = (phones.normalise(cell),) if phones.check(cell).valid else phones.several(cell)
    return tuple(n for n in numbers or (phones.normalise(cell),) if not phones.is_placeholder(n))


def _plates(cell: str) -> tuple[str, ...]:
    return tuple(plates.repair(piece) or plates.normalise(piece) for piece in re.split(r"[/、;,，|]", cell))


def _vins(cell: str) -> tuple[str, ...]:
    forms = []
    for piece in re.split(r"[/、;,，|]", cell):
        value = vins.normalise(piece)
        forms.append("".join(vins.FORBIDDEN.get(character, character) for character in value))
    return tuple(forms)


def _people(cell: str) -> tuple[str, ...]:
    value = names.normalise(cell)
    return () if value in names.PLACEHOLDERS else (value,)


_FORMS: dict[str, Callable[[str], tuple[str, ...]]] = {
    "text": _text,
    "code": _code,
    "date": lambda cell: (_date(cell),),
    "phone": _phones,
    "plate": _plates,
    "vin": _vins,
    "id_number": lambda cell: (id_numbers.normalise(cell),),
    "person": _people,
}
