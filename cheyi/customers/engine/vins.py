"""Vehicle identification numbers: check digit, year code, likely misreadings, and search keys (GB 16735; domain.md 7.1)."""

from __future__ import annotations

import re

from cheyi.customers.engine.verdicts import Problem, Verdict, error, narrow, warning

LENGTH = 17
CHECKED_MAKERS = "L145"
FORBIDDEN = {"I": "1", "O": "0", "Q": "0"}
YEAR_CODES = "ABCDEFGHJKLMNPRSTVWXY123456789"
FIRST_YEAR = 1980
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)

LONGEST_OTHER = 10
"""Characters of what else is typed beside a VIN in letters and digits: plates have eight at most."""
_VALUES = {digit: int(digit) for digit in "0123456789"}
_VALUES |= dict(zip("ABCDEFGH", range(1, 9), strict=True))
_VALUES |= dict(zip("JKLMN", range(1, 6), strict=True))
_VALUES |= {"P": 7, "R": 9} | dict(zip("STUVWXYZ", range(2, 10), strict=True))
_FORM = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_SEPARATORS = re.compile(r"[\s\-‐-―−.·_*/\\,:'\"]+")
_MISREAD = {
    "8": "B", "B": "83", "5": "S6", "S": "58", "2": "Z", "Z": "2", "0": "D", "D": "0", "6": "G5", "G": "6C", "C": "G",
    "1": "7LT", "7": "1T", "L": "1", "J": "1", "T": "17", "U": "V", "V": "UY", "Y": "V", "3": "8B", "9": "P4", "4": "A9",
    "A": "4", "E": "F", "F": "EP", "P": "FR", "R": "PK", "M": "N", "N": "MH", "H": "N", "K": "XR", "X": "K", "W": "V",
}  # fmt: skip


def normalise(text: str) -> str:
    """Upper-case without separators and full-width forms; no letter is changed."""
    return _SEPARATORS.sub("", narrow(text)).upper()


def check_digit(vin: str) -> str:
    """The character that position 9 should have. Raises KeyError for I, O, Q or anything but letters and digits."""
    rest = weighted_sum(vin) % 11
    return "X" if rest == 10 else str(rest)


def weighted_sum(vin: str) -> int:
    """Σ of value × weight over 17 characters (domain.md 7.1)."""
    return sum(_VALUES[character] * weight for character, weight in zip(vin, WEIGHTS, strict=True))


def is_sound(vin: str) -> bool:
    """Whether a normal form has 17 allowed characters and the right check digit: such a text is taken for a VIN."""
    return bool(_FORM.fullmatch(vin)) and vin[8] == check_digit(vin)


def looks_like_vin(text: str) -> bool:
    """Whether what was typed or scanned in a general field is meant as a VIN, right or with a slip.

    Letters and digits, without a Chinese sign, and more of them than a plate or a telephone number has.
    """
    value = normalise(text)
    return (len(value) > LONGEST_OTHER and value.isascii() and value.isalnum() and not value.isdigit()) or is_sound(
        value
    )


def check(text: str, *, confirmed: bool = False) -> Verdict:
    """Faults of a VIN; ``confirmed`` says that a person compared it with a photo, which turns a wrong check digit to a warning.

    A wrong check digit rejects for makers of China and North America (L, 1, 4, 5) and warns for others.
    """
    value = normalise(text)
    if not value:
        return Verdict("", "", (error("customers.vin.empty"),))
    problems = [
        error("customers.vin.forbidden_letter", position=place, found=letter, meant=FORBIDDEN[letter])
        for place, letter in enumerate(value, start=1)
        if letter in FORBIDDEN
    ]
    if len(value) != LENGTH:
        problems.append(error("customers.vin.wrong_length", length=len(value), wanted=LENGTH))
    elif not problems and not _FORM.fullmatch(value):
        place = next(i for i, letter in enumerate(value) if letter not in _VALUES)
        problems.append(error("customers.vin.foreign_character", position=place + 1, found=value[place]))
    if problems:
        return Verdict(value, "", tuple(problems))
    return Verdict(value, "vin", _doubts(value, confirmed=confirmed))


def _doubts(value: str, *, confirmed: bool) -> tuple[Problem, ...]:
    problems: list[Problem] = []
    wanted = check_digit(value)
    if value[8] != wanted:
        make = error if value[0] in CHECKED_MAKERS and not confirmed else warning
        problems.append(
            make(
                "customers.vin.wrong_check_digit",
                found=value[8],
                wanted=wanted,
                misread=easily_misread(value),
                suggestions=tuple(repairs(value)[:3]),
            )
        )
    if len(set(value)) == 1:
        problems.append(warning("customers.vin.all_equal"))
    if not value[-4:].isdecimal():
        problems.append(warning("customers.vin.tail_not_digits", tail=value[-4:]))
    if value[9] not in YEAR_CODES:
        problems.append(warning("customers.vin.year_code", found=value[9]))
    return tuple(problems)


def easily_misread(vin: str) -> tuple[tuple[int, str, str], ...]:
    """Where to look again: (position from 1, what stands there, what it may be) for look-alike characters (8/B, 5/S …)."""
    found = []
    for place, character in enumerate(vin, start=1):
        others = "".join(other for other in _MISREAD.get(character, "") if place <= 13 or other.isdecimal())
        if others:
            found.append((place, character, others))
    return tuple(found)


def repairs(text: str) -> tuple[str, ...]:
    """VINs with a right check digit that may have been meant, likeliest first; empty when it is right or beyond guessing.

    I/O/Q are read as 1/0/0; then one look-alike character or one swap of neighbours is undone. A proposal for a
    person to compare, never a correction.
    """
    value = normalise(text)
    meant = "".join(FORBIDDEN.get(character, character) for character in value)
    if not _FORM.fullmatch(meant) or is_sound(value):
        return ()
    if is_sound(meant):
        return (meant,)
    found = []
    for place, _, others in easily_misread(meant):
        found += [meant[: place - 1] + other + meant[place:] for other in others]
    found += [meant[:i] + meant[i + 1] + meant[i] + meant[i + 2 :] for i in range(LENGTH - 1)]
    return tuple(dict.fromkeys(vin for vin in found if vin != meant and is_sound(vin)))


def model_year(vin: str, *, this_year: int) -> int:
    """The latest year of the code at position 10 that is not beyond next year (30-year cycle); 0 when it says none."""
    value = normalise(vin)
    if len(value) != LENGTH or value[9] not in YEAR_CODES:
        return 0
    year = FIRST_YEAR + YEAR_CODES.index(value[9])
    while year + len(YEAR_CODES) <= this_year + 1:
        year += len(YEAR_CODES)
    return year


def skeleton(vin: str) -> str:
    """The VIN with look-alike characters folded (I/1, O/0/Q/D, B/8, Z/2, S/5): equal for misreadings."""
    return normalise(vin).translate(str.maketrans("IOQDBZS", "1000825"))


def vin_keys(vin: str) -> tuple[str, ...]:
    """Keys for finding, to be looked up by prefix: the whole number, its last eight, six and four."""
    value = normalise(vin)
    return tuple(dict.fromkeys(key for key in (value, value[-8:], value[-6:], value[-4:]) if key))
