"""The steps around a costly order that are worth arranging anew together."""

from __future__ import annotations

from cheyi.workshop.engine.floor import FLOW_COST, Floor, Placed, order_cost
from cheyi.workshop.engine.sequence import is_fixed


def around(floor: Floor, placed: list[Placed | None], rank: int, size: int) -> frozenset[int]:
    """The free steps of the order with the rank-th highest cost of being late, and those nearest to them in time.

    Only steps that share a possible technician with the order's count; ``size`` bounds the number.
    """
    free = {at: one for at, one in enumerate(placed) if one is not None and not is_fixed(floor, at)}
    order = _ranked(floor, free)[rank : rank + 1]
    own = [at for at in free if floor.steps[at].order in order]
    if not own:
        return frozenset()
    people = {who for at in own for who in floor.steps[at].minutes}
    begins, ends = min(free[at].start for at in own), max(free[at].end for at in own)

    def distance(at: int) -> tuple[int, int]:
        return max(0, begins - free[at].end, free[at].start - ends) + abs(free[at].start - begins) // 4, at

    others = sorted((at for at in free if at not in own and people & set(floor.steps[at].minutes)), key=distance)
    return frozenset((own + others)[:size])


def late_orders(floor: Floor, placed: list[Placed | None]) -> int:
    """How many orders with free steps end late or within the half hour before."""
    free = {at: one for at, one in enumerate(placed) if one is not None and not is_fixed(floor, at)}
    ends = _ends(floor, free)
    return sum(_late_cost(floor, order, end) > 0 for order, end in ends.items())


def _ranked(floor: Floor, free: dict[int, Placed]) -> list[int]:
    """Orders with free steps, the costliest lateness first, then the longest wait."""
    ends = _ends(floor, free)
    return sorted(ends, key=lambda order: (-_late_cost(floor, order, ends[order]), -ends[order], order))


def _ends(floor: Floor, free: dict[int, Placed]) -> dict[int, int]:
    ends: dict[int, int] = {}
    for at, one in free.items():
        order = floor.steps[at].order
        ends[order] = max(ends.get(order, 0), one.end)
    return ends


def _late_cost(floor: Floor, order: int, end: int) -> int:
    return order_cost(floor, order, end) - FLOW_COST * (end - floor.now)
