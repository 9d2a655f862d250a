"""The manager's page: decisions first, figures with what they are compared with, and the documents behind each."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cheyi.foundation.acts import to_undo
from cheyi.foundation.pages import fragment, go, page, say, screen
from cheyi.kernel import Money
from cheyi.settlement.access import decided_by
from cheyi.workshop import access, actions, saying
from cheyi.workshop.models.choices import OrderState
from cheyi.workshop.pages.answering import followed
from cheyi.workshop.pages.approvals import ACTS
from cheyi.workshop.pages.settling import LABELS
from cheyi.workshop.queries.documents import CODES, documents
from cheyi.workshop.queries.figures import day_figures

DECISIONS = {
    **{code: (words, icon, "ask") for code, (words, icon) in ACTS.items()},
    "complaint": (gettext_lazy("Customer not satisfied"), "message-circle", "bad"),
    "late": (gettext_lazy("Past its promise"), "alert-triangle", "bad"),
    "clock": (gettext_lazy("Other clocked time asked for"), "clock", "ask"),
    "discount": (gettext_lazy("Discount above the limit"), "discount", "part"),
    "hold": (gettext_lazy("On hold for more than a day"), "clock", "wait"),
    "no_answer": (gettext_lazy("Customer has not answered"), "message-circle", "ask"),
    "sent_back": (gettext_lazy("Sent back more than once"), "shield-check", "qc"),
    "unpaid": (gettext_lazy("Ready for more than a day, unpaid"), "receipt", "part"),
}
NAMES = {
    "taken": gettext_lazy("Taken today"),
    "opened": gettext_lazy("Opened today"),
    "delivered": gettext_lazy("Handed over today"),
    "per_car": gettext_lazy("Value per car"),
    "on_time": gettext_lazy("Handed over on time"),
    "in_shop": gettext_lazy("In the shop"),
    "late": gettext_lazy("Past their promise"),
}
HOW = {
    "taken": gettext_lazy(
        "Payments and deposits of this business day less what went back; deposits used are not counted twice"
    ),
    "opened": gettext_lazy(
        "Orders opened today without drafts and cancelled ones; before: the same weekday, same time"
    ),
    "delivered": gettext_lazy("Cars handed over today; before: the same weekday of last week up to this time"),
    "per_car": gettext_lazy(
        "Agreed total with tax of all payers, divided by cars handed over in seven days; before: the seven days earlier"
    ),
    "on_time": gettext_lazy("Handed over by the first promise, of all handed over in seven days that had a promise"),
    "in_shop": gettext_lazy("Every order whose car has not left, with its agreed total"),
    "late": gettext_lazy("Promised for an earlier moment than now and not ready yet"),
}
SAYS = {
    **dict(OrderState.choices),
    **LABELS,
    "on_time": gettext_lazy("On time"),
    "too_late": gettext_lazy("Too late"),
    "no_promise": gettext_lazy("No promise"),
}


@page("workshop.figures.view", methods=("GET",))
def today(request: Any) -> HttpResponse:
    """What wants a decision, today beside a week ago, orders by state with time in each, today's takings."""
    return screen(request, "workshop/figures.html", **_context(request))


@page("workshop.figures.view", methods=("GET",))
def rows(request: Any) -> HttpResponse:
    """The same as it stands now; while nothing happened in the store in this minute it is not made again."""
    return followed(request, "today", lambda: fragment(request, "workshop/_figures.html", **_context(request)))


def _context(request: Any) -> dict[str, Any]:
    return {
        "view": day_figures(request.store, request.now),
        "labels": LABELS,
        "decisions": DECISIONS,
        "names": NAMES,
        "how": HOW,
        "lasting": saying.lasting,
        "money_of": Money,
        "agreeable": decided_by(request.viewer),
    }


@page("workshop.figures.view", methods=("GET",))
def figure(request: Any, code: str) -> HttpResponse:
    """One figure: how it is computed and every document it was counted from."""
    if code not in CODES:
        raise Http404(code)
    rows = documents(code, request.store, request.now)
    return screen(request, "workshop/figure.html", code=code, name=NAMES[code], how=HOW[code], rows=rows, says=SAYS)


@page("workshop.line.approve_discount", methods=("POST",))
def agree(request: Any, kind: str, line_id: int) -> HttpResponse:
    """Agree to a discount that waits."""
    line = access.line(request.viewer, kind, line_id)
    actions.approve_discount(line, by=request.viewer, now=request.now)
    say(request, _("Discount agreed: %(line)s") % {"line": line.name})
    return go(request, "workshop:today")


@page("workshop.line.approve_discount", methods=("POST",))
def refuse(request: Any, kind: str, line_id: int) -> HttpResponse:
    """Do not agree to a discount that waits: it comes off, a price below the list price is the list price again."""
    line = access.line(request.viewer, kind, line_id)
    actions.refuse_discount(line, by=request.viewer, now=request.now)
    say(request, _("Discount taken off: %(line)s") % {"line": line.name}, undo=to_undo())
    return go(request, "workshop:today")
