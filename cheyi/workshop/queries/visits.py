"""The history of a customer or a car in this store's workshop: his orders with their jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Count, Model, Q, QuerySet, Window

from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.workshop import access
from cheyi.workshop.models import LabourLine, WorkOrder
from cheyi.workshop.queries.labels import state_words
from cheyi.workshop.rules.life import DEAD_LINES
from cheyi.workshop.rules.status import Status, is_late, status_of

M = TypeVar("M", bound=Model)

SHOWN = 8
OVER = ("delivered", "closed")


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One order as a line of the history; ``works`` are its jobs."""

    order: WorkOrder
    works: tuple[str, ...]
    status: Status
    state_words: str


@dataclass(frozen=True, slots=True)
class Visits:
    """The latest orders, those still open first, and how often somebody came in all."""

    rows: tuple[VisitRow, ...]
    count: int
    shows_prices: bool


def visits(
    viewer: Viewer, *, store: Store, now: datetime, customer_id: int | None = None, vehicle_id: int | None = None
) -> Visits:
    """The orders that the viewer may see of a customer or a car, at most eight of them. Two queries."""
    mine = _of(access.orders(viewer).filter(store=store), customer_id, vehicle_id).exclude(state="cancelled")
    counted = mine.annotate(visits_in_all=Window(Count("pk", filter=Q(state__in=OVER))))
    orders: list[Any] = list(counted.order_by("-received_at", "-pk")[:SHOWN])
    works: dict[int, list[str]] = {}
    jobs = LabourLine.objects.filter(store=store, order_id__in=[order.pk for order in orders])
    for order_id, name in jobs.exclude(state__in=DEAD_LINES).order_by("seq").values_list("order_id", "name"):
        works.setdefault(order_id, []).append(name)
    rows = [
        VisitRow(
            order,
            tuple(works.get(order.pk, ())),
            _status(order, now),
            state_words(order.state, order.hold_reason),
        )
        for order in orders
    ]
    return Visits(
        tuple(sorted(rows, key=lambda row: row.order.state in OVER)),
        orders[0].visits_in_all if orders else 0,
        viewer.may("workshop.order.view_prices"),
    )


def _of(rows: QuerySet[M], customer_id: int | None, vehicle_id: int | None) -> QuerySet[M]:
    return rows.filter(customer_id=customer_id) if vehicle_id is None else rows.filter(vehicle_id=vehicle_id)


def _status(order: WorkOrder, now: datetime) -> Status:
    late = is_late(order.promised_at, order.state, now=now)
    return status_of(order.state, hold_reason=order.hold_reason, late=late, rework=order.rework_of_id is not None)
