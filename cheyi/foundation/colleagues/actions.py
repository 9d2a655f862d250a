"""The verbs of people: hire, change roles, leave, come back, release a lock. Only an administrator, never for himself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q
from django.utils.translation import gettext as _

from cheyi.foundation import demo_accounts, one_time
from cheyi.foundation.access import Viewer, viewer_of
from cheyi.foundation.access.roles import FOR_ALL_STORES, ROLES
from cheyi.foundation.acts import act, announce, audit, inverse, lock
from cheyi.foundation.changes import changed_since, demand_unchanged
from cheyi.foundation.colleagues import GRANT
from cheyi.foundation.colleagues.events import EmployeeRolesChanged
from cheyi.foundation.colleagues.names import plain, read_name, read_no, read_sign_in, shown
from cheyi.foundation.models import Employee, Grant, Group, PasswordLink, Store, User
from cheyi.foundation.scope import within
from cheyi.foundation.sign_in import forget_wrong_tries, is_locked, wrong_tries
from cheyi.foundation.sources import Source
from cheyi.foundation.todos import remind_to
from cheyi.foundation.web.viewers import end_sessions
from cheyi.kernel import Refused

Place = tuple[int | None, str]
"""A role in a store, or in all stores of the group (None)."""
FIELDS = ("name", "home_store", "roles", "status")
LEFT = Employee.Status.LEFT
LONGEST_REASON = 100
TODO_RELEASED = "foundation.todo.released"


@dataclass(frozen=True, slots=True)
class Standing:
    """What may be changed of somebody, as one value."""

    name: str
    home_store_id: int
    roles: frozenset[Place]
    status: str
    left_on: date | None

    @property
    def at_work(self) -> Mapping[int, frozenset[str]]:
        """What he may do in each store; nothing once he has left."""
        found: dict[int, set[str]] = defaultdict(set)
        for store_id, role in self.roles if self.status != LEFT else ():
            if store_id is not None:
                found[store_id].add(role)
        return {store_id: frozenset(roles) for store_id, roles in found.items()}


@act
def hire(
    *,
    name: str,
    roles: Collection[Place],
    home_store: Store,
    by: Viewer,
    now: datetime,
    no: str = "",
    sign_in: str | None = "",
    hired_on: date | None = None,
) -> Employee:
    """Put a person on file, with an account that waits for the password he sets by his link; there is no default one.

    Number and sign-in name are proposed ones where none is said; with ``sign_in`` None he gets no account yet.
    Raises Refused ``foundation.colleague.no_role``, ``.role_not_here``, ``.no_longer`` and what ``names`` raises.
    """
    group_id = home_store.group_id
    open_book(group_id, by)
    clean = read_name(name)
    wanted = _demand_roles(roles, group_id, held=frozenset())
    number = read_no(no, group_id=group_id)
    user = None if sign_in is None else _account(read_sign_in(sign_in, name=clean), by=by, now=now)
    person = Employee.objects.create(
        group_id=group_id,
        user=user,
        no=number,
        name=clean,
        home_store=home_store,
        hired_on=hired_on,
        created_at=now,
        created_by_id=by.user_id,
    )
    if user is not None:
        _grant(user, group_id, wanted, by=by, now=now)
    audit(by, "foundation.employee.hired", person, now=now, roles=shown(wanted))
    _tell(person, {}, Standing(clean, home_store.pk, wanted, person.status, None).at_work, now=now)
    return person


@act
def change(
    person: Employee,
    *,
    name: str,
    home_store: Store,
    roles: Collection[Place],
    version: int | None,
    by: Viewer,
    now: datetime,
    sign_in: str = "",
) -> Employee:
    """Change name, home store and roles; who has no account gets one with the sign-in name. Changed roles end his sessions.

    Raises Refused ``foundation.colleague.changed_meanwhile``, ``.left``, ``.own_roles``, ``.last_administrator``,
    ``.no_role``, ``.role_not_here``, ``.no_longer``, and what ``names`` raises.
    """
    open_book(person.group_id, by)
    person = lock(person)
    demand_unchanged("foundation.colleague.changed_meanwhile", changed_since(person, version, FIELDS))
    if person.status == LEFT:
        raise Refused("foundation.colleague.left", name=person.name)
    clean, held = read_name(name), _standing(person)
    wanted = _demand_roles(roles, person.group_id, held=held.roles)
    if person.user_id is None:
        person.user = _account(read_sign_in(sign_in, name=clean), by=by, now=now)
        person.save(update_fields=["user"])
    _become(person, replace(held, name=clean, home_store_id=home_store.pk, roles=wanted), "changed", by=by, now=now)
    return person


@act
def leave(person: Employee, *, on: date, by: Viewer, now: datetime) -> Employee:
    """He works here no more: shut out at once, also his machines' tokens; his roles stay on file for coming back.

    Raises Refused ``foundation.colleague.own_leaving``, ``.left``, ``.last_administrator``, ``.demo``, ``.no_longer``.
    """
    open_book(person.group_id, by)
    person = lock(person)
    if person.user_id is not None and person.user_id == by.user_id:
        raise Refused("foundation.colleague.own_leaving")
    if person.status == LEFT:
        raise Refused("foundation.colleague.left", name=person.name)
    if person.user_id is not None:
        one_time.withdraw(PasswordLink, user_id=person.user_id, now=now)
    _become(person, replace(_standing(person), status=LEFT, left_on=on), "left", by=by, now=now)
    return person


@act
def come_back(person: Employee, *, by: Viewer, now: datetime) -> Employee:
    """He works here again, with the roles and the password that he had. Raises Refused ``foundation.colleague.here``."""
    open_book(person.group_id, by)
    person = lock(person)
    if person.status != LEFT:
        raise Refused("foundation.colleague.here", name=person.name)
    back = replace(_standing(person), status=Employee.Status.ACTIVE, left_on=None)
    _become(person, back, "came_back", by=by, now=now)
    return person


@act
def release(person: Employee, *, reason: str, by: Viewer, now: datetime) -> Employee:
    """Let somebody try again whom wrong tries have locked out (reliability.md 6.4); the store manager is told.

    Raises Refused ``foundation.colleague.own_release``, ``.no_reason``, ``.not_locked``, ``.no_longer``.
    """
    open_book(person.group_id, by)
    why = plain(reason)[:LONGEST_REASON]
    user = person.user
    if user is not None and user.pk == by.user_id:
        raise Refused("foundation.colleague.own_release")
    if not why:
        raise Refused("foundation.colleague.no_reason", field="reason")
    if user is None or not is_locked(wrong_tries([user.pk], now)[user.pk]):
        raise Refused("foundation.colleague.not_locked", name=person.name)
    forget_wrong_tries(user, by=by, now=now, reason=why)
    with within(person.home_store):
        remind_to(
            store=person.home_store,
            kind=TODO_RELEASED,
            source=Source("foundation.employee", person.pk, person.no),
            due_at=now,
            role="store_manager",
            facts={"name": person.name, "by": by.name, "reason": why},
            by=by,
            now=now,
        )
    return person


@inverse(GRANT)
def take_back(*, employee_id: int, version: int, former: dict[str, Any], by: Viewer, now: datetime) -> str:
    """Name, roles and status as they were, unless they were changed again. Raises Refused ``foundation.undo.impossible``."""
    person = Employee.objects.filter(pk=employee_id).first()
    if person is None:
        raise Refused("foundation.undo.impossible")
    open_book(person.group_id, by)
    person = lock(person)
    if person.version != version:
        raise Refused("foundation.undo.impossible")
    roles = frozenset((store_id, role) for store_id, role in former["roles"])
    left_on = date.fromisoformat(former["left_on"]) if former["left_on"] else None
    before = Standing(former["name"], former["home_store_id"], roles, former["status"], left_on)
    _become(person, before, "changed", by=by, now=now)
    return _("%(name)s as before") % {"name": before.name}


def open_book(group_id: int, by: Viewer) -> None:
    """One at a time writes in the group's list of people, and only who may still do so: another may just have ended it."""
    lock(Group(pk=group_id))
    if by.is_system:
        return
    fresh = viewer_of(by.user_id or 0, store_id=by.store_id)
    if fresh is None or fresh.group_id != group_id or not fresh.may(GRANT):
        raise Refused("foundation.colleague.no_longer")


def _demand_roles(roles: Collection[Place], group_id: int, *, held: frozenset[Place]) -> frozenset[Place]:
    """Roles of people, each where it is given; one that is held already may stay wherever it is."""
    wanted = frozenset(roles)
    if not wanted:
        raise Refused("foundation.colleague.no_role", field="roles")
    stores = set(Store.objects.filter(group_id=group_id).values_list("pk", flat=True))
    for store_id, role in sorted(wanted - held, key=lambda place: (place[0] or 0, place[1])):
        for_all = role in FOR_ALL_STORES
        known = role in ROLES and role != "customer"
        if not known or for_all != (store_id is None) or (store_id is not None and store_id not in stores):
            raise Refused("foundation.colleague.role_not_here", field="roles", role=str(ROLES.get(role, role)))
    return wanted


def _account(sign_in: str, *, by: Viewer, now: datetime) -> User:
    user = User.objects.create(name=sign_in, password=UNUSABLE_PASSWORD_PREFIX, created_at=now)
    audit(by, "foundation.account.added", user, now=now)
    return user


def _grant(user: User, group_id: int, roles: Collection[Place], *, by: Viewer, now: datetime) -> None:
    stamp = {"created_at": now, "created_by_id": by.user_id}
    Grant.objects.bulk_create(
        Grant(user=user, role=role, store_id=store_id, group_id=None if store_id else group_id, **stamp)
        for store_id, role in sorted(roles, key=lambda place: (place[0] or 0, place[1]))
    )


def _standing(person: Employee) -> Standing:
    rows = Grant.objects.filter(_here(person.group_id), user_id=person.user_id or 0)
    roles = frozenset((row.store_id, row.role) for row in rows)
    return Standing(person.name, person.home_store_id, roles, person.status, person.left_on)


def _here(group_id: int) -> Q:
    return Q(group_id=group_id) | Q(store__group_id=group_id)


def _become(person: Employee, now_is: Standing, what: str, *, by: Viewer, now: datetime) -> None:
    """Write what differs: the five steps of every change. Nothing is written when nothing differs."""
    former = _standing(person)
    if former == now_is:
        return
    at_work = former.at_work != now_is.at_work or former.roles != now_is.roles or former.status != now_is.status
    if at_work and by.user_id is not None and person.user_id == by.user_id:
        raise Refused("foundation.colleague.own_roles", field="roles")
    if at_work and person.user is not None:
        demand_no_demo(person.user)
    person.name, person.home_store_id = now_is.name, now_is.home_store_id
    person.status, person.left_on, person.version = now_is.status, now_is.left_on, person.version + 1
    person.save(update_fields=["name", "home_store", "status", "left_on", "version"])
    if at_work and person.user is not None:
        _rewrite(person.user, person.group_id, former, now_is, by=by, now=now)
    _demand_administrator(person.group_id, former, now_is)
    names = [name for name in FIELDS if _of(former, name) != _of(now_is, name)]
    undo = {"employee_id": person.pk, "version": person.version, "former": _plain(former)}
    facts = {"given": shown(now_is.roles - former.roles), "taken": shown(former.roles - now_is.roles)}
    code = f"foundation.employee.{what}"
    audit(by, code, person, now=now, undo=(GRANT, undo), fields=names, version=person.version, **facts)
    _tell(person, former.at_work, now_is.at_work, now=now)


def _rewrite(user: User, group_id: int, former: Standing, now_is: Standing, *, by: Viewer, now: datetime) -> None:
    """Take and give roles, shut out who has left, and have him sign in anew with what he may do now."""
    for store_id, role in former.roles - now_is.roles:
        where = Q(store_id=store_id) if store_id else Q(group_id=group_id)
        Grant.objects.filter(where, user=user, role=role).delete()
    _grant(user, group_id, now_is.roles - former.roles, by=by, now=now)
    if former.status != now_is.status:
        user.is_active = now_is.status != LEFT
        user.save(update_fields=["is_active"])
    end_sessions(user)


def _of(standing: Standing, field: str) -> Any:
    return getattr(standing, "home_store_id" if field == "home_store" else field)


def _plain(former: Standing) -> dict[str, Any]:
    return {
        "name": former.name,
        "home_store_id": former.home_store_id,
        "roles": sorted(([store_id, role] for store_id, role in former.roles), key=str),
        "status": former.status,
        "left_on": former.left_on.isoformat() if former.left_on else "",
    }


def _demand_administrator(group_id: int, former: Standing, now_is: Standing) -> None:
    """Raise Refused ``foundation.colleague.last_administrator`` when nobody is left who can sign in and give roles."""
    held = any(role == "administrator" for _store_id, role in former.roles)
    kept = any(role == "administrator" for _store_id, role in now_is.roles) and now_is.status != LEFT
    if not held or kept:
        return
    rows = Grant.objects.filter(_here(group_id), role="administrator", user__is_active=True)
    if not rows.exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX).exists():
        raise Refused("foundation.colleague.last_administrator", field="roles")


def demand_no_demo(user: User) -> None:
    """Raise Refused ``foundation.colleague.demo`` for an account that the demo shows on its sign-in page."""
    if any(one.name == user.name for one in demo_accounts.shown()):
        raise Refused("foundation.colleague.demo")


def _tell(
    person: Employee,
    former: Mapping[int, frozenset[str]],
    roles: Mapping[int, frozenset[str]],
    *,
    now: datetime,
) -> None:
    for store_id in sorted(former.keys() | roles.keys()):
        if former.get(store_id) != roles.get(store_id):
            held = tuple(sorted(roles.get(store_id, ())))
            announce(EmployeeRolesChanged(store_id=store_id, employee_id=person.pk, roles=held, happened_at=now))
