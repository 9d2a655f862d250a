"""What is asked when a reading is typed that does not fit: lower than before, or more than 450 km a day away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cheyi.care.engine.misread import likely_meant
from cheyi.care.engine.model import Reading
from cheyi.care.engine.odometer import Cleaned, before_or_beyond, follows, impossible, most_between
from cheyi.kernel import Reason


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked and why; ``certain`` when no answer can make it right. ``meant`` names slips that would explain it."""

    reason: Reason
    certain: bool = False
    meant: tuple[Reason, ...] = ()


def question(km: int, on: date, known: Cleaned, *, today: date) -> Question | None:
    """What to ask about a reading before it is kept; None when it fits. ``known`` are the car's cleaned readings.

    A late entry is held against the readings before and after its day. Only the present odometer counts: a reading
    before it was exchanged says nothing about one after.
    """
    typed = Reading(km, on)
    if why := impossible(typed, today):
        return Question(why, certain=True)
    if known.new_on is not None and on < known.new_on:
        return Question(Reason("before_built", on=on, new_on=known.new_on), certain=True)
    around = _stretch(known, on)
    low = max((one for one in around if one.on <= on), key=lambda one: (one.on, one.km), default=None)
    high = min((one for one in around if one.on > on), key=lambda one: (one.on, one.km), default=None)
    if why := _doubt(typed, low, high, known.new_on):
        return Question(why, meant=likely_meant(typed, low, high))
    return None


def _stretch(known: Cleaned, on: date) -> tuple[Reading, ...]:
    """The run of readings of the odometer that the car had on that day."""
    for stretch in reversed(known.stretches):
        if stretch[0].on <= on:
            return stretch
    return known.stretches[0] if known.stretches else ()


def _doubt(typed: Reading, low: Reading | None, high: Reading | None, new_on: date | None) -> Reason | None:
    if low is not None and typed.km < low.km:
        return Reason("lower", km=typed.km, last=low.km, last_on=low.on)
    if low is not None and not follows(low, typed):
        most = low.km + most_between(low.on, typed.on)
        return Reason("too_far", km=typed.km, last=low.km, last_on=low.on, most=most)
    if low is None and new_on is not None and (why := before_or_beyond(typed, new_on)):
        return why
    if high is not None and typed.km > high.km:
        return Reason("above_next", km=typed.km, next=high.km, next_on=high.on)
    if high is not None and not follows(typed, high):
        return Reason("below_next", km=typed.km, next=high.km, next_on=high.on)
    return None
