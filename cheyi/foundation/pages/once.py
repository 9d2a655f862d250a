"""One effect per form: the idempotency key is claimed and the answer kept in the effect's own transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse

from cheyi.foundation.acts import owned_transaction, retried
from cheyi.foundation.disk import demand_room_for_writes
from cheyi.foundation.models import IdempotencyKey
from cheyi.foundation.pages.answers import with_toasts
from cheyi.foundation.questions import Question
from cheyi.kernel import Refused

LONGEST = 255
NOT_SAID = frozenset({"csrfmiddlewaretoken", "_key", "approver_password", "present_password", "password"})
"""Tokens change with each rendering, and of a password no hash is kept."""
CLAIMED = Question(lambda owner, key: IdempotencyKey.objects.filter(owner=owner, key=key))
KEPT_HEADERS = ("Content-Type", "Location", "HX-Redirect", "HX-Trigger", "X-Toast", "X-Undo")


class _NoEffect(Exception):
    """The view answered with an error: nothing is kept, so the corrected form may be sent again."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def once(request: HttpRequest, call: Callable[[], HttpResponse], *, owner: str) -> HttpResponse:
    """Run a POST's view once per (owner, key); a replay gets the kept answer (reliability.md 4.5).

    Raises Refused ``foundation.form.no_key`` without a key, ``foundation.form.key_reused`` for another body and
    ``foundation.disk.read_only`` on a full disk.
    """
    key = request.headers.get("Idempotency-Key") or request.POST.get("_key", "")
    if not key or len(key) > LONGEST or not key.isprintable():
        raise Refused("foundation.form.no_key")
    claim = IdempotencyKey(
        owner=owner,
        key=key,
        endpoint=request.path[:200],
        body_hash=fingerprint(request),
        created_at=request.now,  # type: ignore[attr-defined]
    )
    try:
        demand_room_for_writes()
        return retried(lambda: _first_time(request, call, claim))
    except _NoEffect as error:
        return error.response
    except (IntegrityError, Refused):  # taken already; on a full disk too, what was done is told
        replay = _kept(claim)
        if replay is None:
            raise
        return replay


def _first_time(request: HttpRequest, call: Callable[[], HttpResponse], claim: IdempotencyKey) -> HttpResponse:
    with owned_transaction():
        claim.pk = None
        claim.save(force_insert=True)
        response = with_toasts(request, call())
        if response.status_code >= 400:
            raise _NoEffect(response)
        replay: HttpResponse = getattr(response, "replay", response)
        kept = {name: replay.headers[name] for name in KEPT_HEADERS if name in replay.headers}
        cookies = {name: morsel.value for name, morsel in replay.cookies.items() if name == "cheyi_toast"}
        IdempotencyKey.objects.filter(pk=claim.pk).update(
            status=replay.status_code, headers={"headers": kept, "cookies": cookies}, body=replay.content
        )
    return response


def shown_once(response: HttpResponse, *, again: HttpResponse) -> HttpResponse:
    """An answer that is not kept, for it holds a secret: who sends the form a second time gets the other one."""
    response.replay = again  # type: ignore[attr-defined]
    return response


def _kept(claim: IdempotencyKey) -> HttpResponse | None:
    row = CLAIMED.first(owner=claim.owner, key=claim.key)
    if row is None:
        return None
    if row.body_hash != claim.body_hash or row.endpoint != claim.endpoint:
        raise Refused("foundation.form.key_reused")
    kept: dict[str, Any] = row.headers
    response = HttpResponse(bytes(row.body), status=row.status or 200, headers=kept.get("headers", {}))
    for name, value in kept.get("cookies", {}).items():
        response.set_cookie(name, value, max_age=30, samesite="Lax")
    response.headers["X-Replayed"] = "1"
    return response


def fingerprint(request: HttpRequest) -> str:
    """A hash of what the form says: its values and files, without tokens and passwords."""
    digest = hashlib.sha256()
    if request.content_type == "application/json":
        digest.update(request.body)
        return digest.hexdigest()
    for name, values in sorted(request.POST.lists()):
        if name not in NOT_SAID:
            digest.update(repr((name, values)).encode())
    for name in sorted(request.FILES):
        for upload in request.FILES.getlist(name):
            digest.update(repr((name, upload.size)).encode())
            for chunk in upload.chunks():
                digest.update(chunk)
            upload.seek(0)
    return digest.hexdigest()
