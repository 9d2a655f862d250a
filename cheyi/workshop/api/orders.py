"""The verbs of an order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ninja import Field, Router

from cheyi.foundation.api import Body, Id, Moment, Nothing, ReasonIn, verb
from cheyi.foundation.models import Employee
from cheyi.kernel import Money
from cheyi.settlement.actions import Tender
from cheyi.workshop import access, actions
from cheyi.workshop.api.shapes import JobIn, LineOut, LinesOut, OrderOut

router = Router()


class DispatchIn(Body):
    """Who does the lines; ``reason`` overrules a missing skill."""

    technician_id: Id
    reason: str = Field(default="", max_length=100)


class HoldIn(Body):
    """Why nothing can go on."""

    reason: str = Field(max_length=20)
    note: str = Field(default="", max_length=200)


class ResumeIn(Body):
    """``anyway`` goes on although what was waited for has not come; the reason says why."""

    anyway: bool = False
    reason: str = Field(default="", max_length=100)


class FinishIn(Body):
    """Whether the self-check is done."""

    self_checked: bool = False


class CheckIn(Body):
    """The inspector's answers by item; an empty list means all in order."""

    answers: dict[str, bool] = Field(default_factory=dict)
    road_test_km: int | None = Field(default=None, ge=0, le=1000)
    note: str = Field(default="", max_length=200)


class SendBackIn(Body):
    """Which labour lines go back, and why."""

    line_ids: list[Id] = Field(min_length=1, max_length=200)
    reason: str = Field(max_length=100)


class PromiseIn(Body):
    """A new promise."""

    promised_at: Moment
    reason: str = Field(default="", max_length=100)
    told_customer: bool = False


class MileageIn(Body):
    """The true mileage."""

    km: int
    reason: str = Field(default="", max_length=20)


class TenderIn(Body):
    """One way of paying in whole fen."""

    method: str = Field(max_length=16)
    amount_fen: int = Field(ge=-(2**62), le=2**62)
    channel_txn_no: str = Field(default="", max_length=64)


class LeaveIn(Body):
    """What is said when the car leaves; ``keys_out`` says that its keys are with the customer."""

    keys_out: bool
    mileage_out: int | None = Field(default=None, ge=0, le=2_000_000)
    old_parts_choice: str = Field(default="", max_length=8)
    list_given: str = Field(default="link", max_length=8)

    def leaving(self) -> actions.LeavingCar:
        """As the action takes it."""
        return actions.LeavingCar(self.mileage_out, self.old_parts_choice, self.list_given, self.keys_out)


class PayIn(LeaveIn):
    """How it is paid, and what is said when the car leaves."""

    tenders: list[TenderIn] = Field(max_length=20)


class CreditIn(LeaveIn):
    """Whether the car leaves with it, and what is said then: of a car that stays nobody asks for its keys."""

    keys_out: bool = False
    hand_over: bool = False


class JobsIn(Body):
    """Some jobs."""

    jobs: list[JobIn] = Field(min_length=1, max_length=200)

    def wanted(self) -> list[actions.JobWanted]:
        """As the action takes them."""
        return [actions.JobWanted(one.op_code, payer=one.payer, advice_id=one.advice_id) for one in self.jobs]


@verb(router, "/orders/{int:order_id}/dispatch", permission="workshop.order.dispatch", response=OrderOut)
def dispatch(request: Any, order_id: int, body: DispatchIn) -> OrderOut:
    """Give all lines of the order to a technician."""
    technician = Employee.objects.get(pk=body.technician_id)
    order = access.order(request.viewer, order_id)
    words = {"reason": body.reason, "by": request.viewer, "now": request.now}
    return OrderOut.of(actions.dispatch(order, technician=technician, **words))


@verb(router, "/orders/{int:order_id}/hold", permission="workshop.order.hold", response=OrderOut)
def hold(request: Any, order_id: int, body: HoldIn) -> OrderOut:
    """Nothing on the order can go on."""
    order = access.order(request.viewer, order_id)
    return OrderOut.of(actions.hold(order, reason=body.reason, note=body.note, by=request.viewer, now=request.now))


@verb(router, "/orders/{int:order_id}/resume", permission="workshop.order.resume", response=OrderOut)
def resume(request: Any, order_id: int, body: ResumeIn) -> OrderOut:
    """Work goes on."""
    order = access.order(request.viewer, order_id)
    words = {"anyway": body.anyway, "reason": body.reason, "by": request.viewer, "now": request.now}
    return OrderOut.of(actions.resume(order, **words))


@verb(router, "/orders/{int:order_id}/finish", permission="workshop.order.finish", response=OrderOut)
def finish(request: Any, order_id: int, body: FinishIn) -> OrderOut:
    """All work is done."""
    order = access.order(request.viewer, order_id)
    return OrderOut.of(actions.finish(order, self_checked=body.self_checked, by=request.viewer, now=request.now))


@verb(router, "/orders/{int:order_id}/pass-check", permission="workshop.order.pass_check", response=OrderOut)
def pass_check(request: Any, order_id: int, body: CheckIn) -> OrderOut:
    """The inspector passes the work."""
    order = access.order(request.viewer, order_id)
    passed = actions.pass_check(
        order,
        answers=body.answers or None,
        road_test_km=body.road_test_km,
        note=body.note,
        by=request.viewer,
        now=request.now,
    )
    return OrderOut.of(passed)


@verb(router, "/orders/{int:order_id}/send-back", permission="workshop.order.send_back", response=OrderOut)
def send_back(request: Any, order_id: int, body: SendBackIn) -> OrderOut:
    """The inspector sends lines back to work."""
    order = access.order(request.viewer, order_id)
    lines = list(order.labour.filter(pk__in=body.line_ids))
    return OrderOut.of(actions.send_back(order, lines=lines, reason=body.reason, by=request.viewer, now=request.now))


@verb(router, "/orders/{int:order_id}/change-promise", permission="workshop.order.change_promise", response=OrderOut)
def change_promise(request: Any, order_id: int, body: PromiseIn) -> OrderOut:
    """Promise another time."""
    order = access.order(request.viewer, order_id)
    changed = actions.change_promise(
        order,
        promised_at=body.promised_at,
        reason=body.reason,
        told_customer=body.told_customer,
        by=request.viewer,
        now=request.now,
    )
    return OrderOut.of(changed)


@verb(router, "/orders/{int:order_id}/confirm-mileage", permission="workshop.order.confirm_mileage", response=OrderOut)
def confirm_mileage(request: Any, order_id: int, body: MileageIn) -> OrderOut:
    """Write the true mileage down."""
    order = access.order(request.viewer, order_id)
    return OrderOut.of(
        actions.confirm_mileage(order, km=body.km, reason=body.reason, by=request.viewer, now=request.now)
    )


@verb(router, "/orders/{int:order_id}/hand-over", permission="workshop.order.hand_over", response=OrderOut)
def hand_over(request: Any, order_id: int, body: LeaveIn) -> OrderOut:
    """Give the car back."""
    order = access.order(request.viewer, order_id)
    return OrderOut.of(actions.hand_over(order, leaving=body.leaving(), by=request.viewer, now=request.now))


@verb(
    router,
    "/orders/{int:order_id}/pay-and-hand-over",
    permission="workshop.order.pay_and_hand_over",
    response=OrderOut,
)
def pay_and_hand_over(request: Any, order_id: int, body: PayIn) -> OrderOut:
    """Take the money and give the car back."""
    order = access.order(request.viewer, order_id)
    tenders = [Tender(one.method, Money(one.amount_fen), one.channel_txn_no) for one in body.tenders]
    actions.pay_and_hand_over(order, tenders=tenders, leaving=body.leaving(), by=request.viewer, now=request.now)
    return OrderOut.of(access.order(request.viewer, order_id))


@verb(
    router,
    "/orders/{int:order_id}/put-on-credit",
    permission="workshop.order.pay_and_hand_over",
    response=OrderOut,
)
def put_on_credit(request: Any, order_id: int, body: CreditIn) -> OrderOut:
    """Put what is due on the customer's account, within his limit; the car may leave with it."""
    order = access.order(request.viewer, order_id)
    leaving = body.leaving() if body.hand_over else None
    return OrderOut.of(actions.put_on_credit(order, leaving=leaving, by=request.viewer, now=request.now))


@verb(router, "/orders/{int:order_id}/add-line", permission="workshop.line.add_line", response=LinesOut)
def add_line(request: Any, order_id: int, body: JobsIn) -> LinesOut:
    """Add jobs that the customer asked for."""
    order = access.order(request.viewer, order_id)
    made = actions.add_line(order, jobs=body.wanted(), by=request.viewer, now=request.now)
    return LinesOut(lines=[LineOut.of(line) for line in made.lines])


@verb(router, "/orders/{int:order_id}/add-extra", permission="workshop.line.add_extra", response=LinesOut)
def add_extra(request: Any, order_id: int, body: JobsIn) -> LinesOut:
    """Propose work that was found; the customer decides."""
    order = access.order(request.viewer, order_id)
    made = actions.add_extra(order, jobs=body.wanted(), by=request.viewer, now=request.now)
    return LinesOut(lines=[LineOut.of(line) for line in made.lines])


def _simple(name: str, action: Callable[..., Any], permission: str, words: str) -> None:
    """A verb without words of its own."""

    def run(request: Any, order_id: int, body: Nothing) -> OrderOut:  # noqa: ARG001 - the empty body is checked
        return OrderOut.of(action(access.order(request.viewer, order_id), by=request.viewer, now=request.now))

    run.__name__, run.__doc__ = name, words
    path = f"/orders/{{int:order_id}}/{name.replace('_', '-')}"
    verb(router, path, permission=permission, response=OrderOut)(run)


def _reasoned(name: str, action: Callable[..., Any], permission: str, words: str) -> None:
    """A verb that asks why."""

    def run(request: Any, order_id: int, body: ReasonIn) -> OrderOut:
        order = access.order(request.viewer, order_id)
        return OrderOut.of(action(order, reason=body.reason, by=request.viewer, now=request.now))

    run.__name__, run.__doc__ = name, words
    path = f"/orders/{{int:order_id}}/{name.replace('_', '-')}"
    verb(router, path, permission=permission, response=OrderOut)(run)


for _name, _action, _words in (
    ("take_off", actions.take_off, "Take the technicians off again."),
    ("finish_wash", actions.finish_wash, "The car is washed."),
    ("settle", actions.settle, "All bills are met: freeze the lines."),
    ("close", actions.close, "The follow-up is done."),
):
    _simple(_name, _action, f"workshop.order.{_name}", _words)

for _name, _asking, _words in (
    ("stop_work", actions.stop_work, "The customer gives up the rest."),
    ("reopen", actions.reopen, "Back to work before anything is paid."),
    ("skip_check", actions.skip_check, "Skip the final check where the flow allows."),
    ("skip_wash", actions.skip_wash, "No wash."),
):
    _reasoned(_name, _asking, f"workshop.order.{_name}", _words)
