"""At a technician's row of the board: he is not here from now or from a time on, he is back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cheyi.foundation.acts import to_undo
from cheyi.foundation.models import Absence, Employee
from cheyi.foundation.pages import fragment, page, say
from cheyi.foundation.pages.numbers import number_in
from cheyi.foundation.pages.times import day_of, plain, time_of
from cheyi.kernel import Refused, Span
from cheyi.workshop import access, actions, saying
from cheyi.workshop.pages.answering import read_again
from cheyi.workshop.queries.absent import leaving
from cheyi.workshop.queries.presence import Away


@page("workshop.absence.note")
def away(request: Any, technician_id: int) -> HttpResponse:
    """GET asks from when, until when and why, and says what runs; POST notes it."""
    technician = access.technician(technician_id).employee
    if request.method == "GET":
        asked = leaving(technician, store=request.store, now=request.now)
        return fragment(request, "workshop/_ask_away.html", asked=asked, whys=Absence.Why.choices, away=saying.away)
    row = _note(request, technician)
    local = request.store.local(request.now)
    said = saying.away(Away(row.pk, Span(row.starts_at, row.ends_at), row.why), local)
    say(request, _("%(name)s: %(away)s") % {"name": technician.name, "away": said}, undo=to_undo())
    return read_again(request, "workshop:board")


def _note(request: Any, technician: Employee) -> Absence:
    form, store = request.POST, request.store
    starts_at, ends_at = _times(form, store.local(request.now))
    return actions.note_absence(
        technician,
        store=store,
        starts_at=starts_at,
        ends_at=ends_at,
        why=form.get("why", ""),
        words=form.get("words", ""),
        stop=[pk for text in form.getlist("stop") if (pk := number_in(text))],
        by=request.viewer,
        now=request.now,
    )


def _times(form: Mapping[str, str], now: datetime) -> tuple[datetime | None, datetime]:
    """From and until by the store's clock: without a beginning now, without an end the whole day.

    A day alone is the day on which he is back, a time alone is one of the day on which he goes. Raises Refused
    ``workshop.absence.begins_past``.
    """
    texts = {name: plain(form.get(name, "")) for name in ("from_day", "from", "until_day", "until")}
    first = day_of(texts["from_day"], "from_day") if texts["from_day"] else now.date()
    if first < now.date():
        raise Refused("workshop.absence.begins_past", field="from_day")
    whole = time(0) if texts["from_day"] and first > now.date() else None
    begins = time_of(texts["from"], "from") if texts["from"] else whole
    back = day_of(texts["until_day"], "until_day") if texts["until_day"] else first
    ends = time_of(texts["until"], "until") if texts["until"] else time(0)
    if not texts["until_day"] and not texts["until"]:
        back = first + timedelta(days=1)
    zone = now.tzinfo
    starts_at = datetime.combine(first, begins, tzinfo=zone) if begins is not None else None
    return starts_at, datetime.combine(back, ends, tzinfo=zone)


@page("workshop.absence.end", methods=("POST",))
def back(request: Any, absence_id: int) -> HttpResponse:
    """He is here again, or does not go."""
    technician = actions.end_absence(access.absence(absence_id), by=request.viewer, now=request.now)
    say(request, _("%(name)s is here") % {"name": technician.name}, undo=to_undo())
    return read_again(request, "workshop:board")
