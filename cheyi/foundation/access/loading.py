"""Reading a viewer from the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q

from cheyi.foundation.access.viewer import Viewer
from cheyi.foundation.models import ApiToken, Employee, Grant, Store, User
from cheyi.foundation.questions import Question
from cheyi.foundation.scope import everywhere

GRANTS = Question(
    lambda user: (
        Grant.objects.filter(user_id=user, user__is_active=True)
        .select_related("user__employee", "store")
        .order_by("pk")
    )
)


def load_person(user_id: int, *, store_id: int | None) -> tuple[Viewer, Store] | None:
    """The viewer of a user and the store he opens; see ``viewer_of``. One query, two for a group's role."""
    with everywhere("who signs in is not yet in a store"):
        grants = GRANTS(user=user_id)
    stores = _stores(grants)
    if not stores:
        return None
    user = grants[0].user
    employee = _working(user)
    store = _open_store(stores, store_id, employee)
    viewer = Viewer(
        user_id=user.pk,
        employee_id=employee.pk if employee else None,
        name=employee.name if employee else user.name,
        group_id=store.group_id,
        legal_entity_id=store.legal_entity_id,
        store_id=store.pk,
        roles=frozenset(g.role for g in grants if g.store_id == store.pk or g.group_id == store.group_id),
        single_keys=user.single_keys,
        theme=user.theme,
        stores=tuple((one.pk, one.name) for one in sorted(stores.values(), key=lambda one: one.code)),
    )
    return viewer, store


def _working(user: User) -> Employee | None:
    employee: Employee | None = getattr(user, "employee", None)
    return None if employee is None or employee.status == Employee.Status.LEFT else employee


def _stores(grants: list[Grant]) -> dict[int, Store]:
    stores = {grant.store_id: grant.store for grant in grants if grant.store is not None and grant.store_id}
    groups = {grant.group_id for grant in grants if grant.group_id}
    if groups:
        stores.update({store.pk: store for store in Store.objects.filter(group_id__in=groups)})
    return stores


def _open_store(stores: dict[int, Store], wanted: int | None, employee: Employee | None) -> Store:
    if wanted in stores:
        return stores[wanted]
    if employee is not None and employee.home_store_id in stores:
        return stores[employee.home_store_id]
    return stores[min(stores)]


def load_colleagues(viewer: Viewer, roles: Sequence[str]) -> list[tuple[int, str, set[str]]]:
    """(user, name, roles held) of who holds one of the roles in the viewer's open store and can sign in; one query."""
    here = Q(store_id=viewer.store_id) | Q(group_id=viewer.group_id)
    rows = Grant.objects.filter(here, role__in=roles, user__is_active=True).exclude(user_id=viewer.user_id or 0)
    rows = rows.exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    found: dict[int, tuple[int, str, set[str]]] = {}
    with everywhere("whoever may agree is named to who asks, in whichever store he is at home"):
        for grant in rows.select_related("user__employee").order_by("pk"):
            employee: Employee | None = getattr(grant.user, "employee", None)
            if employee is not None and employee.status == Employee.Status.LEFT:
                continue
            name = employee.name if employee else grant.user.name
            found.setdefault(grant.user_id, (grant.user_id, name, set()))[2].add(grant.role)
    return list(found.values())


def person_by_token(token: ApiToken) -> tuple[Viewer, Store] | None:
    """Whom a machine's token stands for: the user's rights in the token's store, narrowed to the token's list."""
    found = load_person(token.user_id, store_id=token.store_id)
    if found is None or found[1].pk != token.store_id:
        return None
    viewer, store = found
    return (replace(viewer, token_permissions=frozenset(token.permissions)), store) if token.permissions else found
