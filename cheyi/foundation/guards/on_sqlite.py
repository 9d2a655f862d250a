"""The guards of a SQLite database: triggers for everything."""

# ruff: noqa: S608 - table and column names are our models' own
from __future__ import annotations

from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

from cheyi.foundation.guards.declarations import Link, Table, node_tables
from cheyi.foundation.guards.guard import PREFIX, Guard


def wanted(table: Table) -> Iterator[Guard]:
    """The triggers of one table."""
    if table.append_only:
        for verb in ("UPDATE", "DELETE"):
            yield Guard(
                "trigger",
                f"append_only_{verb.lower()}",
                table.name,
                f'CREATE TRIGGER "{{name}}" BEFORE {verb} ON "{table.name}" BEGIN '
                f"SELECT RAISE(ABORT, 'cheyi.append_only: {table.name}'); END",
            )
    if table.kind:
        yield Guard(
            "trigger",
            "scope_stays",
            table.name,
            f'CREATE TRIGGER "{{name}}" BEFORE UPDATE OF "{table.column}" ON "{table.name}" '
            f'WHEN OLD."{table.column}" <> NEW."{table.column}" BEGIN '
            f"SELECT RAISE(ABORT, 'cheyi.scope_stays: {table.name}'); END",
        )
    if table.links:
        checks = " ".join(_check(link) for link in table.links)
        columns = ", ".join(f'"{link.column}"' for link in table.links)
        for verb, when in (("insert", "INSERT"), ("update", f"UPDATE OF {columns}")):
            yield Guard(
                "trigger",
                f"links_{verb}",
                table.name,
                f'CREATE TRIGGER "{{name}}" AFTER {when} ON "{table.name}" BEGIN {checks} END',
            )


def _check(link: Link) -> str:
    return (
        f"SELECT RAISE(ABORT, 'cheyi.other_scope: {link.table}.{link.column}') "
        f'WHERE NEW."{link.column}" IS NOT NULL AND NOT EXISTS ({same_scope(link, "NEW")});'
    )


def same_scope(link: Link, row: str) -> str:
    """A SELECT that finds the parent of ``row`` when it lies where it must (both engines)."""
    store, entity = (node_tables()[kind] for kind in ("store", "legal_entity"))
    child = f'{row}."{link.kind}_id"'
    found = f'SELECT 1 FROM "{link.parent}" parent'
    this = f'parent."id" = {row}."{link.column}"'
    if link.is_same:
        return f'{found} WHERE {this} AND parent."{link.kind}_id" = {child}'
    groups = {"store": f'"{store}"', "legal_entity": f'"{entity}"'}
    if link.kind == "store" and link.parent_kind == "legal_entity":
        return f'{found} JOIN "{store}" node ON node."legal_entity_id" = parent."legal_entity_id" WHERE {this} AND node."id" = {child}'
    if link.parent_kind == "node":
        own = (
            child
            if link.kind == "group"
            else f'(SELECT node."group_id" FROM {groups[link.kind]} node WHERE node."id" = {child})'
        )
        return f'{found} WHERE {this} AND parent."group_id" = {own}'
    if link.parent_kind == "group":
        return f'{found} JOIN {groups[link.kind]} node ON node."group_id" = parent."group_id" WHERE {this} AND node."id" = {child}'
    # The parent is narrower than the child: its store or legal entity must lie in the child's group or legal entity.
    column = f"{link.kind}_id"
    return (
        f'{found} JOIN {groups[link.parent_kind]} node ON node."id" = parent."{link.parent_kind}_id" '
        f'WHERE {this} AND node."{column}" = {child}'
    )


def present(connection: BaseDatabaseWrapper) -> dict[tuple[str, str], str]:
    """The guards that stand in the database: (kind, name) and the table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{PREFIX}%"]
        )
        return {("trigger", name): table for name, table in cursor.fetchall()}


def drop(kind: str, name: str, table: str) -> str:
    """The statement that removes a guard."""
    del kind, table
    return f'DROP TRIGGER "{name}"'
