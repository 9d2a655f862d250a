"""The verbs of an appointment."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from ninja import Field, Query, Router, Schema

from cheyi.customers.access import customer
from cheyi.foundation.api import Body, Cursor, Day, Id, Moment, Nothing, ReasonIn, question, turned, verb
from cheyi.vehicles.access import vehicle
from cheyi.workshop import access, actions
from cheyi.workshop.api.shapes import AppointmentOut

router = Router()


class BookIn(Body):
    """When, for which car or person, what is wanted."""

    wanted_at: Moment
    vehicle_id: Id | None = None
    customer_id: Id | None = None
    minutes: int = Field(default=60, ge=5, le=1440)
    op_codes: list[Annotated[str, Field(max_length=20)]] = Field(default_factory=list, max_length=50)
    request_text: str = Field(default="", max_length=500)
    over_book: bool = False


class MoveIn(Body):
    """Another time."""

    wanted_at: Moment
    over_book: bool = False


class AskedAppointmentsIn(Body):
    """Which bookings: of a day at the store, in a state, of a car."""

    on: Day | None = None
    state: str = Field(default="", max_length=12)
    vehicle_id: Id | None = None
    after: Cursor = 0


class AppointmentsOut(Schema):
    """A page of bookings; ``next`` is the cursor of the following page."""

    appointments: list[AppointmentOut]
    next: int | None


@question(router, "/appointments", permission="workshop.appointment.view", response=AppointmentsOut)
def appointments(request: Any, asked: Query[AskedAppointmentsIn]) -> AppointmentsOut:
    """Bookings of the open store in the order of their making, at most 50 at once."""
    rows = access.appointments(request.viewer)
    if asked.on is not None:
        begins = datetime.combine(asked.on, time(request.store.cut_over_hour), ZoneInfo(request.store.zone))
        rows = rows.filter(wanted_at__gte=begins, wanted_at__lt=begins + timedelta(days=1))
    wanted = {"state": asked.state, "vehicle_id": asked.vehicle_id}
    found, following = turned(rows.filter(**{name: value for name, value in wanted.items() if value}), asked.after)
    return AppointmentsOut(appointments=[AppointmentOut.of(row) for row in found], next=following)


@question(router, "/appointments/{int:row_id}", permission="workshop.appointment.view", response=AppointmentOut)
def appointment(request: Any, row_id: int) -> AppointmentOut:
    """One booking."""
    return AppointmentOut.of(access.appointment(request.viewer, row_id))


@verb(router, "/appointments/book", permission="workshop.appointment.book", response=AppointmentOut)
def book(request: Any, body: BookIn) -> AppointmentOut:
    """Book a slot; ``over_book`` beyond what the hour holds counts for those who may."""
    row = actions.book(
        wanted_at=body.wanted_at,
        vehicle=vehicle(request.viewer, body.vehicle_id) if body.vehicle_id else None,
        customer=customer(request.viewer, body.customer_id) if body.customer_id else None,
        minutes=body.minutes,
        op_codes=body.op_codes,
        request_text=body.request_text,
        over_book=body.over_book,
        advisor=access.books_for(request.viewer),
        by=request.viewer,
        now=request.now,
    )
    return AppointmentOut.of(row)


@verb(
    router,
    "/appointments/{int:row_id}/reschedule",
    permission="workshop.appointment.reschedule",
    response=AppointmentOut,
)
def reschedule(request: Any, row_id: int, body: MoveIn) -> AppointmentOut:
    """Move a booking."""
    row = access.appointment(request.viewer, row_id)
    moved = actions.reschedule(
        row, wanted_at=body.wanted_at, over_book=body.over_book, by=request.viewer, now=request.now
    )
    return AppointmentOut.of(moved)


@verb(router, "/appointments/{int:row_id}/cancel", permission="workshop.appointment.cancel", response=AppointmentOut)
def cancel(request: Any, row_id: int, body: ReasonIn) -> AppointmentOut:
    """Give the slot back."""
    row = access.appointment(request.viewer, row_id)
    return AppointmentOut.of(actions.cancel_appointment(row, reason=body.reason, by=request.viewer, now=request.now))


@verb(router, "/appointments/{int:row_id}/arrive", permission="workshop.appointment.arrive", response=AppointmentOut)
def arrive(request: Any, row_id: int, body: Nothing) -> AppointmentOut:  # noqa: ARG001 - the empty body is checked
    """The car is here."""
    row = access.appointment(request.viewer, row_id)
    return AppointmentOut.of(actions.arrive(row, by=request.viewer, now=request.now))


@verb(router, "/appointments/{int:row_id}/confirm", permission="workshop.appointment.confirm", response=AppointmentOut)
def confirm(request: Any, row_id: int, body: Nothing) -> AppointmentOut:  # noqa: ARG001 - the empty body is checked
    """Say yes to a wish."""
    row = access.appointment(request.viewer, row_id)
    return AppointmentOut.of(actions.confirm(row, by=request.viewer, now=request.now))


@verb(
    router,
    "/appointments/{int:row_id}/mark-no-show",
    permission="workshop.appointment.mark_no_show",
    response=AppointmentOut,
)
def mark_no_show(request: Any, row_id: int, body: Nothing) -> AppointmentOut:
    """The car did not come."""
    del body
    row = access.appointment(request.viewer, row_id)
    return AppointmentOut.of(actions.mark_no_show(row, by=request.viewer, now=request.now))
