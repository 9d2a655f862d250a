"""Which operations a spoken or typed sentence names: a technician says what he saw, not a code."""

from __future__ import annotations

import re
from collections.abc import Mapping

SHORTEST = 2
LEAST_SHARE = 0.5
_NOISE = re.compile(r"[\W_]+")
_ASIDE = re.compile(r"[(（].*")


def named_in(text: str, names: Mapping[str, str]) -> list[str]:
    """The codes whose names stand in a text at least by half, the fullest first; ``names`` is code -> name.

    What stands in brackets behind a name does not count: ``named_in("前刹车片只剩两毫米", {"CH001": "前刹车片"})`` is
    ``["CH001"]``.
    """
    said = _NOISE.sub("", text.casefold())
    found = []
    for code, name in names.items():
        core = _NOISE.sub("", _ASIDE.sub("", name.casefold()))
        common = _longest_run(said, core)
        if common >= SHORTEST and common >= LEAST_SHARE * len(core):
            found.append((-common / len(core), -common, code))
    return [code for _, _, code in sorted(found)]


def _longest_run(text: str, name: str) -> int:
    """The length of the longest run of signs that both have."""
    best = 0
    row = [0] * (len(name) + 1)
    for sign in text:
        before = 0
        for at, other in enumerate(name, start=1):
            before, row[at] = row[at], before + 1 if sign == other else 0
            best = max(best, row[at])
    return best
