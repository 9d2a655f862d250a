"""The second wall on SQLite: a SELECT that reads a scoped table must bind its scope column (reliability.md 5.4).

It catches a forgotten filter in raw SQL, in a join, in values(), in a reverse relation, in a bare QuerySet. PostgreSQL
has row-level security for it and runs the tripwire in tests only.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import structlog
from django.apps import apps
from django.conf import settings

from cheyi.foundation.guards import declarations
from cheyi.foundation.guards.wall import Wall
from cheyi.foundation.scope import current_or_none

log = structlog.get_logger(__name__)
READS = ("SELECT", "UPDATE", "WITH", "INSERT", "DELETE", "(")


class Tripped(RuntimeError):
    """A statement reads rows of a store, group or legal entity without saying of which, or of one outside the scope."""


@functools.cache
def wall() -> Wall:
    """The wall of the installed packages."""
    return Wall(declarations.tables())


def tripwire(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Run a statement unless it reads across the wall; for ``connection.execute_wrappers``.

    Raises Tripped where the setting says ``refuse``; logs the statement without its values where it says ``log``.
    """
    mode = settings.TRIPWIRE
    if (
        mode != "off"
        and not many
        and apps.ready
        and isinstance(sql, str)
        and sql.lstrip()[:6].upper().startswith(READS)
    ):
        wrong = wall().wrong(sql, params, current_or_none())
        if wrong and mode == "refuse":
            raise Tripped(f"{wrong}: {sql}")
        if wrong:
            log.error("read across the wall", wrong=wrong, sql=sql)
    return execute(sql, params, many, context)
