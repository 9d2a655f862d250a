"""Typed texts as they are stored: half-width, without control characters and outer blanks."""

from __future__ import annotations

from cheyi.customers.engine.verdicts import narrow


def plain(text: str) -> str:
    """Half-width, control and other invisible characters as blanks, no outer blanks. PostgreSQL refuses some of them."""
    return narrow("".join(sign if sign.isprintable() else " " for sign in text))
