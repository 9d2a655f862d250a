"""What somebody asked a second person to agree to: agree, decline with a reason, withdraw."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cheyi.foundation.pages import fragment, go, page, say
from cheyi.foundation.ui.filters import yuan
from cheyi.settlement import access as settlement
from cheyi.settlement import actions

ACTS = {
    "refund": (gettext_lazy("Refund asked for"), "cash"),
    "refund_prepayment": (gettext_lazy("Deposit asked back"), "coin"),
    "unsettle": (gettext_lazy("Un-settling asked for"), "arrow-back-up"),
    "close_shift": (gettext_lazy("Till differs"), "wallet"),
    "cancel_order": (gettext_lazy("Cancelling asked for"), "circle-x"),
}
REFUSALS = (gettext_lazy("Talk to me first"), gettext_lazy("The amount is wrong"), gettext_lazy("Not our fault"))


@page("settlement.approval.decide", methods=("POST",))
def agree(request: Any, approval_id: int) -> HttpResponse:
    """Agree: what was asked for happens now."""
    row = settlement.approval(approval_id)
    actions.agree(row, store=request.store, by=request.viewer, now=request.now)
    said = _("Agreed and done: %(what)s %(amount)s, asked by %(name)s")
    say(request, said % {"what": ACTS[row.act][0], "amount": yuan(row.amount), "name": row.asked_by})
    return _home(request)


@page("settlement.approval.decide")
def decline(request: Any, approval_id: int) -> HttpResponse:
    """Do not agree, and say why: one click on a usual reason, or in words."""
    row = settlement.approval(approval_id)
    if request.method == "GET":
        return fragment(request, "workshop/_decline.html", row=row, words=ACTS[row.act][0], reasons=REFUSALS)
    answer = next((text for text in request.POST.getlist("answer") if text.strip()), "")
    actions.decline(row, answer=answer, by=request.viewer, now=request.now)
    say(request, _("Declined, %(name)s sees why") % {"name": row.asked_by})
    return _home(request)


@page("settlement.approval.withdraw", methods=("POST",))
def withdraw(request: Any, approval_id: int) -> HttpResponse:
    """Take the own request back."""
    actions.withdraw(settlement.approval(approval_id), by=request.viewer, now=request.now)
    say(request, _("Request withdrawn"))
    return go(request, "workshop:counter")


def _home(request: Any) -> HttpResponse:
    return go(request, "workshop:today" if request.viewer.may("workshop.figures.view") else "workshop:counter")
