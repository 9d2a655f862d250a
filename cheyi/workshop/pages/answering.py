"""How the order's verbs answer: the page that is open draws itself anew, a plain form is sent back to it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from cheyi.foundation.pages import go

CHANGED = "cheyi:changed"


def changed(request: Any, order_id: int) -> HttpResponse:
    """Tell the open order page to read itself again (it keeps focus and place); without script, go to it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=200, headers={"HX-Trigger": CHANGED})
    return go(request, "workshop:order", order_id=order_id)
