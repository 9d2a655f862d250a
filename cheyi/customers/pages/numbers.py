"""Showing a sealed value in clear for a minute. The answer to the form holds no number, since answers are kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from cheyi.customers import access, actions
from cheyi.customers.pages.forms import REASONS
from cheyi.foundation.pages import fragment, page

PERMISSION = "customers.customer.reveal"


@page(PERMISSION, methods=("POST",))
def reveal(request: Any, customer_id: int) -> HttpResponse:
    """Record that the number is looked at; the fragment then fetches it."""
    slot = request.POST.get("slot", "")
    customer = access.customer_to_reveal(request.viewer, customer_id)
    contact = access.contact_of(request.viewer, customer_id, slot)
    actions.reveal(
        customer,
        field="mobile" if contact else slot,
        reason=request.POST.get("reason", ""),
        contact=contact,
        by=request.viewer,
        now=request.now,
    )
    return _number(request, customer_id, slot, "asked", "")


@page(PERMISSION, methods=("GET",))
def clear(request: Any, customer_id: int, field: str) -> HttpResponse:
    """The clear value, for a minute after it was recorded; then it hides by itself."""
    sealed = access.revealed(request.viewer, customer_id, field, now=request.now)
    return _number(request, customer_id, field, "clear", sealed.clear())


@page("customers.customer.view", methods=("GET",))
def masked(request: Any, customer_id: int, field: str) -> HttpResponse:
    """The masked value again."""
    return _number(request, customer_id, field, "masked", access.sealed(request.viewer, customer_id, field).masked)


def _number(request: Any, customer_id: int, slot: str, state: str, text: str) -> HttpResponse:
    reasons = REASONS if state == "masked" and access.may_reveal(request.viewer, customer_id) else ()
    return fragment(
        request,
        "customers/_number.html",
        customer_id=customer_id,
        slot=slot,
        state=state,
        text=text,
        reasons=reasons,
    )
