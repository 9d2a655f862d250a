"""The inspector's list and one order's check."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cheyi.foundation.acts import to_undo
from cheyi.foundation.files import keep
from cheyi.foundation.models import StoredFile
from cheyi.foundation.pages import go, page, say, screen
from cheyi.foundation.pages.numbers import number_in
from cheyi.foundation.ui.filters import plate
from cheyi.kernel import Refused
from cheyi.workshop import access, actions, saying
from cheyi.workshop.queries.checking import CheckPage, check_page, to_check
from cheyi.workshop.rules.quality import BY_HAND, CHECK
from cheyi.workshop.wording_checks import ITEMS

CAUSES = (
    gettext_lazy("Fault still there"),
    gettext_lazy("Noise or vibration"),
    gettext_lazy("Leak"),
    gettext_lazy("Torque not marked"),
    gettext_lazy("Part fitted wrong"),
    gettext_lazy("Not clean"),
    gettext_lazy("Work on the order not done"),
)


@page("workshop.order.pass_check", methods=("GET",))
def waiting(request: Any) -> HttpResponse:
    """What waits for a check, the earliest promise first."""
    rows = to_check(request.store, request.now)
    return screen(request, "workshop/checks.html", rows=rows, lasting=saying.lasting)


@page("workshop.order.pass_check", methods=("GET",))
def check(request: Any, order_id: int) -> HttpResponse:
    """One order's list to go through."""
    order = access.order(request.viewer, order_id)
    view = check_page(order, employee_id=request.viewer.employee_id)
    return screen(
        request,
        "workshop/check.html",
        view=view,
        items=ITEMS,
        by_hand=BY_HAND,
        causes=CAUSES,
        lasting=saying.lasting,
        **_words(view),
    )


def _words(view: CheckPage) -> dict[str, Any]:
    """Who did each line, by line."""
    return {"workers": {pk: _(", ").join(names) for pk, names in view.workers.items()}}


@page("workshop.order.pass_check", methods=("POST",))
def pass_check(request: Any, order_id: int) -> HttpResponse:
    """All in order."""
    order = access.order(request.viewer, order_id)
    answers = dict.fromkeys(request.POST.getlist("ok"), True)
    actions.pass_check(
        order,
        answers=answers,
        road_test_km=_km(request.POST.get("road_test_km", "")),
        note=request.POST.get("note", ""),
        by=request.viewer,
        now=request.now,
    )
    say(request, _("Passed: %(plate)s") % {"plate": plate(order.plate)}, undo=to_undo())
    return go(request, "workshop:checks")


def _km(text: str) -> int | None:
    """The whole kilometres typed, None for an empty field. Raises Refused ``workshop.check.bad_road_test``."""
    found = number_in(text)
    if found is None and text.strip():
        raise Refused("workshop.check.bad_road_test", field="road_test_km")
    return found


@page("workshop.order.send_back", photos=("photo",), methods=("POST",))
def send_back(request: Any, order_id: int) -> HttpResponse:
    """Back to work, with the lines, the reason in words, and pictures of it for the technician."""
    order = access.order(request.viewer, order_id)
    ids = [pk for one in request.POST.getlist("line") if (pk := number_in(one))]
    lines = list(order.labour.filter(pk__in=ids))
    reason = _("; ").join(
        one for one in (*request.POST.getlist("cause"), request.POST.get("reason", "")) if one.strip()
    )
    actions.send_back(order, lines=lines, reason=reason[:100], by=request.viewer, now=request.now)
    undo = to_undo()
    if request.photos["photo"]:
        kept = _kept_photos(request)
        actions.report_finding(order, item=reason[:60], system=CHECK, photos=kept, by=request.viewer, now=request.now)
    say(request, _("Sent back: %(plate)s") % {"plate": plate(order.plate)}, undo=undo)
    return go(request, "workshop:checks")


def _kept_photos(request: Any) -> list[StoredFile]:
    """The pictures of what is not right, not for the customer's page."""
    return [
        keep(
            clean,
            store=request.store,
            name="check.jpg",
            access="workshop.finding",
            customer_may_see=False,
            by=request.viewer,
            now=request.now,
        )
        for clean in request.photos["photo"]
    ]
