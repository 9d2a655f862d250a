"""The rule: apparent tardiness cost and just enough skill, simulated forward over shifts, breaks, bays and parts.

At every moment at which somebody is free, each pair of a waiting step and a free able technician gets an index

    weight / work left on the order x exp(-slack / (k x mean step)) / (1 + 0.15 x levels above the need)

(Vepsalainen and Morton 1987, with the order's remaining work in the slack) and the pairs are taken from the top. Equal
pairs go by experience with the model and by who knows the car (domain.md 6.9), then by number.

A pair that does not fit now will not fit later either before something ends: what is done to the car, what stands in the
place, what time is reserved. So each moment looks only at pairs that may fit (``pairs.py``); the plan is the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush, heapreplace
from math import exp

from cheyi.workshop.engine.floor import MOST_CHANGES, NO_DUE, Floor, Placed, costs
from cheyi.workshop.engine.pairs import Pairs, kind_of
from cheyi.workshop.engine.timetable import Timetable


@dataclass(frozen=True, slots=True)
class Tuning:
    """``look_ahead`` is the k of the index; ``first`` names an order that goes before all others."""

    look_ahead: float = 2.0
    first: int | None = None


def simulate(floor: Floor, tuning: Tuning | None = None) -> list[Placed | None]:
    """Place every step; None for one that no shift in the horizon holds. Deterministic, about 0.1 ms per step."""
    return _Forward(floor, tuning or Tuning()).run()


def best_base(floor: Floor) -> list[Placed | None]:
    """The better of two rule plans: a fresh one, and one in which everybody keeps what was published.

    The cheaper one, changes charged; but more than two changed technicians must buy more than a twentieth of the cost.
    """
    fresh = simulate(floor)
    if not any(step.published is not None for step in floor.steps):
        return fresh
    kept = simulate(keeping(floor))
    new, old = costs(floor, fresh), costs(floor, kept)
    if new.changed > MOST_CHANGES:
        return fresh if 20 * old.total > 21 * new.total else kept
    return fresh if new.total < old.total else kept


def keeping(floor: Floor) -> Floor:
    """The floor on which every published step is left to its published technician."""
    steps = tuple(
        replace(step, minutes={step.published: step.minutes[step.published]})
        if step.published is not None and step.published in step.minutes
        else step
        for step in floor.steps
    )
    return replace(floor, steps=steps)


class _Forward:
    """One forward run: the clock jumps from event to event, and whoever is free gets the best waiting step."""

    def __init__(self, floor: Floor, tuning: Tuning) -> None:
        self.floor, self.tuning = floor, tuning
        self.table = Timetable(floor)
        self.placed: list[Placed | None] = [None] * len(floor.steps)
        self.before = [len(step.after) for step in floor.steps]
        self.followers: list[list[int]] = [[] for _ in floor.steps]
        for at, step in enumerate(floor.steps):
            for one in step.after:
                self.followers[one].append(at)
        self.usual = [min(step.minutes.values(), default=0) for step in floor.steps]
        self.mean = max(1.0, sum(self.usual) / max(1, len(self.usual)))
        self.work = [0] * len(floor.due)
        for step, minutes in zip(floor.steps, self.usual, strict=True):
            self.work[step.order] += minutes
        self.free_at = [floor.now] * len(floor.calendars)
        self.waiting: set[int] = set()
        self.reserved: dict[int, Placed] = {}
        self.events = [floor.now]
        self.ends: list[tuple[int, int]] = []
        self.behind = [calendar.minutes_behind() for calendar in floor.calendars]
        self.pairs = Pairs(floor, self.usual)

    def run(self) -> list[Placed | None]:
        for at, step in enumerate(self.floor.steps):
            if step.pin is not None and step.pin.hard:
                self._start_running(at)
        self._reserve_pins()
        self.events += [start for calendar in self.floor.calendars for start in calendar.starts]
        heapify(self.events)
        for at, step in enumerate(self.floor.steps):
            if self.placed[at] is None and not self.before[at]:
                self._ready(at, step.earliest)
        self._clock()
        return self.placed

    def _start_running(self, at: int) -> None:
        pin = self.floor.steps[at].pin
        if pin is None or pin.end is None or pin.start is None:
            raise ValueError("a running step has a start and an end")
        places = () if pin.place is None else (pin.place,)
        self._place(Placed(at, pin.technician, places, pin.start, pin.end))

    def _reserve_pins(self) -> None:
        """Keep the time of what was dragged or frozen to a start, as far as parts and bookings allow it."""
        timed = [(step.pin.start, at) for at, step in enumerate(self.floor.steps) if self._timed(at) and step.pin]
        for start, at in sorted((start, at) for start, at in timed if start is not None):
            one = self.table.fit(at, self._pinned(at), max(start, self.floor.steps[at].earliest))
            if one is not None:
                self.table.book(one, car=False)
                self.reserved[at] = one
                self.events.append(one.start)

    def _timed(self, at: int) -> bool:
        pin = self.floor.steps[at].pin
        return pin is not None and not pin.hard and pin.start is not None

    def _pinned(self, at: int) -> int:
        pin = self.floor.steps[at].pin
        if pin is None:
            raise ValueError("the step is not pinned")
        return pin.technician

    def _ready(self, at: int, since: int) -> None:
        self.waiting.add(at)
        heappush(self.events, since)
        self.pairs.expect(at, since)

    def _clock(self) -> None:
        while self.events and (self.waiting or self.ends):
            now = heappop(self.events)
            while self.events and self.events[0] == now:
                heappop(self.events)
            while self.ends and self.ends[0][0] <= now:
                self._finished(heappop(self.ends)[1], now)
            if now >= self.floor.now:
                self._honour(now)
                self._assign(now)

    def _finished(self, at: int, now: int) -> None:
        one = self.placed[at]
        if one is not None:
            self.pairs.places_free(one.places)
        for follower in self.followers[at]:
            self.before[follower] -= 1
            if not self.before[follower] and self.placed[follower] is None:
                self._ready(follower, max(self.floor.steps[follower].earliest, now))

    def _honour(self, now: int) -> None:
        """Start what is reserved for this minute; what is not ready gives its time back and waits.

        The car is not reserved: an earlier step of the order may need it until then.
        """
        for at in sorted(at for at, one in self.reserved.items() if one.start <= now):
            one = self.reserved.pop(at)
            self.table.release(one)
            self.pairs.person_free(one.technician)
            self.pairs.places_free(one.places)
            if at in self.waiting and self.table.fit(at, one.technician, now) == one:
                self._place(one)
            else:
                self.pairs.expect(at, now)

    def _assign(self, now: int) -> None:
        for at in self.pairs.due(now):
            if at in self.waiting and at not in self.reserved:
                self.pairs.add(at)
        idle = self._idle(now)
        if not idle or not self.waiting:
            return
        usable = self.pairs.usable(now)
        heaps = self._ranked(now, idle, usable)
        heads = [(heap[0], need) for (_, need), heap in heaps.items()]
        heapify(heads)
        while heads:
            (_, at, who), need = heads[0]
            if who not in idle or need not in usable:
                heappop(heads)
                continue
            heap = heaps[who, need]
            heappop(heap)
            if heap:
                heapreplace(heads, (heap[0], need))
            else:
                heappop(heads)
            if not self.pairs.startable(at, now):
                continue
            one = self.table.fit(at, who, now)
            if one is None:
                self.pairs.put_by(at, who, self.table.full_group(at, who, now))
                continue
            self._place(one)
            del idle[who]
            usable = self.pairs.usable(now)

    def _idle(self, now: int) -> dict[int, int]:
        """Who is at work and free, and the minutes until his shift ends."""
        found = {}
        for at, free in enumerate(self.free_at):
            if free <= now and (piece := self.floor.calendars[at].piece_at(now)) >= 0:
                found[at] = self.floor.calendars[at].ends[piece] - now + self.behind[at][piece]
        return found

    def _ranked(
        self, now: int, idle: Mapping[int, int], usable: Sequence[int]
    ) -> dict[tuple[int, int], list[tuple[float, int, int]]]:
        """Pairs of a step and an idle technician as heaps, the best index first (as its negative), by person and need."""
        heaps, urgency = {}, self._urgencies(now)
        for who, left in idle.items():
            for need in usable:
                pairs = [
                    (-urgency[kind] / fit * liking, at, who)
                    for at, (kind, minutes, fit, liking) in self.pairs.open[who][need].items()
                    if minutes <= left and kind in urgency
                ]
                if pairs:
                    heapify(pairs)
                    heaps[who, need] = pairs
        return heaps

    def _urgencies(self, now: int) -> dict[int, float]:
        """How urgent each order is on which nobody works at this minute, and its pinned steps (see ``kind_of``)."""
        due, weight, first = self.floor.due, self.floor.weight, self.tuning.first
        span, usual = self.tuning.look_ahead * self.mean, self.floor.now + NO_DUE
        found: dict[int, float] = {}
        for order, left in enumerate(self.work):
            if not left or self.pairs.car_until[order] > now:
                continue
            end, heavy = (due[order], max(weight[order], 0.1)) if due[order] >= 0 else (usual, 1)
            slack = max(0, end - left - now)
            found[order] = 1e6 if order == first else heavy / left * exp(-min(50.0, slack / span))
            found[kind_of(order, pinned=True)] = 1e9
        return found

    def _place(self, one: Placed) -> None:
        self.placed[one.step] = one
        self.table.book(one)
        self.waiting.discard(one.step)
        self.pairs.start(one)
        self.free_at[one.technician] = max(self.free_at[one.technician], one.end)
        self.work[self.floor.steps[one.step].order] -= self.usual[one.step]
        heappush(self.ends, (one.end, one.step))
        heappush(self.events, one.end)
