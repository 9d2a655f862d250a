"""When a step may start with a person, sorted by how long it then takes on the clock, breaks included."""

from __future__ import annotations

from collections.abc import Iterator

from cheyi.workshop.engine.calendar import Calendar
from cheyi.workshop.engine.floor import Floor


def windows(floor: Floor, at: int, technician: int, latest: int) -> dict[int, list[tuple[int, int]]]:
    """Start spans (both ends inside) per length on the clock; nothing that ends after ``latest``.

    A step that starts so late before a break that it goes on behind it takes the break longer.
    """
    step, calendar = floor.steps[at], floor.calendars[technician]
    minutes = step.minutes[technician]
    if step.hv:
        latest = min(latest, floor.hv_until[technician])
    result: dict[int, list[tuple[int, int]]] = {}
    for first in range(len(calendar.starts)):
        for length, low, high in _from_piece(calendar, first, minutes, carries=step.carries):
            span = (max(low, step.earliest), min(high, latest - length))
            if span[0] <= span[1]:
                result.setdefault(length, []).append(span)
    return result


def _from_piece(calendar: Calendar, first: int, minutes: int, *, carries: bool) -> Iterator[tuple[int, int, int]]:
    """(length, first start, last start) for starts in one working piece, by the piece in which the work ends."""
    opens, closes = calendar.starts[first], calendar.ends[first]
    if opens <= closes - minutes:
        yield minutes, opens, closes - minutes
    left, gaps = minutes, 0
    for last in range(first + 1, len(calendar.starts)):
        if left <= 0 or (calendar.shifts[last] != calendar.shifts[first] and not carries):
            return
        gaps += calendar.starts[last] - calendar.ends[last - 1]
        room = calendar.ends[last] - calendar.starts[last]
        low, high = max(opens, closes - left + 1), min(closes - 1, closes - left + room)
        if low <= high:
            yield minutes + gaps, low, high
        left -= room
