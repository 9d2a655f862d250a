"""Opening-hour clocks: when is two hours from now, counted only while the store is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cheyi.kernel.refusals import Refused
from cheyi.kernel.spans import Span

FURTHEST_DAYS = 400


@dataclass(frozen=True, order=True, slots=True)
class OpenSpan:
    """An opening stretch of a day in local time; an end of 00:00 means midnight that ends the day."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.closes != time(0) and self.closes <= self.opens:
            raise ValueError("a store closes after it opens")


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """A store's week (0 = Monday), its dated exceptions (empty tuple = closed that day) and its zone."""

    week: Mapping[int, tuple[OpenSpan, ...]]
    exceptions: Mapping[date, tuple[OpenSpan, ...]] = field(default_factory=dict)
    zone: str = "Asia/Shanghai"

    def on(self, day: date) -> list[Span]:
        """The open spans of a local date, as aware moments in order."""
        zone = ZoneInfo(self.zone)
        spans = self.exceptions.get(day, self.week.get(day.weekday(), ()))
        return [Span(self._moment(day, s.opens, zone), self._end(day, s.closes, zone)) for s in sorted(spans)]

    @staticmethod
    def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
        return datetime.combine(day, at, tzinfo=zone)

    @classmethod
    def _end(cls, day: date, at: time, zone: ZoneInfo) -> datetime:
        return cls._moment(day + timedelta(days=1) if at == time(0) else day, at, zone)

    def open_spans(self, start: datetime) -> Iterator[Span]:
        """The open spans from a moment on, the first one clipped, at most 400 days ahead."""
        day = start.astimezone(ZoneInfo(self.zone)).date()
        for offset in range(FURTHEST_DAYS):
            for span in self.on(day + timedelta(days=offset)):
                if span.end > start:
                    yield Span(max(span.start, start), span.end)

    def is_open(self, moment: datetime) -> bool:
        """Whether the store is open at that moment."""
        return any(span.contains(moment) for span in self.on(moment.astimezone(ZoneInfo(self.zone)).date()))

    def after(self, start: datetime, open_time: timedelta) -> datetime:
        """The moment at which so much opening time has passed since ``start`` (domain.md 6.6).

        17:30 plus two hours in a store open 08:30-18:00 is 10:00 of the next open day. A duration that ends with a
        span ends there, not at the next opening. Raises Refused ``kernel.clock.never_open`` when 400 days do not do.
        """
        left = open_time
        for span in self.open_spans(start):
            if left <= span.length:
                return span.start + left
            left -= span.length
        raise Refused("kernel.clock.never_open", start=start.isoformat())
