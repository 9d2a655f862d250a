"""What an administrator does to accounts from the server's console: tokens for machines, unlocking, a new password."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from django.contrib.auth.hashers import make_password

from cheyi.foundation.access import all_permissions, viewer_of
from cheyi.foundation.access.viewer import SYSTEM
from cheyi.foundation.acts import act, audit
from cheyi.foundation.models import ApiToken, Store, User
from cheyi.foundation.passwords import demand_good, names_around
from cheyi.foundation.sign_in import forget_wrong_tries
from cheyi.foundation.web.viewers import end_sessions
from cheyi.kernel import Refused

TOKEN_BYTES = 32
PREFIX = "cheyi_"


def user_named(name: str) -> User:
    """Raises Refused ``project.account.unknown_name``."""
    user = User.objects.filter(name=name.strip()).first()
    if user is None:
        raise Refused("project.account.unknown_name", field="name", name=name)
    return user


@act
def make_token(
    user: User,
    *,
    store: Store,
    name: str,
    now: datetime,
    permissions: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> str:
    """A key for machines with the user's rights in one store, narrowed to ``permissions`` when given; shown this once.

    Raises Refused ``project.token.no_grant`` and ``project.token.unknown_permission``.
    """
    viewer = viewer_of(user.pk, store_id=store.pk)
    if viewer is None or viewer.store_id != store.pk:
        raise Refused("project.token.no_grant", user=user.name, store=store.code)
    unknown = sorted(set(permissions) - all_permissions().keys())
    if unknown:
        raise Refused("project.token.unknown_permission", codes=", ".join(unknown))
    text = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    token = ApiToken.objects.create(
        user=user,
        store=store,
        name=name,
        token_hash=sha256(text.encode()).hexdigest(),
        permissions=sorted(set(permissions)),
        created_at=now,
        expires_at=expires_at,
    )
    audit(SYSTEM, "foundation.token.made", token, now=now, user=user.pk, permissions=token.permissions)
    return text


@act
def revoke_token(token: ApiToken, *, now: datetime) -> None:
    """Make a token worthless at once."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)
    audit(SYSTEM, "foundation.token.revoked", token, now=now)


@act
def unlock(user: User, *, now: datetime, password: str = "") -> None:
    """Forget the wrong tries; with a new password, also activate the account and end its sessions.

    Raises Refused ``foundation.account.…_password`` for one that is short or soon guessed.
    """
    if password:
        demand_good(password, names=names_around(user))
        User.objects.filter(pk=user.pk).update(password=make_password(password), is_active=True)
        end_sessions(user)
    forget_wrong_tries(user, by=SYSTEM, now=now, new_password=bool(password))
