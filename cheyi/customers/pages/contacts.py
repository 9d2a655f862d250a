"""People who speak for a customer."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cheyi.customers import access, actions, queries
from cheyi.customers.models import CustomerContact
from cheyi.customers.pages import cells, forms
from cheyi.foundation.acts import to_undo
from cheyi.foundation.changes import changed_since
from cheyi.foundation.pages import fragment, go, page, say
from cheyi.foundation.pages.cells import Cell, version_of
from cheyi.foundation.pages.numbers import number_in


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


@page("customers.customer.edit")
def edit(request: Any, contact_id: int) -> HttpResponse:
    """One field of a contact where it stands, like those of the card."""
    contact = access.contact_to_edit(request.viewer, contact_id)
    if request.method == "GET":
        return _asked(request, contact)
    cell = cells.contact_cell(contact_id, request.POST.get("field", ""))
    if typed := cells.contact_typed(cell, request.POST):
        changed = actions.edit_contact(
            contact,
            version=version_of(request.POST) or 0,
            confirmed=forms.insisted(request.POST)["confirmed"],
            **typed,
            by=request.viewer,
            now=request.now,
        )
        if changed.customer.version > contact.customer.version:
            say(request, _("%(field)s saved") % {"field": cell.label}, undo=to_undo())
    return _cell(request, contact, cell)


def _asked(request: Any, contact: CustomerContact) -> HttpResponse:
    asked = request.GET
    if not request.headers.get("HX-Request"):
        return go(request, "customers:card", customer_id=contact.customer_id)
    cell = cells.contact_cell(contact.pk, asked.get("field", ""))
    if "shown" in asked:
        return _cell(request, contact, cell)
    if "since" not in asked:
        return _cell(request, contact, cell, state="editing")
    name = f"{cell.key}.{cell.name}"
    changed = changed_since(contact.customer, number_in(asked["since"]) or 0, [name])
    return _cell(request, contact, cell, state="clash", changed=changed)


def _cell(request: Any, contact: CustomerContact, cell: Cell, **more: Any) -> HttpResponse:
    """The field, or the whole card again for who sends a plain form."""
    if not request.headers.get("HX-Request"):
        return go(request, "customers:card", customer_id=contact.customer_id)
    shown = queries.card(contact.customer_id, request.viewer, on=request.store.business_date(request.now))
    line = next(one for one in shown.contacts if one.id == contact.pk)
    reasons = forms.REASONS if shown.may_reveal else ()
    context: dict[str, Any] = {"card": shown, "contact": line, "cell": cell, "reasons": reasons, "cells": cells}
    return fragment(request, "customers/_contact_cell.html", **{"state": "shown", "changed": None, **context, **more})


@page("customers.customer.edit", methods=("POST",))
def drop(request: Any, contact_id: int) -> HttpResponse:
    """This person no longer speaks for the customer."""
    contact = access.contact(request.viewer, contact_id)
    actions.drop_contact(contact, by=request.viewer, now=request.now)
    say(request, _("Contact removed"), undo=to_undo())
    return go(request, "customers:card", customer_id=contact.customer_id)
