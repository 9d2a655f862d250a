"""Stock for machines: what lies here, and what comes in, moves, leaves."""

from __future__ import annotations

from typing import Any

from ninja import Field, Query, Router

from cheyi.foundation.api import Body, Id, Thousandths, question, verb
from cheyi.kernel import Money, Quantity
from cheyi.parts import access, actions, queries
from cheyi.parts.actions import Incoming
from cheyi.parts.api.shapes import IncomingIn, MoveOut, MovesOut, ReceiptOut, StockOut, StockPageOut, Text
from cheyi.parts.models import Move

router = Router()


class PageIn(Body):
    """From where on; ``short`` keeps what work orders wait for."""

    after: str = Field(default="", max_length=80)
    short: bool = False


class ReceiveIn(Body):
    """A delivery."""

    incoming: list[IncomingIn] = Field(max_length=200)
    supplier_id: Id | None = None
    delivery_no: str = Field(default="", max_length=40)


class MoveBinIn(Body):
    """How many pieces go to which place."""

    to_place_id: Id
    quantity: Thousandths


class FoundIn(Body):
    """What was found in the bin, and why it differs."""

    found: Thousandths
    reason: Text


class TakeIn(Body):
    """How many pieces, and why."""

    quantity: Thousandths
    reason: Text


@question(router, "/stock", permission="parts.stock.view", response=StockPageOut)
def stock(request: Any, asked: Query[PageIn]) -> StockPageOut:
    """The stock list page by page."""
    page = queries.stock_page(request.store, after=asked.after, only_short=asked.short)
    return StockPageOut(rows=[StockOut.of(row) for row in page.rows], after=page.after)


@verb(router, "/stock/receive", permission="parts.stock.receive", response=ReceiptOut)
def receive(request: Any, body: ReceiveIn) -> Any:
    """Take goods in without a purchase order."""
    return actions.receive(
        incoming=[_incoming(row) for row in body.incoming],
        supplier=access.supplier_or_none(body.supplier_id),
        delivery_no=body.delivery_no,
        store=request.store,
        by=request.viewer,
        now=request.now,
    )


@verb(router, "/balances/{int:balance_id}/move-bin", permission="parts.stock.move_bin", response=MovesOut)
def move_bin(request: Any, balance_id: int, body: MoveBinIn) -> MovesOut:
    """Put free pieces into another bin."""
    move = actions.move_bin(
        access.balance(balance_id),
        to_place=access.place(body.to_place_id),
        quantity=Quantity(body.quantity),
        by=request.viewer,
        now=request.now,
    )
    return _told(request, [move])


@verb(router, "/balances/{int:balance_id}/adjust", permission="parts.stock.adjust", response=MovesOut)
def adjust(request: Any, balance_id: int, body: FoundIn) -> MovesOut:
    """Set a bin's stock to what was found."""
    balance, found = access.balance(balance_id), Quantity(body.found)
    move = actions.adjust(balance, found=found, reason=body.reason, by=request.viewer, now=request.now)
    return _told(request, [] if move is None else [move])


@verb(router, "/balances/{int:balance_id}/scrap", permission="parts.stock.scrap", response=MovesOut)
def scrap(request: Any, balance_id: int, body: TakeIn) -> MovesOut:
    """Throw free pieces away."""
    balance, quantity = access.balance(balance_id), Quantity(body.quantity)
    move = actions.scrap(balance, quantity=quantity, reason=body.reason, by=request.viewer, now=request.now)
    return _told(request, [move])


@verb(router, "/balances/{int:balance_id}/use-internally", permission="parts.stock.use_internally", response=MovesOut)
def use_internally(request: Any, balance_id: int, body: TakeIn) -> MovesOut:
    """Take free pieces for the house."""
    balance, quantity = access.balance(balance_id), Quantity(body.quantity)
    move = actions.use_internally(balance, quantity=quantity, reason=body.reason, by=request.viewer, now=request.now)
    return _told(request, [move])


def _incoming(row: IncomingIn) -> Incoming:
    return Incoming(
        row.part_id,
        Quantity(row.quantity),
        Money(row.value_fen),
        place_id=row.place_id,
        batch=row.batch,
        expires_on=row.expires_on,
    )


def _told(request: Any, moves: list[Move]) -> MovesOut:
    with_value = request.viewer.may("parts.stock.view_cost")
    return MovesOut(moves=[MoveOut.of(move, with_value=with_value) for move in moves])
