"""Who works here: the list with roles in words, state and last sign-in, and one person with what he holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.http import Http404

from cheyi.foundation import demo_accounts
from cheyi.foundation.access import Viewer
from cheyi.foundation.access.roles import ROLES
from cheyi.foundation.colleagues import VIEW
from cheyi.foundation.colleagues.actions import Place
from cheyi.foundation.colleagues.names import plain
from cheyi.foundation.models import AuditEntry, Employee, Grant, PasswordLink, Store
from cheyi.foundation.sign_in import SIGNED_IN, is_locked, wrong_tries

MOST = 50
LONGEST_TEXT = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list was asked for: a text, a store, those who have left, a page."""

    text: str = ""
    store_id: int | None = None
    left: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Held:
    """The roles of one store in words; of all stores where ``store`` is empty."""

    store: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Colleague:
    """One person as the page shows him. ``state``: works, waits (for his own password), locked, left, leave, no_account."""

    id: int
    no: str
    name: str
    sign_in: str
    home_store: str
    roles: tuple[Held, ...]
    state: str
    last_sign_in: datetime | None

    @property
    def stores(self) -> tuple[str, ...]:
        """Where he works: by his roles, else where he is at home."""
        return tuple(one.store for one in self.roles if one.store) or (self.home_store,)


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list."""

    rows: tuple[Colleague, ...]
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One person with what the viewer may do about him."""

    shown: Colleague
    person: Employee
    held: frozenset[Place]
    link_until: datetime | None
    is_self: bool
    is_demo: bool


def stores_of_group(viewer: Viewer) -> list[Store]:
    """All stores in which people of the viewer's group may work, in the order of their codes. One query."""
    return list(Store.objects.filter(group_id=viewer.group_id or 0).order_by("code"))


def visible(viewer: Viewer) -> QuerySet[Employee]:
    """Whom the viewer may see: everybody of the group, or who works in his open store or is at home there."""
    people = Employee.objects.filter(group_id__in=[viewer.group_id or 0])
    if viewer.reach(VIEW) == "group":
        return people
    return people.filter(_works_in(viewer.store_id or 0))


def _works_in(store_id: int) -> Q:
    here = Grant.objects.filter(user_id=OuterRef("user_id"), store_id=store_id)
    return Q(home_store_id=store_id) | Q(Exists(here))


def narrowed(viewer: Viewer, wanted: Wanted) -> QuerySet[Employee]:
    """Whom the viewer asked for."""
    people = visible(viewer)
    if not wanted.left:
        people = people.exclude(status=Employee.Status.LEFT)
    if wanted.store_id is not None:
        people = people.filter(_works_in(wanted.store_id))
    text = plain(wanted.text)[:LONGEST_TEXT]
    if text:
        people = people.filter(Q(name__icontains=text) | Q(no__icontains=text) | Q(user__name__icontains=text))
    return people.select_related("user", "home_store")


def listed(viewer: Viewer, wanted: Wanted, *, now: datetime) -> Listed:
    """A page of at most 50, by number. Four queries, however many people there are."""
    start = (wanted.page - 1) * MOST
    found = list(narrowed(viewer, wanted).order_by("no", "pk")[start : start + MOST + 1])
    return Listed(tuple(shown(viewer, found[:MOST], now=now)), wanted.page, more=len(found) > MOST)


def shown(viewer: Viewer, people: Iterable[Employee], *, now: datetime) -> list[Colleague]:
    """People as the viewer sees them: roles of other stores only where he sees those. Three queries."""
    rows = list(people)
    ids = [one.user_id for one in rows if one.user_id is not None]
    held, wrong, last = _held(viewer, ids), wrong_tries(ids, now), _last_sign_ins(ids)
    return [
        Colleague(
            id=one.pk,
            no=one.no,
            name=one.name,
            sign_in=one.user.name if one.user else "",
            home_store=one.home_store.name,
            roles=_in_words(held[one.user_id or 0]),
            state=_state(one, locked=is_locked(wrong[one.user_id or 0])),
            last_sign_in=last.get(one.user_id or 0),
        )
        for one in rows
    ]


def _grants(viewer: Viewer) -> QuerySet[Grant]:
    """The roles that the viewer may see: those of the whole group, else those that hold in his open store."""
    of_all = Q(group_id=viewer.group_id or 0)
    wide = viewer.reach(VIEW) == "group"
    return Grant.objects.filter(of_all | (Q(store__group_id=viewer.group_id) if wide else Q(store_id=viewer.store_id)))


def _held(viewer: Viewer, user_ids: list[int]) -> dict[int, list[Grant]]:
    found: dict[int, list[Grant]] = defaultdict(list)
    for grant in _grants(viewer).filter(user_id__in=user_ids).select_related("store").order_by("store__code", "pk"):
        found[grant.user_id].append(grant)
    return found


def _in_words(grants: list[Grant]) -> tuple[Held, ...]:
    by_store: dict[str, list[str]] = defaultdict(list)
    for grant in sorted(grants, key=lambda one: (one.store is not None, one.store.code if one.store else "")):
        by_store[grant.store.name if grant.store else ""].append(grant.role)
    return tuple(
        Held(store, tuple(str(words) for role, words in ROLES.items() if role in roles))
        for store, roles in by_store.items()
    )


def _last_sign_ins(user_ids: list[int]) -> dict[int, datetime]:
    entries = AuditEntry.objects.filter(thing="foundation.user", thing_id__in=user_ids, code=SIGNED_IN)
    return dict(entries.values_list("thing_id").annotate(last=Max("at")))


def _state(person: Employee, *, locked: bool) -> str:
    if person.status != Employee.Status.ACTIVE:
        return str(person.status)
    if person.user is None or not person.user.is_active:
        return "no_account"
    if person.user.password.startswith(UNUSABLE_PASSWORD_PREFIX):
        return "waits"
    return "locked" if locked else "works"


def colleague(viewer: Viewer, employee_id: int) -> Employee:
    """One whom the viewer may see. Raises Http404."""
    person = visible(viewer).select_related("user", "home_store").filter(pk=employee_id).first()
    if person is None:
        raise Http404(f"employee {employee_id}")
    return person


def card(viewer: Viewer, person: Employee, *, now: datetime) -> Card:
    """What the page of one person shows."""
    held = _grants(viewer).filter(user_id=person.user_id or 0).values_list("store_id", "role")
    links = PasswordLink.objects.filter(user_id=person.user_id or 0, used_at=None, expires_at__gt=now)
    sign_in = person.user.name if person.user else ""
    return Card(
        shown=shown(viewer, [person], now=now)[0],
        person=person,
        held=frozenset(held),
        link_until=links.values_list("expires_at", flat=True).first(),
        is_self=person.user_id is not None and person.user_id == viewer.user_id,
        is_demo=any(one.name == sign_in for one in demo_accounts.shown()),
    )
