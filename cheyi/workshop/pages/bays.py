"""The bays of the store: what stands in each, a further one, another name or kind, out of use."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cheyi.foundation.acts import to_undo
from cheyi.foundation.pages import fragment, page, say, screen
from cheyi.workshop import access, actions
from cheyi.workshop.models.choices import BayKind
from cheyi.workshop.pages.answering import read_again
from cheyi.workshop.queries.people import bays

EDIT = actions.people.BAY


@page(EDIT, methods=("GET",))
def bays_page(request: Any) -> HttpResponse:
    """All bays and what stands in them."""
    return screen(request, "workshop/bays.html", rows=bays(request.store))


@page(EDIT)
def add(request: Any) -> HttpResponse:
    """GET asks for name and kind; POST adds the bay."""
    if request.method == "GET":
        return fragment(request, "workshop/_ask_bay.html", row=None, kinds=BayKind.choices)
    form = request.POST
    bay = actions.add_bay(
        store=request.store,
        code=form.get("code", ""),
        kind=form.get("kind", ""),
        ev_safe="ev_safe" in form,
        by=request.viewer,
        now=request.now,
    )
    say(request, _("Bay %(code)s added") % {"code": bay.code}, undo=to_undo())
    return read_again(request, "workshop:bays")


@page(EDIT)
def change(request: Any, bay_id: int) -> HttpResponse:
    """GET asks and says what stands there; POST changes it."""
    bay = access.bay(bay_id)
    row = next(one for one in bays(request.store) if one.bay.pk == bay.pk)
    if request.method == "GET":
        return fragment(request, "workshop/_ask_bay.html", row=row, kinds=BayKind.choices)
    form, active = request.POST, "out" not in request.POST
    bay = actions.change_bay(
        bay,
        code=form.get("code", ""),
        kind=form.get("kind", ""),
        ev_safe="ev_safe" in form,
        active=active,
        by=request.viewer,
        now=request.now,
    )
    cars = _(", ").join(dict.fromkeys(one.plate for one in row.jobs))
    text = _("Bay %(code)s changed") if active else _("Bay %(code)s is out of use")
    if cars and not active:
        text = _("Bay %(code)s is out of use, still given to %(cars)s")
    say(request, text % {"code": bay.code, "cars": cars}, undo=to_undo())
    return read_again(request, "workshop:bays")
