"""What the advisor sees when a car is chosen: who it is, what to say, what to suggest, what was done before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from cheyi.customers.models import Customer
from cheyi.customers.queries import CustomerBrief
from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.foundation.questions import Question
from cheyi.kernel import Money
from cheyi.vehicles.models import Vehicle
from cheyi.vehicles.queries import VehicleProfile, profile
from cheyi.workshop.models import Advice, Appointment, LabourLine, LabourOp, PointAnswer, ScheduleNode, WorkOrder
from cheyi.workshop.queries.opening import OpenOrder, open_orders
from cheyi.workshop.rules.suggesting import Due, Point, Suggestion, due_jobs, gathered, points

SHOWN_VISITS = 3
PAST = ("settled", "delivered", "closed")
COMMON_OPS = ("MA001", "MA002", "MA003", "DT004", "DT001", "CH004", "MA013", "EN001", "EL001")
SOON = timedelta(days=30)
REMEMBERED = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Visit:
    """One earlier visit: when, what, at which mileage, for how much."""

    order_id: int
    on: date
    works: tuple[str, ...]
    km: int | None
    total: Money


@dataclass(frozen=True, slots=True)
class ReceptionView:
    """The reception page of one car."""

    profile: VehicleProfile
    owner: CustomerBrief | None
    estimated_km: int | None
    in_warranty: bool
    visits: tuple[Visit, ...]
    visit_count: int
    visits_last_year: int
    spent: Money
    points: tuple[Point, ...]
    suggestions: tuple[Suggestion, ...]
    open_order: OpenOrder | None
    appointment: Appointment | None

    @property
    def is_first_visit(self) -> bool:
        """Whether nothing is on record of an earlier visit here, not even from before this system."""
        return not self.visit_count and self.profile.last_visit_on is None


def reception(vehicle_id: int, *, viewer: Viewer, store: Store, now: datetime) -> ReceptionView:
    """Everything the reception page starts from; about fifteen queries. Raises Vehicle.DoesNotExist."""
    seen = profile(vehicle_id, viewer)
    vehicle = Vehicle.objects.select_related("model").get(pk=vehicle_id)
    today = store.business_date(now)
    km = seen.estimated_km(today)
    orders = _past_orders(vehicle_id, store)
    visits = _visits(orders[:SHOWN_VISITS], store)
    advice = list(
        Advice.objects.filter(vehicle_id=vehicle_id, resolved_at=None).select_related("op").order_by("-pk")[:5]
    )
    due = due_jobs(_maintenance(vehicle, store), km=km, on=today, since=seen.purchase_on)
    year_ago = now - timedelta(days=365)
    appointment = booking_of(vehicle_id, now)
    return ReceptionView(
        profile=seen,
        owner=seen.owner,
        estimated_km=km,
        in_warranty=seen.in_warranty(today, km),
        visits=tuple(visits),
        visit_count=len(orders),
        visits_last_year=sum(order.received_at >= year_ago for order in orders),
        spent=sum((order.approved_total for order in orders), Money(0)),
        points=points(
            _points(seen, visits, advice, due, km=km, today=today), answered=_answered(vehicle_id, store, now)
        ),
        suggestions=gathered(_from_appointment(appointment), due, _from_advice(advice), _common(vehicle)),
        open_order=next(iter(open_orders(vehicle, store=store)), None),
        appointment=appointment,
    )


def _past_orders(vehicle_id: int, store: Store) -> list[WorkOrder]:
    rows = WorkOrder.objects.filter(store=store, vehicle_id=vehicle_id, state__in=PAST)
    return list(
        rows.only("pk", "received_at", "mileage_in", "approved_total", "store_id").order_by("-received_at")[:50]
    )


def _visits(orders: Sequence[WorkOrder], store: Store) -> list[Visit]:
    works: dict[int, list[str]] = {}
    lines = LabourLine.objects.filter(order_id__in=[order.pk for order in orders]).exclude(
        state__in=["declined", "cancelled"]
    )
    for order_id, name in lines.order_by("seq").values_list("order_id", "name"):
        works.setdefault(order_id, []).append(name)
    return [
        Visit(
            order.pk,
            store.business_date(order.received_at),
            tuple(works.get(order.pk, [])),
            order.mileage_in,
            order.approved_total,
        )
        for order in orders
    ]


def _maintenance(vehicle: Vehicle, store: Store) -> list[Due]:
    """The maintenance plan of the car's energy, with when each operation was last done here."""
    energy = vehicle.energy or (vehicle.model.energy if vehicle.model else "")
    nodes = [
        node
        for node in ScheduleNode.objects.select_related("schedule", "op").order_by("pk")
        if energy in node.schedule.energies and node.op.active
    ]
    last: dict[int, tuple[int | None, date]] = {}
    done = LabourLine.objects.filter(
        op_id__in={node.op_id for node in nodes},
        order__vehicle_id=vehicle.pk,
        order__store=store,
        order__state__in=PAST,
    ).exclude(state__in=["declined", "cancelled"])
    for op_id, km, at in done.order_by("order__received_at").values_list(
        "op_id", "order__mileage_in", "order__received_at"
    ):
        last[op_id] = (km, store.business_date(at))
    return [
        Due(node.op.code, node.op.name, node.every_km, node.every_months, *last.get(node.op_id, (None, None)))
        for node in nodes
    ]


def _answered(vehicle_id: int, store: Store, now: datetime) -> set[tuple[str, str]]:
    """What was said about the car within a year, by code and subject."""
    rows = PointAnswer.objects.filter(store=store, vehicle_id=vehicle_id, created_at__gt=now - REMEMBERED)
    return set(rows.values_list("code", "subject"))


def booking_of(vehicle_id: int, now: datetime) -> Appointment | None:
    """The booking that a car which is here now has come for: within half a day, a missed one too."""
    return BOOKINGS.first(vehicle=vehicle_id, since=now - HALF_A_DAY, until=now + HALF_A_DAY)


HALF_A_DAY = timedelta(hours=12)
BOOKINGS = Question(
    lambda vehicle, since, until: Appointment.objects.filter(
        vehicle_id=vehicle,
        state__in=["requested", "confirmed", "arrived", "no_show"],
        wanted_at__gte=since,
        wanted_at__lte=until,
    ).order_by("wanted_at")
)


def _from_appointment(appointment: Appointment | None) -> list[Suggestion]:
    codes = list(getattr(appointment, "op_codes", None) or [])
    names = dict(LabourOp.objects.filter(code__in=codes, active=True).values_list("code", "name")) if codes else {}
    return [Suggestion(code, names[code], "booked") for code in codes if code in names]


def _from_advice(advice: Sequence[Advice]) -> list[Suggestion]:
    return [
        Suggestion(row.op.code, row.op.name, "advised", {"on": row.advised_at}, advice_id=row.pk)
        for row in advice
        if row.op is not None and row.op.active
    ]


def _common(vehicle: Vehicle) -> list[Suggestion]:
    """Jobs that are common for this car's energy, so that the nine keys are never empty."""
    energy = vehicle.energy or (vehicle.model.energy if vehicle.model else "")
    rows = {op.code: op for op in LabourOp.objects.filter(code__in=COMMON_OPS, active=True)}
    fitting = [rows[code] for code in COMMON_OPS if code in rows and energy_fits(rows[code], energy)]
    return [Suggestion(op.code, op.name, "common") for op in fitting]


def energy_fits(op: LabourOp, energy: str) -> bool:
    """Whether an operation is made for cars of this energy (an operation without any is for all)."""
    return not op.energies or not energy or energy in op.energies


def _points(
    seen: VehicleProfile,
    visits: Sequence[Visit],
    advice: Sequence[Advice],
    due: Sequence[Suggestion],
    *,
    km: int | None,
    today: date,
) -> list[Point | None]:
    """Candidates in the order of their weight: safety first, then what was left undone, then dates and wishes."""
    return [
        Point("recall", {"title": seen.open_recalls[0]}, subject=str(seen.open_recalls[0])[:80])
        if seen.open_recalls
        else None,
        _advice_point(advice),
        _service_point(seen, visits, due, km=km, today=today),
        _date_point("insurance", seen.insurance_until, today),
        _date_point("inspection", seen.inspection_due_on, today),
        _birthday(seen, today),
        Point("note", {"text": seen.note}, subject=seen.note[:80]) if seen.note else None,
    ]


def _advice_point(advice: Sequence[Advice]) -> Point | None:
    if not advice:
        return None
    row = advice[0]
    facts = {"text": row.text, "on": row.advised_at, "price": row.price}
    return Point("advice", facts, op_code=row.op.code if row.op else "", advice_id=row.pk, subject=str(row.pk))


def _service_point(
    seen: VehicleProfile, visits: Sequence[Visit], due: Sequence[Suggestion], *, km: int | None, today: date
) -> Point | None:
    offer = due[0] if due else None
    if not visits and seen.last_visit_on:
        return Point("here_before", {"on": seen.last_visit_on})
    if not visits:
        return Point("first_visit", {"phone": seen.owner.mobile if seen.owner else ""})
    last = visits[0]
    facts: dict[str, object] = {
        "months": max((today - last.on).days * 10 // 304, 0),
        "days": (today - last.on).days,
        "km": km - last.km if km is not None and last.km is not None and km > last.km else None,
        "works": _(", ").join(last.works[:2]),
        "job": offer.name if offer else "",
    }
    return Point("since_last", facts, op_code=offer.op_code if offer else "")


def _date_point(code: str, day: date | None, today: date) -> Point | None:
    if day is None or not -SOON <= day - today <= SOON:
        return None
    return Point(code, {"on": day, "days": (day - today).days}, subject=day.isoformat())


def _birthday(seen: VehicleProfile, today: date) -> Point | None:
    """The owner's birthday within the week, where it is on file."""
    if seen.owner is None:
        return None
    born = Customer.objects.filter(pk=seen.owner.id).values_list("birthday_on", flat=True).first()
    if not isinstance(born, date):
        return None
    this_year = date(today.year, born.month, min(born.day, 28) if born.month == 2 else born.day)
    return (
        Point("birthday", {"on": this_year}, subject=this_year.isoformat())
        if 0 <= (this_year - today).days <= 7
        else None
    )
