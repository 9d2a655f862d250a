"""People by machine: who works here, hiring, roles, leaving and coming back, release. Passwords and links have no address."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404
from ninja import Field, Router, Schema

from cheyi.foundation.api.paging import turned
from cheyi.foundation.api.plumbing import question, verb
from cheyi.foundation.api.shapes import Body, Cursor, Id, Nothing
from cheyi.foundation.colleagues import GRANT, RELEASE, VIEW, actions, queries
from cheyi.foundation.models import Employee, Store
from cheyi.foundation.web.proving import demand_proved

router = Router(tags=["colleagues"])
MOST_ROLES = 400
Words = Annotated[str, Field(max_length=60)]


class RoleIn(Body):
    """A role in a store; without a store in all of the group, as administrator and headquarters are given."""

    role: Annotated[str, Field(max_length=20)]
    store_id: Id | None = None


Roles = Annotated[list[RoleIn], Field(max_length=MOST_ROLES)]


class HireIn(Body):
    """Who is put on file; number and sign-in name are proposed ones when they are left out."""

    name: Annotated[str, Field(max_length=200)]
    roles: Roles
    home_store_id: Id | None = None
    no: Annotated[str, Field(max_length=60)] = ""
    sign_in: Annotated[str, Field(max_length=200)] = ""


class ColleagueIn(Body):
    """What he is from now on, as a whole; ``version`` is the one that was read. A sign-in name is for who has none yet."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    name: Annotated[str, Field(max_length=200)]
    roles: Roles
    home_store_id: Id | None = None
    sign_in: Annotated[str, Field(max_length=200)] = ""


class ReleaseIn(Body):
    """Why the lock is released; it is recorded."""

    reason: Annotated[str, Field(max_length=100)]


class RoleOut(Schema):
    """A role in a store; in all of the group where ``store_id`` is null."""

    role: str
    store_id: int | None


class PersonOut(Schema):
    """One person. ``state``: works, waits (for his own password), locked, leave, left, no_account."""

    id: int
    no: str
    name: str
    sign_in: str
    home_store_id: int
    state: str
    last_sign_in_at: datetime | None


class ColleagueOut(PersonOut):
    """One person with his roles; ``version`` goes back with a change."""

    version: int
    roles: list[RoleOut]


class ColleaguesOut(Schema):
    """A page of people; ``next`` is the cursor of the following page."""

    colleagues: list[PersonOut]
    next: int | None


@question(router, "/colleagues", permission=VIEW, response=ColleaguesOut)
def colleagues(
    request: Any, after: Cursor = 0, q: Words = "", store_id: Id | None = None, left: bool = False
) -> ColleaguesOut:
    """Who works here; with ``left`` also those who have left."""
    wanted = queries.Wanted(text=q, store_id=store_id, left=left)
    rows, following = turned(queries.narrowed(request.viewer, wanted), after)
    found = zip(rows, queries.shown(request.viewer, rows, now=request.now), strict=True)
    return ColleaguesOut(colleagues=[PersonOut(**_person(row, one)) for row, one in found], next=following)


@question(router, "/colleagues/{int:employee_id}", permission=VIEW, response=ColleagueOut)
def colleague(request: Any, employee_id: int) -> ColleagueOut:
    """One person with his roles."""
    return _whole(request, queries.colleague(request.viewer, employee_id))


@verb(router, "/colleagues", permission=GRANT, response=ColleagueOut)
def hire(request: Any, body: HireIn) -> ColleagueOut:
    """Put somebody on file. He signs in once an administrator has handed him a link for his password, on the page."""
    demand_proved(request)
    person = actions.hire(
        name=body.name,
        no=body.no,
        sign_in=body.sign_in,
        roles=[(one.store_id, one.role) for one in body.roles],
        home_store=_store(request, body.home_store_id or request.store.pk),
        by=request.viewer,
        now=request.now,
    )
    return _whole(request, person)


@verb(router, "/colleagues/{int:employee_id}/change", permission=GRANT, response=ColleagueOut)
def change(request: Any, employee_id: int, body: ColleagueIn) -> ColleagueOut:
    """Change name, home store and roles."""
    demand_proved(request)
    person = queries.colleague(request.viewer, employee_id)
    person = actions.change(
        person,
        name=body.name,
        home_store=_store(request, body.home_store_id or person.home_store_id),
        roles=[(one.store_id, one.role) for one in body.roles],
        sign_in=body.sign_in,
        version=body.version,
        by=request.viewer,
        now=request.now,
    )
    return _whole(request, person)


@verb(router, "/colleagues/{int:employee_id}/leave", permission=GRANT, response=ColleagueOut)
def leave(request: Any, employee_id: int, body: Nothing) -> ColleagueOut:
    """He works here no more: shut out at once."""
    del body
    demand_proved(request)
    person = queries.colleague(request.viewer, employee_id)
    on = request.store.business_date(request.now)
    return _whole(request, actions.leave(person, on=on, by=request.viewer, now=request.now))


@verb(router, "/colleagues/{int:employee_id}/come-back", permission=GRANT, response=ColleagueOut)
def come_back(request: Any, employee_id: int, body: Nothing) -> ColleagueOut:
    """He works here again, with the roles that he had."""
    del body
    demand_proved(request)
    person = queries.colleague(request.viewer, employee_id)
    return _whole(request, actions.come_back(person, by=request.viewer, now=request.now))


@verb(router, "/colleagues/{int:employee_id}/release", permission=RELEASE, response=ColleagueOut)
def release(request: Any, employee_id: int, body: ReleaseIn) -> ColleagueOut:
    """Let somebody try again whom wrong passwords have locked out."""
    demand_proved(request)
    person = queries.colleague(request.viewer, employee_id)
    return _whole(request, actions.release(person, reason=body.reason, by=request.viewer, now=request.now))


def _store(request: Any, store_id: int) -> Store:
    """A store of the group. Raises Http404."""
    store = next((one for one in queries.stores_of_group(request.viewer) if one.pk == store_id), None)
    if store is None:
        raise Http404(f"store {store_id}")
    return store


def _whole(request: Any, person: Employee) -> ColleagueOut:
    card = queries.card(request.viewer, person, now=request.now)
    roles = [RoleOut(role=role, store_id=store_id) for store_id, role in sorted(card.held, key=str)]
    return ColleagueOut(**_person(person, card.shown), version=person.version, roles=roles)


def _person(row: Employee, one: queries.Colleague) -> dict[str, Any]:
    names = ("id", "no", "name", "sign_in", "state")
    found = {name: getattr(one, name) for name in names}
    return found | {"home_store_id": row.home_store_id, "last_sign_in_at": one.last_sign_in}
