"""What the workshop does when parts and money move, and when an order of its own is ready."""

from __future__ import annotations

from cheyi.foundation.access import SYSTEM, viewer_of
from cheyi.foundation.colleagues.events import EmployeeRolesChanged
from cheyi.foundation.events import afterwards, together
from cheyi.foundation.todo_events import TodoReopened, TodoSettled
from cheyi.kernel import Refused
from cheyi.parts.events import (
    PartsGivenUp,
    PartsIssued,
    PartsPicked,
    PartsReserved,
    PartsReturned,
    ReservationExpired,
    Shortage,
)
from cheyi.settlement.events import ApprovalAgreed, BillOnCredit, BillPaid, PaymentRefunded
from cheyi.settlement.models import Approval
from cheyi.settlement.queries import all_met
from cheyi.workshop.actions import (
    calling,
    ending,
    handing_over,
    parts_back,
    reminding,
    settling,
    staffing,
    stock,
    telling,
)
from cheyi.workshop.actions.finishing import resume_when_parts_came
from cheyi.workshop.events import (
    ExtraAdded,
    ExtraPriced,
    OrderCancelled,
    OrderClosed,
    OrderDelivered,
    OrderOpened,
    OrderPassed,
    OrderReady,
    OrderReceived,
    OrderReopened,
    OrderSettled,
    OrderStarted,
    OrderStopped,
    PromiseChanged,
)
from cheyi.workshop.models import JobClock, WorkOrder
from cheyi.workshop.queries.asking import asked_of
from cheyi.workshop.rules.calling import CALL_BACK, COMPLAINT
from cheyi.workshop.rules.flow import was_checked
from cheyi.workshop.rules.life import PAID_STATES


@together(EmployeeRolesChanged)
def follow_technician(event: EmployeeRolesChanged) -> None:
    """Who becomes a technician stands on the board at once; who is none any more leaves it, with his skills on file."""
    repairs = "technician" in event.roles
    staffing.follow_role(event.employee_id, store_id=event.store_id or 0, repairs=repairs, now=event.happened_at)


@together(PartsReserved)
def reserve_lines(event: PartsReserved) -> None:
    """What the store keeps for a line is seen on the line."""
    if event.source_kind == stock.KIND:
        stock.follow(event.line_ids, "reserve")
        if not stock.is_asking():
            resume_when_parts_came(event.source_id, now=event.happened_at)


@together(Shortage)
def mark_short(event: Shortage) -> None:
    """A line that the store cannot serve is short."""
    if event.source_kind == stock.KIND and event.line_id is not None:
        stock.run_short(event.line_id)


@together(PartsPicked)
def mark_picked(event: PartsPicked) -> None:
    """A line whose part lies ready."""
    if event.source_kind == stock.KIND and event.line_id is not None:
        stock.follow([event.line_id], "pick")


@together(PartsIssued)
def record_issue(event: PartsIssued) -> None:
    """What was handed out, at which cost."""
    if event.source_kind == stock.KIND and event.line_id is not None:
        stock.record_issue(
            event.line_id,
            part_id=event.part_id,
            quantity=event.quantity,
            value=event.value,
            complete=event.line_state == "issued",
        )
        resume_when_parts_came(event.source_id, now=event.happened_at)


@together(PartsReturned)
def record_return(event: PartsReturned) -> None:
    """What came back, at its issue cost, and what the order costs without it."""
    if event.source_kind == stock.KIND and event.line_id is not None:
        parts_back.take_note(
            event.source_id,
            event.line_id,
            quantity=event.quantity,
            value=event.value,
            line_state=event.line_state,
            now=event.happened_at,
        )


@together(PartsGivenUp)
def release_lines(event: PartsGivenUp) -> None:
    """Lines of which the store keeps nothing any more are approved, not asked for."""
    if event.source_kind == stock.KIND:
        stock.follow(event.line_ids, "release")


@together(ReservationExpired)
def expire_lines(event: ReservationExpired) -> None:
    """What nobody came for in time is free again."""
    if event.source_kind == stock.KIND:
        stock.follow(event.line_ids, "expire")


@together(BillPaid)
def settle_paid(event: BillPaid) -> None:
    """The last payment settles the order; what is missing refuses the payment and says so."""
    _settle(event.source_kind, event.source_id, event)


@together(BillOnCredit)
def settle_credited(event: BillOnCredit) -> None:
    """A bill on approved credit is met too."""
    _settle(event.source_kind, event.source_id, event)


@together(OrderReady)
def present(event: OrderReady) -> None:
    """A ready order has its bills at once; one that the house or the maker pays alone is settled by them."""
    order = WorkOrder.objects.get(pk=event.order_id)
    settling.present_bills(order, by=SYSTEM, now=event.happened_at)
    settling.settle_if_met(order, by=SYSTEM, now=event.happened_at)


@together(OrderReopened)
def withdraw(event: OrderReopened) -> None:
    """An order at work again has no bills, and its used parts may come back."""
    order = WorkOrder.objects.get(pk=event.order_id)
    settling.withdraw_bills(order, by=SYSTEM, now=event.happened_at)
    stock.follow_order(order, "reopen")


def _settle(kind: str, source_id: int, event: BillPaid | BillOnCredit) -> None:
    if kind != stock.KIND:
        return
    order = WorkOrder.objects.get(pk=source_id)
    if order.state == "ready" and all_met(stock.source_of(order)):
        settling.settle(order, by=SYSTEM, now=event.happened_at)


# --- what somebody has to do ends, or begins again ---------------------------------------------------------------------


@together(OrderCancelled)
@together(OrderStopped)
def end_jobs_to_do_again(event: OrderCancelled | OrderStopped) -> None:
    """Work that was given up is not done again."""
    calling.end_sent_back(event.order_id, now=event.happened_at)


@together(OrderClosed)
def end_call(event: OrderClosed) -> None:
    """An order that is over is called about no more."""
    calling.end_call(event.order_id, now=event.happened_at)


@together(TodoSettled)
def let_offers_through(event: TodoSettled) -> None:
    """A complaint that is dealt with keeps no offers back."""
    if event.kind == COMPLAINT:
        calling.lift_hold(WorkOrder.objects.get(pk=event.source_id), now=event.happened_at)


@together(TodoReopened)
def hold_offers_back(event: TodoReopened) -> None:
    """A complaint that is not dealt with after all."""
    if event.kind == COMPLAINT:
        calling.hold_offers(WorkOrder.objects.get(pk=event.source_id), now=event.happened_at)


@together(TodoSettled)
def close_followed_up(event: TodoSettled) -> None:
    """The call of the third day is ticked off: the order is closed."""
    if event.kind == CALL_BACK and event.source_kind == stock.KIND:
        handing_over.close_followed_up(event.source_id, now=event.happened_at)


@together(OrderReceived)
@together(OrderOpened)
def talk_instead_of_calling(event: OrderReceived | OrderOpened) -> None:
    """A car that is here again needs no reminder of what was put off."""
    reminding.end_recalls(vehicle_id=event.vehicle_id, order_id=event.order_id, now=event.happened_at)


# --- messages to the customer, after the commit ---------------------------------------------------------------------


@afterwards(OrderOpened)
def tell_opened(event: OrderOpened) -> None:
    """The car is received; an order that was cancelled meanwhile tells nobody."""
    order = WorkOrder.objects.get(pk=event.order_id)
    if order.state != "cancelled":
        telling.tell(order, "opened", happened_at=event.happened_at)


@afterwards(OrderStarted)
def tell_started(event: OrderStarted) -> None:
    """Work has begun, unless the start was undone."""
    order = WorkOrder.objects.get(pk=event.order_id)
    if order.state != "working" or JobClock.objects.filter(line__order=order, stopped_at__isnull=True).exists():
        telling.tell(order, "started", happened_at=event.happened_at)


@afterwards(ExtraAdded)
def tell_asked(event: ExtraAdded) -> None:
    """Something waits for the customer's answer, as long as it does; what has no price yet is not asked."""
    _tell_asked(event)


@afterwards(ExtraPriced)
def tell_priced(event: ExtraPriced) -> None:
    """What had no price is asked now that it has one."""
    _tell_asked(event)


def _tell_asked(event: ExtraAdded | ExtraPriced) -> None:
    order = WorkOrder.objects.get(pk=event.order_id)
    if any(one.is_priced for one in asked_of(order)):
        telling.tell(order, "asked", happened_at=event.happened_at)


@afterwards(OrderPassed)
def tell_checked(event: OrderPassed) -> None:
    """The work is done, checked or not, and the wash comes; of several steps in one act only the last is told."""
    order = WorkOrder.objects.get(pk=event.order_id)
    if order.state == "wash":
        telling.tell(order, "checked" if was_checked(order.checks) else "done", happened_at=event.happened_at)


@afterwards(OrderReady)
def tell_ready(event: OrderReady) -> None:
    """The car can be collected."""
    order = WorkOrder.objects.get(pk=event.order_id)
    if order.state in {"ready", "settled"}:
        telling.tell(order, "ready", happened_at=event.happened_at)


@afterwards(OrderSettled)
def tell_settled(event: OrderSettled) -> None:
    """The bill is paid."""
    order = WorkOrder.objects.get(pk=event.order_id)
    if order.settled_at is not None:
        telling.tell(order, "settled", happened_at=event.happened_at)


@afterwards(OrderDelivered)
def tell_delivered(event: OrderDelivered) -> None:
    """The car has left."""
    telling.tell(WorkOrder.objects.get(pk=event.order_id), "delivered", happened_at=event.happened_at)


@afterwards(PromiseChanged)
def tell_promise(event: PromiseChanged) -> None:
    """The promised time moved and nobody has told the customer yet."""
    order = WorkOrder.objects.get(pk=event.order_id)
    if not event.told and order.no and order.promised_at == event.promised_at:
        telling.tell(order, "promise_changed", happened_at=event.happened_at)


@together(PaymentRefunded)
def keep_settled_orders_met(event: PaymentRefunded) -> None:
    """A settled order's bills are met: its money goes back by un-settling, not piece by piece.

    Raises Refused ``workshop.order.settled_whole``.
    """
    if event.source_kind != stock.KIND:
        return
    order = WorkOrder.objects.filter(pk=event.source_id, state__in=PAID_STATES).first()
    if order is not None:
        raise Refused("workshop.order.settled_whole", no=order.no)


@together(ApprovalAgreed)
def do_as_agreed(event: ApprovalAgreed) -> None:
    """The manager agreed: the settlement is taken back, or the order ended, in the name of who asked."""
    if event.act not in (Approval.Act.UNSETTLE, Approval.Act.CANCEL_ORDER):
        return
    asker, manager = (viewer_of(who, store_id=event.store_id) for who in (event.asked_by_id, event.agreed_by_id))
    assert asker is not None
    assert manager is not None
    row = Approval.objects.get(pk=event.approval_id)
    order = WorkOrder.objects.get(pk=event.thing_id)
    does = settling.unsettle if event.act == Approval.Act.UNSETTLE else ending.end_as_agreed
    does(order, reason=row.reason, approver=manager, by=asker, now=event.happened_at)
