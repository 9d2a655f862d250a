"""What somebody who leaves hands over: orders he has as advisor, bookings, jobs that he is on (domain.md 2.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from cheyi.foundation.access import Viewer
from cheyi.workshop.models import Appointment, Assignment, WorkOrder
from cheyi.workshop.queries.labels import state_words
from cheyi.workshop.rules.life import OPEN_STATES

TO_COME = ("requested", "confirmed", "arrived")
NOT_DONE = ("pending", "approved", "assigned", "working", "paused")
MOST = 100


@dataclass(frozen=True, slots=True)
class OpenWork:
    """One thing to hand over: what it is, its number, its state; a way there for who may see it in his open store."""

    what: str
    no: str
    state: str
    store: str
    href: str
    at: datetime | None = None


def open_work(employee_id: int, *, viewer: Viewer) -> list[OpenWork]:
    """All of it in the stores in sight, numbers only: no customer and no car. Three queries."""
    names = dict(viewer.stores)
    return [
        *_orders(employee_id, viewer, names),
        *_bookings(employee_id, viewer, names),
        *_jobs(employee_id, viewer, names),
    ]


def _orders(employee_id: int, viewer: Viewer, names: dict[int, str]) -> list[OpenWork]:
    rows = WorkOrder.objects.filter(advisor_id=employee_id, state__in=OPEN_STATES).order_by("store_id", "pk")[:MOST]
    return [
        OpenWork(
            what=_("Order") if row.no else _("Reception"),
            no=row.no or f"#{row.pk}",
            state=state_words(row.state, row.hold_reason),
            store=names.get(row.store_id, ""),
            href=_way_to(row.pk, row.store_id, viewer),
        )
        for row in rows
    ]


def _bookings(employee_id: int, viewer: Viewer, names: dict[int, str]) -> list[OpenWork]:
    rows = Appointment.objects.filter(advisor_id=employee_id, state__in=TO_COME).order_by("wanted_at", "pk")[:MOST]
    seen = viewer.may("workshop.appointment.view")
    return [
        OpenWork(
            what=_("Booking"),
            no=row.no,
            state=row.get_state_display(),
            store=names.get(row.store_id, ""),
            href=reverse("workshop:appointments") if seen and row.store_id == viewer.store_id else "",
            at=row.wanted_at,
        )
        for row in rows
    ]


def _jobs(employee_id: int, viewer: Viewer, names: dict[int, str]) -> list[OpenWork]:
    running = Assignment.objects.filter(technician_id=employee_id, ended_at=None, line__state__in=NOT_DONE)
    rows = running.filter(line__order__state__in=OPEN_STATES).select_related("line__order").order_by("store_id", "pk")
    return [
        OpenWork(
            what=_("Job"),
            no=row.line.order.no or f"#{row.line.order_id}",
            state=row.line.get_state_display(),
            store=names.get(row.store_id, ""),
            href=_way_to(row.line.order_id, row.store_id, viewer),
        )
        for row in rows[:MOST]
    ]


def _way_to(order_id: int, store_id: int, viewer: Viewer) -> str:
    if store_id != viewer.store_id or not viewer.may("workshop.order.view"):
        return ""
    return reverse("workshop:order", kwargs={"order_id": order_id})
