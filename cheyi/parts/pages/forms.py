"""Reading what a form says: the shape only, with the field's name on each refusal; the rules are the actions'."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from cheyi.kernel import Refused
from cheyi.kernel.numbers import Measure

M = TypeVar("M", bound=Measure)


def measure(form: Mapping[str, Any], name: str, kind: type[M]) -> M:
    """A quantity or an amount. Raises Refused ``kernel.number.…`` beside the field."""
    return read(str(form.get(name, "")), name, kind)


def read(text: str, name: str, kind: type[M]) -> M:
    """The same for a text that stands in a list of fields."""
    try:
        return kind.of(text)
    except Refused as refused:
        raise Refused(refused.code, field=name, **refused.facts) from None


def day(text: str, name: str) -> date | None:
    """A date as the browser sends it. Raises Refused ``parts.form.bad_date`` beside the field."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise Refused("parts.form.bad_date", field=name, text=text) from None


def moment(text: str, name: str, zone: str) -> datetime | None:
    """A day and time as the browser sends it, by the store's clock. Raises Refused ``parts.form.bad_moment``."""
    try:
        at = datetime.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise Refused("parts.form.bad_moment", field=name, text=text) from None
    return at.replace(tzinfo=ZoneInfo(zone)) if at is not None and at.tzinfo is None else at
