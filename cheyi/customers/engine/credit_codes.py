"""Unified social credit codes 统一社会信用代码 and older tax numbers (GB 32100; domain.md 7.4)."""

from __future__ import annotations

import re

from cheyi.customers.engine import id_numbers
from cheyi.customers.engine.verdicts import Problem, Verdict, error, narrow, warning

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
MEANT = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}
OLD_LENGTHS = (15, 16, 19, 20)

_SEPARATORS = re.compile(r"[\s\-‐-―−.·_*/\\,:'\"]+")


def normalise(text: str) -> str:
    """Upper-case without separators and full-width forms."""
    return _SEPARATORS.sub("", narrow(text)).upper()


def weighted_sum(code: str) -> int:
    """Σ of value × 3^(i−1) mod 31 over the first 17 characters (domain.md 7.4)."""
    return sum(ALPHABET.index(character) * weight for character, weight in zip(code[:17], WEIGHTS, strict=True))


def check_character(code: str) -> str:
    """The character that position 18 should have. Raises ValueError for a character outside the alphabet."""
    return ALPHABET[-weighted_sum(code) % 31]


def check(text: str) -> Verdict:
    """Faults of a code. Kinds: ``uscc``; ``individual`` (an ID number as tax number) and ``old`` are allowed with a warning."""
    value = normalise(text)
    if not value:
        return Verdict("", "", (error("customers.credit_code.empty"),))
    if not re.fullmatch(r"[A-Z0-9]+", value):
        return Verdict(value, "", (error("customers.credit_code.foreign_character", text=value),))
    if len(value) in (LENGTH, 20) and id_numbers.check(value[:LENGTH]).valid:
        return Verdict(value, "individual", (warning("customers.credit_code.id_based"),))
    if len(value) in OLD_LENGTHS:
        return Verdict(value, "old", (warning("customers.credit_code.old_form", length=len(value)),))
    faults = _faults(value)
    return Verdict(value, "" if faults else "uscc", faults)


def _faults(value: str) -> tuple[Problem, ...]:
    if len(value) != LENGTH:
        return (error("customers.credit_code.wrong_length", length=len(value), wanted=LENGTH),)
    letters = tuple(
        error("customers.credit_code.forbidden_letter", position=place, found=letter, meant=MEANT[letter])
        for place, letter in enumerate(value, start=1)
        if letter in MEANT
    )
    wanted = "" if letters else check_character(value)
    if letters or value[-1] == wanted:
        return letters
    return (error("customers.credit_code.wrong_check", found=value[-1], wanted=wanted),)
