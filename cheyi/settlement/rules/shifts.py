"""A cashier's shift: what should be in the till, and what a difference needs (domain.md 5.9, 6.11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cheyi.kernel import Money, Refused, StateTable
from cheyi.settlement.rules.tendering import METHODS, MOST, OFFSET

CASH = "cash"
NOTHING = Money(0)
MANAGER_ABOVE = Money.yuan(50)

SHIFT = StateTable(
    "settlement.shift",
    [
        ("", "open_shift", "open"),
        ("open", "count", "counted"),
        ("counted", "count", "counted"),
        ("counted", "close_shift", "closed"),
        ("closed", "audit_shift", "audited"),
    ],
)


@dataclass(frozen=True, slots=True)
class Movement:
    """What one way of paying brought and gave back during a shift."""

    received: Money = NOTHING
    refunded: Money = NOTHING


@dataclass(frozen=True, slots=True)
class Tally:
    """One way of paying: what should be there and what was counted."""

    method: str
    expected: Money
    counted: Money

    @property
    def difference(self) -> Money:
        """Counted less expected: negative when something is missing."""
        return self.counted - self.expected


def expected(float_amount: Money, movements: Mapping[str, Movement]) -> dict[str, Money]:
    """What should be there by way of paying: cash has the float besides (500 + 3,260 - 120 = 3,640)."""
    amounts = {method: move.received - move.refunded for method, move in movements.items()}
    amounts[CASH] = amounts.get(CASH, NOTHING) + float_amount
    return amounts


def once_each(typed: Iterable[tuple[str, Money]]) -> dict[str, Money]:
    """What was counted by way of paying. Raises Refused ``settlement.shift.counted_twice`` for a way that comes again."""
    counted: dict[str, Money] = {}
    for method, amount in typed:
        if method in counted:
            raise Refused("settlement.shift.counted_twice", field="counted", method=method)
        counted[method] = amount
    return counted


def demand_possible(counted: Mapping[str, Money]) -> None:
    """Ways of paying that bring money, in amounts that can lie there; only cash cannot be below nothing.

    A day's refunds by card may be more than its takings. Raises Refused ``settlement.shift.impossible``,
    ``settlement.payment.unknown_method``.
    """
    for method, amount in counted.items():
        if method not in METHODS or method == OFFSET:
            raise Refused("settlement.payment.unknown_method", field="method", method=method)
        if amount > MOST or amount < (NOTHING if method == CASH else -MOST):
            raise Refused("settlement.shift.impossible", field="counted", amount=amount)


def tallies(should: Mapping[str, Money], counted: Mapping[str, Money]) -> list[Tally]:
    """Expected beside counted, in the order of the methods' names.

    Raises Refused ``settlement.shift.not_counted`` when a way of paying that moved was not counted.
    """
    missing = sorted(should.keys() - counted.keys())
    if missing:
        raise Refused("settlement.shift.not_counted", field=missing[0], methods="、".join(missing))
    return [Tally(name, should.get(name, NOTHING), counted[name]) for name in sorted(counted)]


def demand_explained(rows: list[Tally], *, note: str, has_manager: bool, manager_above: Money = MANAGER_ABOVE) -> None:
    """A difference needs a note, one above the limit (50 yuan as shipped) the manager too.

    Raises Refused ``settlement.shift.note_missing``, ``settlement.shift.manager``.
    """
    largest = max((abs(row.difference) for row in rows), default=NOTHING)
    if largest and not note.strip():
        raise Refused("settlement.shift.note_missing", field="note", difference=largest)
    if largest > manager_above and not has_manager:
        raise Refused("settlement.shift.manager", field="approver", difference=largest, limit=manager_above)
