"""Facts: what a package announces, and how higher packages react (style.md 4)."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar, dataclass_transform, get_type_hints

from cheyi.kernel.numbers import Measure


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, in ids and plain values; ``store_id`` is None for the installation."""

    code: ClassVar[str] = ""
    store_id: int | None
    happened_at: datetime


E = TypeVar("E", bound=Event)
Reaction = Callable[[Any], None]

FACTS: dict[str, type[Event]] = {}
TOGETHER: dict[type[Event], list[Reaction]] = defaultdict(list)
AFTERWARDS: dict[type[Event], list[Reaction]] = defaultdict(list)
REACTIONS: dict[str, tuple[type[Event], Reaction]] = {}


@dataclass_transform(frozen_default=True, kw_only_default=True)
def fact(code: str) -> Callable[[type[E]], type[E]]:
    """Name an event class ``package.thing.past`` and make it a frozen dataclass. Raises ValueError for a doubled code."""

    def register(cls: type[E]) -> type[E]:
        made = dataclass(frozen=True, kw_only=True)(cls)
        if code in FACTS:
            raise ValueError(f"fact {code} is announced by two classes")
        made.code = code
        FACTS[code] = made
        return made

    return register


def together(event: type[Event]) -> Callable[[Reaction], Reaction]:
    """React inside the same transaction; a refusal undoes everything."""

    def register(reaction: Reaction) -> Reaction:
        TOGETHER[event].append(reaction)
        return reaction

    return register


def afterwards(event: type[Event]) -> Callable[[Reaction], Reaction]:
    """React after the commit, in a job that is retried: must be harmless when run twice."""

    def register(reaction: Reaction) -> Reaction:
        name = f"{reaction.__module__}.{reaction.__qualname__}"
        AFTERWARDS[event].append(reaction)
        REACTIONS[name] = (event, reaction)
        return reaction

    return register


def reaction_name(reaction: Reaction) -> str:
    """How a job names the reaction that it runs."""
    return f"{reaction.__module__}.{reaction.__qualname__}"


def pack(event: Event) -> dict[str, Any]:
    """The event as plain JSON values: moments as ISO texts, measures as their parts."""
    return {name.name: _plain(getattr(event, name.name)) for name in dataclasses.fields(event)}


def unpack(code: str, facts: dict[str, Any]) -> Event:
    """The event that was packed. Raises KeyError for an unknown code."""
    cls = FACTS[code]
    hints = get_type_hints(cls)
    return cls(**{name: _typed(hints.get(name), value) for name, value in facts.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Measure):
        return value.parts
    if isinstance(value, tuple):
        return [_plain(piece) for piece in value]
    return value


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    options = getattr(hint, "__args__", (hint,))
    if getattr(hint, "__origin__", None) is tuple:
        return tuple(_typed(options[0], piece) for piece in value)
    for kind in options:
        if kind is datetime:
            return datetime.fromisoformat(value)
        if kind is date:
            return date.fromisoformat(value)
        if isinstance(kind, type) and issubclass(kind, Measure):
            return kind(value)
    return value
