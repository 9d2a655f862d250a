"""Which hours of a day the board shows: those of the store and of the rosters, and whatever work lies outside of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cheyi.kernel import Span
from cheyi.workshop.planning import Standing

STEP_MINUTES = 5
OPENS_HOUR, CLOSES_HOUR, LAST_HOUR = 8, 19, 24
LEAST_HOURS = 4
SHORTEST = 3
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Axis:
    """The hours of a day that the board shows: from one to another, in five-minute steps from ``midnight`` on."""

    midnight: datetime
    opens: int
    closes: int

    @property
    def slots(self) -> int:
        """How many steps it has."""
        return (self.closes - self.opens) * 60 // STEP_MINUTES

    @property
    def start(self) -> datetime:
        """Where it begins."""
        return self.midnight + timedelta(hours=self.opens)

    @property
    def end(self) -> datetime:
        """Where it ends."""
        return self.midnight + timedelta(hours=self.closes)

    def slot_of(self, moment: datetime) -> int:
        """The step in which a moment lies, kept on the board."""
        return max(0, min(self.slots, int((moment - self.start).total_seconds() // 60) // STEP_MINUTES))

    def steps(self, begins: datetime, ends: datetime) -> tuple[int, int]:
        """Where a span stands on the board and how long it is there, never too short to be seen."""
        at = min(self.slot_of(begins), self.slots - SHORTEST)
        return at, max(min(self.slot_of(ends) - at, self.slots - at), SHORTEST)


def axis_of(midnight: datetime, spans: Iterable[Span]) -> Axis:
    """The whole hours of a day that hold the parts of some spans that lie in it, from eight to seven where there are none."""
    day = Span(midnight, midnight + timedelta(days=1))
    parts = [part for span in spans if (part := span.clipped(day)) is not None]
    if not parts:
        return Axis(midnight, OPENS_HOUR, CLOSES_HOUR)
    first, last = (at(parts) - midnight for at in (_first, _last))
    opens, closes = first // HOUR, -(-last // HOUR)
    closes = min(max(closes, opens + LEAST_HOURS), LAST_HOUR)
    return Axis(midnight, min(opens, closes - LEAST_HOURS), closes)


def _first(spans: Iterable[Span]) -> datetime:
    return min(one.start for one in spans)


def _last(spans: Iterable[Span]) -> datetime:
    return max(one.end for one in spans)


def hours_of(floor: Standing, day: Span) -> list[Span]:
    """When the store is open on a day, and when anybody is rostered on it."""
    shifts = [shift.span for one in floor.shop.technicians for shift in one.shifts]
    opening = floor.presence.opening.on(day.start.date())
    return [*opening, *(span for span in shifts if day.contains(span.start))]
