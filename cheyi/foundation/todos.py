"""To-dos: what a person or a role still has to do, and when (待办)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from cheyi.foundation.access import SYSTEM, Viewer
from cheyi.foundation.acts import act, announce, audit, inverse, lock
from cheyi.foundation.models import Employee, Store, Todo
from cheyi.foundation.refusals import wording
from cheyi.foundation.sources import Source
from cheyi.foundation.todo_events import TodoReopened, TodoSettled
from cheyi.kernel import Refused

REOPEN = "foundation.todo.reopen"
"""The permission of the inverse: whoever ticked something off may untick it."""
_own_verbs: dict[str, str] = {}


def ends_by_its_own_verb(kind: str, *, refusal: str) -> None:
    """Say that a kind is not ticked off: a verb of its package ends it, and ``refusal`` is told to who tries."""
    _own_verbs[kind] = refusal


def is_ticked(todo: Todo) -> bool:
    """Whether it is ticked off by who did it, not ended by a verb of its own."""
    return todo.kind not in _own_verbs


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
    todo = open_about(store.pk, source).filter(kind=kind).select_for_update(of=("self",)).first()
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
def done(todo: Todo, *, by: Viewer, now: datetime, result: str = "") -> Todo:
    """Tick it off; done twice it stays as it was first. ``result`` is told with the fact, where there are several.

    Raises the refusal of a kind that ends by its own verb (``ends_by_its_own_verb``).
    """
    todo = lock(todo)
    if todo.kind in _own_verbs:
        raise Refused(_own_verbs[todo.kind])
    if todo.done_at is None:
        todo.done_at, todo.done_by_id = now, by.user_id
        todo.save(update_fields=["done_at", "done_by_id"])
        audit(by, TodoSettled.code, todo, now=now, undo=(REOPEN, {"todo_id": todo.pk}), kind=todo.kind, result=result)
        announce(TodoSettled(**_about(todo), happened_at=now, result=result))
    return todo


@act
def reopen(todo: Todo, *, by: Viewer, now: datetime) -> Todo:
    """Put it on the list again with its day; what is open stays so. Raises Refused ``foundation.todo.open_again``."""
    todo = lock(todo)
    if todo.done_at is None:
        return todo
    if open_about(todo.store_id, todo.source).filter(kind=todo.kind).exists():
        raise Refused("foundation.todo.open_again")
    todo.done_at = todo.done_by_id = None
    todo.save(update_fields=["done_at", "done_by_id"])
    audit(by, TodoReopened.code, todo, now=now, kind=todo.kind)
    announce(TodoReopened(**_about(todo), happened_at=now))
    return todo


@inverse(REOPEN)
def untick(*, todo_id: int, by: Viewer, now: datetime) -> str:
    """Ticking off undone, by whose to-do it is. Raises Refused ``foundation.undo.impossible``, ``foundation.todo.open_again``."""
    todo = Todo.objects.filter(_whose(by), pk=todo_id).first()
    if todo is None:
        raise Refused("foundation.undo.impossible")
    return _("Still to do: %(what)s") % {"what": sentence(reopen(todo, by=by, now=now))}


@act
def settle(
    *, store: Store, source: Source, by: Viewer, now: datetime, kinds: tuple[str, ...] = (), result: str = ""
) -> int:
    """Tick off what is open about a document (of some kinds, or all), because it happened. Gives how many."""
    rows = open_about(store.pk, source)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    found = list(rows.select_for_update(of=("self",)).order_by("pk"))
    if found:
        Todo.objects.filter(pk__in=[todo.pk for todo in found]).update(done_at=now, done_by_id=by.user_id)
    for todo in found:
        announce(TodoSettled(**_about(todo), happened_at=now, result=result))
    return len(found)


def _about(todo: Todo) -> dict[str, Any]:
    names = ("store_id", "kind", "source_kind", "source_id")
    return {"todo_id": todo.pk, **{name: getattr(todo, name) for name in names}}


def open_about(store_id: int, source: Source) -> QuerySet[Todo]:
    """What is open about a document."""
    return Todo.objects.filter(store_id=store_id, source_kind=source.kind, source_id=source.id, done_at=None)


def todos_of(viewer: Viewer) -> QuerySet[Todo]:
    """What is open for this viewer in the open store, by name or by role, the earliest first."""
    return Todo.objects.filter(_whose(viewer), done_at=None).order_by("due_at", "pk")


def _whose(viewer: Viewer) -> Q:
    mine = Q(role__in=sorted(viewer.roles), assignee=None)
    if viewer.employee_id is not None:
        mine |= Q(assignee_id=viewer.employee_id)
    return mine & Q(store_id__in=[viewer.store_id])


def open_for(person: Employee) -> QuerySet[Todo]:
    """What waits for somebody by name in the stores in sight, the earliest first."""
    return Todo.objects.filter(assignee_id=person.pk, done_at=None).order_by("due_at", "pk")


def sentence(todo: Todo) -> str:
    """What is to be done, in words."""
    text: str = str(wording()[todo.kind]) % todo.facts
    return text
