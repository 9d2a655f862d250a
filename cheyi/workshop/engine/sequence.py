"""A plan as one sequence of (step, technician), and the quick reckoning of what a sequence costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cheyi.workshop.engine.floor import MOST_CHANGES, PEAK_COST, Floor, Placed, order_cost, person_cost
from cheyi.workshop.engine.timetable import Timetable

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to look and how much to change; with the same limits the answer is the same on every machine.

    ``placements`` (steps placed) bound the annealing, about 0.3 s; as many neighbourhoods of ``size`` steps as there are
    late orders, at most ``rounds``, are solved, each with ``effort`` of the solver's deterministic time, about 0.1 s.
    ``seconds`` ends a round only on a machine that is far too busy. ``changes`` bounds the technicians changed against the published plan.
    """

    placements: int = 120_000
    rounds: int = 3
    size: int = 16
    effort: float = 0.03
    seconds: float = 4.0
    seed: int = 1
    changes: int = MOST_CHANGES


def is_fixed(floor: Floor, at: int) -> bool:
    """Running steps and pinned starts stay where the base plan has them."""
    pin = floor.steps[at].pin
    return pin is not None and (pin.hard or pin.start is not None)


def decode(floor: Floor, base: list[Placed | None], found: dict[int, tuple[int, int]]) -> list[Placed | None] | None:
    """Placed steps from (start, technician) per free step: each as early as it goes, in the order of the starts."""
    table, placed = Timetable(floor), list(base)
    for at, one in enumerate(base):
        if one is not None and at not in found:
            table.book(one)
    for at in sorted(found, key=lambda one: (found[one][0], one)):
        step = floor.steps[at]
        before = [placed[one] for one in step.after]
        ready = max([step.earliest, *(one.end for one in before if one is not None)])
        one = table.earliest(at, found[at][1], ready)
        if one is None:
            return None
        table.book(one)
        placed[at] = one
    return placed if all(_waited(floor, placed, one) for one in placed if one is not None) else None


def _waited(floor: Floor, placed: list[Placed | None], one: Placed) -> bool:
    """Whether a step starts after those it waits for; a running one has begun whatever it waits for."""
    step = floor.steps[one.step]
    if step.pin is not None and step.pin.hard:
        return True
    return all(before.end <= one.start for at in step.after if (before := placed[at]) is not None)


class Reckoner:
    """Costs sequences on a floor: each step starts when its technician, car, parts and place are free, none in a gap.

    A few microseconds per step. Running steps are where they are; a start that was dragged or frozen must come out as
    it stands in ``base``, else the sequence is worth nothing.
    """

    def __init__(self, floor: Floor, base: Sequence[Placed | None]) -> None:
        self.floor, self.base = floor, base
        self.technicians = [floor.now] * len(floor.calendars)
        self.orders = [floor.now] * len(floor.due)
        self.places = [floor.now] * floor.place_count
        self.load = [0] * len(floor.calendars)
        self.ends = [floor.now] * len(floor.steps)
        self.fixed: dict[int, int] = {}
        self.counted = [True] * len(floor.due)
        for at, one in enumerate(base):
            self._read(at, one)
        self.tight = [
            tuple(group for group in step.places if len(group) < len(floor.calendars)) for step in floor.steps
        ]

    def _read(self, at: int, one: Placed | None) -> None:
        step = self.floor.steps[at]
        if one is None:
            self.counted[step.order] = False
        elif step.pin is not None and step.pin.hard:
            self.technicians[one.technician] = max(self.technicians[one.technician], one.end)
            self.orders[step.order] = max(self.orders[step.order], one.end)
            self.ends[at] = one.end
            self.load[one.technician] += step.minutes.get(one.technician, one.end - one.start)
            for place in one.places:
                self.places[place] = max(self.places[place], one.end)
        elif step.pin is not None and step.pin.start is not None:
            self.fixed[at] = one.start

    def opening(self) -> list[Pair]:
        """The base plan as a sequence, by start; running and unplanned steps are not part of it."""
        ahead = [one for one in self.base if one is not None and not self._runs(one.step)]
        return [(one.step, one.technician) for one in sorted(ahead, key=lambda one: (one.start, one.step))]

    def _runs(self, at: int) -> bool:
        pin = self.floor.steps[at].pin
        return pin is not None and pin.hard

    def starts(self, sequence: Sequence[Pair]) -> dict[int, tuple[int, int]] | None:
        """(start, technician) per step of a sequence, or None when it cannot be done."""
        found: dict[int, tuple[int, int]] = {}
        return found if self.cost(sequence, into=found) is not None else None

    def cost(self, sequence: Sequence[Pair], *, into: dict[int, tuple[int, int]] | None = None) -> int | None:
        """What a sequence costs (as ``floor.Costs.total``); None when a shift, a certificate or a fixed start forbids it."""
        steps, calendars, fixed, until = self.floor.steps, self.floor.calendars, self.fixed, self.floor.hv_until
        technicians, orders, places, ends = self.technicians[:], self.orders[:], self.places[:], self.ends[:]
        for at, who in sequence:
            step = steps[at]
            start = max(technicians[who], orders[step.order], step.earliest, fixed.get(at, 0))
            for before in step.after:
                start = max(start, ends[before])
            groups = self.tight[at]
            for group in groups:
                start = max(start, min([places[place] for place in group]))
            span = calendars[who].next_fit(start, step.minutes[who], carries=step.carries)
            if span is None or (at in fixed and span[0] != fixed[at]) or (step.hv and span[1] > until[who]):
                return None
            technicians[who] = orders[step.order] = ends[at] = span[1]
            for group in groups:
                places[max((places[place], -place, place) for place in group if places[place] <= span[0])[2]] = span[1]
            if into is not None:
                into[at] = (span[0], who)
        return self._sum(sequence, orders)

    def _sum(self, sequence: Sequence[Pair], orders: Sequence[int]) -> int:
        floor, load = self.floor, self.load[:]
        total = 0
        for at, who in sequence:
            step = floor.steps[at]
            load[who] += step.minutes[who]
            total += person_cost(step, who)
        for order, end in enumerate(orders):
            if self.counted[order]:
                total += order_cost(floor, order, end)
        return total + PEAK_COST * max(load, default=0)
