"""What the database backends need from modules with models, which cannot be loaded before the backends are."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cheyi.foundation.scope import Scope

Execute = Callable[..., Any]


@functools.cache
def _current() -> Callable[[], Scope | None]:
    from cheyi.foundation.scope import current_or_none  # noqa: PLC0415 - models load the backend first

    return current_or_none


@functools.cache
def _tripwire() -> Callable[..., Any]:
    from cheyi.foundation.guards.tripwire import tripwire  # noqa: PLC0415 - models load the backend first

    return tripwire


def scope_in_force() -> Scope | None:
    """The scope of this piece of work, or None."""
    return _current()()


def watched(execute: Execute, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Run a statement past the tripwire."""
    return _tripwire()(execute, sql, params, many, context)
