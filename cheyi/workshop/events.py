"""Facts that the workshop announces; ids and plain values only."""

from __future__ import annotations

from datetime import datetime

from cheyi.foundation.events import Event, fact


@fact("workshop.order.received")
class OrderReceived(Event):
    """A car is being received; the order is a draft."""

    order_id: int
    vehicle_id: int


@fact("workshop.order.opened")
class OrderOpened(Event):
    """A work order was opened."""

    order_id: int
    vehicle_id: int


@fact("workshop.order.dispatched")
class OrderDispatched(Event):
    """Every approved job of an order has its technician."""

    order_id: int
    technician_ids: tuple[int, ...] = ()


@fact("workshop.order.taken_off")
class OrderTakenOff(Event):
    """The technicians were taken off an order that had not begun."""

    order_id: int


@fact("workshop.order.started")
class OrderStarted(Event):
    """The first job of an order has begun."""

    order_id: int


@fact("workshop.order.held")
class OrderHeld(Event):
    """Nothing on an order can go on."""

    order_id: int
    reason: str


@fact("workshop.order.resumed")
class OrderResumed(Event):
    """Work on an order goes on."""

    order_id: int


@fact("workshop.order.finished")
class OrderFinished(Event):
    """All jobs of an order are done."""

    order_id: int


@fact("workshop.order.qc_passed")
class OrderPassed(Event):
    """An order passed its check, or the check was left out where the shop leaves it out."""

    order_id: int
    skipped: bool = False


@fact("workshop.order.qc_failed")
class OrderSentBack(Event):
    """An inspector sent jobs back."""

    order_id: int
    line_ids: tuple[int, ...]
    technician_ids: tuple[int, ...] = ()


@fact("workshop.order.washed")
class OrderWashed(Event):
    """The car is washed, or goes without."""

    order_id: int
    skipped: bool = False


@fact("workshop.order.ready")
class OrderReady(Event):
    """An order is ready to settle."""

    order_id: int


@fact("workshop.order.reopened")
class OrderReopened(Event):
    """Work goes on with an order that was done."""

    order_id: int


@fact("workshop.order.stopped")
class OrderStopped(Event):
    """The customer gave the work up; what is done is to be paid."""

    order_id: int


@fact("workshop.order.settled")
class OrderSettled(Event):
    """All bills of an order are met."""

    order_id: int


@fact("workshop.order.unsettled")
class OrderUnsettled(Event):
    """A settlement was taken back."""

    order_id: int


@fact("workshop.order.delivered")
class OrderDelivered(Event):
    """The car was handed over."""

    order_id: int
    vehicle_id: int
    customer_id: int | None = None


@fact("workshop.order.closed")
class OrderClosed(Event):
    """An order is over."""

    order_id: int


@fact("workshop.order.cancelled")
class OrderCancelled(Event):
    """An order was cancelled."""

    order_id: int
    reason: str


@fact("workshop.order.eta_changed")
class PromiseChanged(Event):
    """The promised time moved."""

    order_id: int
    promised_at: datetime
    told: bool = False


@fact("workshop.order.came_back")
class OrderCameBack(Event):
    """A car came back with the same fault."""

    order_id: int
    rework_order_id: int


@fact("workshop.line.extra_added")
class ExtraAdded(Event):
    """Work was proposed that the customer has to answer."""

    order_id: int
    line_kind: str
    line_ids: tuple[int, ...]


@fact("workshop.line.extra_priced")
class ExtraPriced(Event):
    """What was proposed without a price has one: now the customer can answer."""

    order_id: int
    line_kind: str
    line_id: int


@fact("workshop.line.extra_decided")
class ExtraDecided(Event):
    """The customer answered to proposed work."""

    order_id: int
    line_kind: str
    line_ids: tuple[int, ...]
    approved: bool


@fact("workshop.finding.reported")
class FindingReported(Event):
    """Somebody found something on a car."""

    order_id: int
    finding_id: int


@fact("workshop.appointment.requested")
class AppointmentRequested(Event):
    """A customer asked for a slot."""

    appointment_id: int


@fact("workshop.appointment.confirmed")
class AppointmentConfirmed(Event):
    """A slot is booked."""

    appointment_id: int


@fact("workshop.appointment.rescheduled")
class AppointmentRescheduled(Event):
    """A booking moved."""

    appointment_id: int


@fact("workshop.appointment.arrived")
class AppointmentArrived(Event):
    """A booked car is here."""

    appointment_id: int


@fact("workshop.appointment.no_show")
class AppointmentMissed(Event):
    """A booked car did not come."""

    appointment_id: int


@fact("workshop.appointment.cancelled")
class AppointmentCancelled(Event):
    """A booking was cancelled."""

    appointment_id: int
