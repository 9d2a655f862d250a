"""Finding customers: those the store knows, and by a whole number those of sister stores."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from cheyi.customers import actions, queries
from cheyi.customers.models import Customer
from cheyi.foundation.pages import go, page, say, screen
from cheyi.foundation.pages.numbers import number_in
from cheyi.foundation.panels import columns_at
from cheyi.foundation.sources import Source

SALT = "cheyi.customers.adopt"
MINUTES_TO_ADOPT = 10
LONGEST_TEXT = 60


@page("customers.customer.view", methods=("GET",))
def customers(request: Any) -> HttpResponse:
    """The customers the viewer may see, found by name, sound or number; without a text those who came last."""
    text = request.GET.get("q", "").strip()[:LONGEST_TEXT]
    found = queries.list_page(
        text, store=request.store, viewer=request.viewer, number=number_in(request.GET.get("page", "")[:3]) or 1
    )
    columns = columns_at("customers.list", request, [hit.customer.id for hit in found.hits])
    return screen(request, "customers/list.html", text=text, found=found, columns=columns, strangers=None)


@page("customers.customer.adopt", methods=("POST",))
def elsewhere(request: Any) -> HttpResponse:
    """Who in the group has a whole number; it travels in the body, never in the address."""
    found = actions.look_elsewhere(
        request.POST.get("number", "")[:LONGEST_TEXT], store=request.store, by=request.viewer, now=request.now
    )
    strangers = [(one, _ticket(request, one.customer_id)) for one in found]
    return screen(request, "customers/list.html", text="", found=None, columns=[], strangers=strangers)


@page("customers.customer.adopt", methods=("POST",))
def adopt(request: Any) -> HttpResponse:
    """Make somebody known whose whole number was typed a moment ago."""
    customer = Customer.objects.get(pk=_customer_id(request))
    paper = Source("customers.customer", customer.pk)
    actions.know(customer, store=request.store, paper=paper, by=request.viewer, now=request.now)
    say(request, _("%(name)s is known here now") % {"name": customer.name})
    return go(request, "customers:card", customer_id=customer.pk)


def _ticket(request: Any, customer_id: int) -> str:
    """Proof that this person was just shown this customer in this store."""
    return signing.dumps([request.viewer.user_id, request.viewer.store_id, customer_id], salt=SALT)


def _customer_id(request: Any) -> int:
    """The customer of a ticket that is this person's and fresh. Raises Http404."""
    try:
        user, store, customer_id = signing.loads(
            request.POST.get("ticket", ""), salt=SALT, max_age=MINUTES_TO_ADOPT * 60
        )
    except signing.BadSignature as error:
        raise Http404 from error
    if [user, store] != [request.viewer.user_id, request.viewer.store_id]:
        raise Http404
    return int(customer_id)
