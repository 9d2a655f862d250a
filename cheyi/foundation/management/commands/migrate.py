"""Django's ``migrate`` with two changes: an empty database gets its tables at once, and the guards follow.

Replaying every migration on an empty database renders all models again for each step (20 s for the first hundred tables),
though the outcome is known: the models. So the tables are made from the models and all migrations marked as applied;
tests/foundation/test_schema.py proves that both ways give the same schema. Reference rows are therefore never put in by a
migration.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from django.apps import apps
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from cheyi.foundation.db.sqlite3 import expectations
from cheyi.foundation.guards import installing
from cheyi.foundation.scope import everywhere


class Command(migrate.Command):
    """Migrates as the owner of the tables, with every row in sight."""

    def add_arguments(self, parser: Any) -> None:
        """One more: the long way on an empty database, for the test that compares both."""
        super().add_arguments(parser)
        parser.add_argument("--replay", action="store_true", help="Run every migration even on an empty database.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then install the guards, also when a migration fails."""
        connection = connections[options["database"]]
        replay = options.pop("replay", False)
        if options["plan"] or options["check_unapplied"]:
            super().handle(*args, **options)
            return
        owner = connection.as_owner() if hasattr(connection, "as_owner") else nullcontext()
        with owner, everywhere("changing the schema"):
            if not replay and not options["app_label"] and not connection.introspection.table_names():
                create_all(connection)
                installing.install(connection)
            else:
                self._step_by_step(connection, *args, **options)
            if connection.vendor == "sqlite":
                expectations.write(connection)
        connection.close()

    def _step_by_step(self, connection: Any, *args: Any, **options: Any) -> None:
        """SQLite rebuilds tables, for which the triggers must be out of the way."""
        if connection.vendor == "sqlite":
            installing.remove(connection)
        try:
            super().handle(*args, **options)
        finally:
            installing.install(connection)


def create_all(connection: Any) -> None:
    """Make the tables of all installed models in an empty database and mark every migration as applied."""
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.can_migrate(connection):  # noqa: SLF001 - Django's own way to ask
                editor.create_model(model)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    applied = [recorder.Migration(app=app, name=name) for app, name in MigrationLoader(None).graph.nodes]
    recorder.Migration.objects.using(connection.alias).bulk_create(applied)
