"""Distances that are known for certain: from reading to reading, never across an exchanged odometer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from cheyi.care.engine.odometer import Cleaned

HANDED_OVER_DAYS = 30


@dataclass(frozen=True, slots=True)
class DrivenSpan:
    """So many km between two days."""

    start: date
    end: date
    km: int

    @property
    def days(self) -> int:
        """Whole days of it."""
        return (self.end - self.start).days


@dataclass(frozen=True, slots=True)
class Driven:
    """Km over so many days, put together from parts of spans."""

    km: float = 0.0
    days: float = 0.0

    def __add__(self, other: Driven) -> Driven:
        return Driven(self.km + other.km, self.days + other.days)

    @property
    def daily(self) -> float:
        """Km a day; nothing without a day."""
        return self.km / self.days if self.days else 0.0


def driven_spans(known: Cleaned, owner_since: date | None = None) -> tuple[DrivenSpan, ...]:
    """The spans of a car in order of days, from the day it was new if that is known.

    With ``owner_since`` only those of the present owner; a reading up to 30 days before the hand-over opens his first.
    """
    found = [
        DrivenSpan(one.on, other.on, other.km - one.km)
        for stretch in known.stretches
        for one, other in pairwise(stretch)
    ]
    first = known.stretches[0][0] if known.stretches else None
    if first is not None and known.new_on is not None and first.reason != "replaced":
        found.insert(0, DrivenSpan(known.new_on, first.on, first.km))
    if owner_since is not None:
        opens = owner_since - timedelta(days=HANDED_OVER_DAYS)
        found = [span for span in found if span.start >= opens]
    return tuple(found)


def split(spans: Sequence[DrivenSpan], border: date) -> tuple[Driven, Driven]:
    """What was driven before the border and from it on; a span across it is shared out evenly over its days."""
    before, after = Driven(), Driven()
    for span in spans:
        gone = min(max((border - span.start).days, 0), span.days)
        share = gone / span.days if span.days else float(span.end < border)
        before += Driven(span.km * share, span.days * share)
        after += Driven(span.km * (1 - share), span.days * (1 - share))
    return before, after
