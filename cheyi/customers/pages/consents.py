"""What a customer allows, and when he is left alone."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cheyi.customers import access, actions, queries
from cheyi.customers.pages import cells
from cheyi.customers.pages.forms import day_of
from cheyi.foundation.acts import to_undo
from cheyi.foundation.pages import fragment, go, page, say

WORDING_VERSION = "2026-01"


@page("customers.consent.record")
def consent(request: Any, customer_id: int, purpose: str) -> HttpResponse:
    """One purpose where it stands: GET gives its input, or takes it back; POST records the consent or its withdrawal."""
    customer = access.customer_to_edit(request.viewer, customer_id)
    cells.consent_cell(purpose, None, request.store)
    if request.method == "GET":
        return _consent(request, customer_id, purpose, state="shown" if "shown" in request.GET else "editing")
    posted, by = request.POST, {"by": request.viewer, "now": request.now}
    if channel := posted.get("channel", ""):
        version, separate = WORDING_VERSION, "separate" in posted
        said = {"channel": channel, "wording_version": version, "separate": separate}
        actions.record_consent(customer, purpose=purpose, **said, **by)
    else:
        actions.withdraw_consent(customer, purpose=purpose, **by)
    if undo := to_undo():
        say(request, _("Consent recorded") if channel else _("Consent withdrawn"), undo=undo)
    return _consent(request, customer_id, purpose, state="shown")


def _consent(request: Any, customer_id: int, purpose: str, *, state: str) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return go(request, "customers:card", customer_id=customer_id)
    shown = queries.card(customer_id, request.viewer, on=request.store.business_date(request.now))
    cell, value = next((cell, value) for one, cell, value in cells.consents(shown, request.store) if one == purpose)
    address = reverse("customers:consent", kwargs={"customer_id": customer_id, "purpose": purpose})
    context: dict[str, Any] = {"cell": cell, "value": value, "address": address, "version": shown.version}
    return fragment(request, "ui/_cell.html", **context, state=state, post="")


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
