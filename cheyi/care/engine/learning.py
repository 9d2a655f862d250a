"""What a shop's own cars tell of a model group: the middle car, how far cars lie apart, how much they change their ways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice
from math import exp, log, sqrt
from statistics import median, quantiles

from cheyi.care.engine.model import UNLEARNED, Car, ModelGroup
from cheyi.care.engine.pace import cleaned_of, estimate
from cheyi.care.engine.spans import DrivenSpan, driven_spans
from cheyi.kernel import Quantity, Rate

MOST_CARS = 2000
KNOWN_DAYS = 60
AHEAD_DAYS = 30
TRIALS = 3
GUESS_COUNTS_AS = 10
HALF_WITHIN = 0.6745
QUARTERS_APART = 1.349


def learn(cars: Iterable[Car], *, today: date) -> ModelGroup:
    """The group of these cars (one model and use), leaning on the usual as long as they are few.

    Only cars with readings 60 days apart count; at most the first 2,000. The unrest comes from a back-test: each car's next
    reading against what its readings before would have said. Raises Refused as `odometer.clean`.
    """
    rates: list[float] = []
    misses: list[float] = []
    for car in islice(cars, MOST_CARS):
        spans = driven_spans(cleaned_of(car, today), car.owner_since)
        if sum(span.days for span in spans) >= KNOWN_DAYS:
            rates.append(log(estimate(spans).km.parts / Quantity.PER_UNIT))
            misses += _misses(spans)
    if not rates:
        return UNLEARNED
    own = len(rates) / (len(rates) + GUESS_COUNTS_AS)
    usual = log(UNLEARNED.daily.parts / Quantity.PER_UNIT)
    return ModelGroup(
        daily=Quantity(round(1000 * exp(own * median(rates) + (1 - own) * usual))),
        spread=_rate(own * _apart(rates) + (1 - own) * UNLEARNED.spread.parts / Rate.PER_UNIT, 0.15, 1.5),
        unrest=_rate(_unrest(misses), 0.5, 2.5),
        cars=len(rates),
    )


def _misses(spans: Sequence[DrivenSpan]) -> list[float]:
    """For the last few readings: by how many of its standard deviations the forecast of the distance was wrong."""
    found = []
    for at in range(len(spans) - 1, max(0, len(spans) - 1 - TRIALS), -1):
        ahead, known = spans[at], spans[:at]
        if ahead.days >= AHEAD_DAYS and sum(span.days for span in known) >= KNOWN_DAYS:
            told = estimate(known)
            foreseen = told.km.parts / Quantity.PER_UNIT * ahead.days
            found.append(log(max(ahead.km, 1) / foreseen) / told.spread_over(ahead.days))
    return found


def _unrest(misses: Sequence[float]) -> float:
    """The misses' robust standard deviation, together with some that are as expected."""
    if not misses:
        return 1.0
    seen = median(abs(miss) for miss in misses) / HALF_WITHIN
    return sqrt((len(misses) * seen**2 + 3 * GUESS_COUNTS_AS) / (len(misses) + 3 * GUESS_COUNTS_AS))


def _apart(rates: Sequence[float]) -> float:
    if len(rates) < 4:
        return UNLEARNED.spread.parts / Rate.PER_UNIT
    low, _, high = quantiles(rates, n=4)
    return (high - low) / QUARTERS_APART


def _rate(value: float, least: float, most: float) -> Rate:
    return Rate(round(Rate.PER_UNIT * min(max(value, least), most)))
