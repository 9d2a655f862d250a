"""What a customer allows, and when he is left alone."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cheyi.customers import access, actions
from cheyi.customers.pages.forms import day_of
from cheyi.foundation.acts import to_undo
from cheyi.foundation.pages import go, page, say

WORDING_VERSION = "2026-01"


@page("customers.consent.record", methods=("POST",))
def record(request: Any, customer_id: int) -> HttpResponse:
    """Write down a consent."""
    actions.record_consent(
        access.customer_to_edit(request.viewer, customer_id),
        purpose=request.POST.get("purpose", ""),
        channel=request.POST.get("channel", ""),
        wording_version=WORDING_VERSION,
        separate="separate" in request.POST,
        by=request.viewer,
        now=request.now,
    )
    say(request, _("Consent recorded"), undo=to_undo())
    return go(request, "customers:card", customer_id=customer_id)


@page("customers.consent.record", methods=("POST",))
def withdraw(request: Any, customer_id: int, purpose: str) -> HttpResponse:
    """The customer takes a consent back."""
    customer = access.customer_to_edit(request.viewer, customer_id)
    actions.withdraw_consent(customer, purpose=purpose, by=request.viewer, now=request.now)
    say(request, _("Consent withdrawn"), undo=to_undo())
    return go(request, "customers:card", customer_id=customer_id)


@page("customers.customer.hold_contact", methods=("POST",))
def hold(request: Any, customer_id: int) -> HttpResponse:
    """Leave the customer alone."""
    until = request.POST.get("until_on", "").strip()
    actions.hold_contact(
        access.customer_to_edit(request.viewer, customer_id),
        reason=request.POST.get("reason", ""),
        reach=request.POST.get("reach", ""),
        until_on=day_of(until, "until_on") if until else None,
        by=request.viewer,
        now=request.now,
    )
    say(request, _("Contact paused"), undo=to_undo())
    return go(request, "customers:card", customer_id=customer_id)


@page("customers.customer.hold_contact", methods=("POST",))
def release(request: Any, hold_id: int) -> HttpResponse:
    """The customer may be contacted again."""
    held = access.hold(request.viewer, hold_id)
    actions.release_hold(held, by=request.viewer, now=request.now)
    say(request, _("The customer may be contacted again"))
    return go(request, "customers:card", customer_id=held.customer_id)
