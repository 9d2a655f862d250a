"""Which stores' rows this piece of work may see and write: the first wall between stores.

Reading a scoped model outside every scope raises NoScope; the default is nothing, never everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.db import models
from django.db.models.fields.related_lookups import RelatedExact, RelatedIn
from django.db.models.sql import Query
from django.db.models.sql.where import AND

if TYPE_CHECKING:
    from cheyi.foundation.models import Store

    _Link = models.ForeignKey[Any, Any]
else:
    _Link = models.ForeignKey


Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class NoScope(RuntimeError):
    """A scoped table was touched outside every scope."""


class OutOfScope(RuntimeError):
    """A row was about to be written for a store, group or legal entity outside the scope."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The sets of ids that rows must lie in; ``reason`` is set when everything is open on purpose."""

    group_ids: frozenset[int] = frozenset()
    legal_entity_ids: frozenset[int] = frozenset()
    store_ids: frozenset[int] = frozenset()
    home_store_id: int | None = None
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether every row of the installation may be seen (system work that names its reason)."""
        return bool(self.reason)

    def ids(self, kind: str) -> frozenset[int]:
        """The ids of one kind: ``group``, ``legal_entity`` or ``store``."""
        return {"group": self.group_ids, "legal_entity": self.legal_entity_ids, "store": self.store_ids}[kind]


_scope: ContextVar[Scope | None] = ContextVar("cheyi_scope", default=None)


def current() -> Scope:
    """The scope in force. Raises NoScope."""
    scope = _scope.get()
    if scope is None:
        raise NoScope("no store is open here; use foundation.scope.within(store)")
    return scope


def current_or_none() -> Scope | None:
    """The scope in force, or None outside every scope."""
    return _scope.get()


def scope_of(*stores: Store) -> Scope:
    """The scope of some stores of one group; the first is the home store."""
    return Scope(
        group_ids=frozenset(store.group_id for store in stores),
        legal_entity_ids=frozenset(store.legal_entity_id for store in stores),
        store_ids=frozenset(store.pk for store in stores),
        home_store_id=stores[0].pk,
    )


@contextmanager
def within(*stores: Store) -> Iterator[Scope]:
    """Open the scope of some stores for the block."""
    scope = scope_of(*stores)
    with using(scope):
        yield scope


@contextmanager
def using(scope: Scope | None) -> Iterator[Scope | None]:
    """Open a given scope for the block (None closes it)."""
    token = _scope.set(scope)
    try:
        yield scope
    finally:
        _scope.reset(token)


@contextmanager
def everywhere(reason: str) -> Iterator[Scope]:
    """Open everything for system work: checks, jobs, installation. The reason is for the reader and the log."""
    if not reason:
        raise ValueError("say why everything is opened")
    token = _scope.set(Scope(reason=reason))
    try:
        yield current()
    finally:
        _scope.reset(token)


class ScopedManager(models.Manager[Row_co]):
    """Filters by the scope column and raises NoScope when there is no scope."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet[Row_co]:
        """Rows of the scope."""
        rows = super().get_queryset()
        kind: str = self.model.scope_kind  # type: ignore[attr-defined]
        scope = _scope.get()
        if scope is None:
            raise NoScope(f"{self.model.__name__} belongs to a {kind}; no scope is open")
        if scope.is_open:
            return rows
        _narrow(rows.query, kind, scope.ids(kind))
        return rows


def _narrow(query: Query, kind: str, ids: frozenset[int]) -> None:
    """What ``filter`` would add for the scope column, without taking a name apart: it is asked before every question."""
    field: Any = query.get_meta().get_field(kind)
    column = field.get_col(query.get_initial_alias())
    if len(ids) == 1:
        query.where.add(RelatedExact(column, next(iter(ids))), AND)
    else:
        query.where.add(RelatedIn(column, sorted(ids)), AND)


class ScopeKey(_Link):
    """The scope column: a row outside the scope in force is not written.

    It has no index of its own: all rows of a small shop have the same value, and SQLite, which keeps no statistics
    unasked, would rather walk such an index than one that finds three rows. Unique keys and indexes begin with it.
    """

    def __init__(self, to: Any, **kwargs: Any) -> None:
        kwargs.setdefault("on_delete", models.PROTECT)
        kwargs.setdefault("related_name", "+")
        kwargs.setdefault("db_index", False)
        super().__init__(to, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Compare with the scope. Raises NoScope, OutOfScope."""
        value = super().pre_save(model_instance, add)
        scope = current()
        kind = model_instance.scope_kind  # type: ignore[attr-defined]
        if not scope.is_open and value not in scope.ids(kind):
            raise OutOfScope(f"{type(model_instance).__name__} of {kind} {value} outside the scope")
        return value


class Stamped(models.Model):
    """Who made the row and when; the moment is handed in by the action."""

    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        abstract = True


class StoreOwned(Stamped):
    """A row of one store."""

    scope_kind: ClassVar[str] = "store"
    append_only: ClassVar[bool] = False
    store = ScopeKey("foundation.Store")
    objects = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"


class GroupOwned(Stamped):
    """A row of a group of stores."""

    scope_kind: ClassVar[str] = "group"
    append_only: ClassVar[bool] = False
    group = ScopeKey("foundation.Group")
    objects = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"


class LegalEntityOwned(Stamped):
    """A row of a legal entity."""

    scope_kind: ClassVar[str] = "legal_entity"
    append_only: ClassVar[bool] = False
    legal_entity = ScopeKey("foundation.LegalEntity")
    objects = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"


class Installation(models.Model):
    """A row of the installation itself: users, jobs, reference lists."""

    scope_kind: ClassVar[str] = "installation"
    append_only: ClassVar[bool] = False

    class Meta:
        abstract = True
