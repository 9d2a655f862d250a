"""What a booked time must pass: the store is open then, and the hour has room, or somebody who may over-books it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from cheyi.foundation.access import Viewer
from cheyi.foundation.calendar import opening_hours
from cheyi.foundation.models import Store
from cheyi.foundation.numbering import take_turn
from cheyi.foundation.ui.filters import said_day, said_moment
from cheyi.kernel import Refused
from cheyi.workshop.queries.booking import offers, room_at

SERIES = "AP"
OVER_BOOK = "workshop.appointment.over_book"


def demand_open(store: Store, wanted_at: datetime, *, now: datetime) -> None:
    """Raises Refused ``workshop.appointment.closed_day``, ``.closed_then`` with the hours of that day."""
    calendar, at = opening_hours(store), store.local(wanted_at)
    if calendar.is_open(at):
        return
    on, spans = said_day(at.date(), store.local(now).date()), calendar.on(at.date())
    if not spans:
        raise Refused("workshop.appointment.closed_day", field="wanted_at", on=on)
    hours = _(", ").join(f"{span.start:%H:%M}–{span.end:%H:%M}" for span in spans)
    raise Refused("workshop.appointment.closed_then", field="wanted_at", on=on, hours=hours)


def demand_room(
    wanted_at: datetime,
    op_codes: Sequence[str],
    *,
    minutes: int,
    store: Store,
    over_book: bool,
    without: int = 0,
    by: Viewer,
    now: datetime,
) -> bool:
    """See that the hour holds the work, the booking ``without`` left out; True when it does not and is over-booked.

    Who decides waits for whoever decides at the same moment, so that the last room is given once. Where it is unknown
    whether there is room, nobody is turned away. Raises Refused ``workshop.appointment.full``, ``.full_all_week``.
    """
    take_turn(store, SERIES, now)
    if room_at(wanted_at, op_codes, minutes=minutes, store=store, now=now, without=without) is not False:
        return False
    if over_book and by.may(OVER_BOOK) and not by.is_system:
        return True
    local = store.local(now)
    at = said_moment(store.local(wanted_at), local)
    free = offers(op_codes, minutes=minutes, store=store, now=now, wanted=wanted_at, without=without)
    if not free.slots:
        raise Refused("workshop.appointment.full_all_week", field="wanted_at", at=at)
    slots = _(", ").join(said_moment(slot.start, local) for slot in free.slots)
    raise Refused("workshop.appointment.full", field="wanted_at", at=at, slots=slots)
