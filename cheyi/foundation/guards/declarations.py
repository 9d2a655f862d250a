"""What the guards protect, read from the models: scoped tables, append-only tables, links between scoped rows."""

# ruff: noqa: SLF001 - Django keeps what a model declares in _meta
from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

SCOPES = ("store", "group", "legal_entity")
# From a row of the first kind the row of the second kind above it is certain: a store lies in one group.
ABOVE = {("store", "group"), ("store", "legal_entity"), ("legal_entity", "group")}


@dataclass(frozen=True, slots=True)
class Link:
    """A foreign key between two scoped tables; ``parent_kind`` is ``node`` for the store, group and legal entity rows."""

    table: str
    kind: str
    column: str
    parent: str
    parent_kind: str

    @property
    def is_same(self) -> bool:
        """Whether both rows carry the same scope column, so that both directions keep inside."""
        return self.kind == self.parent_kind

    @property
    def goes_up(self) -> bool:
        """Whether the parent of a row in scope is in scope."""
        return self.is_same or (self.kind, self.parent_kind) in ABOVE


@dataclass(frozen=True, slots=True)
class Table:
    """One guarded table; ``kind`` is empty where it is append-only but has no scope."""

    name: str
    kind: str
    append_only: bool
    links: tuple[Link, ...]

    @property
    def column(self) -> str:
        """The scope column."""
        return f"{self.kind}_id"


def kind_of(model: type[models.Model]) -> str:
    """``store``, ``group``, ``legal_entity``, or nothing."""
    kind = getattr(model, "scope_kind", "")
    return kind if kind in SCOPES else ""


def node_tables() -> dict[str, str]:
    """The tables of stores, groups and legal entities themselves, by the kind that their id stands for."""
    names = {"store": "Store", "group": "Group", "legal_entity": "LegalEntity"}
    return {kind: apps.get_model("foundation", name)._meta.db_table for kind, name in names.items()}


@functools.cache
def tables() -> tuple[Table, ...]:
    """All guarded tables in the order of their names."""
    found = [_table(model) for model in apps.get_models() if not model._meta.auto_created and model._meta.managed]
    return tuple(sorted((each for each in found if each.kind or each.append_only), key=lambda each: each.name))


def _table(model: type[models.Model]) -> Table:
    kind = kind_of(model)
    links = tuple(sorted(_links(model, kind), key=lambda link: link.column)) if kind else ()
    return Table(model._meta.db_table, kind, bool(getattr(model, "append_only", False)), links)


def _links(model: type[models.Model], kind: str) -> Iterator[Link]:
    nodes = {name: node for node, name in node_tables().items()}
    for field in model._meta.local_concrete_fields:
        target: Any = field.related_model
        if not isinstance(field, models.ForeignKey) or field.column == f"{kind}_id":
            continue
        if not field.target_field.primary_key:
            continue
        parent = target._meta.db_table
        parent_kind = kind_of(target) or ("node" if nodes.get(parent) in {"store", "legal_entity"} else "")
        if parent_kind:
            yield Link(model._meta.db_table, kind, field.column, parent, parent_kind)
