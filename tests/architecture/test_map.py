"""What import-linter cannot see: foreign keys point down, other packages enter by the front doors."""

from __future__ import annotations

import ast
import re

from django.apps import apps
from django.db import models

from tests.architecture.source import CHEYI, LEVEL, modules, package_of, short

FRONT_DOORS = {"models", "actions", "queries", "events", "access", "rules", "engine", "imports", "catalog"}
OPEN_HOUSES = {"kernel", "foundation"}
SCOPES = {"store", "group", "legal_entity", "installation"}


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("cheyi.")]


def test_foreign_keys_point_down_or_stay_at_home():
    upward = [
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and LEVEL[field.related_model._meta.app_label] > LEVEL[model._meta.app_label]
    ]
    assert upward == []


def test_nothing_is_deleted_by_following_a_foreign_key():
    cascading = [
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE
    ]
    through = [name for name in cascading if "_" not in name.split(".")[1]]
    assert [name for name in through if not name.startswith(("foundation.Team_members",))] == []


def test_every_model_states_its_scope():
    unstated = [
        model._meta.label
        for model in own_models()
        if not model._meta.auto_created and getattr(model, "scope_kind", None) not in SCOPES
    ]
    assert unstated == []


def test_unique_keys_of_scoped_tables_start_with_the_scope():
    wrong = []
    for model in own_models():
        kind = getattr(model, "scope_kind", "installation")
        if kind == "installation":
            continue
        wrong += [
            f"{model._meta.label}.{field.name}"
            for field in model._meta.fields
            if field.unique and not field.primary_key and field.name != "uid" and not field.one_to_one
        ]
        wrong += [
            constraint.name
            for constraint in model._meta.constraints
            if isinstance(constraint, models.UniqueConstraint) and not starts_with_scope(constraint, kind)
        ]
    assert wrong == []


def starts_with_scope(constraint: models.UniqueConstraint, kind: str) -> bool:
    names = list(constraint.fields) or [getattr(e, "name", "") for e in constraint.expressions]
    return bool(names) and names[0] == kind


def imported_names(tree: ast.Module) -> list[str]:
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return names


def test_other_packages_enter_by_the_front_doors():
    broken = []
    for path, tree in modules().items():
        home = package_of(path) if path.parent != CHEYI else "project"
        if home == "project":
            continue
        for name in imported_names(tree):
            steps = name.split(".")
            if steps[0] != "cheyi" or len(steps) < 3 or steps[1] in OPEN_HOUSES | {home}:
                continue
            if steps[2] not in FRONT_DOORS:
                broken.append(f"{short(path)}: {name}")
    assert broken == []


def test_templates_use_their_own_lower_and_ui_files():
    wrong = []
    for path in CHEYI.rglob("templates/**/*.html"):
        home = package_of(path)
        for used in re.findall(r"{%-?\s*(?:extends|include|import|from)\s+\"([^\"]+)\"", path.read_text("utf-8")):
            owner = used.split("/")[0]
            if owner != "ui" and LEVEL.get(owner, 99) > LEVEL[home]:
                wrong.append(f"{short(path)}: {used}")
    assert wrong == []
