"""A cashier's shift for machines."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Field, Query, Router

from cheyi.foundation.api import Body, Cursor, Fen, Nothing, question, second_person, turned, verb
from cheyi.kernel import Money
from cheyi.settlement import access, actions
from cheyi.settlement.api.shapes import ShiftOut, ShiftsOut
from cheyi.settlement.models import CashierShift
from cheyi.settlement.rules import shifts as rules

router = Router()


class AskedShiftsIn(Body):
    """Which shifts."""

    state: Literal["", "open", "counted", "closed", "audited"] = ""
    after: Cursor = 0


class FloatIn(Body):
    """How much change lies in the till, in fen."""

    float_fen: Fen = 0


class CountedIn(Body):
    """What was counted for one way of paying, in fen."""

    method: str = Field(max_length=16)
    amount_fen: Fen


class CountIn(Body):
    """What was counted, each way of paying once."""

    counted: list[CountedIn] = Field(max_length=30)


class CloseIn(Body):
    """What is known about a difference."""

    note: str = Field(default="", max_length=200)


@question(router, "/shifts", permission="settlement.day.view", response=ShiftsOut)
def shifts(request: Any, asked: Query[AskedShiftsIn]) -> ShiftsOut:  # noqa: ARG001 - the door opens the scope
    """Shifts of the open store, newest first, at most 50 at once."""
    rows = CashierShift.objects.filter(state=asked.state) if asked.state else CashierShift.objects.all()
    found, following = turned(rows, asked.after, newest_first=True)
    return ShiftsOut(shifts=[ShiftOut.of(row) for row in found], next=following)


@verb(router, "/shifts/open", permission="settlement.shift.open_shift", response=ShiftOut)
def open_shift(request: Any, body: FloatIn) -> ShiftOut:
    """Start a shift."""
    row = actions.open_shift(
        float_amount=Money(body.float_fen), store=request.store, by=request.viewer, now=request.now
    )
    return ShiftOut.of(row)


@verb(router, "/shifts/{int:shift_id}/count", permission="settlement.shift.count", response=ShiftOut)
def count(request: Any, shift_id: int, body: CountIn) -> ShiftOut:
    """Write down what was counted, each way of paying once; counting again replaces it."""
    counted = rules.once_each((one.method, Money(one.amount_fen)) for one in body.counted)
    return ShiftOut.of(actions.count(access.shift(shift_id), counted=counted, by=request.viewer, now=request.now))


@verb(
    router, "/shifts/{int:shift_id}/close", permission="settlement.shift.close_shift", response=ShiftOut, approver=True
)
def close_shift(request: Any, shift_id: int, body: CloseIn) -> ShiftOut:
    """Hand the till over; a large difference needs a manager's token too."""
    row = actions.close_shift(
        access.shift(shift_id),
        note=body.note,
        approver=second_person(request),
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    return ShiftOut.of(row)


@verb(router, "/shifts/{int:shift_id}/audit", permission="settlement.shift.audit_shift", response=ShiftOut)
def audit_shift(request: Any, shift_id: int, body: Nothing) -> ShiftOut:
    """Check a closed shift."""
    del body
    return ShiftOut.of(actions.audit_shift(access.shift(shift_id), by=request.viewer, now=request.now))
