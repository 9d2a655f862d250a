"""Figures as people type them, and beside which field a refusal of theirs stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from typing import TypeVar

from cheyi.foundation.pages.numbers import number_in
from cheyi.kernel import Refused

T = TypeVar("T")


def kilometres(text: str, field: str) -> int:
    """Whole kilometres, with or without commas. Raises Refused ``workshop.form.bad_mileage`` beside the field."""
    km = number_in(text.replace(",", "").replace("，", ""))
    if km is None:
        raise Refused("workshop.form.bad_mileage", field=field, text=text.strip()[:20])
    return km


def figure(text: str, field: str, read: Callable[[str], T]) -> T:
    """What ``read`` makes of a text; what it refuses stands beside the field."""
    with beside(**{"": field}):
        return read(text)


def moment(text: str, field: str, zone: tzinfo | None) -> datetime:
    """A day and time by the store's clock, as a browser sends it. Raises Refused ``workshop.form.bad_moment``."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused("workshop.form.bad_moment", field=field) from None
    return read if read.tzinfo else read.replace(tzinfo=zone)


@contextmanager
def beside(**fields: str) -> Iterator[None]:
    """Let what a verb refuses stand beside the field that the form has for it: ``beside(discount="percent")``."""
    try:
        yield
    except Refused as refused:
        field = fields.get(refused.field, refused.field)
        raise Refused(refused.code, field=field, **refused.facts) from None
