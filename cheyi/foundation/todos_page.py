"""What the viewer has to do, by when it is due, with what one needs to do it, and ticked off (待办)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from cheyi.foundation import todos
from cheyi.foundation.acts import to_undo
from cheyi.foundation.models import Store, Todo
from cheyi.foundation.pages import go, page, say, screen
from cheyi.foundation.pages.navigation import works_on_phone
from cheyi.foundation.pages.numbers import number_in
from cheyi.foundation.panels import Way, shown_at, way, ways_at

USE = "foundation.account.use"
MOST = 50
"""As many rows as a list page shows without the right to export (domain.md 2.4)."""
GROUPS = (("overdue", later("Overdue")), ("today", later("Today")), ("later", later("Later")))


@dataclass(frozen=True, slots=True)
class Row:
    """A to-do: its words, whose car, who or what it is about, and the way there."""

    todo: Todo
    words: str
    plate: str
    way: Way | None


@dataclass(frozen=True, slots=True)
class Group:
    """What is due at about the same time, the earliest first."""

    code: str
    label: str | Promise
    rows: Sequence[Row]


@page(USE, methods=("GET",))
def todos_page(request: Any) -> HttpResponse:
    """All that is open for the viewer, one of them opened: the one asked for, else the first."""
    found = list(todos.todos_of(request.viewer)[: MOST + 1])
    rows = _rows(request, found[:MOST])
    wanted = number_in(request.GET.get("open", "")[:18])
    opened = next((row for row in rows if row.todo.pk == wanted), rows[0] if rows else None)
    return screen(
        request,
        "foundation/todos.html",
        groups=_grouped(rows, request.store, request.now),
        opened=opened,
        panels=shown_at(opened.todo.kind, request, opened.todo.source_id) if opened else [],
        is_ticked=opened is not None and todos.is_ticked(opened.todo),
        more=len(found) > MOST,
        on_phone=works_on_phone(request.viewer),
    )


@page(USE, methods=("POST",))
def done(request: Any, todo_id: int) -> HttpResponse:
    """Tick it off."""
    todo = todos.todos_of(request.viewer).filter(pk=todo_id).first()
    if todo is None:
        raise Http404(f"todo {todo_id}")
    todos.done(todo, by=request.viewer, now=request.now)
    say(request, _("Done: %(what)s") % {"what": todos.sentence(todo)}, undo=to_undo())
    return go(request, "foundation:todos")


@way("todo.foundation.employee", order=10, permission="foundation.account.view")
def colleague(_request: Any, ids: Sequence[int]) -> dict[int, Way]:
    """To the colleague whom a to-do is about."""
    return {one: Way(_("Colleague"), reverse("foundation:colleague", args=[one]), "users-group") for one in ids}


def _rows(request: Any, found: Sequence[Todo]) -> list[Row]:
    """Each with the way to its document, asked for once for all documents of a kind."""
    ids: dict[str, set[int]] = {}
    for todo in found:
        ids.setdefault(todo.source_kind, set()).add(todo.source_id)
    ways = {kind: ways_at(f"todo.{kind}", request, sorted(some)) for kind, some in ids.items()}
    return [_row(todo, ways[todo.source_kind][todo.source_id]) for todo in found]


def _row(todo: Todo, ways: Sequence[Way]) -> Row:
    return Row(todo, todos.sentence(todo), str(todo.facts.get("plate", "")), ways[0] if ways else None)


def _grouped(rows: Sequence[Row], store: Store, now: datetime) -> list[Group]:
    sorted_by: dict[str, list[Row]] = {code: [] for code, _label in GROUPS}
    today = store.business_date(now)
    for row in rows:
        due = row.todo.due_at
        code = "overdue" if due < now else "today" if store.business_date(due) <= today else "later"
        sorted_by[code].append(row)
    return [Group(code, label, sorted_by[code]) for code, label in GROUPS if sorted_by[code]]
