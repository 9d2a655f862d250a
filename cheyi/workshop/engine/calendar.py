"""A technician's working minutes: shifts without breaks and absences, and when work that starts now is done."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from cheyi.kernel import Span
from cheyi.workshop.engine.model import Technician


def minute_of(moment: datetime) -> int:
    """The whole minute since 1970 in which an aware moment lies."""
    if moment.tzinfo is None:
        raise ValueError("the engine takes aware moments")
    return int(moment.timestamp()) // 60


def first_minute(moment: datetime) -> int:
    """The first whole minute that is not before an aware moment."""
    if moment.tzinfo is None:
        raise ValueError("the engine takes aware moments")
    return -int(-moment.timestamp() // 60)


def moment_of(minute: int, zone: tzinfo | None) -> datetime:
    """The moment at which a minute begins."""
    return datetime.fromtimestamp(minute * 60, tz=zone)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working pieces in order, as minutes; ``shifts`` numbers the shift of each piece."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    shifts: tuple[int, ...]

    def piece_at(self, minute: int) -> int:
        """The index of the working piece that contains the minute, or -1."""
        index = bisect_right(self.starts, minute) - 1
        return index if index >= 0 and minute < self.ends[index] else -1

    def next_working(self, minute: int) -> int | None:
        """The first working minute that is not before the given one; None when there is none left."""
        index = bisect_right(self.starts, minute) - 1
        if index >= 0 and minute < self.ends[index]:
            return minute
        return self.starts[index + 1] if index + 1 < len(self.starts) else None

    def next_shift(self, minute: int) -> int | None:
        """The first minute of the shift after the one that runs at a working minute; None when it is the last."""
        index = self.piece_at(minute)
        return next(
            (self.starts[at] for at in range(index + 1, len(self.starts)) if self.shifts[at] != self.shifts[index]),
            None,
        )

    def finish(self, start: int, minutes: int, *, carries: bool) -> int | None:
        """When work of so many minutes ends that starts in a working minute.

        Breaks and absences pause it. None when the start is no working minute or the shift ends before the work does;
        work that ``carries`` over goes on in the next shift.
        """
        index = self.piece_at(start)
        if index < 0:
            return None
        left, shift = minutes - (self.ends[index] - start), self.shifts[index]
        while left > 0:
            index += 1
            if index == len(self.starts) or (self.shifts[index] != shift and not carries):
                return None
            left -= self.ends[index] - self.starts[index]
        return self.ends[index] + left

    def later(self, minute: int, minutes: int) -> int:
        """The minute after so many working minutes from a minute on; past the last shift the clock just runs on."""
        at = self.next_working(minute) if minutes else minute
        end = self.finish(at, minutes, carries=True) if at is not None and minutes else minute
        return end if end is not None else minute + minutes

    def working(self, start: int, end: int) -> int:
        """Working minutes between two minutes."""
        pairs = zip(self.starts, self.ends, strict=True)
        return sum(max(0, min(close, end) - max(opens, start)) for opens, close in pairs)

    def shift_minutes_left(self, minute: int) -> int:
        """Working minutes from a minute to the end of the shift that runs then or comes next."""
        at = self.next_working(minute)
        if at is None:
            return 0
        shift = self.shifts[self.piece_at(at)]
        pieces = zip(self.starts, self.ends, self.shifts, strict=True)
        return sum(max(0, close - max(opens, at)) for opens, close, number in pieces if number == shift)

    def minutes_behind(self) -> list[int]:
        """Per piece: the working minutes of the pieces behind it in the same shift."""
        found = [0] * len(self.starts)
        for at in range(len(self.starts) - 2, -1, -1):
            if self.shifts[at] == self.shifts[at + 1]:
                found[at] = found[at + 1] + self.ends[at + 1] - self.starts[at + 1]
        return found

    def next_fit(self, minute: int, minutes: int, *, carries: bool) -> tuple[int, int] | None:
        """The first (start, end) of so much work from a minute on; None when no shift is left for it."""
        index = bisect_right(self.starts, minute) - 1
        if index < 0 or minute >= self.ends[index]:
            index += 1
            if index == len(self.starts):
                return None
            minute = self.starts[index]
        if minute + minutes <= self.ends[index]:
            return minute, minute + minutes
        start: int | None = minute
        while start is not None:
            end = self.finish(start, minutes, carries=carries)
            if end is not None:
                return start, end
            start = self.next_shift(start)
        return None

    def extended(self, minutes: int) -> Calendar:
        """The same calendar with overtime after every shift, as far as the next shift leaves room."""
        ends = list(self.ends)
        for at, number in enumerate(self.shifts):
            last = at + 1 == len(self.shifts) or self.shifts[at + 1] != number
            if last:
                room = self.starts[at + 1] - ends[at] if at + 1 < len(self.starts) else minutes
                ends[at] += min(minutes, room)
        return Calendar(self.starts, tuple(ends), self.shifts)

    @property
    def longest_shift(self) -> int:
        """The working minutes of the longest shift."""
        lengths: dict[int, int] = {}
        for opens, close, shift in zip(self.starts, self.ends, self.shifts, strict=True):
            lengths[shift] = lengths.get(shift, 0) + close - opens
        return max(lengths.values(), default=0)


def calendar_of(technician: Technician, now: int) -> Calendar:
    """The technician's working pieces from ``now`` on; what is past is left out."""
    pieces: list[tuple[int, int, int]] = []
    for number, shift in enumerate(sorted(technician.shifts, key=lambda one: one.span)):
        opens, close = first_minute(shift.span.start), minute_of(shift.span.end)
        opens = max(opens, pieces[-1][1]) if pieces else opens
        gaps = [*shift.breaks, *technician.absences]
        pieces += [(start, end, number) for start, end in _without(opens, close, gaps)]
    kept = [(max(start, now), end, number) for start, end, number in pieces if end > now]
    return Calendar(*(tuple(piece[part] for piece in kept) for part in range(3)))


def _without(opens: int, close: int, gaps: Iterable[Span]) -> list[tuple[int, int]]:
    result, at = [], opens
    for gap in sorted(gaps):
        start, end = minute_of(gap.start), first_minute(gap.end)
        if end <= at or start >= close:
            continue
        if start > at:
            result.append((at, start))
        at = max(at, end)
    if at < close:
        result.append((at, close))
    return result
