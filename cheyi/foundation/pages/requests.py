"""What a request carries for our pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Toast:
    """A sentence shown after an act, with the audit row whose act can be undone."""

    text: str
    undo: str = ""
