"""When a car's next service falls due: the earlier of time and distance (domain.md 6.6)."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from cheyi.kernel import Quantity
from cheyi.vehicles.rules.mileage import Reading

REMIND_DAYS = 7
FURTHEST_DAYS = 3653


@dataclass(frozen=True, slots=True)
class NextDue:
    """The day service falls due and why; ``km`` is the mileage at which it does (None without a distance rule)."""

    on: date
    by: Literal["time", "distance"]
    remind_on: date
    km: int | None
    time_on: date | None
    distance_on: date | None


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last one: 31 January plus one month is 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def next_due(
    last: Reading,
    now: Reading,
    *,
    daily: Quantity,
    interval_km: int | None,
    interval_months: int | None,
) -> NextDue | None:
    """When the next service falls due, counted from the last one; None when the model has no interval.

    ``last`` is day and mileage of the last service, ``now`` the latest reading. The distance day is never later than
    the car would be there (rounded down to whole days) and at most ten years ahead.
    """
    time_on = add_months(last.on, interval_months) if interval_months else None
    km = last.km + interval_km if interval_km else None
    distance_on = _distance_day(now, km, daily) if km is not None else None
    days = [day for day in (time_on, distance_on) if day is not None]
    if not days:
        return None
    on = min(days)
    return NextDue(
        on=on,
        by="time" if on == time_on else "distance",
        remind_on=on - timedelta(days=REMIND_DAYS),
        km=km,
        time_on=time_on,
        distance_on=distance_on,
    )


def _distance_day(now: Reading, km: int, daily: Quantity) -> date:
    left = max(km - now.km, 0) * Quantity.PER_UNIT
    days = left // daily.parts if daily.parts > 0 else FURTHEST_DAYS
    return now.on + timedelta(days=min(days, FURTHEST_DAYS))
