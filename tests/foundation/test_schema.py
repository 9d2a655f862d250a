"""An empty database gets its tables at once from the models; every migration in turn gives exactly the same."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

from cheyi.foundation.guards import installing
from cheyi.foundation.scope import everywhere

REPLAYED = "replayed"
MADE_UP = re.compile(r"__|fk_\d+$")


@pytest.fixture
def replayed(tmp_path, django_db_blocker):
    """A second database on the same engine, made by running every migration."""
    config = dict(connection.settings_dict)
    if connection.vendor == "sqlite":
        config["NAME"] = str(tmp_path / "replayed.sqlite3")
    else:
        config["NAME"] += "_replayed"
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{config["NAME"]}"')
            cursor.execute(f'CREATE DATABASE "{config["NAME"]}"')
    connections.databases[REPLAYED] = config
    connections[REPLAYED] = connections.create_connection(REPLAYED)
    with django_db_blocker.unblock():
        yield connections[REPLAYED]
        connections[REPLAYED].close()
        if connection.vendor != "sqlite":
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{config["NAME"]}" WITH (FORCE)')
    del connections[REPLAYED]
    del connections.databases[REPLAYED]


def schema_of(wrapper):
    """Tables with their columns, and what constrains them, without the names that an engine makes up."""
    tables = {}
    with everywhere("looking at columns"), wrapper.cursor() as cursor:
        for table in sorted(wrapper.introspection.table_names(cursor)):
            columns = {
                column.name: (column.type_code, column.null_ok, column.internal_size, column.collation)
                for column in wrapper.introspection.get_table_description(cursor, table)
            }
            constraints = [
                (
                    "" if MADE_UP.match(name) else name,
                    sorted(item["columns"] or []) if item["check"] else item["columns"],
                    item["primary_key"],
                    item["unique"],
                    item["foreign_key"],
                    item["check"],
                    item["index"],
                )
                for name, item in wrapper.introspection.get_constraints(cursor, table).items()
            ]
            tables[table] = (columns, sorted(map(repr, constraints)))
    return tables


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_all_migrations_in_turn_give_the_schema_that_an_empty_database_gets_at_once(replayed):
    call_command("migrate", database=REPLAYED, replay=True, interactive=False, verbosity=0)
    at_once, in_turn = schema_of(connection), schema_of(connections[REPLAYED])
    assert at_once.keys() == in_turn.keys()
    for table, expected in at_once.items():
        assert in_turn[table] == expected, table
    assert installing.missing(connections[REPLAYED]) == []
    applied = "SELECT app, name FROM django_migrations"
    with connection.cursor() as one, connections[REPLAYED].cursor() as other:
        one.execute(applied)
        other.execute(applied)
        assert sorted(one.fetchall()) == sorted(other.fetchall())


@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration():
    from django.apps import apps

    loader = MigrationLoader(connection)
    own = {name.removeprefix("cheyi.") for name in settings.OWN_APPS}
    with translation.override(None):  # choices are compared by their texts, which migrations keep untranslated
        now = ProjectState.from_apps(apps)
        changes = MigrationAutodetector(loader.project_state(), now).changes(graph=loader.graph)
    forgotten = {
        app: [operation.describe() for migration in found for operation in migration.operations]
        for app, found in changes.items()
        if app in own
    }
    assert forgotten == {}


@pytest.mark.django_db
def test_no_migration_puts_in_rows():
    """An empty database skips them: reference rows come from the program, not from a migration."""
    loader = MigrationLoader(None)
    running = [
        f"{app}.{name}"
        for (app, name), migration in loader.disk_migrations.items()
        if app != "sessions"
        for operation in migration.operations
        if type(operation).__name__ in {"RunPython", "RunSQL"} and not getattr(operation, "elidable", False)
    ]
    assert running == []
