"""Signing in, agreeing at a colleague's screen, changing the own password: the check, the count of wrong tries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import check_password, make_password

from cheyi.foundation import keyring
from cheyi.foundation.access.viewer import SYSTEM, Viewer, viewer_of
from cheyi.foundation.acts import act, address, audit, lock
from cheyi.foundation.models import AuditEntry, User
from cheyi.foundation.passwords import demand_good, demand_unlike, names_around
from cheyi.kernel import Refused

WRONG_TRIES = 5
WAIT = timedelta(minutes=15)
TRIES_FROM_ONE_PLACE, ONE_MINUTE = 10, timedelta(minutes=1)
"""Wrong tries from one address (reliability.md 6.7). Right ones do not count: a whole store signs in at eight behind one address."""
FAILED = "foundation.account.sign_in_failed"
SIGNED_IN = "foundation.account.signed_in"
UNLOCKED = "foundation.account.unlocked"
AGREED = "foundation.account.agreed"
NOBODY = "foundation.account.sign_in_unknown"
SLOWED = "foundation.account.sign_in_slowed"
TOO_FAST = "foundation.account.too_fast"
NOT_AGREED = "foundation.account.agreement_failed"
CHANGED = "foundation.account.password_changed"
NOT_CHANGED = "foundation.account.password_change_failed"
SET_BY_LINK = "foundation.account.password_set"
RIGHT = (SIGNED_IN, UNLOCKED, AGREED, CHANGED, SET_BY_LINK)
WRONG = (FAILED, NOT_AGREED, NOT_CHANGED)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account that the demo shows on its sign-in page."""

    name: str
    role: str
    person: str
    password: str


def sign_in(*, name: str, password: str, now: datetime) -> User:
    """The user whose name and password fit.

    Unknown and known names take the same work and get the same answers. Raises Refused ``foundation.account.wrong``,
    ``.locked`` after five wrong tries within 15 minutes (also with the right password then), ``.too_fast`` after ten
    from one address within a minute, ``.no_store`` without any grant.
    """
    name = name.strip()
    before = _wrong_from_here(now)
    if before >= TRIES_FROM_ONE_PLACE:
        raise Refused(TOO_FAST, seconds=int(ONE_MINUTE.total_seconds()))
    user = User.objects.filter(name=name, is_active=True).first()
    if is_locked(_wrong_tries(user, now) if user else _tries_of_nobody(name, now)):
        raise Refused("foundation.account.locked", minutes=int(WAIT.total_seconds() // 60))
    fits = check_password(password, user.password if user else _unknown_hash())
    if user is None or not fits:
        _record_wrong(user, name, is_last=before + 1 == TRIES_FROM_ONE_PLACE, now=now)
        raise Refused("foundation.account.wrong", field="password")
    if viewer_of(user.pk) is None:
        raise Refused("foundation.account.no_store")
    _record(user, SIGNED_IN, now=now)
    return user


def agree(*, user_id: int, password: str, asked_by: Viewer, at: str, now: datetime) -> Viewer:
    """The colleague whose password this is, as a viewer of the asker's open store; nobody is signed in or out.

    ``at`` is the address where it happens, for the record. Wrong tries count with those of signing in. Must run outside
    the act's transaction, so that a wrong try stays recorded. Raises Refused ``foundation.account.agreement_self``,
    ``.agreement_nobody`` (not a colleague of this store), ``.agreement_wrong``, ``.agreement_locked``.
    """
    if user_id == asked_by.user_id:
        raise Refused("foundation.account.agreement_self", field="approver")
    user = User.objects.filter(pk=user_id, is_active=True).first()
    viewer = viewer_of(user_id, store_id=asked_by.store_id) if user is not None else None
    if user is None or viewer is None or viewer.store_id != asked_by.store_id:
        raise Refused("foundation.account.agreement_nobody", field="approver")
    if is_locked(_wrong_tries(user, now)):
        minutes = int(WAIT.total_seconds() // 60)
        raise Refused("foundation.account.agreement_locked", field="approver", name=viewer.name, minutes=minutes)
    if not check_password(password, user.password):
        _record(user, NOT_AGREED, now=now, by=asked_by, at=at)
        raise Refused("foundation.account.agreement_wrong", field="approver_password", name=viewer.name)
    _record(user, AGREED, now=now, by=asked_by, at=at)
    return viewer


def prove_own(*, password: str, by: Viewer, now: datetime) -> User:
    """The user himself, when this is his present password; wrong tries count with those of signing in.

    Must run outside the act's transaction, so that a wrong try stays recorded. Raises Refused
    ``foundation.account.locked`` and ``.wrong_present``.
    """
    user = User.objects.get(pk=by.user_id or 0)
    if is_locked(_wrong_tries(user, now)):
        minutes = int(WAIT.total_seconds() // 60)
        raise Refused("foundation.account.locked", field="present_password", minutes=minutes)
    if not check_password(password, user.password):
        _record(user, NOT_CHANGED, now=now, by=by)
        raise Refused("foundation.account.wrong_present", field="present_password")
    return user


@act
def change_password(proved: User, *, password: str, former: str, by: Viewer, now: datetime) -> None:
    """Give the user that ``prove_own`` found a new password. Tokens of machines stay: they are not made from it.

    Raises Refused ``foundation.account.…_password`` for one that is soon guessed or like the former one, and
    ``.wrong_present`` when it was changed elsewhere since the proof.
    """
    demand_good(password, names=names_around(proved))
    demand_unlike(password, former=former)
    user = lock(proved)
    if user.password != proved.password:
        raise Refused("foundation.account.wrong_present", field="present_password")
    User.objects.filter(pk=user.pk).update(password=make_password(password))
    audit(by, CHANGED, user, now=now)


def _wrong_from_here(now: datetime) -> int:
    """Wrong tries of signing in from this request's address within a minute. They belong to no store."""
    here = address.get()
    if here is None:
        return 0
    lately = AuditEntry.objects.filter(store_id=None, at__gt=now - ONE_MINUTE, address=here)
    return lately.filter(code__in=(FAILED, NOBODY)).count()


def _tries_of_nobody(name: str, now: datetime) -> int:
    """How often a name that nobody has was tried within the time that counts."""
    lately = AuditEntry.objects.filter(store_id=None, at__gt=now - WAIT, code=NOBODY)
    return [facts["name"] for facts in lately.values_list("facts", flat=True)].count(_unreadable(name))


def _unreadable(name: str) -> str:
    """What was typed for a name, keyed: it may be a password in the wrong field."""
    return keyring.ring().blind("name", name)


@act
def _record_wrong(user: User | None, name: str, *, is_last: bool, now: datetime) -> None:
    if user is not None:
        audit(SYSTEM, FAILED, user, now=now)
    else:
        audit(SYSTEM, NOBODY, None, now=now, name=_unreadable(name))
    if is_last:
        audit(SYSTEM, SLOWED, None, now=now)


def _wrong_tries(user: User, now: datetime) -> int:
    return wrong_tries([user.pk], now).get(user.pk, 0)


def wrong_tries(user_ids: Collection[int], now: datetime) -> Counter[int]:
    """How often each of some users was wrong within the time that counts, since he was last right. One query."""
    entries = AuditEntry.objects.filter(
        thing="foundation.user", thing_id__in=list(user_ids), at__gt=now - WAIT, code__in=(*RIGHT, *WRONG)
    )
    found = [(one or 0, code, at) for one, code, at in entries.values_list("thing_id", "code", "at")]
    last_good: dict[int, datetime] = {}
    for user_id, code, at in found:
        if code in RIGHT:
            last_good[user_id] = max(at, last_good.get(user_id, at))
    return Counter(
        user_id
        for user_id, code, at in found
        if code in WRONG and (user_id not in last_good or at > last_good[user_id])
    )


def is_locked(wrong: int) -> bool:
    """Whether so many wrong tries make even the right password wait."""
    return wrong >= WRONG_TRIES


_unknown: list[str] = []


def _unknown_hash() -> str:
    if not _unknown:
        _unknown.append(make_password("nobody has this name"))
    return _unknown[0]


@act
def forget_wrong_tries(user: User, *, by: Viewer, now: datetime, **facts: Any) -> None:
    """Let a locked account try again; the facts say why."""
    audit(by, UNLOCKED, user, now=now, **facts)


@act
def _record(user: User, code: str, *, now: datetime, by: Viewer = SYSTEM, **facts: Any) -> None:
    audit(by, code, user, now=now, **facts)


@act
def add_user(*, name: str, password: str, now: datetime) -> User:
    """Make a sign-in without any grant yet. Raises IntegrityError for a name that is taken."""
    user = User.objects.create(name=name, password=make_password(password), created_at=now)
    audit(SYSTEM, "foundation.account.added", user, now=now)
    return user


@act
def prefer(user_id: int, **wishes: str | bool) -> None:
    """Keep a user's screen wishes: ``theme`` (empty, light, dark) and ``single_keys``."""
    User.objects.filter(pk=user_id).update(**wishes)
