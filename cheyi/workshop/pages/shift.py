"""The cashier's shift: open it with a float, count blind, see the difference, hand the till over."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cheyi.foundation.pages import go, page, say, screen
from cheyi.kernel import Refused
from cheyi.settlement import actions
from cheyi.settlement.actions.guards import difference_limit
from cheyi.settlement.rules.shifts import once_each
from cheyi.workshop.pages.agreeing import to_difference
from cheyi.workshop.pages.settling import LABELS, money
from cheyi.workshop.queries.counter import shift_page


@page("settlement.shift.open_shift", second=True)
def shift(request: Any) -> HttpResponse:
    """The viewer's own shift and its three acts."""
    if request.method == "GET":
        view = shift_page(request.viewer.user_id)
        limit = difference_limit(request.store)
        agreement = to_difference(request, limit) if view.largest_difference > limit else None
        return screen(request, "workshop/shift.html", view=view, labels=LABELS, agreement=agreement)
    {"open": _open, "count": _count, "close": _close}.get(request.POST.get("act", ""), _unknown)(request)
    return go(request, "workshop:shift")


def _unknown(request: Any) -> None:
    raise Refused("settlement.shift.not_now", state="", verb=request.POST.get("act", "")[:20])


def _open(request: Any) -> None:
    amount = money(request.POST.get("float", "") or "0", "float")
    actions.open_shift(float_amount=amount, store=request.store, by=request.viewer, now=request.now)
    say(request, _("Shift opened"))


def _running(request: Any) -> Any:
    row = shift_page(request.viewer.user_id).shift
    if row is None:
        raise Refused("settlement.shift.not_now", state="closed", verb="count")
    return row


def _count(request: Any) -> None:
    typed = [(name, text) for name, texts in request.POST.lists() if name.startswith("way-") for text in texts]
    counted = once_each((name.removeprefix("way-"), money(text, name)) for name, text in typed if text.strip())
    actions.count(_running(request), counted=counted, by=request.viewer, now=request.now)
    say(request, _("The till is counted"))


def _close(request: Any) -> None:
    wish = {"note": request.POST.get("note", ""), "store": request.store, "by": request.viewer, "now": request.now}
    if request.POST.get("ask"):
        actions.ask_close_shift(_running(request), **wish)
        say(request, _("Asked for. It waits for an answer; you see it at the counter"))
        return
    actions.close_shift(_running(request), approver=request.approver, **wish)
    say(request, _("Till handed over"))
