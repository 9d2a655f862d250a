"""The one way in which a rule says no."""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """A rule said no. The code names what is wrong; the facts fill the sentence a person reads.

    ``field`` names the form field the sentence belongs beside, where there is one. Facts are plain values without
    sealed data. Codes are ``package.thing.what_is_wrong`` and each has wording in both languages.
    """

    def __init__(self, code: str, *, field: str = "", **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.facts: Mapping[str, object] = facts

    def __str__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.code}({inside})"
