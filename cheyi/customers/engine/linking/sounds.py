"""Chinese names of many pairs compared at once: equal sound, southern sound, one character or one place apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cheyi.customers.engine import names, pinyin
from cheyi.customers.engine.linking.slips import Texts, distances

LENGTH = 6
READINGS = 3
LONGEST_PERSON = 4
HOMOPHONE, ALIKE, PART, SURNAME, STRANGERS = 2, 3, 4, 5, 6


@dataclass(frozen=True, eq=False)
class Sounds:
    """Names place by place: the character, and its readings, exact and folded; −1 where there is none."""

    lengths: NDArray[np.int64]
    characters: NDArray[np.int32]
    exact: NDArray[np.int32]
    folded: NDArray[np.int32]
    surnames: NDArray[np.int32]
    surname_only: NDArray[np.bool_]
    cores: NDArray[np.int32]

    @classmethod
    def of(cls, values: Sequence[str]) -> Sounds:
        """The arrays for these names; characters are places × names, readings places × names × readings."""
        numbers: dict[str, int] = {}

        def number(text: str) -> int:
            return numbers.setdefault(text, len(numbers))

        size = len(values)
        characters = np.full((LENGTH, size), -1, np.int32)
        exact = np.full((LENGTH, size, READINGS), -1, np.int32)
        folded = exact.copy()
        surnames, cores = np.full(size, -1, np.int32), np.full(size, -1, np.int32)
        alone = np.zeros(size, np.bool_)
        for column, value in enumerate(values):
            surname = pinyin.surname_of(value)
            surnames[column] = number(surname)
            kind = names.kind_of(value)
            alone[column] = kind == "surname_only"
            # A firm may stand there without its legal form, and then looks like nobody's name.
            if kind == "company" or len(value) > LONGEST_PERSON:
                cores[column] = number("core " + names.firm_core(value))
            for place, character in enumerate(value[:LENGTH]):
                characters[place, column] = number(character)
                said = _readings(character, first=place == 0 and len(surname) == 1)
                for which, reading in enumerate(said[:READINGS]):
                    exact[place, column, which] = number("say " + reading)
                    folded[place, column, which] = number("say " + pinyin.fold(reading))
        lengths = np.fromiter(map(len, values), np.int64, size)
        return cls(lengths, characters, exact, folded, surnames, alone, cores)


def _readings(character: str, *, first: bool) -> tuple[str, ...]:
    return pinyin.surname_readings(character) if first else pinyin.readings(character)


def name_levels(values: Sequence[str], one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int8]:
    """Levels of pairs of different names.

    2: equal sound, or one firm under two legal forms; 3: southern sound, one character of three changed, swapped or
    lost; 4: a bare surname that fits; 5: equal surname; 6: strangers.
    """
    used, inverse = np.unique(np.concatenate((one, other)), return_inverse=True)
    sounds = Sounds.of([values[number] for number in used])
    left, right = inverse[: len(one)], inverse[len(one) :]
    length = sounds.lengths[left]
    same_length = length == sounds.lengths[right]
    shorter = np.minimum(length, sounds.lengths[right])
    same = (sounds.characters[:, left] == sounds.characters[:, right]) & (sounds.characters[:, left] >= 0)
    levels = np.full(len(one), STRANGERS, np.int8)
    surname = sounds.surnames[left] == sounds.surnames[right]
    levels[surname] = SURNAME
    bare = sounds.surname_only[left] | sounds.surname_only[right]
    levels[surname & bare] = PART
    one_changed = same_length & (same.sum(axis=0) == length - 1) & (length >= 3) & (length <= LENGTH)
    long = np.flatnonzero(shorter > LENGTH)
    slips = distances(Texts.of([values[number] for number in used]), left[long], right[long])
    levels[long[slips <= 1]] = ALIKE
    levels[one_changed | _one_lost(sounds, left, right, shorter) | _swapped(sounds, left, right, same)] = ALIKE
    levels[same_length & (_said(sounds.folded, left, right).sum(axis=0) == length)] = ALIKE
    levels[same_length & (_said(sounds.exact, left, right).sum(axis=0) == length)] = HOMOPHONE
    levels[(sounds.cores[left] >= 0) & (sounds.cores[left] == sounds.cores[right])] = HOMOPHONE
    return levels


def _said(readings: NDArray[np.int32], left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.bool_]:
    """At which places some reading of the two characters is the same."""
    result = np.zeros((LENGTH, len(left)), np.bool_)
    for mine in range(READINGS):
        for theirs in range(READINGS):
            given = readings[:, left, mine]
            result |= (given >= 0) & (given == readings[:, right, theirs])
    return result


def _one_lost(
    sounds: Sounds, left: NDArray[np.int64], right: NDArray[np.int64], shorter: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether one name of three or more has one character more than the other, behind the first."""
    result = np.zeros(len(left), np.bool_)
    for long, short in ((left, right), (right, left)):
        fits = (sounds.lengths[long] == shorter + 1) & (shorter >= 2)
        for lost in range(1, LENGTH):
            others = [place for place in range(LENGTH) if place != lost]
            kept = sounds.characters[others][:, long]
            result |= fits & (kept == sounds.characters[:-1, short]).all(axis=0)
    return result


def _swapped(
    sounds: Sounds, left: NDArray[np.int64], right: NDArray[np.int64], same: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Whether the two last characters of three changed places."""
    mine, theirs = sounds.characters[:, left], sounds.characters[:, right]
    three = (sounds.lengths[left] == 3) & (sounds.lengths[right] == 3)
    return np.asarray(three & same[0] & (mine[1] == theirs[2]) & (mine[2] == theirs[1]))
