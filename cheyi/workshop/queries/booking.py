"""The day's bookings beside the capacity of its hours, and the slots that could be offered (domain.md 5.1, 6.9)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from cheyi.foundation.access import Viewer
from cheyi.foundation.calendar import opening_hours
from cheyi.foundation.models import Store
from cheyi.kernel import Hours, Span
from cheyi.vehicles.models import Vehicle
from cheyi.workshop.access import appointments
from cheyi.workshop.engine.capacity import Booking, Need, Offers, Resources, buckets, cheapest_slots, has_room
from cheyi.workshop.models import Appointment, LabourOp, OpHours, WorkOrder
from cheyi.workshop.models.choices import AppointmentState
from cheyi.workshop.planning import HORIZON, Standing, standing
from cheyi.workshop.queries.labels import labels
from cheyi.workshop.queries.presence import presence
from cheyi.workshop.rules.dispatching import place_for
from cheyi.workshop.rules.life import APPOINTMENT

DAYS_AHEAD = 7
EXPECTED = ("requested", "confirmed", "arrived")
PROMISED = ("confirmed", "arrived")
USUAL_SKILL, USUAL_MINUTES = "mechanics", 60
STATUS = {
    "requested": "ask",
    "confirmed": "wait",
    "arrived": "run",
    "converted": "ok",
    "no_show": "bad",
    "cancelled": "wait",
}
WHOLE = 100


@dataclass(frozen=True, slots=True)
class BookedRow:
    """One booking of a day: who comes when for what, and which verbs are possible."""

    id: int
    no: str
    at: datetime
    minutes: int
    plate: str
    vehicle_id: int | None
    name: str
    model_name: str
    wish: str
    state: str
    state_words: str
    key: str
    over_booked: bool
    order_id: int | None
    verbs: frozenset[str]


@dataclass(frozen=True, slots=True)
class HourLoad:
    """How full an opening hour is, in percent of what may be booked, by its scarcest skill."""

    start: datetime
    share: int


@dataclass(frozen=True, slots=True)
class BookedDay:
    """A day's bookings and the load of its hours; no hours where the store is closed."""

    on: date
    rows: tuple[BookedRow, ...]
    hours: tuple[HourLoad, ...]


def booked_day(on: date, *, viewer: Viewer, store: Store, now: datetime) -> BookedDay:
    """The bookings of a day with its capacity; about sixteen queries."""
    openings = opening_hours(store).on(on)
    floor = standing(store, now)
    rows = _rows(on, viewer, store)
    held = _expected(store, openings)
    kinds = {bay.kind for bay in floor.shop.bays}
    needs = _needs({code for row in held for code in row.op_codes}, kinds)
    hours: tuple[HourLoad, ...] = ()
    if openings:
        expected = [Booking(store.local(row.wanted_at), _needs_of(row, needs)) for row in held]
        if on == store.business_date(now):
            expected += _under_way(floor, openings)
        hours = _hours(_resources(floor, openings, store, now), expected)
    return BookedDay(on, tuple(rows), hours)


def offers(
    op_codes: Sequence[str],
    *,
    minutes: int = USUAL_MINUTES,
    store: Store,
    now: datetime,
    wanted: datetime | None = None,
    without: int = 0,
) -> Offers:
    """The three cheapest slots for some jobs within a week of the wish, the booking ``without`` left out."""
    week = _week(op_codes, minutes, EXPECTED, store=store, now=now, since=wanted or now, without=without)
    return cheapest_slots(
        week.resources,
        week.bookings,
        week.needs,
        now=store.local(now),
        wanted=store.local(wanted) if wanted else None,
    )


def room_at(
    start: datetime, op_codes: Sequence[str], *, minutes: int, store: Store, now: datetime, without: int = 0
) -> bool | None:
    """Whether some jobs find room from ``start`` on beside what is promised, the booking ``without`` left out.

    A wish that nobody confirmed takes no room from others, else two for one slot would shut each other out. None where
    the answer is unknown.
    """
    week = _week(op_codes, minutes, PROMISED, store=store, now=now, since=start, without=without)
    return has_room(week.resources, week.bookings, Booking(store.local(start), week.needs))


@dataclass(frozen=True, slots=True)
class _Week:
    """Who and what there is within a week, what is expected of them, and what is asked for beside it."""

    resources: Resources
    bookings: tuple[Booking, ...]
    needs: tuple[Need, ...]


def _week(
    op_codes: Sequence[str],
    minutes: int,
    states: Sequence[str],
    *,
    store: Store,
    now: datetime,
    since: datetime,
    without: int,
) -> _Week:
    first = store.business_date(max(since, now))
    calendar = opening_hours(store)
    openings = [span for day in range(DAYS_AHEAD) for span in calendar.on(first + timedelta(days=day))]
    floor = standing(store, now)
    held = [row for row in _expected(store, openings, states) if row.pk != without]
    kinds = {bay.kind for bay in floor.shop.bays}
    needs = _needs({code for row in held for code in row.op_codes} | set(op_codes), kinds)
    expected = [Booking(store.local(row.wanted_at), _needs_of(row, needs)) for row in held]
    return _Week(
        _resources(floor, openings, store, now),
        (*expected, *_under_way(floor, openings)),
        tuple(needs[code] for code in op_codes if code in needs) or (_usual(minutes),),
    )


def minutes_of(op_codes: Collection[str]) -> int:
    """How long some jobs take together, as a booking keeps it."""
    return sum(need.minutes for need in _needs(op_codes, ()).values()) or USUAL_MINUTES


def _rows(on: date, viewer: Viewer, store: Store) -> list[BookedRow]:
    start = datetime.combine(on, time(store.cut_over_hour), tzinfo=ZoneInfo(store.zone))
    end = start + timedelta(days=1)
    found = appointments(viewer).filter(store=store, wanted_at__gte=start, wanted_at__lt=end)
    rows = list(found.select_related("customer").order_by("wanted_at", "pk"))
    cars = {car.pk: car for car in Vehicle.objects.filter(pk__in=[r.vehicle_id for r in rows]).select_related("model")}
    orders = dict(
        WorkOrder.objects.filter(store=store, appointment_id__in=[row.pk for row in rows]).values_list(
            "appointment_id", "pk"
        )
    )
    codes = {code for row in rows for code in row.op_codes}
    names = dict(LabourOp.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    persons = viewer.may("customers.customer.view")
    return [_row(row, cars.get(row.vehicle_id or 0), orders.get(row.pk), names, persons=persons) for row in rows]


def _row(
    row: Appointment, car: Vehicle | None, order_id: int | None, names: Mapping[str, str], *, persons: bool
) -> BookedRow:
    jobs = _(", ").join(names[code] for code in row.op_codes if code in names)
    return BookedRow(
        id=row.pk,
        no=row.no,
        at=row.wanted_at,
        minutes=row.minutes,
        plate=car.plate if car else "",
        vehicle_id=row.vehicle_id,
        name=row.customer.name if row.customer and persons else "",
        model_name=car.model.name if car and car.model else "",
        wish=" · ".join(one for one in (jobs, row.request_text) if one),
        state=row.state,
        state_words=labels(AppointmentState)[row.state],
        key=STATUS[row.state],
        over_booked=row.over_booked,
        order_id=order_id,
        verbs=frozenset(APPOINTMENT.verbs(row.state)),
    )


def _expected(store: Store, openings: Sequence[Span], states: Sequence[str] = EXPECTED) -> list[Appointment]:
    if not openings:
        return []
    rows = Appointment.objects.filter(
        store=store, state__in=states, wanted_at__gte=openings[0].start, wanted_at__lt=openings[-1].end
    )
    return list(rows.only("wanted_at", "minutes", "op_codes", "store_id").order_by("wanted_at", "pk"))


def _needs(codes: Collection[str], kinds: Collection[str]) -> dict[str, Need]:
    """What each operation asks for, with its hours for a car of the middle class."""
    if not codes:
        return {}
    hours: dict[int, dict[str, Hours]] = {}
    ops = list(LabourOp.objects.filter(code__in=codes, active=True).select_related("skill"))
    for row in OpHours.objects.filter(op__in=ops):
        hours.setdefault(row.op_id, {})[row.vehicle_class] = row.hours
    return {op.code: _need(op, hours.get(op.pk, {}), kinds) for op in ops}


def _need(op: LabourOp, hours: Mapping[str, Hours], kinds: Collection[str]) -> Need:
    known = hours.get("mid") or next(iter(hours.values()), None)
    return Need(
        skill=op.skill.code if op.skill else USUAL_SKILL,
        level=op.min_level,
        minutes=max(known.minutes if known else 30, 5),
        bay_kind=place_for(op.bay_kind, kinds) if kinds else "",
        needs_hv=op.high_voltage,
    )


def _needs_of(row: Appointment, needs: Mapping[str, Need]) -> tuple[Need, ...]:
    return tuple(needs[code] for code in row.op_codes if code in needs) or (_usual(row.minutes),)


def _usual(minutes: int) -> Need:
    return Need(USUAL_SKILL, 1, max(minutes, 5))


def _under_way(floor: Standing, openings: Sequence[Span]) -> list[Booking]:
    """What the plan gives out already takes the same people and bays."""
    tasks = {task.id: task for task in floor.shop.tasks}
    found = []
    for one in floor.plan().assignments:
        task = tasks[one.task]
        if any(span.start < one.end and one.start < span.end for span in openings):
            minutes = max(int((one.end - one.start).total_seconds() // 60), 1)
            found.append(Booking(one.start, (Need(task.skill or USUAL_SKILL, 1, minutes, task.bay_kind),)))
    return found


def _resources(floor: Standing, openings: Sequence[Span], store: Store, now: datetime) -> Resources:
    """People and bays; for days beyond what the plan looks at, who is here then is asked (presence.py), two queries."""
    people = floor.shop.technicians
    days = max(((span.start.date() - store.local(now).date()).days + 1 for span in openings), default=0)
    if days > HORIZON.days:
        here = presence([one.id for one in people], store, store.local(now), days=days)
        people = tuple(replace(one, shifts=here.shifts[one.id], absences=here.away(one.id)) for one in people)
    return Resources(people, floor.shop.bays, tuple(openings))


def _hours(resources: Resources, expected: Iterable[Booking]) -> tuple[HourLoad, ...]:
    shares: dict[datetime, int] = {}
    for one in buckets(resources, list(expected)):
        room = one.minutes - one.kept_free
        share = min(WHOLE, WHOLE * one.booked // room) if room > 0 else (WHOLE if one.booked else 0)
        shares[one.start] = max(shares.get(one.start, 0), share)
    return tuple(HourLoad(start, share) for start, share in sorted(shares.items()))
