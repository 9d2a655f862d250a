"""What the pages of people ask and how it is read: roles by store, the fields of a person, the state in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.http import Http404, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cheyi.foundation.access.roles import FOR_ALL_STORES, OF_A_STORE, ROLES
from cheyi.foundation.colleagues.actions import Place
from cheyi.foundation.models import Store
from cheyi.foundation.pages.numbers import number_in
from cheyi.kernel import Refused

ALL = "all"
STATES: dict[str, tuple[str, str | Promise]] = {
    "works": ("ok", _("Works here")),
    "waits": ("wait", _("Password not set")),
    "locked": ("bad", _("Locked")),
    "leave": ("wait", _("On leave")),
    "left": ("wait", _("Left")),
    "no_account": ("wait", _("No account")),
}
"""State of a person: the key of its sign, and its words."""


@dataclass(frozen=True, slots=True)
class RoleBox:
    """A role that can be ticked."""

    value: str
    words: str | Promise
    ticked: bool


@dataclass(frozen=True, slots=True)
class RoleGroup:
    """The roles of one store, or those for all stores (``store_id`` None)."""

    store_id: int | None
    name: str | Promise
    boxes: tuple[RoleBox, ...]

    @property
    def has_ticked(self) -> bool:
        """Whether he holds any of them."""
        return any(box.ticked for box in self.boxes)


def role_groups(stores: Iterable[Store], held: Collection[Place] = frozenset()) -> list[RoleGroup]:
    """The roles of each store, then those for all; a role that is held where it is no longer given can be taken away."""
    rows = [_group(store.pk, store.name, OF_A_STORE, held) for store in stores]
    return [*rows, _group(None, _("All stores"), FOR_ALL_STORES, held)]


def _group(store_id: int | None, name: str | Promise, offered: Collection[str], held: Collection[Place]) -> RoleGroup:
    has = {role for place, role in held if place == store_id}
    boxes = [
        RoleBox(f"{store_id or ALL}:{role}", words, role in has)
        for role, words in ROLES.items()
        if role in offered or role in has
    ]
    return RoleGroup(store_id, name, tuple(boxes))


def read_roles(form: QueryDict) -> list[Place]:
    """The ticked roles with their stores. Raises Http404 for what no box says."""
    found: list[Place] = []
    for text in form.getlist("roles"):
        place, _colon, role = text.partition(":")
        store_id = None if place == ALL else number_in(place)
        if not role or (store_id is None and place != ALL):
            raise Http404(f"role {text[:40]}")
        found.append((store_id, role))
    return found


def home_of(roles: Collection[Place], stores: Collection[Store], *, at: Store) -> Store:
    """Where somebody new is at home: here if he has a role here or in no store by name, else in the first of his stores."""
    his = {store_id for store_id, _role in roles if store_id is not None}
    return at if at.pk in his else next((store for store in stores if store.pk in his), at)


def read_store(form: QueryDict, stores: Collection[Store]) -> Store:
    """The store that was chosen, the only one where nothing can be chosen.

    Raises Http404 for another group's, Refused ``foundation.colleague.no_store``.
    """
    said = form.get("home_store", "").strip()
    if not said and len(stores) > 1:
        raise Refused("foundation.colleague.no_store", field="home_store")
    for store in stores:
        if not said or store.pk == number_in(said):
            return store
    raise Http404(f"store {said[:20]}")
