"""The rule told plainly: at every event every pair of a waiting step and an idle person is weighed and tried in turn.

Slow and easy to read; ``cheyi.workshop.engine.rule`` must place every step exactly like it.
"""

from __future__ import annotations

from math import exp

from cheyi.workshop.engine.floor import NO_DUE, Floor, Placed
from cheyi.workshop.engine.timetable import Timetable

LOOK_AHEAD = 2.0


def simulate_plainly(floor: Floor, *, first: int | None = None) -> list[Placed | None]:
    """Place every step; None for one that no shift holds. ``first`` names an order that goes before all others."""
    run = _Run(floor, first)
    run.running()
    run.reserve()
    events = {floor.now} | {start for calendar in floor.calendars for start in calendar.starts}
    events |= {one.end for one in run.placed if one} | {one.start for one in run.reserved.values()}
    events |= {step.earliest for step in floor.steps}
    while events:
        now = min(events)
        events.discard(now)
        if now >= floor.now:
            before = [one for one in run.placed if one]
            run.honour(now)
            run.assign(now)
            events |= {one.end for one in run.placed if one and one not in before}
    return run.placed


class _Run:
    def __init__(self, floor: Floor, first: int | None) -> None:
        self.floor, self.first = floor, first
        self.table = Timetable(floor)
        self.placed: list[Placed | None] = [None] * len(floor.steps)
        self.reserved: dict[int, Placed] = {}
        self.usual = [min(step.minutes.values(), default=0) for step in floor.steps]
        self.mean = max(1.0, sum(self.usual) / max(1, len(self.usual)))

    def running(self) -> None:
        for at, step in enumerate(self.floor.steps):
            pin = step.pin
            if pin is not None and pin.hard:
                places = () if pin.place is None else (pin.place,)
                self.place(Placed(at, pin.technician, places, pin.start, pin.end))

    def reserve(self) -> None:
        pins = [(step.pin.start, at) for at, step in enumerate(self.floor.steps) if step.pin and not step.pin.hard]
        for start, at in sorted((start, at) for start, at in pins if start is not None):
            step = self.floor.steps[at]
            one = self.table.fit(at, step.pin.technician, max(start, step.earliest))
            if one is not None:
                self.table.book(one, car=False)
                self.reserved[at] = one

    def ready(self, at: int, now: int) -> bool:
        """Whether the step has no place yet, and what it waits for is done; parts apart."""
        before = [self.placed[one] for one in self.floor.steps[at].after]
        return self.placed[at] is None and all(one is not None and one.end <= now for one in before)

    def honour(self, now: int) -> None:
        for at in sorted(at for at, one in self.reserved.items() if one.start <= now):
            one = self.reserved.pop(at)
            self.table.release(one)
            if self.ready(at, now) and self.table.fit(at, one.technician, now) == one:
                self.place(one)

    def assign(self, now: int) -> None:
        idle = {who for who in range(len(self.floor.calendars)) if self.idle(who, now)}
        waiting = {at for at in range(len(self.placed)) if at not in self.reserved and self.ready(at, now)}
        pairs = [
            (self.index(at, who, now), at, who)
            for at in waiting
            if self.floor.steps[at].earliest <= now
            for who in idle & self.floor.steps[at].minutes.keys()
        ]
        for _, at, who in sorted(pairs):
            if who in idle and at in waiting and (one := self.table.fit(at, who, now)) is not None:
                idle.discard(who)
                waiting.discard(at)
                self.place(one)

    def idle(self, who: int, now: int) -> bool:
        until = max((one.end for one in self.placed if one and one.technician == who), default=now)
        return until <= now and self.floor.calendars[who].piece_at(now) >= 0

    def index(self, at: int, who: int, now: int) -> float:
        """The index of the pair, the best one least."""
        step = self.floor.steps[at]
        slower = step.minutes[who] / self.usual[at]
        fit = slower * (1 + 0.15 * step.above[who])
        return -self.urgency(at, now) / fit * (1 + 1e-6 * step.liking[who])

    def urgency(self, at: int, now: int) -> float:
        step = self.floor.steps[at]
        if step.pin is not None:
            return 1e9
        if step.order == self.first:
            return 1e6
        steps = zip(self.floor.steps, self.placed, self.usual, strict=True)
        left = max(1, sum(minutes for other, one, minutes in steps if other.order == step.order and one is None))
        due, weight = self.floor.due[step.order], self.floor.weight[step.order]
        if due < 0:
            due, weight = self.floor.now + NO_DUE, 1
        slack = max(0, due - left - now)
        return max(weight, 0.1) / left * exp(-min(50.0, slack / (LOOK_AHEAD * self.mean)))

    def place(self, one: Placed) -> None:
        self.placed[one.step] = one
        self.table.book(one)
