"""Bookings: the day with its capacity, booking a slot, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cheyi.foundation import search
from cheyi.foundation.acts import to_undo
from cheyi.foundation.pages import fragment, go, page, say, screen, told_moment
from cheyi.foundation.pages.numbers import number_in
from cheyi.kernel import Refused
from cheyi.vehicles.access import vehicle as vehicle_of
from cheyi.vehicles.models import Vehicle
from cheyi.vehicles.queries import profile
from cheyi.workshop import access, actions, saying
from cheyi.workshop.pages.answering import CHANGED
from cheyi.workshop.queries.booking import booked_day, minutes_of, offers
from cheyi.workshop.queries.jobs import find_jobs
from cheyi.workshop.queries.shipped import reasons
from cheyi.workshop.wording_booking import CHANNELS

OUR_TIME = range(1900, 2200)


@page("workshop.appointment.view", methods=("GET",))
def appointments(request: Any) -> HttpResponse:
    """The bookings of a day, and how full its hours are."""
    today = request.store.business_date(request.now)
    on = _date(request.GET.get("on", "")) or today
    view = booked_day(on, viewer=request.viewer, store=request.store, now=request.now)
    near = [today + timedelta(days=each) for each in range(7)]
    return screen(request, "workshop/appointments.html", view=view, today=today, near=near)


def _date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in OUR_TIME else None


@page("workshop.appointment.book", methods=("GET",))
def new(request: Any) -> HttpResponse:
    """Book for a car: its wishes on the left, the three cheapest slots on the right."""
    chosen = number_in(request.GET.get("vehicle"))
    seen = profile(vehicle_of(request.viewer, chosen).pk, request.viewer) if chosen else None
    return screen(request, "workshop/booking.html", car=seen, channels=CHANNELS)


@page("workshop.appointment.book", methods=("GET",))
def cars(request: Any) -> HttpResponse:
    """Cars found by plate, VIN, phone or name, for the booking's first field."""
    text = request.GET.get("q", "").strip()[:40]
    hits = search.look_up(text, request.store, things=("vehicle", "customer"), limit=8) if text else []
    own = [hit.target_id for hit in hits if hit.thing == "vehicle"]
    people = [hit.target_id for hit in hits if hit.thing == "customer"]
    by_owner = Vehicle.objects.filter(
        ownerships__customer_id__in=people, ownerships__role="owner", ownerships__until_on=None
    )
    ids = list(dict.fromkeys([*own, *by_owner.values_list("pk", flat=True)]))[:8]
    rows = {row.pk: row for row in Vehicle.objects.filter(pk__in=ids).select_related("model")}
    found = [rows[one] for one in ids if one in rows]
    return fragment(request, "workshop/_booking_cars.html", rows=found, text=text)


@page("workshop.appointment.book", methods=("GET",))
def jobs(request: Any, vehicle_id: int) -> HttpResponse:
    """Jobs found by initials or words, as they apply to the car."""
    text = request.GET.get("q", "")
    hits = find_jobs(text, vehicle=vehicle_of(request.viewer, vehicle_id), store=request.store)
    return fragment(request, "workshop/_job_hits.html", hits=hits, text=text)


@page("workshop.appointment.book", methods=("GET",))
def slots(request: Any) -> HttpResponse:
    """The three cheapest slots for the jobs that are chosen now."""
    codes = _codes(request.GET.getlist("job"))
    wanted = _moment(request, request.GET.get("near", ""))
    found = offers(codes, store=request.store, now=request.now, wanted=wanted)
    return fragment(request, "workshop/_slots.html", **_worded(request, found))


def _worded(request: Any, found: Any) -> dict[str, Any]:
    now = request.store.local(request.now)
    words = [(one, saying.slot(one.reasons, now)) for one in found.slots]
    return {"slots": words, "why_none": saying.slot((found.reason,), now) if found.reason else ""}


def _codes(rows: list[str]) -> list[str]:
    return [row.split("|")[0] for row in rows if row]


def _moment(request: Any, text: str) -> datetime | None:
    try:
        naive = datetime.fromisoformat(text)
    except ValueError:
        return None
    if naive.year not in OUR_TIME:
        return None
    return naive if naive.tzinfo else naive.replace(tzinfo=ZoneInfo(request.store.zone))


def _demanded(request: Any) -> datetime:
    moment = _moment(request, request.POST.get("slot", "") or request.POST.get("wanted_at", ""))
    if moment is None:
        raise Refused("workshop.appointment.no_time", field="wanted_at")
    return moment


@page("workshop.appointment.book", methods=("POST",))
def book(request: Any, vehicle_id: int) -> HttpResponse:
    """Book the chosen slot, or the time that was typed."""
    form, codes = request.POST, _codes(request.POST.getlist("job"))
    row = actions.book(
        vehicle=vehicle_of(request.viewer, vehicle_id),
        wanted_at=_demanded(request),
        minutes=minutes_of(codes),
        op_codes=codes,
        request_text=form.get("request_text", "").strip()[:500],
        channel=form.get("channel", "phone"),
        over_book="over_book" in form,
        advisor=access.books_for(request.viewer),
        by=request.viewer,
        now=request.now,
    )
    say(request, _("Booked for %(when)s") % {"when": told_moment(request, row.wanted_at)}, undo=to_undo())
    return go(request, "workshop:appointments")


@page("workshop.appointment.view", methods=("GET",))
def ask(request: Any, row_id: int, asked: str) -> HttpResponse:
    """Another time, with three slots near it or near the time typed so far; or the reason for cancelling."""
    row = access.appointment(request.viewer, row_id)
    if asked == "cancel":
        return fragment(request, "workshop/_ask_cancel_booking.html", row=row, choices=reasons("cancel"))
    if asked != "move":
        raise Http404(asked)
    found = offers(
        row.op_codes,
        minutes=row.minutes,
        store=request.store,
        now=request.now,
        wanted=_moment(request, request.GET.get("near", "")) or row.wanted_at,
        without=row.pk,
    )
    return fragment(request, "workshop/_ask_move_booking.html", row=row, **_worded(request, found))


@page("workshop.appointment.reschedule", methods=("POST",))
def reschedule(request: Any, row_id: int) -> HttpResponse:
    """Move a booking to another time."""
    row = access.appointment(request.viewer, row_id)
    over_book = "over_book" in request.POST
    moved = actions.reschedule(
        row, wanted_at=_demanded(request), over_book=over_book, by=request.viewer, now=request.now
    )
    say(request, _("Moved to %(when)s") % {"when": told_moment(request, moved.wanted_at)})
    return _changed(request)


@page("workshop.appointment.cancel", methods=("POST",))
def cancel(request: Any, row_id: int) -> HttpResponse:
    """Give the slot back."""
    row = access.appointment(request.viewer, row_id)
    actions.cancel_appointment(row, reason=request.POST.get("reason", ""), by=request.viewer, now=request.now)
    say(request, _("Booking %(no)s is cancelled") % {"no": row.no})
    return _changed(request)


@page("workshop.appointment.arrive", methods=("POST",))
def arrive(request: Any, row_id: int) -> HttpResponse:
    """The car is here: on to reception, where what was booked is chosen already."""
    row = access.appointment(request.viewer, row_id)
    actions.arrive(row, by=request.viewer, now=request.now)
    if row.vehicle_id and request.viewer.may("workshop.order.open_order"):
        return go(request, "workshop:car", vehicle_id=row.vehicle_id)
    say(request, _("%(no)s has arrived") % {"no": row.no})
    return _changed(request)


def _simple(permission: str, verb: Callable[..., Any], words: str) -> Callable[..., Any]:
    @page(permission, methods=("POST",))
    def run(request: Any, row_id: int) -> HttpResponse:
        row = access.appointment(request.viewer, row_id)
        verb(row, by=request.viewer, now=request.now)
        say(request, _(words) % {"no": row.no})
        return _changed(request)

    run.__doc__ = verb.__doc__
    return run


confirm = _simple("workshop.appointment.confirm", actions.confirm, gettext_noop("%(no)s is confirmed"))
mark_no_show = _simple("workshop.appointment.mark_no_show", actions.mark_no_show, gettext_noop("%(no)s did not come"))


def _changed(request: Any) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=200, headers={"HX-Trigger": CHANGED})
    return go(request, "workshop:appointments")
