"""Putting the guards into the database, telling which are missing, and taking them out for a schema change."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from types import ModuleType
from typing import Any

from django.db import connection as default_connection
from django.db import transaction

from cheyi.foundation.guards import declarations, on_sqlite
from cheyi.foundation.guards.guard import Guard
from cheyi.foundation.scope import everywhere

ORDER = ("index", "constraint", "policy", "trigger")


def _engine(connection: Any) -> ModuleType:
    if connection.vendor == "postgresql":
        from cheyi.foundation.guards import on_postgresql  # noqa: PLC0415 - needs psycopg, an extra

        return on_postgresql
    return on_sqlite


def _as_owner(connection: Any) -> AbstractContextManager[None]:
    made: AbstractContextManager[None] = connection.as_owner() if hasattr(connection, "as_owner") else nullcontext()
    return made


def _existing(connection: Any) -> list[declarations.Table]:
    with connection.cursor() as cursor:
        names = set(connection.introspection.table_names(cursor))
    return [
        table
        for table in declarations.tables()
        if table.name in names and all(link.parent in names for link in table.links)
    ]


def _wanted(connection: Any) -> dict[tuple[str, str], Guard]:
    engine = _engine(connection)
    found = [guard for table in _existing(connection) for guard in engine.wanted(table)]
    return {(guard.kind, guard.name): guard for guard in sorted(found, key=lambda guard: ORDER.index(guard.kind))}


def missing(connection: Any = default_connection) -> list[str]:
    """What is not as declared, in words for ``cheyi doctor``; empty when every guard stands."""
    wanted, present = _wanted(connection), _engine(connection).present(connection)
    lines = [
        f"{guard.kind} {guard.what} on {guard.table} is missing" for key, guard in wanted.items() if key not in present
    ]
    lines += [
        f"{kind} {name} on {present[kind, name]} is not declared" for kind, name in present.keys() - wanted.keys()
    ]
    return [*lines, *(f"row-level security is not forced on {table}" for table in _unforced(connection))]


def _unforced(connection: Any) -> list[str]:
    if connection.vendor != "postgresql":
        return []
    state = _engine(connection).row_security(connection)
    return [table.name for table in _existing(connection) if table.kind and not state.get(table.name)]


def install(connection: Any = default_connection) -> int:
    """Make the database as declared; harmless when it is. Gives how many guards were changed."""
    engine = _engine(connection)
    with _as_owner(connection), everywhere("installing the guards"), transaction.atomic(using=connection.alias):
        wanted, present = _wanted(connection), engine.present(connection)
        stale = sorted(present.keys() - wanted.keys(), key=lambda key: -ORDER.index(key[0]))
        statements = [engine.drop(*key, present[key]) for key in stale]
        fresh = [guard.create for key, guard in wanted.items() if key not in present]
        unforced = [engine.enforce(table) for table in _unforced(connection)]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(engine.FUNCTIONS)
                cursor.execute(engine.ROLE)
            for statement in [*statements, *fresh, *unforced]:
                cursor.execute(statement)
    return len(stale) + len(fresh) + len(unforced)


def remove(connection: Any = default_connection) -> None:
    """Take all guards out, for a schema change that rebuilds tables (SQLite); ``install`` follows."""
    engine = _engine(connection)
    with _as_owner(connection), transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        present = engine.present(connection)
        for key in sorted(present, key=lambda key: -ORDER.index(key[0])):
            cursor.execute(engine.drop(*key, present[key]))
