"""Putting an order's steps into a timetable that stands, as early as its gaps allow and without moving anybody."""

from __future__ import annotations

from collections.abc import Sequence

from cheyi.workshop.engine.floor import Floor, Placed
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
        found = [table.earliest(at, technician, ready) for technician in sorted(step.minutes)]
        fitting = [one for one in found if one is not None]
        if not fitting:
            return None
        best = min(fitting, key=lambda one: (one.end, step.above[one.technician], -step.liking[one.technician]))
        table.book(best)
        result[at] = best
        ends[at] = best.end
    return result
