"""Links that work once and for a while: made of 32 random bytes, kept as a hash, used by one conditional UPDATE."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from django.db import models

from cheyi.foundation.models import OneTimeLink

L = TypeVar("L", bound=OneTimeLink)
TOKEN_BYTES = 32


def offer(kind: type[L], *, lives: timedelta, now: datetime, **whose: Any) -> tuple[str, L]:
    """A new token, shown this once, and its row; earlier links of the same person or thing open nothing any more."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    withdraw(kind, now=now, **{name: value for name, value in whose.items() if name != "created_by_id"})
    row = _rows(kind).create(token_hash=_hashed(token), created_at=now, expires_at=now + lives, **whose)
    return token, row


def withdraw(kind: type[L], *, now: datetime, **whose: Any) -> int:
    """Let what was not used yet open nothing any more; gives how many links that were."""
    return _rows(kind).filter(used_at=None, expires_at__gt=now, **whose).update(expires_at=now)


def find(kind: type[L], token: str, *, now: datetime) -> L | None:
    """The link of a token while it may be used."""
    return _alive(kind, token, now).first()


def use(kind: type[L], token: str, *, now: datetime) -> bool:
    """Take the link; False when it was used, is too old or unknown. Of two who come at once one gets True."""
    return bool(_alive(kind, token, now).update(used_at=now))


def _alive(kind: type[L], token: str, now: datetime) -> models.QuerySet[L]:
    return _rows(kind).filter(token_hash=_hashed(token), used_at=None, expires_at__gt=now)


def _rows(kind: type[L]) -> models.QuerySet[L]:
    rows: models.QuerySet[L] = kind._default_manager.all()  # noqa: SLF001 - Django's own way for a model as a value
    return rows


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()
