"""How pages answer that stay open: an order draws itself anew after a verb, what is followed only when it changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils.translation import get_language

from cheyi.foundation.pages import go
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.queries.board import stamp
from cheyi.workshop.queries.progress import token_of

CHANGED = "cheyi:changed"


def changed(request: Any, order_id: int) -> HttpResponse:
    """Tell the open order page to read itself again; without script, go to it."""
    return read_again(request, "workshop:order", order_id=order_id)


def read_again(request: Any, view: str, **arguments: Any) -> HttpResponse:
    """Tell the open page to read itself again (it keeps focus and place); without script, go to it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=200, headers={"HX-Trigger": CHANGED})
    return go(request, view, **arguments)


def followed(request: Any, shown: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """A screen that follows along: 304 while nothing happened in its store in this minute, else what ``make`` gives.

    ``shown`` tells one view of a store from another.
    """
    told = (stamp(request.store, request.now), shown, get_language(), sorted(request.viewer.roles))
    tag = f'"{hashlib.sha256(repr(told).encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    answer = make()
    answer.headers["ETag"] = tag
    return answer


def owner_address(request: Any, order: WorkOrder) -> str:
    """The whole address of the owner's page, for a QR code or to send; empty without a link that holds."""
    link = getattr(order, "progress_link", None)
    if link is None or link.revoked_at is not None:
        return ""
    address: str = request.build_absolute_uri(reverse("workshop:progress", kwargs={"token": token_of(link)}))
    return address
