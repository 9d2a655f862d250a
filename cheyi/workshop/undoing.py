"""What undoes the workshop's quick acts; each inverse is a verb with its own permission and guards (design.md 14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import inverse
from cheyi.foundation.models import Employee, Store
from cheyi.kernel import Hours, Money, Rate
from cheyi.workshop import actions
from cheyi.workshop.actions import telling
from cheyi.workshop.models import Appointment, CallBack, Finding, JobClock, LabourLine, WorkOrder


@inverse("workshop.order.cancel")
def cancel(*, by: Viewer, now: datetime, order_id: int) -> str:
    """Opening undone is the order cancelled."""
    order = actions.cancel(_order(order_id), reason=_("Undone"), undone=True, by=by, now=now)
    return _("Order %(no)s is cancelled") % {"no": order.no or order.plate}


@inverse("workshop.order.take_off")
def take_off(*, by: Viewer, now: datetime, order_id: int) -> str:
    """Dispatching undone."""
    order = actions.take_off(_order(order_id), by=by, now=now)
    return _("Order %(no)s waits for dispatch again") % {"no": order.no}


@inverse("workshop.order.assign")
def assign(
    *, by: Viewer, now: datetime, order_id: int, rows: Sequence[dict[str, Any]], free: Sequence[int] = ()
) -> str:
    """Reassigning undone: the jobs are with whom they were, and nobody's that were nobody's."""
    before = actions.placements_of(rows)
    order = actions.assign(_order(order_id), placements=before, free=free, reason=_("Undone"), by=by, now=now)
    return _("Jobs of %(no)s are where they were") % {"no": order.no}


@inverse("workshop.order.resume")
def resume(*, by: Viewer, now: datetime, order_id: int, anyway: bool) -> str:
    """Holding undone."""
    order = actions.resume(_order(order_id), anyway=anyway, reason=_("Undone"), by=by, now=now)
    return _("Order %(no)s goes on") % {"no": order.no}


@inverse("workshop.line.remove_line")
def remove_line(*, by: Viewer, now: datetime, lines: Sequence[Sequence[Any]]) -> str:
    """Adding undone."""
    for kind, line_id in lines:
        row = actions.BY_KIND[kind].objects.get(pk=line_id)
        if row.state != "cancelled":
            actions.remove_line(row, reason=_("Undone"), by=by, now=now)
            telling.withdraw(row.order, "asked")
    return _("Taken off the order")


@inverse("workshop.line.put_back")
def put_back(*, by: Viewer, now: datetime, order_id: int, rows: Sequence[dict[str, Any]]) -> str:
    """Removing undone."""
    actions.put_back(_order(order_id), rows=rows, by=by, now=now)
    return _("Back on the order")


@inverse("workshop.line.ask_again")
def ask_again(*, by: Viewer, now: datetime, order_id: int, lines: Sequence[Sequence[Any]]) -> str:
    """An answer undone: the customer is asked again."""
    named = [(str(kind), int(line_id)) for kind, line_id in lines]
    actions.ask_again(_order(order_id), lines=named, by=by, now=now)
    return _("Waits for the customer again")


@inverse("workshop.line.discount")
def discount(*, by: Viewer, now: datetime, kind: str, line_id: int, rate: int) -> str:
    """A discount undone: the rate from before."""
    line = actions.BY_KIND[kind].objects.get(pk=line_id)
    actions.discount(line, rate=Rate(rate), reason=_("Undone"), by=by, now=now)
    return _("Discount as before")


@inverse("workshop.line.change_price")
def change_price(
    *, by: Viewer, now: datetime, kind: str, line_id: int, price: int, hours: int | None, rate: int | None = None
) -> str:
    """A new price, or not agreeing to one, undone: the price and the hours from before, there the discount too."""
    line = actions.BY_KIND[kind].objects.get(pk=line_id)
    old = None if hours is None else Hours(hours)
    less = None if rate is None else Rate(rate)
    actions.change_price(line, unit_price=Money(price), hours=old, rate=less, reason=_("Undone"), by=by, now=now)
    return _("Price as before")


@inverse("workshop.line.split_payers")
def split_payers(
    *, by: Viewer, now: datetime, kind: str, line_id: int, payer: str, shares: Sequence[Sequence[Any]]
) -> str:
    """Payers as before."""
    line = actions.BY_KIND[kind].objects.get(pk=line_id)
    actions.split_payers(line, payer=payer, shares={str(who): Rate(int(part)) for who, part in shares}, by=by, now=now)
    return _("Payers as before")


@inverse("workshop.line.pause_job")
def pause_job(*, by: Viewer, now: datetime, line_id: int, technician_id: int) -> str:
    """Starting undone: the clock stops."""
    line = actions.pause_job(_labour(line_id), technician=Employee.objects.get(pk=technician_id), by=by, now=now)
    telling.withdraw(line.order, "started")
    return _("%(job)s is paused") % {"job": line.name}


@inverse("workshop.line.start_job")
def start_job(*, by: Viewer, now: datetime, line_id: int) -> str:
    """Pausing undone: the clock runs again."""
    line = actions.start_job(_labour(line_id), by=by, now=now)
    return _("%(job)s goes on") % {"job": line.name}


@inverse("workshop.line.reopen_job")
def reopen_job(*, by: Viewer, now: datetime, line_id: int) -> str:
    """Finishing undone."""
    line = actions.reopen_job(_labour(line_id), by=by, now=now)
    return _("%(job)s is at work again") % {"job": line.name}


@inverse("workshop.line.decide_clock")
@inverse("workshop.line.correct_clock")
def put_clock_back(
    *, by: Viewer, now: datetime, clock_id: int, before: Mapping[str, Any], after: Mapping[str, Any]
) -> str:
    """Clocked time as it was before it was put right, asked for or decided."""
    clock = JobClock.objects.get(pk=clock_id)
    actions.put_clock_back(clock, before=before, after=after, by=by, now=now)
    return _("Clocked time of %(name)s as before") % {"name": clock.technician.name}


@inverse("workshop.finding.raise_again")
def raise_again(*, by: Viewer, now: datetime, finding_id: int) -> str:
    """Noting a finding undone."""
    finding = actions.raise_again(Finding.objects.get(pk=finding_id), by=by, now=now)
    return _("%(item)s waits for the advisor again") % {"item": finding.item}


@inverse("workshop.order.take_back_call")
def take_back_call(*, by: Viewer, now: datetime, call_id: int) -> str:
    """A call that was written down by mistake."""
    order = actions.take_back_call(CallBack.objects.get(pk=call_id), by=by, now=now)
    return _("%(plate)s is still to be called") % {"plate": order.plate or order.vin[-6:]}


@inverse("workshop.absence.end")
@inverse("workshop.absence.note")
def absence(*, by: Viewer, now: datetime, **noted: Any) -> str:
    """Noting that somebody is away, or here again, undone."""
    return _("%(name)s as before") % {"name": actions.take_back_absence(by=by, now=now, **noted).name}


@inverse("workshop.bay.edit")
def bay(*, by: Viewer, now: datetime, **changed: Any) -> str:
    """A bay as it was before it was added or changed."""
    return _("Bay %(code)s as before") % {"code": actions.take_back_bay(by=by, now=now, **changed).code}


@inverse("workshop.flow.edit")
def flows(*, by: Viewer, now: datetime, **changed: Any) -> str:
    """Flow profiles as they were."""
    actions.take_back_flows(store=Store.objects.get(pk=by.store_id or 0), by=by, now=now, **changed)
    return _("Flow profiles as before")


@inverse("workshop.technician.edit")
def technician(*, by: Viewer, now: datetime, **changed: Any) -> str:
    """A technician's profile as it was."""
    return _("%(name)s as before") % {"name": actions.take_back_technician(by=by, now=now, **changed).employee.name}


@inverse("workshop.appointment.cancel")
def cancel_appointment(*, by: Viewer, now: datetime, appointment_id: int) -> str:
    """Booking undone."""
    row = Appointment.objects.get(pk=appointment_id)
    actions.cancel_appointment(row, reason=_("Undone"), by=by, now=now)
    return _("Booking %(no)s is cancelled") % {"no": row.no}


def _order(order_id: int) -> WorkOrder:
    order: WorkOrder = WorkOrder.objects.get(pk=order_id)
    return order


def _labour(line_id: int) -> LabourLine:
    line: LabourLine = LabourLine.objects.get(pk=line_id)
    return line
