"""The foreman's board: look, drag, reassign by key or tap, accept what is proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cheyi.foundation.acts import to_undo
from cheyi.foundation.models import Employee
from cheyi.foundation.pages import fragment, page, say, screen
from cheyi.foundation.pages.numbers import number_in
from cheyi.kernel import Refused
from cheyi.workshop import access, actions, saying
from cheyi.workshop.actions import Placement
from cheyi.workshop.models import Assignment, LabourLine
from cheyi.workshop.pages.answering import followed
from cheyi.workshop.queries.board import Threat
from cheyi.workshop.queries.board import board as board_of
from cheyi.workshop.queries.clocks import clocks_to_check
from cheyi.workshop.queries.places import in_a_row, places_for

LONG_DAY = 14
VIEWS = ("people", "bays", "columns")
COLUMNS = ("wait", "run", "part", "ask", "qc", "ok")
OVERRULED = {
    "skill_missing": gettext_lazy("lacks the skill"),
    "level_too_low": gettext_lazy("below the level it needs"),
    "bay_does_not_fit": gettext_lazy("in a bay of another kind"),
}


@page("workshop.board.view", methods=("GET",))
def board(request: Any) -> HttpResponse:
    """The whole board; ``?wall`` is the big screen: dark, larger, without controls."""
    shown = _shown(request)
    context = _context(request, shown)
    if shown.wall:
        context["theme"] = "dark"
    return screen(request, "workshop/board.html", **context)


@page("workshop.board.view", methods=("GET",))
def rows(request: Any) -> HttpResponse:
    """The board's changing part; while nothing happened in the store in this minute it is not made again."""
    shown = _shown(request)
    return followed(request, str(shown), lambda: fragment(request, "workshop/_board.html", **_context(request, shown)))


@dataclass(frozen=True)
class Shown:
    """Which board: rows of people or bays or columns of states, on a desk or on the wall."""

    view: str = "people"
    wall: bool = False


def _shown(request: Any) -> Shown:
    """From the address, or after a move from the page on which it was made."""
    asked = request.GET if request.method == "GET" else _asked_on(request.headers.get("HX-Current-URL", ""))
    view = asked.get("view", "")
    return Shown(view if view in VIEWS else "people", "wall" in asked)


def _asked_on(address: str) -> QueryDict:
    return QueryDict(urlsplit(address).query)


def _context(request: Any, shown: Shown) -> dict[str, Any]:
    view = board_of(request.store, request.now, by_bay=shown.view == "bays")
    names = {pk: person.name for pk, person in view.people.items()}
    return {
        "view": view,
        "shown": shown,
        "views": VIEWS,
        "columns": COLUMNS,
        "query": urlencode({"view": shown.view} | ({"wall": "1"} if shown.wall else {})),
        "slots": view.axis.slots,
        "hours": _hours(view.axis.opens, view.axis.closes),
        "opens": view.axis.opens,
        "clocks": clocks_to_check(request.store, view.now),
        "away": saying.away,
        "lasting": saying.lasting,
        "reasons": {one.order.pk: saying.reasons(one.reasons, view.now) for one in view.waiting},
        "threats": [_threat(one, names, view.now) for one in view.threats],
    }


def _hours(opens: int, closes: int) -> range:
    """The hours that are written above the lanes: each, or every second of a long day."""
    return range(opens + 1, closes, 1 if closes - opens <= LONG_DAY else 2)


def _threat(one: Threat, names: dict[int, str], now: datetime) -> dict[str, Any]:
    """A promise at risk in words, with the one move that keeps it when there is one."""
    risk = one.risk
    move = next((step.what.facts for step in risk.remedies if step.what.code == "other_technician"), None)
    return {
        "order": one.order,
        "works": one.works,
        "late": saying.lasting(risk.late_minutes) if risk.late_minutes is not None else "",
        "why": saying.reasons(risk.reasons[:1], now),
        "remedies": [text for step in risk.remedies[:3] if (text := saying.remedy(step, names, now))],
        "move": move,
    }


@page("workshop.order.assign", methods=("POST",))
def move(request: Any, line_id: int) -> HttpResponse:
    """Give the jobs of a block to a technician or a bay, one after another from a time, in one act.

    A broken promise is said, a missing certificate refused.
    """
    lines = _lines(request, line_id)
    technician = Employee.objects.get(pk=_number(request, "to") or 0)
    placements = _placements(request, lines, technician.pk)
    order = access.order(request.viewer, lines[0].order_id)
    reason = request.POST.get("reason", "") or _("decided on the board")
    actions.place(order, placements=placements, store=request.store, reason=reason, by=request.viewer, now=request.now)
    say(request, _said(lines, technician, placements[-1].end_at), undo=to_undo())
    return rows_after(request)


def _lines(request: Any, line_id: int) -> list[LabourLine]:
    """The jobs of a block: the one in the address and those after it, as ``with`` names them."""
    others = [pk for text in request.GET.get("with", "").split(",") if (pk := number_in(text))]
    return [access.line(request.viewer, "labour", pk) for pk in dict.fromkeys((line_id, *others))]  # type: ignore[misc]


def _placements(request: Any, lines: list[LabourLine], technician_id: int) -> list[Placement]:
    """Where the jobs go: without a time only to whom, else one after another as his shifts allow."""
    bay_id, start = _number(request, "bay"), _time(request, request.POST.get("at", ""))
    if start is None:
        return [Placement(line.pk, technician_id, bay_id=bay_id) for line in lines]
    spans = in_a_row(lines, technician_id, start, store=request.store, now=request.now)
    return [
        Placement(line.pk, technician_id, bay_id=bay_id, start_at=span.start, end_at=span.end, dragged=True)
        for line, span in zip(lines, spans, strict=True)
    ]


def _number(request: Any, name: str) -> int | None:
    return number_in(request.POST.get(name)) or None


def _said(lines: list[LabourLine], technician: Employee, end: datetime | None) -> str:
    """What was done, and which rule or promise it breaks."""
    said = _("%(job)s to %(who)s") % {"job": _(", ").join(line.name for line in lines), "who": technician.name}
    rows = Assignment.objects.filter(line__in=lines, technician=technician, ended_at=None).order_by("pk")
    codes = dict.fromkeys(code for row in rows for code in row.overruled.split("+") if code in OVERRULED)
    broken = [str(OVERRULED[code]) for code in codes]
    promised = lines[0].order.promised_at
    if end and promised and end > promised:
        broken.append(_("%(late)s after the promise") % {"late": saying.lasting((end - promised).total_seconds() / 60)})
    return _("; ").join([said, *broken])


def rows_after(request: Any) -> HttpResponse:
    """The board as it stands after a move."""
    return fragment(request, "workshop/_board.html", **_context(request, _shown(request)))


def _time(request: Any, text: str) -> datetime | None:
    if not text:
        return None
    try:
        hour, minute = (int(piece) for piece in text.split(":"))
        return request.store.local(request.now).replace(hour=hour, minute=minute, second=0, microsecond=0)  # type: ignore[no-any-return]
    except ValueError:
        raise Refused("workshop.board.bad_time", field="at", text=text) from None


@page("workshop.board.view", methods=("GET",))
def places(request: Any, line_id: int) -> HttpResponse:
    """Who could do the jobs of a block and what it would mean for the promise."""
    lines = _lines(request, line_id)
    found = places_for(lines, store=request.store, now=request.now)
    local = request.store.local(request.now)
    options = [(one, saying.reasons(one.reasons, local)) for one in found]
    return fragment(request, "workshop/_places.html", lines=lines, options=options)


@page("workshop.order.dispatch", methods=("POST",))
def accept(request: Any, order_id: int) -> HttpResponse:
    """Take the engine's proposal for one order."""
    order = access.order(request.viewer, order_id)
    people = actions.accept([order], store=request.store, by=request.viewer, now=request.now)
    say(request, _("Given to %(who)s") % {"who": _(", ").join(one.name for one in people)}, undo=to_undo())
    return rows_after(request)


@page("workshop.order.dispatch", methods=("POST",))
def accept_all(request: Any) -> HttpResponse:
    """Take every proposal that stands."""
    waiting = board_of(request.store, request.now).waiting
    proposed = [access.order(request.viewer, one.order.pk) for one in waiting if one.is_proposed]
    given = actions.accept(proposed, store=request.store, by=request.viewer, now=request.now)
    say(request, ngettext("%(n)d order dispatched", "%(n)d orders dispatched", len(given)) % {"n": len(given)})
    return rows_after(request)
