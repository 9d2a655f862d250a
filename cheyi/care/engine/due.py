"""When a car's next service is due, the earlier of time and distance, and with what chance within so many days (domain.md 6.6).

The logarithm of the days until the distance is driven is taken as Student's t with 3 degrees of freedom around what the daily
distance says, as wide as the estimate and the coming days together; the time is certain. The date itself is that of
``vehicles.rules.service``, except when the distance was driven before the latest reading: then it is the day on which it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import atan, exp, log, pi, sqrt

from cheyi.care.engine.model import UNLEARNED, Car, ModelGroup, Reading, Service
from cheyi.care.engine.odometer import Cleaned
from cheyi.care.engine.pace import EIGHT_OF_TEN, DailyDistance, cleaned_of, of_cleaned
from cheyi.care.engine.schedule import Interval, Schedule
from cheyi.care.engine.spans import DrivenSpan, driven_spans, split
from cheyi.kernel import Quantity, Rate, Reason, Unknown, half_up
from cheyi.vehicles.rules.service import FURTHEST_DAYS, REMIND_DAYS, NextDue, next_due

CERTAIN = Rate(Rate.PER_UNIT)
NEVER = Rate(0)
_QUARTILES_AS_NORMAL = 0.6745 / 0.7649


@dataclass(frozen=True, slots=True)
class NextService:
    """The next service: the date with its parts (``due``), the range that holds it eight times of ten, and why.

    ``since`` is the day of the last service (or the car was new). The distance is counted from ``counted_on``, the day of the latest reading; ``left_km`` were then still to go. ``spread`` is the
    scale of the logarithm of the days that takes (quartiles at 0.6745 of it). Without a distance rule ``left_km`` is None.
    """

    due: NextDue
    since: date
    earliest: date
    latest: date
    counted_on: date
    left_km: int | None
    spread: Rate
    daily: DailyDistance
    reasons: tuple[Reason, ...]

    @property
    def on(self) -> date:
        """The day it is due."""
        return self.due.on

    def chance(self, *, today: date, within: int) -> Rate:
        """The chance that it is due within so many days from today (overdue counts as due)."""
        by = today + timedelta(days=within)
        if self.due.time_on is not None and self.due.time_on <= by:
            return CERTAIN
        return self.chance_by_distance(today=today, within=within)

    def chance_by_distance(self, *, today: date, within: int) -> Rate:
        """The chance that the distance is driven within so many days from today."""
        if self.left_km is None:
            return NEVER
        if self.left_km <= 0:
            return CERTAIN
        days = (today - self.counted_on).days + within
        if days <= 0:
            return NEVER
        middle = self.left_km * Quantity.PER_UNIT / self.daily.km.parts
        off = log(days / middle) * Rate.PER_UNIT / self.spread.parts
        return Rate(round(Rate.PER_UNIT * _student(off / _QUARTILES_AS_NORMAL)))


def next_service(car: Car, schedule: Schedule, *, today: date, group: ModelGroup = UNLEARNED) -> NextService | Unknown:
    """When the car is due next, counted from its last service, or from new as long as it had none.

    Unknown when neither day is known or the service lies in the future. Raises Refused as `odometer.clean`.
    """
    began = _counted_from(car, schedule, today)
    if isinstance(began, Unknown):
        return began
    service, interval, reasons = began
    known = cleaned_of(car, today)
    daily = of_cleaned(known, car.owner_since, group)
    if any((one.reading.on, one.reading.km) == (service.on, service.km) for one in known.dropped):
        reasons.append(Reason("service_reading_doubtful", on=service.on))
    now, since = _position(known, service, daily)
    due = next_due(
        Reading(now.km - since, service.on),
        now,
        daily=daily.km,
        interval_km=interval.km,
        interval_months=interval.months,
    )
    assert due is not None
    left = interval.km - since if interval.km is not None else None
    if interval.km is not None and since > interval.km:
        due = _in_the_past(due, _day_driven(driven_spans(known), service.on, interval.km, now.on))
    return _told(due, service.on, now, left, daily, (*reasons, *_by(due, daily), *_stale(known, today), *daily.reasons))


def _counted_from(car: Car, schedule: Schedule, today: date) -> tuple[Service, Interval, list[Reason]] | Unknown:
    if car.last_service is not None:
        if car.last_service.on > today:
            return Unknown((Reason("service_in_the_future", on=car.last_service.on, today=today),))
        if car.new_on is not None and car.last_service.on < car.new_on:
            return Unknown((Reason("service_before_built", on=car.last_service.on, new_on=car.new_on),))
        return car.last_service, schedule.every, []
    if car.new_on is None or car.new_on > today:
        return Unknown((Reason("never_serviced_here"),))
    return Service(car.new_on, 0), schedule.first or schedule.every, [Reason("counted_from_new", new_on=car.new_on)]


def _position(known: Cleaned, service: Service, daily: DailyDistance) -> tuple[Reading, int]:
    """Where the car stood last, and how far it went since the service; days without known distance go by the daily one."""
    latest = known.latest
    counted_on = max(latest.on, service.on) if latest is not None else service.on
    _, since = split(driven_spans(known), service.on)
    unknown_days = (counted_on - service.on).days - since.days
    km = round(since.km) + half_up(daily.km.parts * max(round(unknown_days), 0), Quantity.PER_UNIT)
    if latest is None:
        return Reading(km, counted_on), km
    gone_on = half_up(daily.km.parts * (counted_on - latest.on).days, Quantity.PER_UNIT)
    return Reading(latest.km + gone_on, counted_on), km


def _day_driven(spans: Sequence[DrivenSpan], start: date, km: int, at_latest: date) -> date:
    """The day by which so many km were driven since the start, as if evenly from reading to reading."""
    gone = 0.0
    for span in spans:
        _, after = split((span,), start)
        if after.days and gone + after.km >= km:
            left = max(km - gone, 0.0)  # a reading may jump on the day of the service itself
            return max(span.start, start) + timedelta(days=int(left / after.km * after.days) if left else 0)
        gone += after.km
    return at_latest


def _in_the_past(due: NextDue, distance_on: date) -> NextDue:
    on = min(distance_on, due.time_on) if due.time_on is not None else distance_on
    return replace(
        due,
        on=on,
        by="time" if on == due.time_on else "distance",
        remind_on=on - timedelta(days=REMIND_DAYS),
        distance_on=distance_on,
    )


def _student(value: float) -> float:
    """The distribution function of Student's t with 3 degrees of freedom."""
    part = value / sqrt(3)
    return 0.5 + (part / (1 + part * part) + atan(part)) / pi


def _told(
    due: NextDue, since: date, now: Reading, left: int | None, daily: DailyDistance, reasons: tuple[Reason, ...]
) -> NextService:
    if left is None or left <= 0:
        return NextService(due, since, due.on, due.on, now.on, left, NEVER, daily, reasons)
    days = left * Quantity.PER_UNIT / daily.km.parts
    spread = daily.spread_over(days)
    return NextService(
        due=due,
        since=since,
        earliest=_not_after(now.on, days * exp(-EIGHT_OF_TEN * spread), due.time_on),
        latest=_not_after(now.on, days * exp(EIGHT_OF_TEN * spread), due.time_on),
        counted_on=now.on,
        left_km=left,
        spread=Rate(round(Rate.PER_UNIT * spread)),
        daily=daily,
        reasons=reasons,
    )


def _not_after(start: date, days: float, border: date | None) -> date:
    day = start + timedelta(days=min(int(days), FURTHEST_DAYS))
    return day if border is None else min(day, border)


def _by(due: NextDue, daily: DailyDistance) -> tuple[Reason, ...]:
    if due.by == "time":
        return (Reason("due_by_time", on=due.on),)
    return (Reason("due_by_distance", on=due.on, km=due.km or 0, daily=daily.km),)


def _stale(known: Cleaned, today: date) -> tuple[Reason, ...]:
    """Said of a car whose odometer nobody has seen for a year, or never."""
    latest = known.latest
    if latest is None:
        return (Reason("no_reading"),)
    days = (today - latest.on).days
    return (Reason("reading_old", on=latest.on, days=days),) if days > 365 else ()
