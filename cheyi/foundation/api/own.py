"""What every account may do by machine: see who it is, its to-dos, search, undo, keep its wishes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404
from ninja import Field, Router, Schema

from cheyi.foundation import acts, searching, todos
from cheyi.foundation.access import all_permissions
from cheyi.foundation.api.paging import turned
from cheyi.foundation.api.plumbing import question, verb
from cheyi.foundation.api.shapes import Body, Cursor, Nothing
from cheyi.foundation.models import Todo
from cheyi.foundation.sign_in import prefer

router = Router(tags=["account"])
USE = "foundation.account.use"
Words = Annotated[str, Field(max_length=80)]


class StoreOut(Schema):
    """A store that the account may open; a token stands in one of them."""

    id: int
    name: str


class AccountOut(Schema):
    """Who calls, in which store, and what he may do there."""

    user_id: int
    employee_id: int | None
    name: str
    roles: list[str]
    store: StoreOut
    stores: list[StoreOut]
    permissions: list[str]


class PreferencesIn(Body):
    """How this user wants his screen and keys; what is left out stays."""

    theme: Literal["", "light", "dark"] | None = None
    single_keys: bool | None = None


class TodoOut(Schema):
    """Something to do, and until when."""

    id: int
    kind: str
    text: str
    due_at: datetime
    done_at: datetime | None
    source_kind: str
    source_id: int
    source_label: str

    @classmethod
    def of(cls, todo: Todo) -> TodoOut:
        """The shape of a row."""
        names = ("kind", "due_at", "done_at", "source_kind", "source_id", "source_label")
        return cls(id=todo.pk, text=todos.sentence(todo), **{name: getattr(todo, name) for name in names})


class TodosOut(Schema):
    """A page of to-dos; ``next`` is the cursor of the following page."""

    todos: list[TodoOut]
    next: int | None


class HitOut(Schema):
    """One hit: what it is, and the page that shows it."""

    title: str
    detail: str
    note: str
    plate: str
    code: str
    status: str
    url: str


class GroupOut(Schema):
    """Hits of one kind."""

    heading: str
    hits: list[HitOut]


class SearchOut(Schema):
    """What the search box would show."""

    groups: list[GroupOut]


class UndoneOut(Schema):
    """What was undone, in words."""

    message: str


@question(router, "/account", permission=USE, response=AccountOut)
def account(request: Any) -> AccountOut:
    """Whose token this is, in which store, and what it may do."""
    return account_of(request)


def account_of(request: Any) -> AccountOut:
    """Who calls."""
    viewer = request.viewer
    return AccountOut(
        user_id=viewer.user_id,
        employee_id=viewer.employee_id,
        name=viewer.name,
        roles=sorted(viewer.roles),
        store=StoreOut(id=request.store.pk, name=request.store.name),
        stores=[StoreOut(id=pk, name=name) for pk, name in viewer.stores],
        permissions=sorted(code for code in all_permissions() if viewer.may(code)),
    )


@verb(router, "/account/prefer", permission=USE, response=AccountOut)
def preferences(request: Any, body: PreferencesIn) -> AccountOut:
    """Keep how this user wants his screen and keys."""
    prefer(request.viewer.user_id, **body.model_dump(exclude_none=True))
    return account_of(request)


@question(router, "/todos", permission=USE, response=TodosOut)
def list_todos(request: Any, after: Cursor = 0) -> TodosOut:
    """What is open for this account, by name or by role."""
    rows, following = turned(todos.todos_of(request.viewer), after)
    return TodosOut(todos=[TodoOut.of(row) for row in rows], next=following)


@verb(router, "/todos/{int:todo_id}/done", permission=USE, response=TodoOut)
def done(request: Any, todo_id: int, body: Nothing) -> TodoOut:
    """Tick it off."""
    del body
    row = todos.todos_of(request.viewer).filter(pk=todo_id).first()
    if row is None:
        raise Http404(f"todo {todo_id}")
    return TodoOut.of(todos.done(row, by=request.viewer, now=request.now))


@question(router, "/search", permission=USE, response=SearchOut)
def search(request: Any, q: Words) -> SearchOut:
    """What the search box finds for this account in its store."""
    text = q.strip()
    found = searching.groups(text, viewer=request.viewer, store=request.store, now=request.now) if text else []
    names = ("title", "detail", "note", "plate", "code", "status", "url")
    return SearchOut(
        groups=[
            GroupOut(
                heading=str(group.heading),
                hits=[HitOut(**{name: str(getattr(hit, name)) for name in names}) for hit in group.hits],
            )
            for group in found
            if group.kind == "things"
        ]
    )


@verb(router, "/undo/{uuid:uid}", permission=USE, response=UndoneOut)
def undo(request: Any, uid: UUID, body: Nothing) -> UndoneOut:
    """Undo an act, with the right that its inverse needs; the act's answer names it in ``X-Undo``."""
    del body
    return UndoneOut(message=acts.undo(uid, by=request.viewer, now=request.now))
