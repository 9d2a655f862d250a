"""How the order's verbs answer: the page that is open draws itself anew, a plain form is sent back to it; its address outside."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from cheyi.foundation.pages import go
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.queries.progress import token_of

CHANGED = "cheyi:changed"


def changed(request: Any, order_id: int) -> HttpResponse:
    """Tell the open order page to read itself again (it keeps focus and place); without script, go to it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=200, headers={"HX-Trigger": CHANGED})
    return go(request, "workshop:order", order_id=order_id)


def owner_address(request: Any, order: WorkOrder) -> str:
    """The whole address of the owner's page, for a QR code or to send; empty without a link that holds."""
    link = getattr(order, "progress_link", None)
    if link is None or link.revoked_at is not None:
        return ""
    address: str = request.build_absolute_uri(reverse("workshop:progress", kwargs={"token": token_of(link)}))
    return address
