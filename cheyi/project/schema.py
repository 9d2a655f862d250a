"""Bringing the schema up to date."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def is_behind() -> bool:
    """Whether a migration has not been applied yet."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate(*, verbosity: int = 0) -> None:
    """Apply all migrations and install the guards."""
    call_command("migrate", interactive=False, verbosity=verbosity)
