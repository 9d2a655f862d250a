"""At what cost pieces come back: the cost at which they went out, the last issue first (domain.md 6.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cheyi.kernel import Money, Quantity, Refused
from cheyi.parts.rules.costing import worth_of_part


@dataclass(frozen=True, slots=True)
class Issued:
    """What is still out of one issue: the rest of its quantity and of its value."""

    move_id: int
    quantity: Quantity
    value: Money


@dataclass(frozen=True, slots=True)
class Return:
    """A quantity that comes back against one issue, at that issue's cost."""

    move_id: int
    quantity: Quantity
    value: Money


def split_return(issues: Sequence[Issued], quantity: Quantity) -> list[Return]:
    """Spread what comes back over the issues, given in the order in which they happened; the last piece takes the rest.

    Raises Refused ``parts.line.not_so_much_out``.
    """
    out = sum((issue.quantity for issue in issues), Quantity(0))
    if quantity > out:
        raise Refused("parts.line.not_so_much_out", field="quantity", wanted=str(quantity), out=str(out))
    returns: list[Return] = []
    left = quantity
    for issue in reversed(issues):
        piece = min(left, issue.quantity)
        if piece:
            returns.append(Return(issue.move_id, piece, worth_of_part(issue.value, piece, issue.quantity)))
            left -= piece
    return returns
