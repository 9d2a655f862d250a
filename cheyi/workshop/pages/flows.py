"""The store's flow profiles: steps off, optional or required, and which order types go which way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import pgettext_lazy

from cheyi.foundation.acts import to_undo
from cheyi.foundation.pages import go, page, say, screen
from cheyi.workshop import actions
from cheyi.workshop.models.choices import CheckLevel, OrderType
from cheyi.workshop.queries.flows import flows_of
from cheyi.workshop.rules.flow import BEFORE, OFF, OPTIONAL, ORDER_TYPES, REQUIRED, Flow, is_law
from cheyi.workshop.wording_missing import BLOCKS

EDIT = actions.flows.EDIT
STEPS: Mapping[str, str | Promise] = {
    "walk_around": later("Walk-around"),
    "approval": later("Customer's signature"),
    "interview": later("Interview"),
    "self_check": CheckLevel.SELF.label,
    "team_check": CheckLevel.TEAM.label,
    "final_check": CheckLevel.FINAL.label,
    "wash": pgettext_lazy("a step", "Wash"),
}
SWITCHES = (
    (OFF, pgettext_lazy("a step", "Off")),
    (OPTIONAL, pgettext_lazy("a step", "Optional")),
    (REQUIRED, pgettext_lazy("a step", "Required")),
)


@page(EDIT)
def flows_page(request: Any) -> HttpResponse:
    """GET shows all profiles; POST writes them as a whole."""
    rows = flows_of(request.store)
    if request.method == "POST":
        wanted = [_wanted(row.flow, request.POST) for row in rows]
        actions.set_flows(wanted, store=request.store, by=request.viewer, now=request.now)
        say(request, _("Flow profiles saved"), undo=to_undo())
        return go(request, "workshop:flows")
    steps = [(step, STEPS[step], BLOCKS[verb]) for step, verb in BEFORE.items()]
    words: dict[str, Any] = {
        "switches": SWITCHES,
        "types": [(kind, OrderType(kind).label) for kind in ORDER_TYPES],
        "is_law": is_law,
    }
    return screen(request, "workshop/flows.html", rows=rows, steps=steps, **words)


def _wanted(flow: Flow, form: Mapping[str, str]) -> Flow:
    """The profile as it was filled in; what the law fixes stands in no field and stays, unless somebody sends one."""
    return Flow(
        code=flow.code,
        steps={step: form.get(f"step-{flow.code}-{step}", flow.switch(step)) for step in BEFORE},
        order_types=tuple(kind for kind in ORDER_TYPES if form.get(f"type-{kind}") == flow.code),
        start_from_open=f"starts-{flow.code}" in form,
        advisor_dispatches=f"dispatches-{flow.code}" in form,
    )
