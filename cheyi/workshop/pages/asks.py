"""What the order page asks before a verb that needs a word: one small dialog each, most answered by one key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cheyi.customers.access import customers
from cheyi.foundation import search
from cheyi.foundation.pages import fragment, page
from cheyi.foundation.qr import qr
from cheyi.workshop import access, saying
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.models.choices import FeeKind, HoldReason, OldPartsChoice, Payer, Responsibility
from cheyi.workshop.pages.agreeing import to_cancel
from cheyi.workshop.pages.answering import owner_address
from cheyi.workshop.queries.jobs_at_hand import needs_manager
from cheyi.workshop.queries.order_people import people_for
from cheyi.workshop.queries.shipped import reasons
from cheyi.workshop.rules.quality import checklist
from cheyi.workshop.wording_checks import ITEMS
from cheyi.workshop.wording_panels import PANELS

Asked = Callable[[Any, WorkOrder], Mapping[str, Any]]
Text = str | Promise

STEP = timedelta(minutes=10)
LATER = (30, 60, 120)


@page("workshop.order.view", methods=("GET",))
def ask(request: Any, order_id: int, question: str) -> HttpResponse:
    """The question of this name about an order."""
    order = access.order(request.viewer, order_id)
    if question == "cancel" and needs_manager(order, request.viewer):
        named, agreement = [(one.name, str(one)) for one in reasons("cancel")], to_cancel(request)
        return fragment(request, "workshop/_ask_cancel.html", order=order, reasons=named, agreement=agreement)
    if question in WHY:
        return fragment(request, "workshop/_ask_why.html", order=order, **_why(question))
    if question not in QUESTIONS:
        raise Http404(question)
    template, asked = QUESTIONS[question]
    return fragment(request, f"workshop/_ask_{template}.html", order=order, **asked(request, order))


# verb -> heading, where it is sent to, list of reasons (empty: in words), whether it ends something
WHY: dict[str, tuple[Text, str, str, bool]] = {
    "hold": (_("Why does it not go on?"), "hold", "hold", False),
    "resume-anyway": (_("Why does it go on all the same?"), "resume-anyway", "go_on", False),
    "cancel": (_("Why is the order cancelled?"), "cancel", "cancel", True),
    "stop-work": (_("Why does the work end here?"), "stop-work", "cancel", True),
    "reopen": (_("Why back to work?"), "reopen", "extra", False),
    "responsibility": (_("Whose fault was it?"), "set-responsibility", "fault", False),
    "skip-check": (_("Why without the final check?"), "skip-check", "", False),
    "skip-walk-around": (_("Why without the walk-around?"), "inspect", "", False),
}


FIELDS = {"skip-walk-around": "skip_reason", "responsibility": "responsibility"}

GO_ON: tuple[Text, ...] = (
    _("Another job can be done meanwhile"),
    _("It came another way"),
    _("The customer wants it so"),
    _("The foreman decides so"),
)
"""Why an order goes on although what it waits for has not come."""


def _choices(kind: str) -> list[tuple[str, Text]]:
    if kind == "hold":
        return list(HoldReason.choices)
    if kind == "fault":
        return list(Responsibility.choices)
    if kind == "go_on":
        return [(str(text), text) for text in GO_ON]
    return [(one.code if kind != "cancel" else one.name, str(one)) for one in reasons(kind)] if kind else []


def _why(name: str) -> dict[str, Any]:
    heading, target, kind, ends = WHY[name]
    return {
        "heading": heading,
        "target": target,
        "choices": _choices(kind),
        "ends": ends,
        "field": FIELDS.get(name, "reason"),
    }


def _technician(request: Any, order: WorkOrder) -> Mapping[str, Any]:
    people = people_for(order, store=request.store, now=request.now)
    return {"people": [(one, saying.reasons(one.reasons, request.store.local(request.now))) for one in people]}


def _promise(request: Any, order: WorkOrder) -> Mapping[str, Any]:
    base = max(order.promised_at or request.now, request.now)
    local: datetime = request.store.local(base)
    rounded = local + (
        STEP - timedelta(minutes=local.minute % 10, seconds=local.second, microseconds=local.microsecond)
    )
    offers = [rounded + timedelta(minutes=each) for each in LATER]
    morning = (local + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
    return {"offers": [*offers, morning], "delays": reasons("delay"), "first": rounded}


def _words(request: Any, order: WorkOrder) -> Mapping[str, Any]:  # noqa: ARG001 - all questions are asked alike
    return {"old_parts": OldPartsChoice.choices}


def _nothing(request: Any, order: WorkOrder) -> Mapping[str, Any]:  # noqa: ARG001
    return {}


def _walk_around(request: Any, order: WorkOrder) -> Mapping[str, Any]:  # noqa: ARG001
    return {"panels": list(PANELS.items())}


def _customer(request: Any, order: WorkOrder) -> Mapping[str, Any]:  # noqa: ARG001
    text = request.GET.get("q", "").strip()[:40]
    hits = search.look_up(text, request.store, things=("customer",), limit=8) if text else []
    rows = {row.pk: row for row in customers(request.viewer).filter(pk__in=[hit.target_id for hit in hits])}
    return {"hits": [rows[hit.target_id] for hit in hits if hit.target_id in rows], "text": text}


def _check(level: str) -> Asked:
    def asked(request: Any, order: WorkOrder) -> Mapping[str, Any]:  # noqa: ARG001
        return {"level": level, "items": [(item, ITEMS[item]) for item in checklist(level)]}

    return asked


def _link(request: Any, order: WorkOrder) -> Mapping[str, Any]:
    address = owner_address(request, order)
    size, _, path = qr(address).partition("|") if address else ("", "", "")
    return {"address": address, "size": size, "path": path}


def _fee(request: Any, order: WorkOrder) -> Mapping[str, Any]:  # noqa: ARG001
    return {"fees": FeeKind.choices, "payers": Payer.choices}


def _come_back(request: Any, order: WorkOrder) -> Mapping[str, Any]:  # noqa: ARG001
    lines = order.labour.filter(state="passed").order_by("seq")
    return {"lines": list(lines), "responsibilities": Responsibility.choices}


QUESTIONS: dict[str, tuple[str, Asked]] = {
    "technician": ("technician", _technician),
    "promise": ("promise", _promise),
    "mileage": ("mileage", _nothing),
    "words": ("words", _words),
    "walk-around": ("walk_around", _walk_around),
    "customer": ("customer", _customer),
    "self-check": ("check", _check("self")),
    "team-check": ("check", _check("team")),
    "link": ("link", _link),
    "fee": ("fee", _fee),
    "come-back": ("come_back", _come_back),
}
