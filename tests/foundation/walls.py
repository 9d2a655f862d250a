"""Two small tables with every guard on them, for the tests of the guards."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext

from django.db import connection

from cheyi.foundation.guards import on_sqlite
from cheyi.foundation.guards.declarations import Link, Table

SHELF = Table("trial_shelf", "store", append_only=False, links=())
BOX = Table(
    "trial_box",
    "store",
    append_only=True,
    links=(
        Link("trial_box", "store", "shelf_id", "trial_shelf", "store"),
        Link("trial_box", "store", "employee_id", "foundation_employee", "group"),
        Link("trial_box", "store", "entity_id", "foundation_legalentity", "node"),
    ),
)
NOTE = Table(
    "trial_note", "group", append_only=False, links=(Link("trial_note", "group", "shelf_id", "trial_shelf", "store"),)
)


def engine():
    if connection.vendor == "postgresql":
        from cheyi.foundation.guards import on_postgresql

        return on_postgresql
    return on_sqlite


def run(*statements, params=()):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, params or None)


def owner():
    return connection.as_owner() if connection.vendor == "postgresql" else nullcontext()


@contextmanager
def trial_tables():
    """Make the tables with their guards; the test's transaction takes them back."""
    number = "id BIGINT PRIMARY KEY"
    with owner():
        run(
            f"CREATE TABLE trial_shelf ({number}, store_id BIGINT NOT NULL)",
            f"CREATE TABLE trial_box ({number}, store_id BIGINT NOT NULL, shelf_id BIGINT, employee_id BIGINT,"
            " entity_id BIGINT)",
            f"CREATE TABLE trial_note ({number}, group_id BIGINT NOT NULL, shelf_id BIGINT)",
        )
        guards = {guard.name: guard for table in (SHELF, BOX, NOTE) for guard in engine().wanted(table)}
        order = ("index", "constraint", "policy", "trigger")
        run(*(guard.create for guard in sorted(guards.values(), key=lambda guard: order.index(guard.kind))))
        if connection.vendor == "postgresql":
            run(*(engine().enforce(table.name) for table in (SHELF, BOX, NOTE)))
            run("GRANT SELECT, INSERT, UPDATE, DELETE ON trial_shelf, trial_box, trial_note TO cheyi_app")
    yield
