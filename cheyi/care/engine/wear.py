"""When pads, tyres or the 12 V battery reach their limit: a line through at least two inspections (intelligence.md 6).

Least squares over km where every inspection has the odometer and the daily distance is known, else over days. A value that rises
by more than measuring explains is a new part: the line begins there. Without a fall beyond what measuring explains, nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import floor, hypot, sqrt

from cheyi.care.engine.pace import DailyDistance
from cheyi.kernel import Quantity, Rate, Reason, Unknown
from cheyi.vehicles.rules.service import FURTHEST_DAYS

EIGHT_OF_TEN = 1.2816
RENEWED = 3


@dataclass(frozen=True, slots=True)
class Inspected:
    """A value measured on a day (mm, %, V – the same unit all along), with the odometer if it was read."""

    on: date
    value: Quantity
    km: int | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """The value at which a part is replaced, and by how much a measurement is off as a rule."""

    value: Quantity
    off_by: Quantity


LIMITS: Mapping[str, Limit] = {
    "brake_pads": Limit(Quantity.of("3"), Quantity.of("0.3")),
    "tyres": Limit(Quantity.of("1.6"), Quantity.of("0.2")),
    "battery_12v": Limit(Quantity.of("60"), Quantity.of("3")),
}


@dataclass(frozen=True, slots=True)
class WornOut:
    """The day the limit is reached with the range that holds it eight times of ten, and the odometer then if it goes by km.

    ``on`` lies in the past when it is reached already; no day is further than ten years from the last inspection.
    """

    on: date
    earliest: date
    latest: date
    km: int | None
    reasons: tuple[Reason, ...]


def worn_out(
    inspections: Iterable[Inspected], limit: Limit, *, today: date, daily: DailyDistance | None = None
) -> WornOut | Unknown:
    """When the limit is reached; unknown with its reason when there is one inspection, or no fall."""
    given = list(inspections)
    sound = sorted((one for one in given if one.on <= today and one.value.parts >= 0), key=lambda one: one.on)
    left_out = (Reason("inspections_left_out", count=len(given) - len(sound)),) if len(sound) < len(given) else ()
    since = _since_renewed(sound, limit)
    notes = (Reason("renewed", on=since[0].on), *left_out) if len(since) < len(sound) else left_out
    if len({one.on for one in since}) < 2:
        return Unknown((Reason("inspections_too_few", count=len(since)), *notes))
    places = _by_km(since) if daily is not None else None
    line = _line(places or _by_day(since), [one.value.parts for one in since])
    fall = -line.slope * (line.last - line.first)
    if fall <= limit.off_by.parts:
        first, last = since[0].value, since[-1].value
        return Unknown((Reason("does_not_fall", first=first, last=last, off_by=limit.off_by), *notes))
    ahead, off = line.until(limit.value.parts, limit.off_by.parts)
    if places is None or daily is None:
        return _told(since, ahead, off, None, (Reason("worn_by_days", count=len(since)), *notes))
    km = round(line.last + ahead)
    per_day = daily.km.parts / Quantity.PER_UNIT
    off_days = hypot(off / per_day, ahead / per_day * daily.spread.parts / Rate.PER_UNIT)
    return _told(since, ahead / per_day, off_days, km, (Reason("worn_by_km", count=len(since), km=km), *notes))


@dataclass(frozen=True, slots=True)
class _Line:
    """A line by least squares: its slope and middle, and how the places lie."""

    slope: float
    middle: float
    level: float
    scatter: float
    count: int
    first: float
    last: float

    def until(self, value: float, off_by: float) -> tuple[float, float]:
        """How far from the last place the line reaches the value, and the standard deviation of that."""
        reached = self.middle + (value - self.level) / self.slope
        off = off_by / -self.slope * sqrt(1 / self.count + (reached - self.middle) ** 2 / self.scatter)
        return reached - self.last, off


def _line(places: Sequence[float], values: Sequence[int]) -> _Line:
    middle, level = sum(places) / len(places), sum(values) / len(values)
    scatter = sum((place - middle) ** 2 for place in places)
    slope = sum((place - middle) * (value - level) for place, value in zip(places, values, strict=True)) / scatter
    return _Line(slope, middle, level, scatter, len(places), places[0], places[-1])


def _since_renewed(sound: Sequence[Inspected], limit: Limit) -> list[Inspected]:
    """From the last rise on that is too big for a measuring error."""
    begins = 0
    for at in range(1, len(sound)):
        if sound[at].value.parts - sound[at - 1].value.parts > RENEWED * limit.off_by.parts:
            begins = at
    return list(sound[begins:])


def _by_km(since: Sequence[Inspected]) -> list[float] | None:
    """Places by odometer; None unless every inspection has one and none is lower than the one before."""
    places = [float(one.km) for one in since if one.km is not None]
    rises = all(one <= other for one, other in pairwise(places))
    return places if len(places) == len(since) and rises and places[-1] > places[0] else None


def _by_day(since: Sequence[Inspected]) -> list[float]:
    return [float((one.on - since[0].on).days) for one in since]


def _told(since: Sequence[Inspected], days: float, off: float, km: int | None, reasons: tuple[Reason, ...]) -> WornOut:
    def day(ahead: float) -> date:
        return since[-1].on + timedelta(days=floor(min(max(ahead, -FURTHEST_DAYS), FURTHEST_DAYS)))

    return WornOut(day(days), day(days - EIGHT_OF_TEN * off), day(days + EIGHT_OF_TEN * off), km, reasons)
