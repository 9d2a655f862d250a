"""How alike two different values of one column are, in a few levels per kind."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cheyi.customers.engine import plates, vins
from cheyi.customers.engine.linking.columns import Column
from cheyi.customers.engine.linking.slips import distances, overlap
from cheyi.customers.engine.linking.sounds import name_levels

Indexes = NDArray[np.int64]
Levels = NDArray[np.int8]
MISSING, EQUAL, CLOSE, NEAR, FAINT = 0, 1, 2, 3, 4
STRANGERS = {"text": 5, "code": 4, "date": 4, "phone": 4, "plate": 4, "vin": 4, "id_number": 4, "person": 6}


def levels_between(column: Column, one: Indexes, other: Indexes) -> Levels:
    """The level of each pair of different values (numbers into ``column.values``): 2 close … the last, strangers."""
    return _BY_KIND[column.kind](column, one, other)


def _text_levels(column: Column, one: Indexes, other: Indexes) -> Levels:
    """Close: one slip, blanks or order of words; near: three quarters right; faint: half, a beginning, or most bigrams."""
    texts = column.texts
    slips = distances(texts, one, other)
    longer = np.maximum(texts.lengths[one], texts.lengths[other])
    share = 1 - slips / np.maximum(longer, 1)
    levels = np.full(len(one), STRANGERS["text"], np.int8)
    begins = _begins(column, one, other)
    levels[(share >= 0.5) | begins | (overlap(column.masks, one, other) >= 0.7)] = FAINT
    levels[share >= 0.7] = NEAR
    same_words = (column.word_sets[one] >= 0) & (column.word_sets[one] == column.word_sets[other])
    levels[(slips == 0) | ((slips == 1) & (longer > 2)) | same_words] = CLOSE
    return levels


def _begins(column: Column, one: Indexes, other: Indexes) -> NDArray[np.bool_]:
    """Whether the shorter value is the beginning of the longer (an initial, a name cut off)."""
    characters, lengths = column.texts.characters, column.texts.lengths
    shorter = np.minimum(lengths[one], lengths[other])
    equal = np.ones(len(one), np.bool_)
    for place in range(len(characters)):
        equal &= (characters[place, one] == characters[place, other]) | (place >= shorter)
    return equal & (shorter > 0)


def _code_levels(column: Column, one: Indexes, other: Indexes) -> Levels:
    """Close: one slip; near: two of six characters or more."""
    slips = distances(column.texts, one, other)
    shorter = np.minimum(column.texts.lengths[one], column.texts.lengths[other])
    levels = np.full(len(one), STRANGERS["code"], np.int8)
    levels[(slips == 2) & (shorter >= 6)] = NEAR
    levels[slips <= 1] = CLOSE
    return levels


def _date_levels(column: Column, one: Indexes, other: Indexes) -> Levels:
    """Close: one slip, or day and month changed round; near: two slips, or year or day of the year right."""
    levels = _code_levels(column, one, other)
    left, right = column.texts.characters[:, one], column.texts.characters[:, other]
    if len(left) < 8:
        return levels
    year = (left[:4] == right[:4]).all(axis=0)
    day = (left[4:8] == right[4:8]).all(axis=0)
    turned = year & (left[4:6] == right[6:8]).all(axis=0) & (left[6:8] == right[4:6]).all(axis=0)
    levels[(levels > NEAR) & (year | day)] = NEAR
    levels[turned] = CLOSE
    return levels


def _skeleton_levels(fold: Callable[[str], str]) -> Callable[[Column, Indexes, Indexes], Levels]:
    """Close: look-alike characters only; near: one slip."""

    def levels_of(column: Column, one: Indexes, other: Indexes) -> Levels:
        skeletons: dict[str, int] = {}
        folded = np.array([skeletons.setdefault(fold(value), len(skeletons)) for value in column.values])
        levels = np.full(len(one), STRANGERS["plate"], np.int8)
        levels[distances(column.texts, one, other) <= 1] = NEAR
        levels[folded[one] == folded[other]] = CLOSE
        return levels

    return levels_of


def _person_levels(column: Column, one: Indexes, other: Indexes) -> Levels:
    return name_levels(column.values, one, other)


_BY_KIND: dict[str, Callable[[Column, Indexes, Indexes], Levels]] = {
    "text": _text_levels,
    "code": _code_levels,
    "date": _date_levels,
    "phone": _code_levels,
    "id_number": _code_levels,
    "plate": _skeleton_levels(plates.skeleton),
    "vin": _skeleton_levels(vins.skeleton),
    "person": _person_levels,
}
