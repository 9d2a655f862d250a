"""Typed texts as they are stored: words as they were typed, other texts half-width; neither with control characters."""

from __future__ import annotations

from cheyi.customers.engine.verdicts import narrow


def as_typed(text: str) -> str:
    """Somebody's own words: control and other invisible characters as blanks, no outer blanks, else as they were typed."""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()


def plain(text: str) -> str:
    """Half-width, control and other invisible characters as blanks, no outer blanks. PostgreSQL refuses some of them."""
    return narrow(as_typed(text))
