"""Fold a first migration: constraints, indexes and late foreign keys go into their CREATE TABLE.

SQLite copies a whole table for each constraint that is added later; folded, a fresh schema takes seconds instead of
a minute. Usage: ``python tools/fold_migrations.py customers vehicles …`` after ``makemigrations`` and before a release.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

import django
from django.db import migrations
from django.db.migrations.writer import MigrationWriter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cheyi.project.settings")
os.environ.setdefault("CHEYI_TESTING", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def fold(app: str) -> int:
    module = importlib.import_module(f"cheyi.{app}.migrations.0001_initial")
    made: dict[str, migrations.CreateModel] = {}
    kept = []
    moved = 0
    for operation in module.Migration.operations:
        if isinstance(operation, migrations.CreateModel):
            made[operation.name.lower()] = operation
            kept.append(operation)
        elif isinstance(operation, (migrations.AddConstraint, migrations.AddIndex)):
            into = made[operation.model_name.lower()]
            name = "constraints" if isinstance(operation, migrations.AddConstraint) else "indexes"
            into.options[name] = [
                *into.options.get(name, []),
                getattr(operation, name.removesuffix("s").removesuffix("e")),
            ]
            moved += 1
        elif isinstance(operation, migrations.AddField) and operation.model_name.lower() in made:
            made[operation.model_name.lower()].fields.append((operation.name, operation.field))
            moved += 1
        else:
            kept.append(operation)
    module.Migration.operations = sorted_by_need(app, kept)
    write(app, module.Migration)
    return moved


def sorted_by_need(app: str, operations: list) -> list:
    """Tables after the tables that they point to; a table may point to itself."""
    done: list = []
    names: set[str] = set()
    left = list(operations)
    own = {operation.name.lower() for operation in left if isinstance(operation, migrations.CreateModel)}
    while left:
        ready = [operation for operation in left if not needs(app, operation, own) - names]
        if not ready:
            raise SystemExit(f"{app}: tables point to each other in a circle: {[o.name for o in left]}")
        for operation in ready:
            done.append(operation)
            left.remove(operation)
            names.add(getattr(operation, "name", "").lower())
    return done


def needs(app: str, operation: migrations.CreateModel, own: set[str]) -> set[str]:
    targets = set()
    for _, field in getattr(operation, "fields", []):
        target = getattr(getattr(field, "remote_field", None), "model", None)
        label = target if isinstance(target, str) else getattr(getattr(target, "_meta", None), "label_lower", "")
        if label and label.lower().startswith(f"{app}."):
            targets.add(label.lower().split(".")[1])
    return (targets & own) - {operation.name.lower()}


def write(app: str, migration: type[migrations.Migration]) -> None:
    made = migration("0001_initial", app)
    text = MigrationWriter(made, include_header=False).as_string()
    Path(f"cheyi/{app}/migrations/0001_initial.py").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    django.setup()
    for name in sys.argv[1:]:
        print(f"{name}: {fold(name)} folded")
