"""Finding, adding, changing and taking over customers; showing a sealed value."""

from __future__ import annotations

from typing import Annotated, Any

from django.urls import reverse
from ninja import Field, Router

from cheyi.customers import access, actions, queries
from cheyi.customers.api.shapes import (
    ChangeIn,
    ClearOut,
    CustomerOut,
    CustomersOut,
    FieldsIn,
    FoundElsewhereOut,
    RevealedOut,
    RevealIn,
    WholeNumberIn,
)
from cheyi.customers.queries import CustomerCard
from cheyi.foundation.api import Cursor, question, turned, verb

router = Router()
Search = Annotated[str, Field(max_length=60)]


def card_of(request: Any, customer_id: int) -> CustomerCard:
    """The card as the viewer may see it."""
    return queries.card(customer_id, request.viewer, on=request.store.business_date(request.now))


@question(router, "/customers", permission="customers.customer.view", response=CustomersOut)
def customers(request: Any, q: Search = "", after: Cursor | None = None) -> dict[str, Any]:
    """Known customers by name, sound or the last four digits; without ``q`` those who came last. At most 50.

    With ``after`` (0 for the beginning) all of them page by page, in the order of their ids, when ``q`` is empty.
    """
    if after is not None and not q.strip():
        rows, following = turned(queries.seen_by(request.viewer), after)
        return {"customers": [queries.brief(row) for row in rows], "next": following}
    hits = queries.search(q, store=request.store, viewer=request.viewer)
    return {"customers": [hit.customer for hit in hits]}


@question(router, "/customers/{int:customer_id}", permission="customers.customer.view", response=CustomerOut)
def customer(request: Any, customer_id: int) -> CustomerCard:
    """One customer's card."""
    return card_of(request, customer_id)


@verb(router, "/customers", permission="customers.customer.add", response=CustomerOut)
def add(request: Any, body: FieldsIn) -> CustomerCard:
    """Put somebody on file, or link the one whom a sister store knows."""
    row = actions.add(
        **{"name": "", **body.typed()}, **body.insisted(), store=request.store, by=request.viewer, now=request.now
    )
    return card_of(request, row.pk)


@verb(router, "/customers/{int:customer_id}/edit", permission="customers.customer.edit", response=CustomerOut)
def edit(request: Any, customer_id: int, body: ChangeIn) -> CustomerCard:
    """Change the fields that are sent; an empty text clears."""
    actions.edit(
        access.customer_to_edit(request.viewer, customer_id),
        version=body.version,
        **body.typed(),
        **body.insisted(),
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    return card_of(request, customer_id)


@verb(router, "/customers/look-elsewhere", permission="customers.customer.adopt", response=FoundElsewhereOut)
def look_elsewhere(request: Any, body: WholeNumberIn) -> dict[str, Any]:
    """Who in the group has a whole number and is not known here; each hit is recorded."""
    found = actions.look_elsewhere(body.number, store=request.store, by=request.viewer, now=request.now)
    return {"customers": found}


@verb(router, "/customers/adopt", permission="customers.customer.adopt", response=CustomerOut)
def adopt(request: Any, body: WholeNumberIn) -> CustomerCard:
    """Take over the customer of a sister store who has a whole number."""
    row = actions.adopt(
        number=body.number, customer_id=body.customer_id, store=request.store, by=request.viewer, now=request.now
    )
    return card_of(request, row.pk)


@verb(router, "/customers/{int:customer_id}/reveal", permission="customers.customer.reveal", response=RevealedOut)
def reveal(request: Any, customer_id: int, body: RevealIn) -> dict[str, str]:
    """Record that a sealed value is looked at. The answer is kept, so it only says where the value is for a minute."""
    contact = access.contact_of(request.viewer, customer_id, body.slot)
    actions.reveal(
        access.customer_to_reveal(request.viewer, customer_id),
        field="mobile" if contact else body.slot,
        reason=body.reason,
        contact=contact,
        by=request.viewer,
        now=request.now,
    )
    page = reverse("customers:clear", kwargs={"customer_id": customer_id, "field": body.slot})
    return {"address": f"/api/v1{page}"}


@question(
    router, "/customers/{int:customer_id}/clear/{slug:slot}", permission="customers.customer.reveal", response=ClearOut
)
def clear(request: Any, customer_id: int, slot: str) -> dict[str, str]:
    """The clear value, for a minute after ``reveal``."""
    return {"text": access.revealed(request.viewer, customer_id, slot, now=request.now).clear()}
