"""To-dos: what a person or a role still has to do, and when (待办)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from cheyi.foundation.access import SYSTEM, Viewer
from cheyi.foundation.acts import act, lock
from cheyi.foundation.models import Employee, Store, Todo
from cheyi.foundation.refusals import wording
from cheyi.foundation.sources import Source


@act
def remind_to(
    *,
    store: Store,
    kind: str,
    source: Source,
    due_at: datetime,
    now: datetime,
    role: str = "",
    assignee: Employee | None = None,
    facts: Mapping[str, Any] | None = None,
    by: Viewer = SYSTEM,
) -> Todo:
    """Have a role or a person do something about a document; said twice it is one to-do with the later details.

    ``kind`` is a code with wording, which the facts fill. Raises ValueError when nobody is named.
    """
    if not role and assignee is None:
        raise ValueError(f"{kind}: somebody must do it")
    details = {"role": role, "assignee": assignee, "due_at": due_at, "facts": dict(facts or {})}
    open_ones = Todo.objects.filter(store=store, kind=kind, source_kind=source.kind, source_id=source.id, done_at=None)
    todo = open_ones.select_for_update(of=("self",)).first()
    if todo is None:
        todo = Todo(store=store, kind=kind, created_at=now, created_by_id=by.user_id, **details)
        todo.source_kind, todo.source_id, todo.source_label = source.kind, source.id, source.label
        todo.save(force_insert=True)
        return todo
    for name, value in details.items():
        setattr(todo, name, value)
    todo.save(update_fields=list(details))
    return todo


@act
def done(todo: Todo, *, by: Viewer, now: datetime) -> Todo:
    """Tick it off; done twice it stays as it was first."""
    todo = lock(todo)
    if todo.done_at is None:
        todo.done_at, todo.done_by_id = now, by.user_id
        todo.save(update_fields=["done_at", "done_by_id"])
    return todo


@act
def settle(*, store: Store, source: Source, by: Viewer, now: datetime, kinds: tuple[str, ...] = ()) -> int:
    """Tick off what is open about a document (of some kinds, or all), because it happened. Gives how many."""
    rows = Todo.objects.filter(store=store, source_kind=source.kind, source_id=source.id, done_at=None)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return rows.update(done_at=now, done_by_id=by.user_id)


def todos_of(viewer: Viewer) -> QuerySet[Todo]:
    """What is open for this viewer in the open store, by name or by role, the earliest first."""
    mine = Q(role__in=sorted(viewer.roles), assignee=None)
    if viewer.employee_id is not None:
        mine |= Q(assignee_id=viewer.employee_id)
    return Todo.objects.filter(mine, store_id__in=[viewer.store_id], done_at=None).order_by("due_at", "pk")


def open_for(person: Employee) -> QuerySet[Todo]:
    """What waits for somebody by name in the stores in sight, the earliest first."""
    return Todo.objects.filter(assignee_id=person.pk, done_at=None).order_by("due_at", "pk")


def sentence(todo: Todo) -> str:
    """What is to be done, in words."""
    text: str = str(wording()[todo.kind]) % todo.facts
    return text
