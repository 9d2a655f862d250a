"""The middleware that finds out who comes: by session, by a machine's token, or nobody."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import unquote

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from cheyi.foundation import acts
from cheyi.foundation.access.loading import load_person, person_by_token
from cheyi.foundation.access.viewer import Viewer
from cheyi.foundation.models import ApiToken, Store, User
from cheyi.foundation.pages.addresses import check_addresses
from cheyi.foundation.pages.answers import TOAST_COOKIE, with_toasts
from cheyi.foundation.pages.requests import Toast
from cheyi.foundation.scope import everywhere

SESSION_USER = "user_id"
SESSION_STORE = "store_id"
SESSION_PROVED = "proved_at"
"""When this session's user last typed his password (``web/proving.py``)."""


class ViewerMiddleware:
    """Sets ``viewer``, ``now``, ``store`` and ``toasts`` on the request, and the language of the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        check_addresses()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request; the clock is read here and nowhere below."""
        request.now = datetime.now(UTC)  # type: ignore[attr-defined]
        request.viewer = request.store = None  # type: ignore[attr-defined]
        request.toasts = []  # type: ignore[attr-defined]
        request.shown_toasts = _carried(request)  # type: ignore[attr-defined]
        acts.forget_undo()
        token = acts.address.set(_address(request))
        try:
            request.viewer, request.store = self._person(request) or (None, None)  # type: ignore[attr-defined]
            with translation.override(_language(request)):
                response = self.get_response(request)
                response.headers.setdefault("Content-Language", translation.get_language() or "")
            if request.shown_toasts and response.status_code == 200:  # type: ignore[attr-defined]
                response.delete_cookie(TOAST_COOKIE)
            return response if "X-Replayed" in response.headers else with_toasts(request, response)
        finally:
            acts.address.reset(token)

    @staticmethod
    def _person(request: HttpRequest) -> tuple[Viewer, Store] | None:
        bearer = request.headers.get("Authorization", "")
        if bearer.startswith("Bearer "):
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # noqa: SLF001 - no cookie is used
            return viewer_by_token(bearer.removeprefix("Bearer ").strip(), request.now)  # type: ignore[attr-defined]
        with everywhere("who signs in is not yet in a store"):
            user_id = request.session.get(SESSION_USER)
            return load_person(user_id, store_id=request.session.get(SESSION_STORE)) if user_id else None


def open_session(request: HttpRequest, user: User) -> None:
    """Sign this browser in, under a new session key."""
    request.session.cycle_key()
    request.session[SESSION_USER] = user.pk
    request.session[SESSION_PROVED] = datetime.now(UTC).timestamp()


def end_sessions(user: User) -> int:
    """Sign the user out everywhere; gives how many sessions ended. Part of the caller's act."""
    mine = [row.pk for row in Session.objects.iterator() if row.get_decoded().get(SESSION_USER) == user.pk]
    Session.objects.filter(pk__in=mine).delete()
    return len(mine)


def keep_only_this_session(request: HttpRequest, user: User) -> None:
    """Sign the user out everywhere but here, where he goes on under a new session key. Part of the caller's act."""
    end_sessions(user)
    request.session.cycle_key()
    request.session[SESSION_PROVED] = datetime.now(UTC).timestamp()


def viewer_by_token(text: str, now: datetime) -> tuple[Viewer, Store] | None:
    """Whom a token stands for and in which store; None for one that is unknown, revoked or past its day."""
    hashed = hashlib.sha256(text.encode()).hexdigest()
    alive = Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=now))
    token = ApiToken.objects.filter(alive, token_hash=hashed).first()
    return person_by_token(token) if token else None


def _address(request: HttpRequest) -> str | None:
    """From where the request comes; behind a proxy, what the proxy saw."""
    seen = request.META.get("REMOTE_ADDR") or None
    if not settings.BEHIND_PROXY:
        return seen
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        return str(ip_address(told))
    except ValueError:
        return seen


def _language(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in dict(settings.LANGUAGES):
        return chosen
    if request.path.startswith("/api/"):
        return translation.get_language_from_request(request)
    return settings.LANGUAGE_CODE


def _carried(request: HttpRequest) -> list[Toast]:
    packed = request.COOKIES.get(TOAST_COOKIE, "")
    if not packed or request.headers.get("HX-Request"):
        return []
    try:
        return [Toast(str(one["text"]), str(one["undo"])) for one in json.loads(unquote(packed))]
    except (ValueError, KeyError, TypeError):
        return []
