"""Demand history from documents: what was asked for, on the day it was asked, by store and living part (intelligence.md 2)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cheyi.kernel import Quantity, Reason
from cheyi.parts.engine.supersession import Heirs


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of a request or counter sale, or a lost sale: what was wanted, issued in the end, and missing when it was asked for.

    ``returned`` is what came back of this very line. A lost sale has all of it missing; a line given up for another reason
    than lack has nothing missing.
    """

    store: int
    part: int
    on: date
    wanted: Quantity
    issued: Quantity
    missing: Quantity = Quantity(0)
    returned: Quantity = Quantity(0)

    @property
    def demand(self) -> int:
        """Thousandths that count: all that was issued, and what was missing as far as nobody got it later, less returns."""
        lacking = min(self.wanted.parts, self.issued.parts + max(0, self.missing.parts))
        return max(self.issued.parts, lacking) - self.returned.parts


@dataclass(frozen=True, slots=True)
class Returned:
    """Something came back of which only the day of its demand is known, or not even that."""

    store: int
    part: int
    on: date
    quantity: Quantity
    asked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Promotion:
    """Days on which parts were promoted in a store (none: all stores); the end is outside."""

    parts: frozenset[int]
    start: date
    end: date
    store: int | None = None


@dataclass(frozen=True, slots=True)
class OutOfStock:
    """Days on which a store had none of a part; the end is outside, none while it lasts."""

    store: int
    part: int
    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class MonthSeries:
    """A part's demand in a store by month, oldest first: thousandths never below 0, those asked for in a promotion, days out of stock."""

    store: int
    part: int
    demand: tuple[int, ...]
    promoted: tuple[int, ...]
    days_out: tuple[int, ...]
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """Whole months: the first day of the first one, and how many (at least 1)."""

    start: date
    months: int

    @property
    def firsts(self) -> tuple[date, ...]:
        """The first day of each month and of the one after."""
        begin = self.start.year * 12 + self.start.month - 1
        return tuple(date(at // 12, at % 12 + 1, 1) for at in range(begin, begin + self.months + 1))

    def place(self, on: date) -> int:
        """The month's place from 0; below 0 or beyond the last outside the window."""
        return (on.year - self.start.year) * 12 + on.month - self.start.month


@dataclass(slots=True)
class _Row:
    demand: list[int]
    promoted: list[int]
    days_out: list[int]
    before: int = 0
    after: int = 0


def month_series(
    asked: Iterable[Asked],
    *,
    window: Window,
    heirs: Heirs,
    returned: Iterable[Returned] = (),
    promotions: Iterable[Promotion] = (),
    out: Iterable[OutOfStock] = (),
    parts: Iterable[tuple[int, int]] = (),
) -> tuple[MonthSeries, ...]:
    """The month series of every (store, living part) that was asked for, in order; ``parts`` adds pairs that were not.

    Demand of a superseded number goes to its heirs (``supersession``). A return counts on the day of the demand it undoes, else
    in its own month; what it takes a month below 0 is taken from the months before, and beyond the first it is dropped with
    a reason. Days out of stock of an old number count until it was superseded.
    """
    book = _Book(window, heirs, _by_part(promotions))
    for one in asked:
        book.demand(one.store, one.part, one.on, one.demand)
    for back in returned:
        book.demand(back.store, back.part, back.asked_on or back.on, -back.quantity.parts)
    book.out_of_stock(out)
    for store, part in parts:
        for heir, _ in heirs.of(part, 0):
            book.row(store, heir)
    return tuple(_finished(store, part, row, heirs) for (store, part), row in sorted(book.rows.items()))


class _Book:
    """Rows that are being filled."""

    def __init__(self, window: Window, heirs: Heirs, promotions: Mapping[int, Sequence[Promotion]]) -> None:
        self.window = window
        self.heirs = heirs
        self.promotions = promotions
        self.rows: dict[tuple[int, int], _Row] = {}

    def row(self, store: int, part: int) -> _Row:
        found = self.rows.get((store, part))
        if found is None:
            nothing = [0] * self.window.months
            found = self.rows[store, part] = _Row(nothing, [*nothing], [*nothing])
        return found

    def demand(self, store: int, part: int, on: date, amount: int) -> None:
        place = self.window.place(on)
        promoted = any(_covers(one, store, on) for one in self.promotions.get(part, ()))
        for heir, share in self.heirs.of(part, amount):
            row = self.row(store, heir)
            if place < 0:
                row.before += 1
            elif place >= self.window.months:
                row.after += 1
            else:
                row.demand[place] += share
                row.promoted[place] += share if promoted else 0

    def out_of_stock(self, out: Iterable[OutOfStock]) -> None:
        firsts = self.window.firsts
        spans: dict[tuple[int, int], list[tuple[date, date]]] = {}
        for one in out:
            until = self.heirs.superseded_on(one.part)
            end = min(day for day in (one.end, until, firsts[-1]) if day is not None)
            start = max(one.start, firsts[0])
            if start < end:
                for heir, _ in self.heirs.of(one.part, 0):
                    spans.setdefault((one.store, heir), []).append((start, end))
        for (store, part), found in spans.items():
            days = self.row(store, part).days_out
            for start, end in _merged(found):
                _spread_days(start, end, firsts, days)


def _by_part(promotions: Iterable[Promotion]) -> dict[int, list[Promotion]]:
    found: dict[int, list[Promotion]] = {}
    for one in promotions:
        for part in one.parts:
            found.setdefault(part, []).append(one)
    return found


def _covers(one: Promotion, store: int, on: date) -> bool:
    return one.start <= on < one.end and one.store in {None, store}


def _merged(spans: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """Spans that overlap or touch as one."""
    found: list[tuple[date, date]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _spread_days(start: date, end: date, firsts: Sequence[date], days: list[int]) -> None:
    while start < end:
        place = bisect_right(firsts, start) - 1
        upto = min(end, firsts[place + 1])
        days[place] += (upto - start) // timedelta(days=1)
        start = upto


def _finished(store: int, part: int, row: _Row, heirs: Heirs) -> MonthSeries:
    surplus = 0
    for at in range(len(row.demand) - 1, -1, -1):
        here = row.demand[at] - surplus
        row.demand[at], surplus = max(here, 0), max(-here, 0)
    reasons = []
    if heirs.ancestors(part):
        reasons.append(Reason("joined_from", count=len(heirs.ancestors(part))))
    if row.before:
        reasons.append(Reason("before_the_window", count=row.before))
    if row.after:
        reasons.append(Reason("after_the_window", count=row.after))
    if surplus:
        reasons.append(Reason("returns_exceed_demand", quantity=Quantity(surplus)))
    promoted = tuple(min(max(some, 0), whole) for some, whole in zip(row.promoted, row.demand, strict=True))
    return MonthSeries(store, part, tuple(row.demand), promoted, tuple(row.days_out), tuple(reasons))
