"""The first start of an empty installation: the one-time link, and what it makes when it is used (reliability.md 9.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password

from cheyi.foundation import one_time
from cheyi.foundation.access.viewer import SYSTEM
from cheyi.foundation.acts import act, audit
from cheyi.foundation.models import Employee, Grant, Group, LegalEntity, SetupLink, Store, User
from cheyi.foundation.passwords import demand_good
from cheyi.foundation.scope import everywhere, within
from cheyi.kernel import Refused
from cheyi.project.furnishing import furnish
from cheyi.workshop.actions.cataloguing import put_technician
from cheyi.workshop.models import Skill

DOES_ALL = ("advisor", "foreman", "technician", "inspector", "parts_keeper", "cashier")
OWN_LEVEL = 3
LINK_LIVES = timedelta(minutes=60)
PENDING = "set-up-pending"


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstStore:
    """What the set-up page asks: the business, its first store, and the person who runs it."""

    group: str
    legal_entity: str
    store: str
    code: str
    kind: str
    person: str
    name: str
    password: str
    works_alone: bool = False


def marker() -> Path:
    """The file that is there while the set-up is open."""
    return Path(settings.DATA_DIR) / PENDING


def is_empty() -> bool:
    """Whether no store exists yet."""
    return not Store.objects.exists()


def is_open() -> bool:
    """Whether all other addresses have to wait for the set-up."""
    if not marker().exists():
        return False
    if is_empty():
        return True
    marker().unlink(missing_ok=True)
    return False


@act
def offer_link(*, now: datetime) -> str:
    """Make a new one-time token, which lives 60 minutes, and close the installation until it is used.

    Raises Refused ``project.set_up.done`` when a store exists.
    """
    if not is_empty():
        raise Refused("project.set_up.done")
    token, _link = one_time.offer(SetupLink, lives=LINK_LIVES, now=now)
    audit(SYSTEM, "foundation.set_up.offered", None, now=now)
    marker().touch(mode=0o600)
    return token


def open_link(token: str, *, now: datetime) -> SetupLink | None:
    """The link of a token, while it may be used."""
    return one_time.find(SetupLink, token, now=now)


@act
def set_up(first: FirstStore, *, token: str, now: datetime) -> User:
    """Make the group, legal entity, store, and the first administrator, who also manages the store; once.

    Who works alone does everything else in it too; high-voltage work stays shut until a certificate is on file.

    Raises Refused ``project.set_up.link_gone`` for a used, late or unknown token and what
    ``check_password`` raises.
    """
    check_password(first)
    if not one_time.use(SetupLink, token, now=now) or not is_empty():
        raise Refused("project.set_up.link_gone")
    with everywhere("set-up of an empty installation"):
        return _make(first, now)


def _make(first: FirstStore, now: datetime) -> User:
    group = Group.objects.create(name=first.group, created_at=now)
    entity = LegalEntity.objects.create(group=group, name=first.legal_entity, created_at=now)
    store = Store.objects.create(
        group=group, legal_entity=entity, code=first.code, name=first.store, kind=first.kind, created_at=now
    )
    user = User.objects.create(name=first.name, password=make_password(first.password), created_at=now)
    person = Employee.objects.create(
        group=group, user=user, no="001", name=first.person, home_store=store, created_at=now
    )
    Grant.objects.create(user=user, role="administrator", group=group, created_at=now)
    roles = ("store_manager", *(DOES_ALL if first.works_alone else ()))
    Grant.objects.bulk_create([Grant(user=user, role=role, store=store, created_at=now) for role in roles])
    with within(store):
        furnish(store, now=now)
        if first.works_alone:
            skills = {skill.code: OWN_LEVEL for skill in Skill.objects.all()}
            put_technician(person, store=store, skills=skills, by=SYSTEM, now=now)
    audit(SYSTEM, "foundation.set_up.done", store, now=now, user=user.pk)
    return user


def check_password(first: FirstStore) -> None:
    """Raises Refused ``foundation.account.…_password`` for one that is short or soon guessed."""
    names = (first.name, first.person, first.store, first.group, first.legal_entity, first.code)
    demand_good(first.password, names=names)
