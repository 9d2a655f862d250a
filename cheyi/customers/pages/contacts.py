"""People who speak for a customer."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cheyi.customers import access, actions
from cheyi.foundation.pages import go, page, say


@page("customers.customer.edit", methods=("POST",))
def add(request: Any, customer_id: int) -> HttpResponse:
    """Note somebody with what he may decide."""
    actions.add_contact(
        access.customer_to_edit(request.viewer, customer_id),
        name=request.POST.get("name", ""),
        mobile=request.POST.get("mobile", ""),
        relation=request.POST.get("relation", "other"),
        may_approve="may_approve" in request.POST,
        may_pick_up="may_pick_up" in request.POST,
        by=request.viewer,
        now=request.now,
    )
    say(request, _("Contact added"))
    return go(request, "customers:card", customer_id=customer_id)


@page("customers.customer.edit", methods=("POST",))
def drop(request: Any, contact_id: int) -> HttpResponse:
    """This person no longer speaks for the customer."""
    contact = access.contact(request.viewer, contact_id)
    actions.drop_contact(contact, by=request.viewer, now=request.now)
    say(request, _("Contact removed"))
    return go(request, "customers:card", customer_id=contact.customer_id)
