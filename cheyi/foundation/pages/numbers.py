"""Whole numbers in addresses and forms: the row, page or version that is meant; everything else is none."""

from __future__ import annotations

MOST_DIGITS = 18  # more than any table counts, less than a BIGINT holds


def number_in(text: str | None) -> int | None:
    """The number, or None for what is none: nothing, words, ², signs, more digits than a table counts."""
    plain = (text or "").strip()
    return int(plain) if plain.isdecimal() and len(plain) <= MOST_DIGITS else None
