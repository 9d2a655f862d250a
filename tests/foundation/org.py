"""A small group with two stores, and people in roles, for the tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from cheyi.foundation.access import Viewer, viewer_of
from cheyi.foundation.models import Employee, Grant, Group, LegalEntity, Store, User
from cheyi.foundation.scope import everywhere, within

NOW = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)  # 09:00 on a Monday in Shanghai
USABLE = "!"


@dataclass
class Town:
    """A group with a home store and a sister store of another legal entity."""

    group: Group
    store: Store
    sister: Store
    people: dict[tuple[str, str], Viewer] = field(default_factory=dict)

    def person(self, role: str, name: str = "", *, store: Store | None = None) -> Viewer:
        """The viewer of a person in a role, hired on first use."""
        name = name or role
        at = store or self.store
        if (role, name) not in self.people:
            self.people[role, name] = hire(at, role, name)
        return self.people[role, name]


def found_town() -> Town:
    """Make the group, its two legal entities and stores."""
    group = Group.objects.create(name="恒远", created_at=NOW)
    east = LegalEntity.objects.create(group=group, name="恒远东", created_at=NOW)
    west = LegalEntity.objects.create(group=group, name="恒远西", created_at=NOW)
    store = Store.objects.create(group=group, legal_entity=east, code="SH01", name="滨江店", created_at=NOW)
    sister = Store.objects.create(group=group, legal_entity=west, code="SH02", name="西湖店", created_at=NOW)
    return Town(group, store, sister)


def hire(store: Store, role: str, name: str) -> Viewer:
    """A person with a sign-in and one role in a store."""
    user = User.objects.create(name=f"{store.code}-{role}-{name}", password=USABLE, created_at=NOW)
    with everywhere("hiring"):
        Employee.objects.create(
            group_id=store.group_id,
            user=user,
            no=f"{store.code}-{user.pk}",
            name=name,
            home_store=store,
            created_at=NOW,
        )
    Grant.objects.create(user=user, role=role, store=store, created_at=NOW)
    viewer = viewer_of(user.pk)
    assert viewer is not None
    return viewer


__all__ = ["NOW", "Town", "found_town", "hire", "within"]
