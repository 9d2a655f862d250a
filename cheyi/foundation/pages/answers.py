"""The answers a page can give: a screen, a fragment, a way to go on; and the toast beside it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from cheyi.foundation.access.viewer import Viewer
from cheyi.foundation.models import AuditEntry, Store
from cheyi.foundation.pages.navigation import entries_for, split
from cheyi.foundation.pages.requests import Toast
from cheyi.foundation.ui.filters import said_moment

TOAST_COOKIE = "cheyi_toast"


def screen(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A whole page inside the shell; what the shell needs (docs/ui.md) is put beside the page's own context."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is not None:
        context["nav"], context["nav_more"] = split(
            entries_for(viewer, request.path, now=getattr(request, "now", None))
        )
        context.setdefault("theme", viewer.theme)
    return _rendered(request, template, context, status)


def fragment(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A piece of a page, for htmx to swap; its template's name starts with an underscore."""
    return _rendered(request, template, context, status)


def _rendered(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    context.setdefault("viewer", getattr(request, "viewer", None))
    context.setdefault("csp_nonce", getattr(request, "csp_nonce", ""))
    context.setdefault("store", getattr(request, "store", None))
    context.setdefault("now", getattr(request, "now", None))
    context.setdefault("status_code", status)
    store: Store | None = context["store"]
    with timezone.override(store.zone if store else None):  # clock and day speak the store's time
        return HttpResponse(render_to_string(template, context, request=request), status=status)


def go(request: HttpRequest, view: str, **arguments: Any) -> HttpResponse:
    """Send the browser on: a redirect after a plain form, a location header after a partial one."""
    address = reverse(view, kwargs=arguments)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=200, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address, status=303)


def say(request: HttpRequest, text: str, *, undo: AuditEntry | None = None) -> None:
    """Show a toast with the answer; ``undo`` offers the audit row's inverse for eight seconds."""
    offered = str(undo.uid) if undo is not None and undo.inverse else ""
    request.toasts.append(Toast(str(text), offered))  # type: ignore[attr-defined]


def told_moment(request: HttpRequest, at: datetime) -> str:
    """A moment inside a sentence of a page, by the clock of its store."""
    local = request.store.local  # type: ignore[attr-defined]
    return said_moment(local(at), local(request.now))  # type: ignore[attr-defined]


def with_toasts(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Put what was said on the answer: a header for partial answers, else a short-lived cookie."""
    toasts: list[Toast] = getattr(request, "toasts", [])
    if not toasts:
        return response
    packed = quote(json.dumps([{"text": one.text, "undo": one.undo} for one in toasts], ensure_ascii=False), safe="")
    if request.headers.get("HX-Request") and "HX-Redirect" not in response.headers:
        response.headers["X-Toast"] = packed
    elif response.status_code in {301, 302, 303} or "HX-Redirect" in response.headers:
        response.set_cookie(TOAST_COOKIE, packed, max_age=30, samesite="Lax")
    return response
