"""Technicians: who they are, what each can do, his high-voltage certificate."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cheyi.foundation.acts import to_undo
from cheyi.foundation.pages import go, page, say, screen
from cheyi.foundation.pages.numbers import number_in
from cheyi.foundation.pages.times import day_of, plain
from cheyi.workshop import access, actions
from cheyi.workshop.queries.people import could_be_technicians, profile_card, skill_names, technician_rows

EDIT = actions.people.TECHNICIAN
LEVELS = range(1, 6)


@page(EDIT, methods=("GET",))
def technicians_page(request: Any) -> HttpResponse:
    """All technicians, and who could be one."""
    rows, others = technician_rows(request.store), could_be_technicians(request.store)
    today = request.store.local(request.now).date()
    return screen(request, "workshop/technicians.html", rows=rows, others=others, today=today)


@page(EDIT)
def technician(request: Any, technician_id: int) -> HttpResponse:
    """GET shows what somebody can do; POST writes all of it."""
    employee = access.colleague(technician_id, request.store.pk)
    today = request.store.local(request.now).date()
    if request.method == "GET":
        card = profile_card(employee, request.store)
        return screen(request, "workshop/technician.html", card=card, levels=LEVELS, today=today)
    form = request.POST
    levels = {code: number_in(form.get(f"level-{code}", "")) or 0 for code in skill_names()}
    until = form.get("high_voltage_until", "")
    actions.change_technician(
        employee,
        store=request.store,
        skills={code: level for code, level in levels.items() if level},
        high_voltage_no=form.get("high_voltage_no", ""),
        high_voltage_until=day_of(until, "high_voltage_until") if plain(until) else None,
        active="active" in form,
        by=request.viewer,
        now=request.now,
    )
    say(request, _("%(name)s saved") % {"name": employee.name}, undo=to_undo())
    return go(request, "workshop:technicians")
