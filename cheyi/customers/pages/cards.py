"""A customer's card: shown with the panels that other packages hang on it, added, edited."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cheyi.customers import access, actions, queries
from cheyi.customers.pages import forms
from cheyi.foundation.pages import go, page, say, screen
from cheyi.foundation.panels import shown_at


@page("customers.customer.view", methods=("GET",))
def card(request: Any, customer_id: int) -> HttpResponse:
    """Everything the viewer may see of a customer, numbers masked."""
    shown = queries.card(customer_id, request.viewer, on=request.store.business_date(request.now))
    return screen(
        request,
        "customers/card.html",
        card=shown,
        panels=shown_at("customers.card", request, customer_id),
        choices=forms.CHOICES,
        reasons=forms.REASONS if shown.may_reveal else (),
    )


@page("customers.customer.add")
def add(request: Any) -> HttpResponse:
    """Put somebody on file; a refusal stands beside its field and what was typed stays."""
    if request.method == "GET":
        typed = {"name": request.GET.get("name", "")[:60]}
        return screen(request, "customers/form.html", card=None, typed=typed, choices=forms.CHOICES)
    typed = forms.details(request.POST)
    customer = actions.add(
        **{"name": "", **typed},
        **forms.insisted(request.POST),
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    say(request, _("%(name)s is on file") % {"name": customer.name})
    return go(request, "customers:card", customer_id=customer.pk)


@page("customers.customer.edit")
def edit(request: Any, customer_id: int) -> HttpResponse:
    """Change a card; sealed fields show masked and change only where something is typed."""
    customer = access.customer_to_edit(request.viewer, customer_id)
    if request.method == "GET":
        shown = queries.card(customer_id, request.viewer, on=request.store.business_date(request.now))
        return screen(request, "customers/form.html", card=shown, typed={}, choices=forms.CHOICES)
    actions.edit(
        customer,
        version=int(request.POST.get("version") or 0),
        **forms.changes(request.POST),
        **forms.insisted(request.POST),
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    say(request, _("Saved"))
    return go(request, "customers:card", customer_id=customer.pk)
