"""How much a customer may owe, from his page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cheyi.customers.access import customer
from cheyi.foundation.acts import to_undo
from cheyi.foundation.pages import go, page, say
from cheyi.foundation.pages.numbers import number_in
from cheyi.foundation.ui.filters import yuan
from cheyi.kernel import Refused
from cheyi.settlement import actions
from cheyi.workshop.pages.settling import money


@page("settlement.credit.set_limit", methods=("POST",))
def set_limit(request: Any, customer_id: int) -> HttpResponse:
    """Set the limit and the days to pay; a limit of nothing ends paying later."""
    who, days = customer(request.viewer, customer_id), number_in(request.POST.get("days"))
    if days is None:
        raise Refused("settlement.credit.negative", field="days")
    account = actions.set_limit(
        customer_id=who.pk,
        limit=money(request.POST.get("limit", ""), "limit"),
        days=days,
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    say(request, _("Credit limit: %(amount)s") % {"amount": yuan(account.limit)}, undo=to_undo())
    return go(request, "customers:card", customer_id=customer_id)
