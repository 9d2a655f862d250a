"""Which odometer readings are believed: the longest chain with 0 to 450 km a day between neighbours (intelligence.md 5).

Every reading that is not believed keeps its reason. An exchanged odometer (换表) is a known break: the chain is sought on
either side of it. A reading that a person has confirmed as far away (``checked``) may break the limit of 450 km.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from operator import index

from cheyi.care.engine.misread import likely_meant
from cheyi.care.engine.model import Reading
from cheyi.kernel import Reason, Refused
from cheyi.vehicles.rules.mileage import FASTEST_DAILY_KM, MOST_KM

MOST_READINGS = 3000
STANDS_DAYS = 30
AGAINST_NEW = 3


@dataclass(frozen=True, slots=True)
class Dropped:
    """A reading that is not believed, why, and what may have been meant (slips that would explain it, likeliest first)."""

    reading: Reading
    reason: Reason
    meant: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Readings in order of days. A stretch is a run between two breaks: within it every distance is known.

    ``new_on`` is the day the car was new as far as the readings allow it; ``doubts`` are oddities of what is kept.
    """

    stretches: tuple[tuple[Reading, ...], ...]
    dropped: tuple[Dropped, ...] = ()
    doubts: tuple[Reason, ...] = ()
    new_on: date | None = None

    @property
    def kept(self) -> tuple[Reading, ...]:
        """All readings that are believed."""
        return tuple(reading for stretch in self.stretches for reading in stretch)

    @property
    def latest(self) -> Reading | None:
        """The present reading."""
        return self.stretches[-1][-1] if self.stretches else None


def clean(readings: Iterable[Reading], *, today: date, new_on: date | None = None) -> Cleaned:
    """Believe or drop each reading; the order in which they are given does not matter.

    Raises Refused ``care.odometer.too_many`` above 3,000 readings of one car.
    """
    given = list(readings)
    if len(given) > MOST_READINGS:
        raise Refused("care.odometer.too_many", count=len(given), most=MOST_READINGS)
    possible, dropped = _possible(given, today)
    possible, new_on, early, doubts = _since_new(possible, new_on, today)
    possible, explained = _as_explained(possible)
    dropped += early + explained
    stretches: list[tuple[Reading, ...]] = []
    for part in _between_breaks(possible):
        chain = longest_chain(part)
        stretches += _unbroken([part[at] for at in chain])
        dropped += [_against(part, chain, at) for at in sorted(set(range(len(part))) - set(chain))]
        doubts += _oddities(part, chain)
    dropped.sort(key=lambda one: _order(one.reading))
    return Cleaned(tuple(stretches), tuple(dropped), tuple(doubts), new_on)


def follows(earlier: Reading, later: Reading) -> bool:
    """Whether a car may show both: not less on the later day, and at most 450 km a day more (one day at least)."""
    gained = later.km - earlier.km
    return gained >= 0 and (gained <= most_between(earlier.on, later.on) or later.reason == "checked")


def most_between(one: date, other: date) -> int:
    """How many km lie at most between two days; readings of the same day may be one day's drive apart."""
    return FASTEST_DAILY_KM * max((other - one).days, 1)


def longest_chain(readings: Sequence[Reading]) -> list[int]:
    """The places of the longest chain in readings that are in order of days; of equally long ones the latest from behind."""
    if all(follows(one, other) for one, other in pairwise(readings)):
        return list(range(len(readings)))
    length, before = [1] * len(readings), [-1] * len(readings)
    for at, reading in enumerate(readings):
        for earlier in range(at - 1, -1, -1):
            if length[earlier] >= length[at] and follows(readings[earlier], reading):
                length[at], before[at] = length[earlier] + 1, earlier
    place = max(range(len(readings)), key=lambda at: (length[at], at))
    chain = []
    while place >= 0:
        chain.append(place)
        place = before[place]
    return chain[::-1]


def impossible(reading: Reading, today: date) -> Reason | None:
    """Why no car can show this, whatever else is known; None when one can."""
    if not isinstance(reading.on, date) or isinstance(reading.on, datetime):
        return Reason("no_day")
    try:
        km = index(reading.km)
    except TypeError:
        return Reason("not_whole_km", text=str(reading.km))
    if km < 0:
        return Reason("negative", km=km)
    if km > MOST_KM:
        return Reason("beyond_any_car", km=km, most=MOST_KM)
    if reading.on > today:
        return Reason("in_the_future", on=reading.on, today=today)
    return None


def before_or_beyond(reading: Reading, new_on: date) -> Reason | None:
    """Why a car that was new on that day cannot show this; None when it can."""
    if reading.on < new_on:
        return Reason("before_built", on=reading.on, new_on=new_on)
    if reading.km > most_between(new_on, reading.on) and reading.reason != "checked":
        return Reason("beyond_its_age", km=reading.km, most=most_between(new_on, reading.on), new_on=new_on)
    return None


def _order(reading: Reading) -> tuple[str, bool, str]:
    """Sorts whatever was given, also what is no date or no number."""
    return (str(reading.on), reading.reason == "replaced", f"{reading.km!s:>12}")


def _possible(given: Sequence[Reading], today: date) -> tuple[list[Reading], list[Dropped]]:
    kept, dropped = [], []
    for reading in given:
        why = impossible(reading, today)
        if why is not None:
            dropped.append(Dropped(reading, why))
        elif reading.reason == "doubtful":
            dropped.append(Dropped(reading, Reason("doubtful")))
        else:
            kept.append(reading)
    kept.sort(key=lambda one: (one.on, one.reason == "replaced", one.km, one.reason))
    return kept, dropped


def _since_new(
    readings: list[Reading], new_on: date | None, today: date
) -> tuple[list[Reading], date | None, list[Dropped], list[Reason]]:
    """The readings that fit the day the car was new; if most of three or more do not, it is that day that is wrong."""
    if new_on is None:
        return readings, None, [], []
    if new_on > today:
        return readings, None, [], [Reason("new_in_the_future", new_on=new_on)]
    replaced = next((at for at, one in enumerate(readings) if one.reason == "replaced"), len(readings))
    against = {
        at: why
        for at, one in enumerate(readings)
        if (why := before_or_beyond(one, new_on)) and (at < replaced or one.on < new_on)
    }
    if len(against) >= AGAINST_NEW and 2 * len(against) > len(readings):
        return readings, None, [], [Reason("new_day_contradicted", new_on=new_on, count=len(against))]
    dropped = [Dropped(readings[at], why) for at, why in against.items()]
    return [one for at, one in enumerate(readings) if at not in against], new_on, dropped, []


def _as_explained(readings: list[Reading]) -> tuple[list[Reading], list[Dropped]]:
    """Without what somebody has declared wrong: ``typo`` says that the reading before was a typing error."""
    kept: list[Reading] = []
    dropped = []
    for reading in readings:
        if reading.reason == "typo" and kept and not follows(kept[-1], reading):
            dropped.append(Dropped(kept.pop(), Reason("corrected", on=reading.on, km=reading.km)))
        kept.append(reading)
    return kept, dropped


def _between_breaks(readings: Sequence[Reading]) -> list[list[Reading]]:
    parts: list[list[Reading]] = []
    for reading in readings:
        if not parts or reading.reason == "replaced":
            parts.append([])
        parts[-1].append(reading)
    return parts


def _unbroken(believed: Sequence[Reading]) -> list[tuple[Reading, ...]]:
    """A confirmed leap is believed, but not as a distance that was driven."""
    runs = [[believed[0]]]
    for one, other in pairwise(believed):
        if other.km - one.km > most_between(one.on, other.on):
            runs.append([])
        runs[-1].append(other)
    return [tuple(run) for run in runs]


def _against(part: Sequence[Reading], chain: Sequence[int], at: int) -> Dropped:
    """Why a reading is out of the chain, seen from its neighbours that are in it."""
    reading, next_kept = part[at], bisect(chain, at)
    low = part[chain[next_kept - 1]] if next_kept else None
    high = part[chain[next_kept]] if next_kept < len(chain) else None
    return Dropped(reading, _contradiction(reading, low, high), likely_meant(reading, low, high))


def _contradiction(reading: Reading, low: Reading | None, high: Reading | None) -> Reason:
    """A reading outside the chain contradicts the believed one before it, or else the one after."""
    if low is not None and reading.km < low.km:
        return Reason("falls", km=reading.km, last=low.km, last_on=low.on)
    if low is not None and not follows(low, reading):
        most = low.km + most_between(low.on, reading.on)
        return Reason("jumps", km=reading.km, last=low.km, last_on=low.on, most=most)
    assert high is not None
    code = "above_next" if reading.km > high.km else "below_next"
    return Reason(code, km=reading.km, next=high.km, next_on=high.on)


def _oddities(part: Sequence[Reading], chain: Sequence[int]) -> list[Reason]:
    """What is strange about readings that are believed: a car that stood for a month, a run of lower ones at the end."""
    found = [
        Reason("stays", km=later.km, since=earlier.on, on=later.on)
        for earlier, later in pairwise(part[at] for at in chain)
        if later.km == earlier.km and (later.on - earlier.on).days >= STANDS_DAYS
    ]
    left_over = part[chain[-1] + 1 :]
    if len(left_over) >= 2 and all(follows(one, other) for one, other in pairwise(left_over)):
        first = left_over[0]
        found.append(Reason("looks_replaced", since=first.on, km=first.km, count=len(left_over)))
    return found
