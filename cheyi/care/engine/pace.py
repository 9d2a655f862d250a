"""How far a car goes in a day: its whole life blended with its last year, and how sure that is (intelligence.md 5).

The last year tells most, the life before it the less the longer it lies back, and the model group fills in for a car that
is not known long. Each is weighed by one over its relative variance: a month's distance scatters by ``MONTHLY`` around a car's
ways, and its ways move by ``YEARLY`` in a year. Both are guesses of the right size; ``learning`` scales them by the shop's cars.
Errors are taken as Student's t with ``TAILS`` degrees of freedom: most cars go on as before, some change their ways at once (``EIGHT_OF_TEN``
is its 90 % point when its quartiles are those of a normal distribution).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log, sqrt

from cheyi.care.engine.model import UNLEARNED, Car, ModelGroup, Reading
from cheyi.care.engine.odometer import Cleaned, clean
from cheyi.care.engine.spans import Driven, DrivenSpan, driven_spans, split
from cheyi.kernel import Quantity, Rate, Reason
from cheyi.vehicles.rules.mileage import FASTEST_DAILY_KM, LEAST_DAYS, SLOWEST_DAILY_KM

MONTHLY = 0.35
YEARLY = 0.20
TAILS = 3
EIGHT_OF_TEN = 1.445
NOTABLE = 0.05
_DAY_NOISE = MONTHLY**2 * 30
_DAY_DRIFT = YEARLY**2 / 365


@dataclass(frozen=True, slots=True)
class DailyDistance:
    """Km a day as estimated, and the range that holds it eight times of ten.

    ``spread`` is the scale of its logarithm (quartiles at 0.6745 of it), ``unrest`` that of the group; ``reasons`` say what it rests on.
    """

    km: Quantity
    low: Quantity
    high: Quantity
    spread: Rate
    unrest: Rate
    reasons: tuple[Reason, ...]

    @property
    def yearly_km(self) -> int:
        """Whole km in 365 days."""
        return self.km.parts * 365 // Quantity.PER_UNIT

    def spread_over(self, days: float) -> float:
        """The scale of the logarithm of the distance of so many coming days."""
        noise = _DAY_NOISE / max(days, 1.0) + _DAY_DRIFT * days / 3
        return sqrt((self.spread.parts / Rate.PER_UNIT) ** 2 + (self.unrest.parts / Rate.PER_UNIT) ** 2 * noise)


def daily_distance(car: Car, *, today: date, group: ModelGroup = UNLEARNED) -> DailyDistance:
    """The daily distance of a car from its readings (the last service is one of them). Raises Refused as `odometer.clean`."""
    return of_cleaned(cleaned_of(car, today), car.owner_since, group)


def cleaned_of(car: Car, today: date) -> Cleaned:
    """The car's readings and that of its last service, cleaned."""
    readings = list(car.readings)
    service = car.last_service
    if service is not None and service.km is not None:
        taken = Reading(service.km, service.on)
        if all((one.km, one.on) != (taken.km, taken.on) for one in readings):
            readings.append(taken)
    return clean(readings, today=today, new_on=car.new_on)


def of_cleaned(known: Cleaned, owner_since: date | None, group: ModelGroup) -> DailyDistance:
    """The daily distance from cleaned readings."""
    spans = driven_spans(known, owner_since)
    notes = list(known.doubts)
    if known.dropped:
        notes.append(Reason("readings_dropped", count=len(known.dropped)))
    if owner_since is not None and len(spans) < len(driven_spans(known)):
        notes.append(Reason("new_owner", since=owner_since))
    return estimate(spans, group, tuple(notes))


def estimate(
    spans: Sequence[DrivenSpan], group: ModelGroup = UNLEARNED, notes: tuple[Reason, ...] = ()
) -> DailyDistance:
    """The daily distance from known spans in order of days."""
    days = sum(span.days for span in spans)
    if not days or (days < LEAST_DAYS and not group.cars):
        return _of_the_group(group, days, notes)
    if len(spans) == 1 and not group.cars:
        spread = sqrt(_noise(group, days, 0))
        return _told(spans[0].km / days, spread, group, (Reason("last_and_present", days=days), *notes))
    before, year = split(spans, spans[-1].end - timedelta(days=365))
    return _blended(before, year, group, notes)


def _blended(before: Driven, year: Driven, group: ModelGroup, notes: tuple[Reason, ...]) -> DailyDistance:
    sure_year = 1 / _noise(group, year.days, 0)
    sure_before = 1 / _noise(group, before.days, year.days) if before.days else 0.0
    sure = sure_year + sure_before
    own = (sure_year * year.daily + sure_before * before.daily) / sure
    reasons = [
        Reason(
            "blended",
            year=_quantity(year.daily),
            life=_quantity((before + year).daily),
            share=Rate(round(Rate.PER_UNIT * _share_of_year(sure_year, sure_before, before, year))),
        )
    ]
    share = _share_of_group(own, before.days + year.days, group) if group.cars else 0.0
    if share > NOTABLE:
        reasons.append(
            Reason("drawn_to_group", km=group.daily, cars=group.cars, share=Rate(round(Rate.PER_UNIT * share)))
        )
    km = (1 - share) * own + share * group.daily.parts / Quantity.PER_UNIT
    return _told(km, sqrt((1 - share) / sure), group, (*reasons, *notes))


def _share_of_group(own: float, days: float, group: ModelGroup) -> float:
    """How far a car is drawn to its group: by the scatter of its few days against the spread among cars.

    Cars are taken as Student's t around the middle one, so that a car far from its group is hardly drawn.
    """
    scatter = (group.unrest.parts / Rate.PER_UNIT) ** 2 * _DAY_NOISE / max(days, 1.0)
    spread = group.spread.parts / Rate.PER_UNIT
    away = log(max(own, 1.0) * Quantity.PER_UNIT / group.daily.parts) / spread
    weight = (TAILS + 1) / (TAILS + away * away) / spread**2
    return weight / (weight + 1 / scatter)


def _share_of_year(sure_year: float, sure_before: float, before: Driven, year: Driven) -> float:
    """By how much the last year counts when the blend is written as last year and whole life."""
    if not before.days:
        return 1.0
    weight = sure_before / (sure_year + sure_before)
    return max(0.0, 1 - weight * (before.days + year.days) / before.days)


def _noise(group: ModelGroup, days: float, ago: float) -> float:
    """Relative variance of a mean over so many days that ended so many days ago, as a measure of today's ways."""
    unrest = group.unrest.parts / Rate.PER_UNIT
    return unrest**2 * (_DAY_NOISE / max(days, 1.0) + _DAY_DRIFT * (ago + days / 3))


def _of_the_group(group: ModelGroup, days: int, notes: tuple[Reason, ...]) -> DailyDistance:
    """What is known of a car of which nothing is known."""
    why = Reason("too_short", days=days) if days else Reason("no_distance_known")
    source = (
        Reason("as_its_group", km=group.daily, cars=group.cars) if group.cars else Reason("as_usual", km=group.daily)
    )
    spread = group.spread.parts / Rate.PER_UNIT
    return _told(group.daily.parts / Quantity.PER_UNIT, spread, group, (why, source, *notes))


def _told(km: float, spread: float, group: ModelGroup, reasons: tuple[Reason, ...]) -> DailyDistance:
    held = min(max(km, SLOWEST_DAILY_KM), FASTEST_DAILY_KM)
    if held != km:
        reasons = (*reasons, Reason("held_within", least=SLOWEST_DAILY_KM, most=FASTEST_DAILY_KM))
    return DailyDistance(
        km=_quantity(held),
        low=_quantity(held * exp(-EIGHT_OF_TEN * spread)),
        high=_quantity(held * exp(EIGHT_OF_TEN * spread)),
        spread=Rate(round(Rate.PER_UNIT * spread)),
        unrest=group.unrest,
        reasons=reasons,
    )


def _quantity(km: float) -> Quantity:
    """Whole metres, half up."""
    return Quantity(int(km * Quantity.PER_UNIT + 0.5))
