"""The guards of a PostgreSQL database: triggers, composite foreign keys, row-level security, the least role."""

# ruff: noqa: S608 - table and column names are our models' own
from __future__ import annotations

from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

from cheyi.foundation.db.postgresql.base import APP_ROLE
from cheyi.foundation.guards.declarations import Link, Table
from cheyi.foundation.guards.guard import PREFIX, Guard
from cheyi.foundation.guards.on_sqlite import same_scope

FUNCTIONS = """
CREATE OR REPLACE FUNCTION cheyi_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'cheyi.append_only: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE OR REPLACE FUNCTION cheyi_scope_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'cheyi.scope_stays: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$;
"""
ROLE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
        CREATE ROLE {APP_ROLE} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$ BEGIN
    IF NOT pg_has_role('{APP_ROLE}', 'MEMBER') THEN EXECUTE format('GRANT {APP_ROLE} TO %I', current_user); END IF;
END $$;
GRANT USAGE ON SCHEMA public TO {APP_ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {APP_ROLE};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE};
"""


def wanted(table: Table) -> Iterator[Guard]:
    """The guards of one table."""
    name = table.name
    if table.append_only:
        yield _trigger("append_only", name, "BEFORE UPDATE OR DELETE", "cheyi_append_only", "FOR EACH ROW")
        yield _trigger("append_only_all", name, "BEFORE TRUNCATE", "cheyi_append_only", "FOR EACH STATEMENT")
    if not table.kind:
        return
    column = f'"{table.column}"'
    when = f"FOR EACH ROW WHEN (OLD.{column} IS DISTINCT FROM NEW.{column})"
    yield _trigger("scope_stays", name, f"BEFORE UPDATE OF {column}", "cheyi_scope_stays", when)
    mine = (
        f"{column} = ANY ((SELECT NULLIF(current_setting('cheyi.{table.kind}_ids', true), ''))::bigint[])"
        " OR (SELECT current_setting('cheyi.open', true)) = 'on'"
    )
    yield Guard("policy", "scope", name, f'CREATE POLICY "{{name}}" ON "{name}" USING ({mine}) WITH CHECK ({mine})')
    for link in table.links:
        yield from _link(link)


def _trigger(what: str, table: str, when: str, function: str, tail: str) -> Guard:
    return Guard(
        "trigger", what, table, f'CREATE TRIGGER "{{name}}" {when} ON "{table}" {tail} EXECUTE FUNCTION {function}()'
    )


def _link(link: Link) -> Iterator[Guard]:
    if link.is_same:
        scope = f"{link.kind}_id"
        yield Guard("index", "key", link.parent, f'CREATE UNIQUE INDEX "{{name}}" ON "{link.parent}" ("{scope}", "id")')
        yield Guard(
            "constraint",
            "same",
            link.table,
            f'ALTER TABLE "{link.table}" ADD CONSTRAINT "{{name}}" FOREIGN KEY ("{scope}", "{link.column}") '
            f'REFERENCES "{link.parent}" ("{scope}", "id")',
        )
        return
    body = (
        f'IF NEW."{link.column}" IS NOT NULL AND NOT EXISTS ({same_scope(link, "NEW")}) THEN '
        f"RAISE EXCEPTION 'cheyi.other_scope: {link.table}.{link.column}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;"
    )
    yield Guard(
        "trigger",
        "link",
        link.table,
        f'CREATE OR REPLACE FUNCTION "{{name}}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$; '
        f'CREATE TRIGGER "{{name}}" AFTER INSERT OR UPDATE OF "{link.column}" ON "{link.table}" '
        'FOR EACH ROW EXECUTE FUNCTION "{name}"()',
    )


PRESENT = """
SELECT 'trigger', t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace AND t.tgname LIKE %(prefix)s
UNION ALL SELECT 'policy', policyname, tablename FROM pg_policies
    WHERE schemaname = 'public' AND policyname LIKE %(prefix)s
UNION ALL SELECT 'constraint', o.conname, c.relname FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
    WHERE c.relnamespace = 'public'::regnamespace AND o.contype = 'f' AND o.conname LIKE %(prefix)s
UNION ALL SELECT 'index', indexname, tablename FROM pg_indexes
    WHERE schemaname = 'public' AND indexname LIKE %(prefix)s
"""


def present(connection: BaseDatabaseWrapper) -> dict[tuple[str, str], str]:
    """The guards that stand in the database: (kind, name) and the table."""
    with connection.cursor() as cursor:
        cursor.execute(PRESENT, {"prefix": PREFIX.replace("_", r"\_") + "%"})
        return {(kind, name): table for kind, name, table in cursor.fetchall()}


def drop(kind: str, name: str, table: str) -> str:
    """The statement that removes a guard."""
    if kind == "constraint":
        return f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"'
    if kind == "index":
        return f'DROP INDEX "{name}"'
    more = f'; DROP FUNCTION IF EXISTS "{name}"()' if kind == "trigger" else ""
    return f'DROP {kind.upper()} "{name}" ON "{table}"{more}'


def row_security(connection: BaseDatabaseWrapper) -> dict[str, bool]:
    """Per table whether row-level security is enabled and forced."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        return dict(cursor.fetchall())


def enforce(table: str) -> str:
    """The statement that switches row-level security on, for the owner too."""
    return f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY'
