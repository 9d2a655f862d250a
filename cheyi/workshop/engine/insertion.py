"""Putting an order's steps into a timetable that stands, as early as its gaps allow and without moving anybody."""

from __future__ import annotations

from collections.abc import Sequence

from cheyi.workshop.engine.floor import Floor, Placed, Step
from cheyi.workshop.engine.timetable import Timetable


def in_sequence(floor: Floor, steps: Sequence[int]) -> list[int]:
    """Steps with each one after those it waits for, else by number."""
    left, result = set(steps), []
    while left:
        at = min(one for one in left if not left.intersection(floor.steps[one].after))
        left.discard(at)
        result.append(at)
    return result


def insert(table: Timetable, steps: Sequence[int], *, done: dict[int, int] | None = None) -> dict[int, Placed] | None:
    """Place steps one after the other, each where it ends first; None when one of them fits nowhere.

    ``done`` holds the ends of steps already placed, for the waiting. The steps are booked into ``table``. Among equal
    ends the lower level above the need wins, then liking, then number.
    """
    ends = dict(done or {})
    result: dict[int, Placed] = {}
    for at in in_sequence(table.floor, steps):
        step = table.floor.steps[at]
        ready = max([step.earliest, *(ends[one] for one in step.after if one in ends)])
        if step.pin is not None and step.pin.start is not None:
            ready = max(ready, step.pin.start)
        best = _best(table, at, ready)
        if best is None:
            return None
        table.book(best)
        result[at] = best
        ends[at] = best.end
    return result


def _best(table: Timetable, at: int, ready: int) -> Placed | None:
    step, best = table.floor.steps[at], None
    for who in sorted(step.minutes):
        one = table.earliest(at, who, ready, until=best.end if best else None)
        if one is not None and (best is None or _rank(step, one) < _rank(step, best)):
            best = one
    return best


def _rank(step: Step, one: Placed) -> tuple[int, int, int]:
    return one.end, step.above[one.technician], -step.liking[one.technician]
