"""What the workshop hangs on the page of to-dos: the way to the order or job, and what a call needs."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cheyi.foundation.panels import Panel, Way, panel, way
from cheyi.workshop.access import orders
from cheyi.workshop.queries.calls import PERSONS, call_sheet
from cheyi.workshop.rules.calling import CALL_BACK, COMPLAINT


@way("todo.workshop.order", order=10, permission="workshop.order.view")
def to_order(request: Any, order_ids: Collection[int]) -> dict[int, Way]:
    """To the order, with whose car it is where the viewer sees persons."""
    rows = orders(request.viewer).filter(pk__in=order_ids)
    sees = request.viewer.may(PERSONS)
    found = rows.select_related("customer") if sees else rows
    return {
        row.pk: Way(
            gettext("Order %(no)s") % {"no": row.no},
            reverse("workshop:order", kwargs={"order_id": row.pk}),
            "clipboard-list",
            " · ".join(filter(None, [row.customer.name if sees and row.customer else "", row.model_name])),
        )
        for row in found
    }


@way("todo.workshop.line", order=10, permission="workshop.line.start_job")
def to_job(_request: Any, line_ids: Collection[int]) -> dict[int, Way]:
    """To the technician's job."""
    return {
        one: Way(gettext("To the job"), reverse("workshop:job", kwargs={"line_id": one}), "tool") for one in line_ids
    }


@panel(CALL_BACK, order=10, permission="workshop.order.record_call")
def call(request: Any, order_id: int) -> Panel | None:
    """Whom to call, what to know, and the form for what came of it."""
    return _sheet(request, order_id, _("The call"), asks=True)


@panel(COMPLAINT, order=10, permission="workshop.order.view")
def complaint(request: Any, order_id: int) -> Panel | None:
    """What the customer said, and what it is about."""
    return _sheet(request, order_id, _("What the customer said"), asks=False)


def _sheet(request: Any, order_id: int, heading: Any, *, asks: bool) -> Panel | None:
    order = orders(request.viewer).filter(pk=order_id).select_related("customer", "sender").first()
    if order is None:
        return None
    sheet = call_sheet(order, request.viewer, store=request.store, now=request.now)
    return Panel(heading, "workshop/_call_panel.html", {"sheet": sheet, "asks": asks})
