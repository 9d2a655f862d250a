"""Reading what a machine sends: strict JSON, whole numbers that fit a column, texts that every database can keep."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from cheyi.kernel import Refused

LARGEST = 2**63 - 1
LONGEST_NUMBER = 20
DEEPEST = 20


def refuse() -> NoReturn:
    """Raise Refused ``foundation.form.unreadable``."""
    raise Refused("foundation.form.unreadable")


class StrictParser(Parser):
    """No duplicate names, no NaN, no number beyond 64 bits, no half of a surrogate pair, no NUL, nothing too deep.

    Each would mean one thing to us and another to the next program, or be refused by one database only.
    """

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as plain values. Raises Refused ``foundation.form.unreadable``."""
        try:
            said = json.loads(
                request.body.decode("utf-8"),
                object_pairs_hook=_once_each,
                parse_int=_fitting,
                parse_constant=_no_constant,
            )
        except (ValueError, RecursionError):
            refuse()
        _demand_clean(said, 0)
        return said

    def parse_querydict(
        self, data: MultiValueDict[str, str], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """What stands behind the question mark. Raises Refused ``foundation.form.unreadable``."""
        for name, values in data.lists():
            _demand_clean([name, *values], 0)
        return super().parse_querydict(data, list_fields, request)


def _once_each(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) != len(pairs):
        refuse()
    return said


def _fitting(text: str) -> int:
    if len(text) > LONGEST_NUMBER or abs(number := int(text)) > LARGEST:
        refuse()
    return number


def _no_constant(text: str) -> NoReturn:
    del text
    refuse()


def _demand_clean(said: Any, depth: int) -> None:
    if depth > DEEPEST:
        refuse()
    if isinstance(said, str):
        if not is_clean(said):
            refuse()
    elif isinstance(said, Mapping):
        for name, value in said.items():
            _demand_clean(name, depth)
            _demand_clean(value, depth + 1)
    elif isinstance(said, list):
        for value in said:
            _demand_clean(value, depth + 1)


def is_clean(text: str) -> bool:
    """Whether every database can keep a text: no NUL, no half of a surrogate pair."""
    return not any(sign == "\x00" or "\ud800" <= sign <= "\udfff" for sign in text)
