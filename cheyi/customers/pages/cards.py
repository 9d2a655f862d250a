"""A customer's card: shown with the panels that other packages hang on it, added, changed where its fields stand."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cheyi.customers import access, actions, queries
from cheyi.customers.models import Customer
from cheyi.customers.pages import cells, forms
from cheyi.foundation.acts import to_undo
from cheyi.foundation.changes import changed_since
from cheyi.foundation.pages import fragment, go, page, say, screen
from cheyi.foundation.pages.cells import Cell, version_of
from cheyi.foundation.pages.numbers import number_in
from cheyi.foundation.panels import shown_at


@page("customers.customer.view", methods=("GET",))
def card(request: Any, customer_id: int) -> HttpResponse:
    """Everything the viewer may see of a customer, numbers masked; ``?edit=mobile`` opens a field."""
    shown = queries.card(customer_id, request.viewer, on=request.store.business_date(request.now))
    return screen(
        request,
        "customers/card.html",
        card=shown,
        panels=shown_at("customers.card", request, customer_id),
        choices=forms.CHOICES,
        reasons=forms.REASONS if shown.may_reveal else (),
        cells=cells,
        open_cell=request.GET.get("edit", "") if request.viewer.may("customers.customer.edit") else "",
    )


@page("customers.customer.add")
def add(request: Any) -> HttpResponse:
    """Put somebody on file; a refusal stands beside its field and what was typed stays."""
    if request.method == "GET":
        typed = {"name": request.GET.get("name", "")[:60]}
        return screen(request, "customers/form.html", typed=typed, choices=forms.CHOICES)
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
    """One field where it stands: GET gives its input, takes it back or asks who holds; POST keeps what was typed."""
    customer = access.customer_to_edit(request.viewer, customer_id)
    if request.method == "GET":
        return _asked(request, customer)
    cell = cells.cell_of(request.POST.get("field", ""))
    if typed := cells.typed(cell, request.POST):
        before = customer.version
        customer = actions.edit(
            customer,
            version=version_of(request.POST) or 0,
            **typed,
            **forms.insisted(request.POST),
            store=request.store,
            by=request.viewer,
            now=request.now,
        )
        if customer.version > before:
            say(request, _("%(field)s saved") % {"field": cell.label}, undo=to_undo())
    return _answer(request, customer_id, cell)


def _asked(request: Any, customer: Customer) -> HttpResponse:
    """The input of a field; with ``shown`` the field as it is read; with ``since`` what a colleague made of it."""
    asked = request.GET
    if not request.headers.get("HX-Request"):
        address = reverse("customers:card", kwargs={"customer_id": customer.pk})
        return HttpResponseRedirect(f"{address}?{urlencode({'edit': asked.get('field', 'name')})}", status=303)
    cell = cells.cell_of(asked.get("field", ""))
    if "shown" in asked:
        return _answer(request, customer.pk, cell)
    if "since" not in asked:
        return _cell(request, customer.pk, cell, state="editing")
    changed = changed_since(
        customer, number_in(asked["since"]) or 0, [cell.name], store_id=request.store.pk, own=("note",)
    )
    return _cell(request, customer.pk, cell, state="clash", changed=changed)


def _cell(request: Any, customer_id: int, cell: Cell, **more: Any) -> HttpResponse:
    shown = queries.card(customer_id, request.viewer, on=request.store.business_date(request.now))
    address = reverse("customers:edit", kwargs={"customer_id": customer_id})
    value = getattr(shown, cell.name)
    context = {"cell": cell, "value": value, "address": address, "version": shown.version, "post": ""}
    return fragment(request, "ui/_cell.html", **context, **more)


def _answer(request: Any, customer_id: int, cell: Cell) -> HttpResponse:
    """The field as it is read now, with what follows from it: the head of the card, and other fields."""
    if not request.headers.get("HX-Request"):
        return go(request, "customers:card", customer_id=customer_id)
    shown = queries.card(customer_id, request.viewer, on=request.store.business_date(request.now))
    return fragment(
        request,
        "customers/_changed.html",
        card=shown,
        cell=cell,
        following=[cells.CELLS[name] for name in cells.FOLLOWING.get(cell.name, ())],
        reasons=forms.REASONS if shown.may_reveal else (),
    )
