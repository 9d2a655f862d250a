"""Resident identity numbers 身份证 and the permits of the same form (GB 11643; domain.md 7.5)."""

from __future__ import annotations

import re
from datetime import date

from cheyi.customers.engine.verdicts import Problem, Verdict, error, narrow, warning

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
PROVINCES = frozenset(
    map(str, (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71))
)
OLDEST = date(1850, 1, 1)

_SEPARATORS = re.compile(r"[\s\-‐-―−.·_*/\\,:'\"]+")


def normalise(text: str) -> str:
    """Upper-case without separators and full-width forms."""
    return _SEPARATORS.sub("", narrow(text)).upper()


def weighted_sum(number: str) -> int:
    """Σ of digit × weight over the first 17 digits (domain.md 7.5)."""
    return sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))


def check_character(number: str) -> str:
    """The character that position 18 should have. Raises ValueError when one of the first 17 is no digit."""
    return CHECKS[weighted_sum(number) % 11]


def check(text: str, *, today: date | None = None) -> Verdict:
    """Faults of a number, with the facts ``birthday`` and ``gender`` when it is sound.

    Kinds: resident, hk_macau, taiwan, foreigner. A birthday after ``today`` rejects, where the day is given.
    """
    value = normalise(text)
    fault = _fault(value)
    if fault:
        return Verdict(value, "", (fault,))
    birthday = _birthday(value)
    if birthday is None or (today and birthday > today):
        return Verdict(value, "", (error("customers.id_number.no_such_day", digits=value[6:14]),))
    kind = _kind(value)
    doubts: tuple[Problem, ...] = ()
    if kind == "resident" and value[:2] not in PROVINCES:
        doubts = (warning("customers.id_number.unknown_region", digits=value[:2]),)
    gender = "male" if int(value[16]) % 2 else "female"
    return Verdict(value, kind, doubts, (("birthday", birthday), ("gender", gender)))


def _fault(value: str) -> Problem | None:
    """What rejects it before the birthday is read."""
    if not value:
        return error("customers.id_number.empty")
    if len(value) == 15 and value.isdecimal():
        return error("customers.id_number.old_form")
    if len(value) != 18:
        return error("customers.id_number.wrong_length", length=len(value), wanted=18)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", value):
        place = next(i for i, c in enumerate(value, start=1) if not (c in "0123456789" or (c == "X" and i == 18)))
        return error("customers.id_number.foreign_character", position=place, found=value[place - 1])
    wanted = check_character(value)
    if value[-1] != wanted:
        return error("customers.id_number.wrong_check", found=value[-1], wanted=wanted)
    return None


def _birthday(value: str) -> date | None:
    try:
        day = date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        return None
    return day if day >= OLDEST else None


def _kind(value: str) -> str:
    if value[:2] in ("81", "82"):
        return "hk_macau"
    if value[:2] == "83":
        return "taiwan"
    return "foreigner" if value[0] == "9" else "resident"


def masked(number: str) -> str:
    """What may be shown: ``110105********002X``; anything shorter than 10 characters is starred wholly."""
    value = normalise(number)
    if len(value) < 10:
        return "*" * len(value)
    return value[:6] + "*" * (len(value) - 10) + value[-4:]
