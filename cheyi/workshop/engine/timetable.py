"""Who and what is busy when: the one place that knows whether a step fits, used by rule, decoder and promise alike."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from cheyi.workshop.engine.floor import Floor, Placed

Busy = list[tuple[int, int]]


def free_from(busy: Busy, start: int, end: int) -> bool:
    """Whether nothing is booked between two minutes."""
    at = bisect_right(busy, (start, end))
    return (at == 0 or busy[at - 1][1] <= start) and (at == len(busy) or busy[at][0] >= end)


def next_gap(busy: Busy, start: int, end: int) -> int:
    """The end of the booking that stands in the way; only asked when there is one."""
    at = bisect_right(busy, (start, end))
    if at and busy[at - 1][1] > start:
        return busy[at - 1][1]
    return busy[at][1]


def _enter(busy: Busy, start: int, end: int) -> None:
    """Book a span; running clocks may overlap and then make one longer span."""
    high = bisect_left(busy, (end,))
    low = high
    while low and busy[low - 1][1] > start:
        low -= 1
    if low < high:
        start, end = min(start, busy[low][0]), max(end, busy[high - 1][1])
    busy[low:high] = [(start, end)]


class Timetable:
    """Bookings of technicians, places and cars (an order's car is worked on by one step at a time)."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.technicians: list[Busy] = [[] for _ in floor.calendars]
        self.places: list[Busy] = [[] for _ in range(floor.place_count)]
        self.orders: list[Busy] = [[] for _ in floor.due]

    def on(self, floor: Floor) -> Timetable:
        """The same bookings on a floor of the same steps, people and places, to be booked further."""
        other = Timetable(floor)
        other.technicians = [busy[:] for busy in self.technicians]
        other.places = [busy[:] for busy in self.places]
        other.orders = [busy[:] for busy in self.orders]
        return other

    def book(self, one: Placed, *, car: bool = True) -> None:
        """Enter a step; ``car`` false reserves only the technician and the places."""
        _enter(self.technicians[one.technician], one.start, one.end)
        if car:
            _enter(self.orders[self.floor.steps[one.step].order], one.start, one.end)
        for place in one.places:
            _enter(self.places[place], one.start, one.end)

    def release(self, one: Placed) -> None:
        """Take a reservation (made without the car) out again."""
        span = (one.start, one.end)
        self.technicians[one.technician].remove(span)
        for place in one.places:
            self.places[place].remove(span)

    def free_places(self, groups: Sequence[Sequence[int]], start: int, end: int) -> tuple[int, ...] | None:
        """The first free place of each group between two minutes, or None."""
        chosen = []
        for group in groups:
            place = next((one for one in group if free_from(self.places[one], start, end)), None)
            if place is None:
                return None
            chosen.append(place)
        return tuple(chosen)

    def fit(self, step: int, technician: int, start: int) -> Placed | None:
        """The step placed with a technician exactly at a minute, or None when something is in the way."""
        one = self.floor.steps[step]
        end = self.floor.calendars[technician].finish(start, one.minutes[technician], carries=one.carries)
        if end is None or (one.hv and end > self.floor.hv_until[technician]):
            return None
        if not (free_from(self.technicians[technician], start, end) and free_from(self.orders[one.order], start, end)):
            return None
        places = self.free_places(one.places, start, end)
        return None if places is None else Placed(step, technician, places, start, end)

    def full_group(self, step: int, technician: int, start: int) -> tuple[int, ...] | None:
        """Why a step does not fit: the places of which none is free so long; None when it is not for want of a place."""
        one = self.floor.steps[step]
        end = self.floor.calendars[technician].finish(start, one.minutes[technician], carries=one.carries)
        if end is None or not free_from(self.technicians[technician], start, end):
            return None
        return next((group for group in one.places if self.free_places((group,), start, end) is None), None)

    def earliest(self, step: int, technician: int, not_before: int, *, until: int | None = None) -> Placed | None:
        """The step placed with a technician as early as possible, also into gaps; None when no shift is left for it.

        With ``until`` also None when it would end later than that.
        """
        one = self.floor.steps[step]
        calendar, minutes = self.floor.calendars[technician], one.minutes[technician]
        start: int | None = not_before
        while start is not None and (start := calendar.next_working(start)) is not None:
            end = calendar.finish(start, minutes, carries=one.carries)
            if end is None:
                start = calendar.next_shift(start)
                continue
            if (one.hv and end > self.floor.hv_until[technician]) or (until is not None and end > until):
                return None
            later = self._obstacle(one.order, one.places, technician, start, end)
            if later is None:
                return Placed(step, technician, self.free_places(one.places, start, end) or (), start, end)
            start = later
        return None

    def _obstacle(
        self, order: int, groups: Sequence[Sequence[int]], technician: int, start: int, end: int
    ) -> int | None:
        """The next minute worth trying when something is in the way between two minutes, else None."""
        later = start
        for busy in (self.technicians[technician], self.orders[order]):
            if not free_from(busy, start, end):
                later = max(later, next_gap(busy, start, end))
        for group in groups:
            if any(free_from(self.places[place], start, end) for place in group):
                continue
            later = max(later, min(next_gap(self.places[place], start, end) for place in group))
        return later if later > start else None


def booked(floor: Floor, placed: Iterable[Placed | None]) -> Timetable:
    """A timetable with these steps entered."""
    table = Timetable(floor)
    for one in placed:
        if one is not None:
            table.book(one)
    return table
