"""Edit distance over many pairs of short texts at once: changes, losses, surpluses and swaps of neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LONGEST = 40
CHUNK = 16_384
_WIDTHS = (4, 8, 12, 16, 24, LONGEST)


@dataclass(frozen=True, eq=False)
class Texts:
    """Texts as a matrix of code points, place by place (LONGEST at most), with their lengths."""

    characters: NDArray[np.uint32]
    lengths: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Texts:
        """The matrix of these texts; each column is one text."""
        short = [text[:LONGEST] for text in texts]
        width = max(map(len, short), default=1) or 1
        flat = np.array(short, dtype=f"<U{width}")
        characters = flat.view(np.uint32).reshape(len(short), width)
        return cls(np.ascontiguousarray(characters.T), np.fromiter(map(len, short), np.int64, len(short)))


def distances(texts: Texts, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Optimal string alignment distance of each pair of text numbers (Damerau-Levenshtein without edits of a swap)."""
    result = np.zeros(len(one), np.uint8)
    longest = np.maximum(texts.lengths[one], texts.lengths[other])
    start = 0
    for width in _WIDTHS:
        chosen = np.flatnonzero((longest > start) & (longest <= width))
        start = width
        for piece in range(0, len(chosen), CHUNK):
            part = chosen[piece : piece + CHUNK]
            result[part] = _aligned(texts, one[part], other[part], width)
    return result


def _aligned(texts: Texts, one: NDArray[np.int64], other: NDArray[np.int64], width: int) -> NDArray[np.uint8]:
    width = min(width, len(texts.characters))
    left, right = texts.characters[:width, one], texts.characters[:width, other]
    left_length, right_length = texts.lengths[one], texts.lengths[other]
    everyone = np.arange(len(one))
    before = np.zeros((width + 1, len(one)), np.uint8)
    above = np.repeat(np.arange(width + 1, dtype=np.uint8)[:, None], len(one), axis=1)
    result = above[right_length, everyone]
    for i in range(1, int(left_length.max(initial=0)) + 1):
        row = np.empty_like(above)
        row[0] = i
        same = left[i - 1] == right
        for j in range(1, width + 1):
            cell = np.minimum(above[j], row[j - 1])
            cell += 1
            np.minimum(cell, above[j - 1] + ~same[j - 1], out=cell)
            if i > 1 and j > 1:
                swapped = same[j - 2] & (left[i - 2] == right[j - 1])
                np.minimum(cell, np.where(swapped, before[j - 2] + 1, 255), out=cell, casting="unsafe")
            row[j] = cell
        ends = left_length == i
        result[ends] = row[right_length[ends], everyone[ends]]
        before, above = above, row
    return result


def bigram_masks(texts: Texts) -> NDArray[np.uint64]:
    """The pairs of neighbouring characters of each text, ends included, folded into 64 bits: a rough picture of it."""
    blank = np.full(len(texts.lengths), ord(" "), np.uint64)
    masks = np.zeros(len(texts.lengths), np.uint64)
    before = blank
    for place in range(len(texts.characters) + 1):
        inside = place < texts.lengths
        character = texts.characters[place].astype(np.uint64) if place < len(texts.characters) else blank
        after = np.where(inside, character, blank)
        bit = np.left_shift(np.uint64(1), (before * np.uint64(31) + after * np.uint64(17)) % np.uint64(64))
        masks |= np.where(place <= texts.lengths, bit, np.uint64(0))
        before = after
    return masks


def without_one(texts: Texts) -> NDArray[np.int64]:
    """Numbers for each text and for it without each of its characters (texts × places); −1 where there is none.

    Equal texts have equal numbers; different ones hardly ever, as with any fingerprint of 63 bits.
    """
    width = len(texts.characters)
    powers = np.cumprod(np.concatenate(([1], np.full(width, 1_000_003))).astype(np.uint64))
    characters = texts.characters.astype(np.uint64)
    parts = characters * powers[:width, None]
    moved = np.vstack([characters[1:] * powers[: width - 1, None], np.zeros((1, len(texts.lengths)), np.uint64)])
    head = np.vstack([np.zeros((1, len(texts.lengths)), np.uint64), np.cumsum(parts, axis=0)])
    tail = np.cumsum(moved[::-1], axis=0)[::-1]
    found = np.vstack([head[:width] + tail, head[width][None, :]])
    numbers = (found >> np.uint64(1)).astype(np.int64)
    numbers[:width][np.arange(width)[:, None] >= texts.lengths] = -1
    return np.ascontiguousarray(numbers.T)


def overlap(masks: NDArray[np.uint64], one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float32]:
    """Dice coefficient of two masks, from 0 to 1."""
    left, right = masks[one], masks[other]
    both = np.bitwise_count(left & right).astype(np.float32)
    of_both = np.maximum(np.bitwise_count(left) + np.bitwise_count(right), 1).astype(np.float32)
    return np.asarray(2 * both / of_both, np.float32)
