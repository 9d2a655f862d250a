"""Part numbers: one normal form, and which two of them a tired eye or hand takes for one another (domain.md 7.6)."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FOLDS = str.maketrans("OIBSZ", "01852")
FOLDED_MARK = "~"
LONGEST = 40

_OTHER = re.compile(r"[^A-Z0-9]")


def normalise(text: str) -> str:
    """Upper-case letters and digits only: ``ＢＹＤ-BMS 2023a`` is ``BYDBMS2023A``. Free text may leave nothing."""
    return _OTHER.sub("", unicodedata.normalize("NFKC", text).upper())


def folded(number: str) -> str:
    """The number with O/0, I/1, B/8, S/5 and Z/2 written alike."""
    return number.translate(FOLDS)


def difference(number: str, other: str) -> tuple[str, int]:
    """How two normal forms differ by one slip, and at which place from 1; ("", 0) when they are equal or further apart.

    ``look_alike`` (equal after folding), ``swapped`` (two neighbours), ``changed``, ``missing`` or ``surplus`` (one
    character of ``number`` less or more than ``other`` has).
    """
    if number == other:
        return "", 0
    shared = zip(number, other, strict=False)
    place = next((i for i, (a, b) in enumerate(shared) if a != b), min(len(number), len(other)))
    mine, theirs = number[place:], other[place:]
    for how, true in (
        ("look_alike", folded(number) == folded(other)),
        ("changed", bool(mine and theirs) and mine[1:] == theirs[1:]),
        ("swapped", len(mine) > 1 and mine == theirs[1::-1] + theirs[2:]),
        ("missing", mine == theirs[1:]),
        ("surplus", mine[1:] == theirs),
    ):
        if true:
            return how, place + 1
    return "", 0


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


def printed_place(part_no: str, place: int) -> int:
    """Which sign of a number as it is written stands at a place of its normal form, both from 1.

    ``printed_place("BP-HAN-F", 6)`` is 8.
    """
    return len(cut(part_no, place)[0]) + 1


def near_keys(number: str) -> set[str]:
    """Keys of which two numbers share at least one when they are one slip apart: rows for a table, or for a look-up in it.

    The number, the number without each of its characters, and ``~`` with its folded form: 14 keys for a number of
    twelve. Sharing a key is necessary, not sufficient; `difference` decides. None for what is longer by more than one
    character than any number on file (40).
    """
    value = normalise(number)
    if not value or len(value) > LONGEST + 1:
        return set()
    shorter = {value[:i] + value[i + 1 :] or FOLDED_MARK for i in range(len(value))}
    return {value, FOLDED_MARK + folded(value)} | shorter


def near_numbers(number: str) -> Iterator[str]:
    """Every number one change, swap, loss or surplus away; a thousand for a number of twelve. Some may come twice.

    None for a number that is longer by more than one character than any on file.
    """
    for i in range(len(number) + 1 if len(number) <= LONGEST + 1 else 0):
        head, tail = number[:i], number[i:]
        for character in ALPHABET:
            yield head + character + tail
        if tail:
            yield head + tail[1:]
            for character in ALPHABET:
                yield head + character + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


def sibling_pairs(numbers: Iterable[str]) -> list[tuple[str, str]]:
    """Every pair of the given normal forms that is one slip apart, each once and sorted.

    For a whole catalogue at once: 200,000 numbers take a few seconds, one position in memory at a time.
    """
    known = set(numbers) - {""}
    pairs = _pairs_alike((folded(number), number) for number in known)
    for place in range(max(map(len, known), default=0)):
        longer = [number for number in known if len(number) > place]
        pairs |= _pairs_alike((number[:place] + FOLDED_MARK + number[place + 1 :], number) for number in longer)
        for number in longer:
            head, tail = number[:place], number[place:]
            for other in (head + tail[1:], head + tail[1:2] + tail[0] + tail[2:]):
                if other in known and other != number:
                    pairs.add((min(number, other), max(number, other)))
    return sorted(pairs)


def _pairs_alike(keyed: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """The pairs of different numbers that have one key."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, number in keyed:
        found[key].append(number)
    return {
        (min(one, other), max(one, other))
        for group in found.values()
        for place, one in enumerate(group)
        for other in group[place + 1 :]
    }
