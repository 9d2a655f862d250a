"""Who is looking or acting: the person of a request with what the grants give him in the open store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from cheyi.foundation.access.permissions import WIDTH, granted
from cheyi.foundation.access.roles import ROLES
from cheyi.foundation.scope import Scope


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person (or SYSTEM) in one open store. ``roles`` are those held there; ``stores`` all stores granted (id, name)."""

    user_id: int | None
    employee_id: int | None
    name: str
    group_id: int | None
    legal_entity_id: int | None
    store_id: int | None
    roles: frozenset[str] = frozenset()
    token_permissions: frozenset[str] = frozenset()
    single_keys: bool = True
    theme: str = ""
    stores: tuple[tuple[int, str], ...] = ()
    is_system: bool = field(default=False)

    def may(self, code: str) -> bool:
        """Whether some role gives the permission (and the token, if there is one, does not narrow it away)."""
        if self.is_system:
            return True
        if self.token_permissions and code not in self.token_permissions:
            return False
        return any(granted(role, code) for role in self.roles)

    def reach(self, code: str) -> str:
        """How far: ``own``, ``store``, ``group``, ``numbers``, or nothing."""
        if self.is_system:
            return "group"
        cells = [cell for role in self.roles if (cell := granted(role, code))]
        return max((cell.reach for cell in cells), key=WIDTH.__getitem__, default="")

    def masked(self, code: str) -> bool:
        """Whether persons are shown masked under this permission: no role gives it unmasked."""
        cells = [cell for role in self.roles if (cell := granted(role, code))]
        return not self.is_system and all(cell.masked for cell in cells)

    @property
    def store_ids(self) -> tuple[int, ...]:
        """All stores granted."""
        return tuple(pk for pk, _ in self.stores)

    @property
    def store_name(self) -> str:
        """The open store's name."""
        return dict(self.stores).get(self.store_id or 0, "")

    @property
    def role_label(self) -> str:
        """The roles held in the open store, in words."""
        return " · ".join(str(label) for role, label in ROLES.items() if role in self.roles)

    @property
    def scope(self) -> Scope:
        """The rows of the open store, its group and its legal entity."""
        if self.store_id is None or self.group_id is None or self.legal_entity_id is None:
            return Scope()
        return Scope(
            group_ids=frozenset([self.group_id]),
            legal_entity_ids=frozenset([self.legal_entity_id]),
            store_ids=frozenset([self.store_id]),
            home_store_id=self.store_id,
        )

    def now(self) -> datetime:
        """The clock, for records whose act was given none."""
        return datetime.now(UTC)


SYSTEM = Viewer(
    user_id=None,
    employee_id=None,
    name="SYSTEM",
    group_id=None,
    legal_entity_id=None,
    store_id=None,
    is_system=True,
)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the same store who may do what the viewer may not do alone."""

    user_id: int
    name: str
    role_label: str


def colleagues_who_may(viewer: Viewer, *codes: str) -> tuple[Colleague, ...]:
    """Who of the open store has one of the permissions and can sign in, the viewer himself left out; one query."""
    from cheyi.foundation.access.loading import load_colleagues  # noqa: PLC0415 - models import the scope first

    roles = [role for role in ROLES if any(granted(role, code) for code in codes)]
    return tuple(
        Colleague(user_id, name, " · ".join(str(ROLES[role]) for role in roles if role in held))
        for user_id, name, held in load_colleagues(viewer, roles)
    )


def viewer_of(user_id: int, *, store_id: int | None = None) -> Viewer | None:
    """The viewer for a signed-in user: None when he is inactive or has no grant left.

    The store wanted is taken if granted, else the employee's home store, else the first one. Two queries at most.
    """
    from cheyi.foundation.access.loading import load_person  # noqa: PLC0415 - models import the scope first

    found = load_person(user_id, store_id=store_id)
    return found[0] if found else None
