"""The advisor's landing page: who comes today, my cars in the shop, what waits for me."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store, Todo
from cheyi.vehicles.models import Vehicle
from cheyi.workshop.models import Appointment, Assignment, LabourLine, WorkOrder
from cheyi.workshop.queries.labels import state_words
from cheyi.workshop.queries.needs import CarInNeed, cars_in_need
from cheyi.workshop.rules.life import OPEN_STATES
from cheyi.workshop.rules.status import Status, late_minutes, status_of

MOST = 20


@dataclass(frozen=True, slots=True)
class Arrival:
    """An appointment of today."""

    id: int
    at: datetime
    vehicle_id: int | None
    plate: str
    name: str
    model_name: str
    wish: str
    state: str


@dataclass(frozen=True, slots=True)
class CarHere:
    """An order that is not over."""

    order_id: int
    no: str
    plate: str
    model_name: str
    works: str
    technician: str
    promised_at: datetime | None
    status: Status
    state_label: str
    late: int
    rework: bool

    @property
    def asks(self) -> bool:
        """Whether the customer has still to answer: said instead of the state."""
        return self.status.key == "ask"


@dataclass(frozen=True, slots=True)
class Landing:
    """The day's lists."""

    arrivals: tuple[Arrival, ...]
    cars: tuple[CarHere, ...]
    todos: tuple[Todo, ...]
    in_need: tuple[CarInNeed, ...]

    @property
    def waiting(self) -> int:
        """Arrivals that are not yet received."""
        return sum(one.state in ("requested", "confirmed", "arrived") for one in self.arrivals)


def landing(viewer: Viewer, *, store: Store, now: datetime) -> Landing:
    """What the advisor's day holds; seven queries."""
    return Landing(
        tuple(_arrivals(store, now)),
        tuple(_cars(viewer, store, now)),
        tuple(_todos(viewer, store)),
        cars_in_need(viewer, store=store),
    )


def _arrivals(store: Store, now: datetime) -> list[Arrival]:
    day = store.business_date(now)
    start = datetime.combine(day, time(store.cut_over_hour), tzinfo=ZoneInfo(store.zone))
    found = (
        Appointment.objects.filter(store=store, wanted_at__gte=start, wanted_at__lt=start + timedelta(days=1))
        .exclude(state__in=["cancelled"])
        .select_related("customer")
        .order_by("wanted_at")[:MOST]
    )
    rows = list(found)
    cars = {car.pk: car for car in Vehicle.objects.filter(pk__in=[r.vehicle_id for r in rows]).select_related("model")}
    return [_arrival(row, cars.get(row.vehicle_id or 0)) for row in rows]


def _arrival(row: Appointment, car: Vehicle | None) -> Arrival:
    return Arrival(
        row.pk,
        row.wanted_at,
        row.vehicle_id,
        car.plate if car else "",
        row.customer.name if row.customer else "",
        car.model.name if car and car.model else "",
        row.request_text,
        row.state,
    )


def _cars(viewer: Viewer, store: Store, now: datetime) -> list[CarHere]:
    orders = WorkOrder.objects.filter(store=store, state__in=OPEN_STATES)
    if viewer.reach("workshop.order.view") == "own" or "advisor" in viewer.roles:
        orders = orders.filter(advisor_id=viewer.employee_id)
    rows = list(orders.order_by("promised_at", "pk")[:MOST])
    works: dict[int, list[str]] = {}
    pending: set[int] = set()
    for order_id, name, state in (
        LabourLine.objects.filter(store=store, order_id__in=[row.pk for row in rows])
        .exclude(state__in=["declined", "cancelled"])
        .order_by("seq")
        .values_list("order_id", "name", "state")
    ):
        works.setdefault(order_id, []).append(name)
        if state == "pending":
            pending.add(order_id)
    technicians = _technicians(store, rows)
    return [
        CarHere(
            row.pk,
            row.no,
            row.plate or row.vin[-6:],
            row.model_name,
            _(", ").join(works.get(row.pk, [])[:2]),
            technicians.get(row.pk, ""),
            row.promised_at,
            status_of(
                row.state,
                hold_reason=row.hold_reason,
                lines_pending=int(row.pk in pending),
            ),
            state_words(row.state, row.hold_reason),
            late_minutes(row.promised_at, row.state, now=now),
            row.rework_of_id is not None,
        )
        for row in rows
    ]


def _technicians(store: Store, rows: list[WorkOrder]) -> dict[int, str]:
    given = Assignment.objects.filter(
        store=store, ended_at=None, line__store=store, line__order_id__in=[row.pk for row in rows]
    )
    return dict(given.values_list("line__order_id", "technician__name"))


def _todos(viewer: Viewer, store: Store) -> list[Todo]:
    mine = Q(role__in=sorted(viewer.roles)) | Q(assignee_id=viewer.employee_id or 0)
    return list(Todo.objects.filter(mine, store=store, done_at=None).order_by("due_at", "pk")[:MOST])
