"""What came of the call after the hand-over, said on the page of to-dos."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cheyi.foundation.acts import to_undo
from cheyi.foundation.pages import page, say
from cheyi.workshop import access, actions
from cheyi.workshop.models.choices import CallOutcome
from cheyi.workshop.pages.answering import read_again
from cheyi.workshop.queries.calls import due_of


@page("workshop.order.record_call", methods=("POST",))
def record_call(request: Any, order_id: int) -> HttpResponse:
    """Write down what came of it; the next to-do opens."""
    order = access.order_to_call(request.viewer, order_id)
    form = request.POST
    call = actions.record_call(
        order, outcome=form.get("outcome", ""), note=form.get("note", ""), by=request.viewer, now=request.now
    )
    say(request, _said(call.outcome, order.plate or order.vin[-6:], is_over=due_of(order) is None), undo=to_undo())
    return read_again(request, "foundation:todos")


def _said(outcome: str, plate: str, *, is_over: bool) -> str:
    if outcome == CallOutcome.SATISFIED:
        text = _("%(plate)s: satisfied")
    elif outcome == CallOutcome.NOT_SATISFIED:
        text = _("%(plate)s: not satisfied, the manager has it on his list")
    else:
        text = _("%(plate)s: not reached, called no more") if is_over else _("%(plate)s: not reached, again tomorrow")
    return text % {"plate": plate}
