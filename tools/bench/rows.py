"""One line of a table with a figure that must hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What was measured, beside what must hold; ``holds`` is None where nothing is demanded."""

    what: str
    measured: str
    target: str = ""
    holds: bool | None = None

    def __str__(self) -> str:
        mark = {True: "ok", False: "MISSED", None: ""}[self.holds]
        return f"| {self.what} | {self.measured} | {self.target} | {mark} |"
