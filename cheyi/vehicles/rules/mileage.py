"""Readings of the odometer: which are believed, and how far a car goes in a day (domain.md 0, 6.6; intelligence.md 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cheyi.kernel import Quantity, Refused, half_up

MOST_KM = 2_000_000
FASTEST_DAILY_KM = 450
SLOWEST_DAILY_KM = 5
USUAL_DAILY_KM = Quantity(40_000)
LEAST_DAYS = 14

LOWER_REASONS = frozenset(["replaced", "typo", "doubtful"])
FAR_REASONS = frozenset(["checked", "replaced", "typo", "doubtful"])
NEW_CHAIN = frozenset(["replaced", "typo"])


def usual_daily_km() -> Quantity:
    """What a car is taken to go in a day as long as nothing is known of it."""
    return USUAL_DAILY_KM


@dataclass(frozen=True, slots=True)
class Reading:
    """An odometer reading: whole km on a day, with the reason a person gave for an odd one."""

    km: int
    on: date
    reason: str = ""


def check(km: int, on: date, *, last: Reading | None, reason: str = "") -> None:
    """Refuse a reading that cannot be, or that is odd and has no reason.

    A reading lower than the last one needs ``replaced`` (odometer changed), ``typo`` (the last one was wrong) or
    ``doubtful``; one more than 450 km a day away needs one of these or ``checked``. Raises Refused
    ``vehicles.mileage.out_of_range``, ``.lower``, ``.too_far``, ``.unknown_reason``, ``.earlier_day``.
    """
    if not 0 <= km <= MOST_KM:
        raise Refused("vehicles.mileage.out_of_range", field="mileage", km=km, most=MOST_KM)
    if reason and reason not in FAR_REASONS:
        raise Refused("vehicles.mileage.unknown_reason", field="mileage_reason", reason=reason)
    if last is None:
        return
    if on < last.on:
        raise Refused("vehicles.mileage.earlier_day", field="mileage", last_on=last.on.isoformat())
    if km < last.km and reason not in LOWER_REASONS:
        raise Refused("vehicles.mileage.lower", field="mileage", km=km, last=last.km, last_on=last.on.isoformat())
    most = last.km + FASTEST_DAILY_KM * ((on - last.on).days + 1)
    if km > most and not reason:
        raise Refused(
            "vehicles.mileage.too_far", field="mileage", km=km, last=last.km, last_on=last.on.isoformat(), most=most
        )


def counts(reason: str) -> bool:
    """Whether a reading with this reason becomes the car's present mileage; a doubtful one is only kept."""
    return reason != "doubtful"


def daily_km(since: Reading | None, now: Reading) -> Quantity:
    """How far a car goes in a day: distance over days, between 5 and 450 km, half up to a metre (domain.md 6.6).

    Without an earlier reading, or with one of the same day, the usual 40 km. Who keeps an average takes an earlier
    reading at least LEAST_DAYS old: over a weekend's trip a day says little about the year.
    """
    if since is None or now.on <= since.on or now.km < since.km:
        return USUAL_DAILY_KM
    metres = half_up((now.km - since.km) * Quantity.PER_UNIT, (now.on - since.on).days)
    return Quantity(min(max(metres, SLOWEST_DAILY_KM * Quantity.PER_UNIT), FASTEST_DAILY_KM * Quantity.PER_UNIT))


def estimated_km(last: Reading, daily: Quantity, on: date) -> int:
    """The mileage expected on a day: the last reading and the daily distance since, whole km, half up."""
    days = max((on - last.on).days, 0)
    return min(last.km + half_up(daily.parts * days, Quantity.PER_UNIT), MOST_KM)
