"""Reception: who comes, the chosen car with suggestions and price, opening and dispatching the order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cheyi.customers.models import Customer
from cheyi.foundation import todos
from cheyi.foundation.acts import to_undo
from cheyi.foundation.models import Employee
from cheyi.foundation.pages import fragment, go, page, say, screen
from cheyi.foundation.pages.numbers import number_in
from cheyi.kernel import Refused
from cheyi.vehicles.access import vehicle as vehicle_of
from cheyi.vehicles.models import Vehicle
from cheyi.workshop import access, actions, saying
from cheyi.workshop.actions import JobWanted
from cheyi.workshop.models.choices import Payer
from cheyi.workshop.pages.readings import kilometres
from cheyi.workshop.queries.jobs import find_jobs
from cheyi.workshop.queries.landing import landing as landing_of
from cheyi.workshop.queries.opening import owner_of
from cheyi.workshop.queries.quoting import Wish, quote
from cheyi.workshop.queries.reception import booking_of, reception
from cheyi.workshop.queries.shipped import reasons
from cheyi.workshop.rules.life import OPEN_STATES

LEVELS = dict(Customer.Level.choices)
PAYERS = [(code, label) for code, label in Payer.choices if code != "fleet"]


@page("workshop.order.open_order", methods=("GET",))
def landing(request: Any) -> HttpResponse:
    """The advisor's day."""
    view = landing_of(request.viewer, store=request.store, now=request.now)
    texts = {one.pk: todos.sentence(one) for one in view.todos}
    return screen(request, "workshop/reception.html", view=view, todo_texts=texts, day=request.store.local(request.now))


@page("workshop.order.open_order", methods=("GET",))
def car(request: Any, vehicle_id: int) -> HttpResponse:
    """One car at the counter: everything known, nothing asked."""
    view = reception(vehicle_id, viewer=request.viewer, store=request.store, now=request.now)
    today = request.store.local(request.now).date()
    booked = [one.op_code for one in view.suggestions if one.why == "booked"]
    vehicle = vehicle_of(request.viewer, vehicle_id)
    return screen(
        request,
        "workshop/order_new.html",
        view=view,
        **_priced(request, vehicle, [Wish(code) for code in booked]),
        levels=LEVELS,
        points=[(one, saying.point(one, today)) for one in view.points],
        suggestions=[(one, saying.why(one)) for one in view.suggestions],
        request_text=view.appointment.request_text if view.appointment else "",
        booked=[f"{code}|customer|" for code in booked],
        second_reasons=reasons("second_order"),
    )


@page("workshop.order.open_order", methods=("GET",))
def priced(request: Any, vehicle_id: int) -> HttpResponse:
    """Lines and decision for the jobs that are chosen now."""
    vehicle = vehicle_of(request.viewer, vehicle_id)
    return fragment(
        request, "workshop/_quote.html", **_priced(request, vehicle, _wishes(request.GET.getlist("job")), ask=True)
    )


def _priced(request: Any, vehicle: Vehicle, wishes: list[Wish], *, ask: bool = False) -> dict[str, Any]:
    """What lines and decision show; nothing is computed before the first job."""
    if not wishes and not ask:
        return {"quote": None, "why_time": "", "why_person": "", "payers": PAYERS}
    made = quote(vehicle, wishes, customer=owner_of(vehicle), store=request.store, now=request.now)
    now = request.store.local(request.now)
    person = saying.reasons(made.proposal.reasons, now) if made.proposal else ""
    return {"quote": made, "why_time": saying.reasons(made.reasons, now), "why_person": person, "payers": PAYERS}


@page("workshop.order.receive", methods=("POST",))
def answer_point(request: Any, vehicle_id: int) -> HttpResponse:
    """The customer is interested in a talking point, or was told: it is not shown again."""
    form = request.POST
    actions.answer_point(
        vehicle_of(request.viewer, vehicle_id),
        code=form.get("code", ""),
        subject=form.get("subject", ""),
        answer=form.get("answer", ""),
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    say(request, _("Noted: interested") if form["answer"] == "interested" else _("Noted: told"))
    return (
        HttpResponse(status=200)
        if request.headers.get("HX-Request")
        else go(request, "workshop:car", vehicle_id=vehicle_id)
    )


@page("workshop.order.view", methods=("GET",))
def car_order(request: Any, vehicle_id: int) -> HttpResponse:
    """The order that still has the car: where a colleague has just opened it."""
    found = access.orders(request.viewer).filter(vehicle_id=vehicle_id, state__in=OPEN_STATES).order_by("-pk").first()
    if found is None:
        return go(request, "workshop:car", vehicle_id=vehicle_of(request.viewer, vehicle_id).pk)
    return go(request, "workshop:order", order_id=found.pk)


@page("workshop.order.open_order", methods=("GET",))
def jobs(request: Any, vehicle_id: int) -> HttpResponse:
    """Jobs found by pinyin initials or words, for the line input."""
    vehicle = vehicle_of(request.viewer, vehicle_id)
    hits = find_jobs(request.GET.get("q", ""), vehicle=vehicle, store=request.store)
    return fragment(request, "workshop/_job_hits.html", hits=hits, text=request.GET.get("q", ""))


@page("workshop.order.open_order", methods=("POST",))
def open_order(request: Any, vehicle_id: int) -> HttpResponse:
    """Open the order, dispatched when a technician is chosen."""
    form, vehicle = request.POST, vehicle_of(request.viewer, vehicle_id)
    chosen = number_in(form.get("technician"))
    technician = Employee.objects.get(pk=chosen) if chosen else None
    order = actions.open_order(
        vehicle=vehicle,
        jobs=[JobWanted(one.op_code, payer=one.payer, advice_id=one.advice_id) for one in _wishes(form.getlist("job"))],
        dispatch_to=technician if form.get("act") != "open" else None,
        mileage=_kilometres(form.get("mileage", ""), form.get("mileage_known", "")),
        mileage_reason=form.get("mileage_reason", ""),
        request_text=form.get("request_text", "").strip(),
        promised_at=_moment(form.get("promised_at", "")),
        second_order_reason=form.get("second_order_reason", ""),
        appointment=booking_of(vehicle.pk, request.now),
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    said = _("Opened %(no)s") if technician is None else _("Opened %(no)s, given to %(who)s")
    say(request, said % {"no": order.no, "who": technician.name if technician else ""}, undo=to_undo())
    return go(request, "workshop:order", order_id=order.pk)


def _wishes(rows: list[str]) -> list[Wish]:
    """Each row is ``code|payer|advice id``; the last two may be missing."""
    wishes = []
    for row in rows:
        code, payer, advice = (*row.split("|"), "", "")[:3]
        wishes.append(Wish(code, payer or "customer", number_in(advice)))
    return wishes


def _kilometres(text: str, known: str) -> int | None:
    """What was typed; the number that the page itself had put there is no reading. Raises Refused for no number."""
    if not text.strip() or text.replace(",", "").strip() == known.replace(",", ""):
        return None
    return kilometres(text, "mileage")


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        raise Refused("workshop.order.bad_promise", field="promised_at")
    return moment
