"""Clocked time put right from the board or an order: the foreman asks, the manager decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cheyi.foundation.acts import to_undo
from cheyi.foundation.pages import fragment, page, say
from cheyi.workshop import access, actions
from cheyi.workshop.pages.answering import changed
from cheyi.workshop.pages.readings import moment

WHY = (gettext_noop("Forgot to clock out"), gettext_noop("Forgot to clock in"), gettext_noop("Clocked on another job"))


@page("workshop.line.correct_clock")
def correct(request: Any, clock_id: int) -> HttpResponse:
    """GET asks for the true times and why; POST puts them right, or asks the manager for it."""
    clock = access.clock(request.viewer, clock_id)
    if request.method == "GET":
        decides = request.viewer.may("workshop.line.decide_clock")
        return fragment(request, "workshop/_ask_clock.html", clock=clock, why=[_(one) for one in WHY], decides=decides)
    form, zone = request.POST, request.store.local(request.now).tzinfo
    done = actions.correct_clock(
        clock,
        started_at=moment(form.get("started_at", ""), "started_at", zone),
        stopped_at=moment(form.get("stopped_at", ""), "stopped_at", zone),
        reason=next((text for text in form.getlist("reason") if text.strip()), ""),
        by=request.viewer,
        now=request.now,
    )
    said = _("%(name)s: the manager must agree to the times") if done.asked_by else _("Times of %(name)s put right")
    say(request, said % {"name": done.technician.name}, undo=to_undo())
    return changed(request, done.line.order_id)


def _decided(verb: Callable[..., Any], words: str) -> Callable[..., Any]:
    @page("workshop.line.decide_clock", methods=("POST",))
    def run(request: Any, clock_id: int) -> HttpResponse:
        clock = verb(access.clock(request.viewer, clock_id), by=request.viewer, now=request.now)
        say(request, _(words) % {"name": clock.technician.name}, undo=to_undo())
        return changed(request, clock.line.order_id)

    return run


agree = _decided(actions.agree_clock, gettext_noop("Times of %(name)s put right"))
decline = _decided(actions.decline_clock, gettext_noop("Times of %(name)s stay as clocked"))
