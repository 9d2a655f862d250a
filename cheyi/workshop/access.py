"""Permissions of the workshop, and getters that return only what the viewer may see (domain.md 2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.http import Http404

from cheyi.foundation.access import Viewer, permission
from cheyi.foundation.models import Absence, Employee, StoredFile
from cheyi.parts.access import part
from cheyi.workshop.models import (
    Appointment,
    Assignment,
    Bay,
    FeeLine,
    Finding,
    JobClock,
    LabourLine,
    LabourOp,
    PartLine,
    SubletLine,
    TechnicianProfile,
    WorkOrder,
)

M = TypeVar("M", bound=models.Model)

MANAGERS = ("store_manager", "service_manager")
SHOWS_PRICES = (
    "advisor",
    "cashier",
    "accountant",
    "care_agent",
    "headquarters",
    "warranty_clerk",
    "insurance_clerk",
    "customer",
    *MANAGERS,
)

permission("workshop.order.view", capability="work_order", letter="V")
permission("workshop.order.view_prices", capability="work_order", letter="V", only=SHOWS_PRICES)
permission(
    "workshop.order.view_margin", capability="cost_view", letter="V", only=("accountant", "headquarters", *MANAGERS)
)
for verb in (
    "edit",
    "receive",
    "open_order",
    "describe",
    "confirm_mileage",
    "change_promise",
    "come_back",
    "send_link",
    "cancel",
    "send_quote",
):
    permission(f"workshop.order.{verb}", capability="work_order", letter="E")
permission(
    "workshop.order.set_responsibility",
    capability="work_order",
    letter="V",
    only=("foreman", "inspector", *MANAGERS),
)
permission("workshop.order.cancel_begun", capability="work_order", letter="E", only=MANAGERS)
permission("workshop.order.stop_work", capability="work_order", letter="E", only=MANAGERS)
permission("workshop.order.reopen", capability="work_order", letter="V", only=("advisor", "foreman", *MANAGERS))
permission("workshop.order.close", capability="work_order", letter="V", only=("care_agent", *MANAGERS))
for verb in ("dispatch", "take_off", "assign"):
    permission(f"workshop.order.{verb}", capability="dispatch", letter="E")
permission("workshop.order.overrule", capability="dispatch", letter="E", only=("foreman", *MANAGERS))
permission("workshop.order.start", capability="clock", letter="X")
for verb in ("hold", "resume"):
    permission(
        f"workshop.order.{verb}",
        capability="work_order",
        letter="V",
        only=("technician", "foreman", "advisor", *MANAGERS),
    )
permission("workshop.order.finish", capability="clock", letter="X")
permission("workshop.order.pass_check", capability="inspection", letter="X")
permission("workshop.order.send_back", capability="inspection", letter="X", only=("inspector", "foreman"))
permission("workshop.order.skip_check", capability="work_order", letter="V", only=("inspector", "foreman", *MANAGERS))
for verb in ("finish_wash", "skip_wash"):
    permission(
        f"workshop.order.{verb}",
        capability="work_order",
        letter="V",
        only=("advisor", "foreman", "inspector", "technician", *MANAGERS),
    )
permission("workshop.order.settle", capability="settle", letter="X")
permission("workshop.order.pay_and_hand_over", capability="settle", letter="X")
permission("workshop.order.unsettle", capability="unsettle", letter="V", only=("cashier", "accountant"))
permission("workshop.order.hand_over", capability="hand_over", letter="X")
permission(
    "workshop.order.view_counter",
    capability="work_order",
    letter="V",
    only=("advisor", "cashier", "accountant", "headquarters", *MANAGERS),
)

for verb in ("add_line", "remove_line", "put_back", "split_payers"):
    permission(f"workshop.line.{verb}", capability="work_order", letter="E")
permission(
    "workshop.line.add_extra", capability="work_order", letter="V", only=("technician", "foreman", "advisor", *MANAGERS)
)
for verb in ("approve", "decline", "ask_again"):
    permission(f"workshop.line.{verb}", capability="approve_extra", letter="X")
permission("workshop.line.change_price", capability="work_order", letter="E")
permission(
    "workshop.line.discount",
    capability="discount",
    letter="V",
    only=("advisor", "cashier", "sales_manager", "headquarters", *MANAGERS),
)
permission("workshop.line.approve_discount", capability="discount", letter="A")
permission("workshop.line.substitute", capability="work_order", letter="V", only=("advisor", "parts_keeper", *MANAGERS))
for verb in ("start_job", "pause_job", "finish_job", "reopen_job"):
    permission(f"workshop.line.{verb}", capability="clock", letter="X")
permission("workshop.line.correct_clock", capability="correct_clock", letter="V")
permission("workshop.line.decide_clock", capability="correct_clock", letter="A")
permission("workshop.line.view_output", capability="reports", letter="V")

permission("workshop.inspection.inspect", capability="work_order", letter="E")
permission(
    "workshop.finding.report_finding",
    capability="work_order",
    letter="V",
    only=("technician", "foreman", "advisor", "inspector", *MANAGERS),
)
for verb in ("note_finding", "raise_again"):
    permission(f"workshop.finding.{verb}", capability="work_order", letter="E")
permission("workshop.finding.view", capability="work_order", letter="V")
for verb in ("record_call", "take_back_call"):
    permission(f"workshop.order.{verb}", capability="follow_up", letter="E", only=("advisor", "care_agent"))
permission("workshop.check.record_check", capability="inspection", letter="X")
permission(
    "workshop.board.view", capability="work_order", letter="V", only=("advisor", "foreman", "inspector", *MANAGERS)
)
permission("workshop.appointment.view", capability="appointment", letter="V")
for verb in ("book", "confirm", "reschedule", "arrive", "mark_no_show", "cancel"):
    permission(f"workshop.appointment.{verb}", capability="appointment", letter="E")
permission("workshop.appointment.over_book", capability="appointment", letter="V", only=("foreman", *MANAGERS))
permission("workshop.catalogue.view", capability="price_lists", letter="V")
permission("workshop.catalogue.edit", capability="price_lists", letter="A")
permission(
    "workshop.flow.edit",
    capability="designer",
    letter="V",
    only=("store_manager", "headquarters", "administrator"),
)
permission("workshop.technician.view", capability="dispatch", letter="E")
permission("workshop.technician.edit", capability="dispatch", letter="E", only=("foreman", *MANAGERS))
permission("workshop.bay.edit", capability="dispatch", letter="E", only=("foreman", *MANAGERS))
for verb in ("note", "end"):
    permission(f"workshop.absence.{verb}", capability="dispatch", letter="E", only=("foreman", *MANAGERS))
permission("workshop.figures.view", capability="reports", letter="V", only=("headquarters", *MANAGERS))

LINE_MODELS: dict[str, type[LabourLine | PartLine | SubletLine | FeeLine]] = {
    "labour": LabourLine,
    "part": PartLine,
    "sublet": SubletLine,
    "fee": FeeLine,
}


def orders(viewer: Viewer) -> models.QuerySet[WorkOrder]:
    """The orders of the open store that the viewer may see; a technician's are those of his own jobs."""
    rows: models.QuerySet[WorkOrder] = WorkOrder.objects.all()
    if sees_all_orders(viewer):
        return rows
    if viewer.reach("workshop.order.view") == "own" and viewer.employee_id is not None:
        mine = Assignment.objects.filter(technician_id=viewer.employee_id).values("line__order_id")
        return rows.filter(pk__in=mine)
    return rows.none()


def sees_all_orders(viewer: Viewer) -> bool:
    """Whether every order of the open store is his to see."""
    return viewer.reach("workshop.order.view") in {"store", "group"}


def may_see_history(viewer: Viewer, vehicle_id: int) -> bool:
    """Whether the viewer sees a car's history in other stores: a technician that of the cars of his jobs (domain.md 2.2)."""
    reach = viewer.reach("workshop.order.view")
    return reach in {"store", "group"} or (reach == "own" and orders(viewer).filter(vehicle_id=vehicle_id).exists())


def order(viewer: Viewer, order_id: int) -> WorkOrder:
    """An order that the viewer may see. Raises Http404."""
    return _one(orders(viewer), order_id)


def order_to_call(viewer: Viewer, order_id: int) -> WorkOrder:
    """An order about which the viewer may call: who reaches only his own, those he advises. Raises Http404."""
    rows = orders(viewer)
    if viewer.reach("workshop.order.record_call") == "own":
        rows = rows.filter(advisor_id=viewer.employee_id or 0)
    return _one(rows, order_id)


def line(viewer: Viewer, kind: str, line_id: int) -> LabourLine | PartLine | SubletLine | FeeLine:
    """A line (``labour``, ``part``, ``sublet``, ``fee``) of an order that the viewer may see. Raises Http404."""
    model = LINE_MODELS.get(kind)
    if model is None:
        raise Http404(f"line {kind}")
    found: Any = _one(model.objects.filter(order__in=orders(viewer)), line_id)
    return found  # type: ignore[no-any-return]


def finding(viewer: Viewer, finding_id: int) -> Finding:
    """A finding on an order that the viewer may see. Raises Http404."""
    return _one(Finding.objects.filter(order__in=orders(viewer)), finding_id)


def appointments(viewer: Viewer) -> models.QuerySet[Appointment]:
    """Bookings of the open store; who reaches only what is his own gets those he looks after, who sees numbers none."""
    rows: models.QuerySet[Appointment] = Appointment.objects.all()
    reach = viewer.reach("workshop.appointment.view")
    if reach in {"store", "group"}:
        return rows
    return rows.filter(advisor_id=viewer.employee_id) if reach == "own" and viewer.employee_id else rows.none()


def appointment(viewer: Viewer, appointment_id: int) -> Appointment:
    """A booking that the viewer may see. Raises Http404."""
    return _one(appointments(viewer), appointment_id)


def clock(viewer: Viewer, clock_id: int) -> JobClock:
    """Clocked time on an order that the viewer may see. Raises Http404."""
    return _one(JobClock.objects.filter(line__order__in=orders(viewer)), clock_id)


def operation(op_id: int) -> LabourOp:
    """An operation of the group's catalogue. Raises Http404."""
    return _one(LabourOp.objects.all(), op_id)


def technician(employee_id: int) -> TechnicianProfile:
    """A technician of the open store. Raises Http404."""
    row = TechnicianProfile.objects.filter(employee_id=employee_id).first()
    if row is None:
        raise Http404(f"technician {employee_id}")
    return row


def colleague(employee_id: int, store_id: int) -> Employee:
    """Somebody who is a technician of the open store, or works at home there and could be one. Raises Http404."""
    trained = TechnicianProfile.objects.filter(store_id=store_id).values("employee_id")
    here = models.Q(pk__in=trained) | models.Q(home_store_id=store_id)
    return _one(Employee.objects.filter(here, status=Employee.Status.ACTIVE), employee_id)


def bay(bay_id: int) -> Bay:
    """A bay of the open store. Raises Http404."""
    return _one(Bay.objects.all(), bay_id)


def absence(absence_id: int) -> Absence:
    """A time in which somebody of the open store is away. Raises Http404."""
    return _one(Absence.objects.select_related("employee"), absence_id)


def part_or_none(part_id: int | None) -> int | None:
    """The id of a part of the catalogue, or None for nothing. Raises Http404 for one that is not there."""
    return None if part_id is None else part(part_id).pk


def bay_or_none(bay_id: int | None) -> int | None:
    """The id of one of the store's bays, or None for nothing. Raises Http404 for one that is not there."""
    return None if bay_id is None else _one(Bay.objects.all(), bay_id).pk


def own_photos(viewer: Viewer, owner: str, uids: Sequence[UUID]) -> list[StoredFile]:
    """Photos that this viewer kept for findings or walk-arounds, in the order given. Raises Http404 for another one."""
    wanted = list(dict.fromkeys(uids))
    mine = StoredFile.objects.filter(uid__in=wanted, access=owner, created_by_id=viewer.user_id)
    found = {row.uid: row for row in mine}
    if len(found) != len(wanted):
        raise Http404("photo")
    return [found[uid] for uid in wanted]


def books_for(viewer: Viewer) -> Employee | None:
    """Who looks after what this viewer books: himself where he reaches only his own bookings, else nobody yet."""
    if viewer.reach("workshop.appointment.view") != "own":
        return None
    return Employee.objects.filter(pk=viewer.employee_id or 0).first()


def _one(rows: models.QuerySet[M], key: int) -> M:
    row = rows.filter(pk=key).first()
    if row is None:
        raise Http404(f"{rows.model.__name__} {key}")
    return row
