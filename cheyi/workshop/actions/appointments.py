"""Booking a car for a day and hour, and what becomes of the booking (domain.md 5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from cheyi.customers import actions as customers
from cheyi.customers.models import Customer
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, lock
from cheyi.foundation.models import Employee
from cheyi.foundation.numbering import draw
from cheyi.foundation.sources import Source
from cheyi.kernel import Refused
from cheyi.vehicles import actions as vehicles
from cheyi.vehicles.models import Vehicle, VehicleOwnership
from cheyi.workshop import events
from cheyi.workshop.actions.opening import home_store
from cheyi.workshop.actions.slots import SERIES, demand_open, demand_room
from cheyi.workshop.models import Appointment
from cheyi.workshop.rules.life import APPOINTMENT

MOST_CHANGES_BY_CUSTOMER = 3
NO_SHOW_AFTER = timedelta(minutes=60)
OPEN = ("requested", "confirmed", "arrived")
CHANNELS = ("phone", "wechat", "mini_program", "web", "walk_in_next", "sa_outbound", "oem_app")


@act
def book(
    *,
    wanted_at: datetime,
    vehicle: Vehicle | None = None,
    customer: Customer | None = None,
    minutes: int = 60,
    op_codes: Sequence[str] = (),
    request_text: str = "",
    channel: str = "phone",
    advisor: Employee | None = None,
    ask: bool = False,
    over_book: bool = False,
    by: Viewer,
    now: datetime,
) -> Appointment:
    """Book a slot; ``ask`` only asks for it (a customer's wish that staff confirm), which takes no room yet.

    ``over_book`` counts for those who may. Raises Refused ``workshop.appointment.in_the_past``, ``.nobody``,
    ``.already_booked`` for a second one of the car on that day, ``.closed_then``, ``.closed_day``, ``.full``.
    """
    store = home_store()
    if wanted_at <= now:
        raise Refused("workshop.appointment.in_the_past", field="wanted_at")
    if channel not in CHANNELS:
        raise Refused("workshop.appointment.unknown_channel", field="channel", channel=channel)
    customer = customer or _owner(vehicle)
    _demand_somebody(vehicle, customer)
    demand_open(store, wanted_at, now=now)
    if vehicle is not None:
        _one_a_day(lock(vehicle), wanted_at)
    over_booked = not ask and demand_room(
        wanted_at, op_codes, minutes=minutes, store=store, over_book=over_book, by=by, now=now
    )
    row = Appointment.objects.create(
        store=store,
        created_at=now,
        created_by_id=by.user_id,
        no=draw(store, SERIES, now),
        state=APPOINTMENT.after("", "ask_for" if ask else "book"),
        channel=channel,
        vehicle=vehicle,
        customer=customer,
        wanted_at=wanted_at,
        minutes=minutes,
        over_booked=over_booked,
        op_codes=list(op_codes),
        request_text=request_text,
        advisor_id=advisor.pk if advisor else by.employee_id,
    )
    _know(row, by=by, now=now)
    undo = ("workshop.appointment.cancel", {"appointment_id": row.pk})
    fact = events.AppointmentRequested if ask else events.AppointmentConfirmed
    audit(by, fact.code, row, now=now, undo=undo, no=row.no, wanted_at=wanted_at.isoformat(), **_marked(row))
    announce(fact(store_id=store.pk, happened_at=now, appointment_id=row.pk))
    return row


@act
def confirm(appointment: Appointment, *, by: Viewer, now: datetime) -> Appointment:
    """Say yes to a wish; who may over-book decides it where the hour is full.

    Raises Refused ``workshop.appointment.closed_then``, ``.closed_day``, ``.full``.
    """
    appointment = lock(appointment)
    APPOINTMENT.after(appointment.state, "confirm")
    _find_room(appointment, over_book=True, by=by, now=now)
    appointment.save(update_fields=["over_booked"])
    return _move(appointment, "confirm", events.AppointmentConfirmed, by=by, now=now, facts=_marked(appointment))


@act
def reschedule(
    appointment: Appointment,
    *,
    wanted_at: datetime,
    by_customer: bool = False,
    over_book: bool = False,
    by: Viewer,
    now: datetime,
) -> Appointment:
    """Move a booking; ``over_book`` counts for those who may.

    Raises Refused ``workshop.appointment.in_the_past``, ``.moved_too_often``, ``.closed_then``, ``.closed_day``,
    ``.full``.
    """
    appointment = lock(appointment)
    APPOINTMENT.after(appointment.state, "reschedule")
    if wanted_at <= now:
        raise Refused("workshop.appointment.in_the_past", field="wanted_at")
    if by_customer and appointment.rescheduled >= MOST_CHANGES_BY_CUSTOMER:
        raise Refused("workshop.appointment.moved_too_often", most=MOST_CHANGES_BY_CUSTOMER)
    before, appointment.wanted_at = appointment.wanted_at, wanted_at
    _find_room(appointment, over_book=over_book and not by_customer, by=by, now=now)
    appointment.rescheduled += 1
    appointment.save(update_fields=["wanted_at", "rescheduled", "over_booked"])
    return _move(
        appointment,
        "reschedule",
        events.AppointmentRescheduled,
        by=by,
        now=now,
        facts={"from": before.isoformat(), "to": wanted_at.isoformat(), **_marked(appointment)},
    )


@act
def arrive(appointment: Appointment, *, by: Viewer, now: datetime) -> Appointment:
    """The car is here; a missed one may still come on its day. Raises Refused ``workshop.appointment.other_day``."""
    appointment = lock(appointment)
    store = appointment.store
    if store.business_date(appointment.wanted_at) != store.business_date(now):
        raise Refused("workshop.appointment.other_day", no=appointment.no)
    appointment.arrived_at = now
    appointment.save(update_fields=["arrived_at"])
    return _move(appointment, "arrive", events.AppointmentArrived, by=by, now=now)


@act
def mark_no_show(appointment: Appointment, *, by: Viewer, now: datetime) -> Appointment:
    """The car did not come. Raises Refused ``workshop.appointment.too_early`` within the hour after the slot."""
    appointment = lock(appointment)
    if now < appointment.wanted_at + NO_SHOW_AFTER:
        raise Refused("workshop.appointment.too_early", no=appointment.no)
    return _move(appointment, "mark_no_show", events.AppointmentMissed, by=by, now=now)


@act
def cancel_appointment(appointment: Appointment, *, reason: str, by: Viewer, now: datetime) -> Appointment:
    """Give a slot back. Raises Refused ``workshop.appointment.no_reason``."""
    if not reason.strip():
        raise Refused("workshop.appointment.no_reason", field="reason")
    appointment = lock(appointment)
    appointment.cancel_reason = reason[:100]
    appointment.save(update_fields=["cancel_reason"])
    return _move(appointment, "cancel", events.AppointmentCancelled, by=by, now=now, facts={"reason": reason})


Told = type[
    events.AppointmentConfirmed
    | events.AppointmentRescheduled
    | events.AppointmentArrived
    | events.AppointmentMissed
    | events.AppointmentCancelled
]


def _move(
    appointment: Appointment,
    verb: str,
    fact: Told,
    *,
    by: Viewer,
    now: datetime,
    facts: dict[str, Any] | None = None,
) -> Appointment:
    appointment = lock(appointment)
    appointment.state = APPOINTMENT.after(appointment.state, verb)
    appointment.save(update_fields=["state"])
    audit(by, fact.code, appointment, now=now, **(facts or {}))
    announce(fact(store_id=appointment.store_id, happened_at=now, appointment_id=appointment.pk))
    return appointment


def _demand_somebody(vehicle: Vehicle | None, customer: Customer | None) -> None:
    if vehicle is None and customer is None:
        raise Refused("workshop.appointment.nobody", field="vehicle")


def _know(row: Appointment, *, by: Viewer, now: datetime) -> None:
    """The store knows the car and the customer whom it expects."""
    paper = Source("workshop.appointment", row.pk, row.no)
    if row.vehicle is not None:
        vehicles.know(row.vehicle, store=row.store, paper=paper, by=by, now=now)
    if row.customer is not None:
        customers.know(row.customer, store=row.store, paper=paper, by=by, now=now)


def _find_room(appointment: Appointment, *, over_book: bool, by: Viewer, now: datetime) -> None:
    store = appointment.store
    demand_open(store, appointment.wanted_at, now=now)
    appointment.over_booked = demand_room(
        appointment.wanted_at,
        appointment.op_codes,
        minutes=appointment.minutes,
        store=store,
        over_book=over_book,
        without=appointment.pk,
        by=by,
        now=now,
    )


def _marked(appointment: Appointment) -> dict[str, bool]:
    """What stands in the audit of a booking beyond what its hour holds."""
    return {"over_booked": True} if appointment.over_booked else {}


def _owner(vehicle: Vehicle | None) -> Customer | None:
    if vehicle is None:
        return None
    rows = VehicleOwnership.objects.filter(vehicle=vehicle, role="owner", until_on__isnull=True)
    row = rows.select_related("customer").first()
    return row.customer if row else None


def _one_a_day(vehicle: Vehicle, wanted_at: datetime) -> None:
    store = home_store()
    day = store.business_date(wanted_at)
    others = Appointment.objects.filter(
        vehicle=vehicle, state__in=OPEN, wanted_at__range=(wanted_at - timedelta(days=1), wanted_at + timedelta(days=1))
    )
    for other in others:
        if store.business_date(other.wanted_at) == day:
            raise Refused(
                "workshop.appointment.already_booked", no=other.no, wanted_at=f"{store.local(other.wanted_at):%H:%M}"
            )
