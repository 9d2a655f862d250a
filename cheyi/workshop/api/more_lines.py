"""More lines and what is done with them: parts, fees, sublets, payers, clocks, the board's placements."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from ninja import Field, Query, Router, Schema

from cheyi.foundation.api import Body, Cursor, Fen, Id, Moment, Nothing, Thousandths, question, turned, verb
from cheyi.foundation.models import Employee
from cheyi.kernel import Money, Quantity, Rate
from cheyi.workshop import access, actions
from cheyi.workshop.actions import PartWanted, Placement
from cheyi.workshop.api.shapes import Fee, Kind, LineOut, OrderOut, PayerName, Via
from cheyi.workshop.models import JobClock

router = Router()


class PartIn(Body):
    """A part of the catalogue in thousandths, or the customer's own by its name; for a job of the order or none."""

    quantity: Thousandths
    part_id: Id | None = None
    name: str = Field(default="", max_length=100)
    labour_line_id: Id | None = None
    payer: PayerName = "customer"

    def wanted(self) -> PartWanted:
        """As the action takes it."""
        return PartWanted(Quantity(self.quantity), part_id=access.part_or_none(self.part_id), name=self.name)


class FeeIn(Body):
    """A fee in whole fen."""

    name: str = Field(min_length=1, max_length=100)
    amount_fen: Fen
    fee: Fee = "other"
    payer: PayerName = "customer"


class SubletIn(Body):
    """Work of another firm: what the customer pays, in whole fen."""

    name: str = Field(min_length=1, max_length=100)
    price_fen: Fen
    supplier_name: str = Field(default="", max_length=60)
    payer: PayerName = "customer"


class QuantityIn(Body):
    """How much is wanted now, in thousandths."""

    quantity: Thousandths


class AgreeIn(Body):
    """How the customer agreed."""

    via: Via = "counter"
    answered_by: str = Field(default="", max_length=60)


class ShareIn(Body):
    """Who pays how much of a line, in ten-thousandths."""

    payer: PayerName
    rate: int = Field(ge=0, le=Rate.PER_UNIT)


class PayersIn(Body):
    """Who pays a line: one payer, or several shares that make a whole."""

    payer: PayerName
    shares: list[ShareIn] = Field(default_factory=list, max_length=5)


class NamedLineIn(Body):
    """A line by its kind and id."""

    kind: Kind
    line_id: Id


class AskAgainIn(Body):
    """Which lines wait for the customer again."""

    lines: list[NamedLineIn] = Field(min_length=1, max_length=200)


class PlacementIn(Body):
    """A technician for a line, with his share in ten-thousandths, a bay and planned times where they are known."""

    line_id: Id
    technician_id: Id
    share: int = Field(default=Rate.PER_UNIT, ge=1, le=Rate.PER_UNIT)
    bay_id: Id | None = None
    start_at: Moment | None = None
    end_at: Moment | None = None

    def placement(self) -> Placement:
        """As the action takes it."""
        technician = Employee.objects.get(pk=self.technician_id)
        return Placement(
            self.line_id,
            technician.pk,
            share=Rate(self.share),
            bay_id=access.bay_or_none(self.bay_id),
            start_at=self.start_at,
            end_at=self.end_at,
            dragged=self.start_at is not None,
        )


class AssignIn(Body):
    """Who does which jobs; ``reason`` overrules a missing skill."""

    placements: list[PlacementIn] = Field(min_length=1, max_length=200)
    reason: str = Field(default="", max_length=100)


class ClockIn(Body):
    """The true times, and why they differ."""

    started_at: Moment
    stopped_at: Moment
    reason: str = Field(max_length=100)


class ClockOut(Schema):
    """Clocked time of one technician on one line; ``flagged`` when too long, the asked times while they wait for a word."""

    id: int
    line_id: int
    technician_id: int
    started_at: Moment
    stopped_at: Moment | None
    flagged: bool
    asked_start_at: Moment | None
    asked_stop_at: Moment | None
    asked_reason: str
    asked_by: str


class AskedClocksIn(Body):
    """From where on."""

    after: Cursor = 0


class ClocksOut(Schema):
    """A page of clocks; ``next`` is the cursor of the following page."""

    clocks: list[ClockOut]
    next: int | None


class LineMoneyOut(LineOut):
    """A line of an order; what it costs is left out where the viewer sees no prices."""

    net_fen: int | None


class OrderLinesOut(Schema):
    """All lines of an order."""

    lines: list[LineMoneyOut]


def _job(request: Any, line_id: int | None) -> Any:
    return access.line(request.viewer, "labour", line_id) if line_id else None


@question(router, "/orders/{int:order_id}/lines", permission="workshop.order.view", response=OrderLinesOut)
def lines(request: Any, order_id: int) -> OrderLinesOut:
    """All lines of an order: labour, parts, sublets, fees."""
    order = access.order(request.viewer, order_id)
    prices = request.viewer.may("workshop.order.view_prices")
    rows = [row for kind in access.LINE_MODELS.values() for row in kind.objects.filter(order=order).order_by("seq")]
    return OrderLinesOut(
        lines=[LineMoneyOut(**LineOut.of(row).model_dump(), net_fen=row.net.fen if prices else None) for row in rows]
    )


@verb(router, "/orders/{int:order_id}/add-part", permission="workshop.line.add_line", response=LineOut)
def add_part(request: Any, order_id: int, body: PartIn) -> LineOut:
    """Add one part, approved at the counter and asked for."""
    order = access.order(request.viewer, order_id)
    words = {"labour": _job(request, body.labour_line_id), "payer": body.payer}
    return LineOut.of(actions.add_part(order, part=body.wanted(), **words, by=request.viewer, now=request.now))


@verb(router, "/orders/{int:order_id}/add-extra-part", permission="workshop.line.add_extra", response=LineOut)
def add_extra_part(request: Any, order_id: int, body: PartIn) -> LineOut:
    """Propose one more part; it waits for the customer's answer."""
    order, job = access.order(request.viewer, order_id), _job(request, body.labour_line_id)
    return LineOut.of(actions.add_extra_part(order, part=body.wanted(), labour=job, by=request.viewer, now=request.now))


@verb(router, "/orders/{int:order_id}/add-fee", permission="workshop.line.add_line", response=LineOut)
def add_fee(request: Any, order_id: int, body: FeeIn) -> LineOut:
    """Add a fee: towing, storage, auxiliary material."""
    order = access.order(request.viewer, order_id)
    words: dict[str, Any] = {"name": body.name, "amount": Money(body.amount_fen), "fee": body.fee, "payer": body.payer}
    return LineOut.of(actions.add_fee(order, **words, by=request.viewer, now=request.now))


@verb(router, "/orders/{int:order_id}/add-sublet", permission="workshop.line.add_line", response=LineOut)
def add_sublet(request: Any, order_id: int, body: SubletIn) -> LineOut:
    """Add work that another firm does."""
    order = access.order(request.viewer, order_id)
    words: dict[str, Any] = {"name": body.name, "price": Money(body.price_fen), "supplier_name": body.supplier_name}
    return LineOut.of(actions.add_sublet(order, **words, payer=body.payer, by=request.viewer, now=request.now))


@verb(router, "/orders/{int:order_id}/ask-again", permission="workshop.line.ask_again", response=OrderOut)
def ask_again(request: Any, order_id: int, body: AskAgainIn) -> OrderOut:
    """Take an answer back: the lines wait for the customer again."""
    named = [(one.kind, one.line_id) for one in body.lines]
    actions.ask_again(access.order(request.viewer, order_id), lines=named, by=request.viewer, now=request.now)
    return OrderOut.of(access.order(request.viewer, order_id))


@verb(router, "/orders/{int:order_id}/assign", permission="workshop.order.assign", response=OrderOut)
def assign(request: Any, order_id: int, body: AssignIn) -> OrderOut:
    """Give some jobs to other technicians, bays or times, as on the board."""
    order = access.order(request.viewer, order_id)
    placements = [one.placement() for one in body.placements]
    words = {"reason": body.reason, "by": request.viewer, "now": request.now}
    return OrderOut.of(actions.assign(order, placements=placements, **words))


@verb(router, "/lines/part/{int:line_id}/change-quantity", permission="workshop.line.add_line", response=LineOut)
def change_quantity(request: Any, line_id: int, body: QuantityIn) -> LineOut:
    """Want more or less of a part."""
    line: Any = access.line(request.viewer, "part", line_id)
    words = {"quantity": Quantity(body.quantity), "by": request.viewer, "now": request.now}
    return LineOut.of(actions.change_quantity(line, **words))


@verb(router, "/lines/{kind}/{int:line_id}/agree-to-price", permission="workshop.line.approve", response=LineOut)
def agree_to_price(request: Any, kind: Kind, line_id: int, body: AgreeIn) -> LineOut:
    """The customer agrees to what a line costs now."""
    line = access.line(request.viewer, kind, line_id)
    words = {"via": body.via, "answered_by": body.answered_by, "by": request.viewer, "now": request.now}
    return LineOut.of(actions.agree_to_price(line, **words))


@verb(
    router,
    "/lines/{kind}/{int:line_id}/approve-discount",
    permission="workshop.line.approve_discount",
    response=LineOut,
)
def approve_discount(request: Any, kind: Kind, line_id: int, body: Nothing) -> LineOut:
    """Agree to a discount that waits."""
    del body
    line = access.line(request.viewer, kind, line_id)
    return LineOut.of(actions.approve_discount(line, by=request.viewer, now=request.now))


@verb(
    router,
    "/lines/{kind}/{int:line_id}/refuse-discount",
    permission="workshop.line.approve_discount",
    response=LineOut,
)
def refuse_discount(request: Any, kind: Kind, line_id: int, body: Nothing) -> LineOut:
    """Do not agree to a discount that waits; a price below the list price is the list price again."""
    del body
    line = access.line(request.viewer, kind, line_id)
    return LineOut.of(actions.refuse_discount(line, by=request.viewer, now=request.now))


@verb(router, "/lines/{kind}/{int:line_id}/split-payers", permission="workshop.line.split_payers", response=LineOut)
def split_payers(request: Any, kind: Kind, line_id: int, body: PayersIn) -> LineOut:
    """Say who pays a line."""
    line = access.line(request.viewer, kind, line_id)
    shares = {one.payer: Rate(one.rate) for one in body.shares}
    words = {"payer": body.payer, "shares": shares or None, "by": request.viewer, "now": request.now}
    return LineOut.of(actions.split_payers(line, **words))


@verb(router, "/lines/labour/{int:line_id}/reopen-job", permission="workshop.line.reopen_job", response=LineOut)
def reopen_job(request: Any, line_id: int, body: Nothing) -> LineOut:
    """A job that was called done too early is at work again."""
    del body
    line: Any = access.line(request.viewer, "labour", line_id)
    return LineOut.of(actions.reopen_job(line, by=request.viewer, now=request.now))


@verb(router, "/clocks/{int:clock_id}/correct", permission="workshop.line.correct_clock", response=ClockOut)
def correct_clock(request: Any, clock_id: int, body: ClockIn) -> Any:
    """Put clocked time right, with a reason; who does not decide it asks for it."""
    clock = access.clock(request.viewer, clock_id)
    words: dict[str, Any] = {"started_at": body.started_at, "stopped_at": body.stopped_at, "reason": body.reason}
    return actions.correct_clock(clock, **words, by=request.viewer, now=request.now)


@verb(router, "/clocks/{int:clock_id}/agree", permission="workshop.line.decide_clock", response=ClockOut)
def agree_clock(request: Any, clock_id: int, body: Nothing) -> Any:
    """Agree to the times that somebody asked for."""
    del body
    return actions.agree_clock(access.clock(request.viewer, clock_id), by=request.viewer, now=request.now)


@verb(router, "/clocks/{int:clock_id}/decline", permission="workshop.line.decide_clock", response=ClockOut)
def decline_clock(request: Any, clock_id: int, body: Nothing) -> Any:
    """Do not agree to them: the time stays as clocked."""
    del body
    return actions.decline_clock(access.clock(request.viewer, clock_id), by=request.viewer, now=request.now)


@question(router, "/clocks/to-check", permission="workshop.line.correct_clock", response=ClocksOut)
def clocks_to_check(request: Any, asked: Query[AskedClocksIn]) -> ClocksOut:  # noqa: ARG001 - the door opens the scope
    """Clocked time that is flagged or for which other times are asked for, at most 50 at once."""
    rows = JobClock.objects.filter(Q(flagged=True) | Q(asked_stop_at__isnull=False))
    found, following = turned(rows, asked.after)
    return ClocksOut(clocks=[ClockOut.from_orm(row) for row in found], next=following)
