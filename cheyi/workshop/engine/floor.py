"""The shop as whole minutes and indices: what the rule, the decoder and the solver all work on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cheyi.workshop.engine.calendar import Calendar

LATE_COST = 100
NEAR = 30
NEAR_COST = 25
FLOW_COST = 4
ABOVE_COST = 1
CHANGE_COST = 100
PEAK_COST = 1
MOST_CHANGES = 2
NO_DUE = 480
UNPLANNED_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Pin:
    """What is not free any more about a step: its technician, perhaps its place, its start and (running) its end.

    ``hard`` pins are running; the others are dragged or frozen and move later when they cannot start on time.
    """

    technician: int
    place: int | None = None
    start: int | None = None
    end: int | None = None
    hard: bool = False
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A task by index: minutes and levels above the need per able technician, alternatives per kind of place."""

    order: int
    earliest: int
    minutes: Mapping[int, int]
    above: Mapping[int, int]
    liking: Mapping[int, int]
    places: tuple[tuple[int, ...], ...]
    after: tuple[int, ...]
    carries: bool
    hv: bool = False
    pin: Pin | None = None
    published: int | None = None


@dataclass(frozen=True, slots=True)
class Floor:
    """Steps, calendars and promises; technicians, orders and places (bays, then tools) are indices.

    ``due`` is -1 for an order without a promise; ``hv_until`` is the minute at which a certificate ends (0 = none).
    """

    now: int
    steps: tuple[Step, ...]
    calendars: tuple[Calendar, ...]
    hv_until: tuple[int, ...]
    place_count: int
    due: tuple[int, ...]
    weight: tuple[int, ...]

    @property
    def horizon(self) -> int:
        """The last working minute of anybody, at least now."""
        return max([self.now, *(calendar.ends[-1] for calendar in self.calendars if calendar.ends)])


@dataclass(frozen=True, slots=True)
class Placed:
    """A step in a plan: technician, places and minutes."""

    step: int
    technician: int
    places: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Costs:
    """The parts of a plan's cost in minutes; see ``model.Cost``."""

    late: int
    near: int
    flow: int
    above: int
    changed: int
    peak: int

    @property
    def total(self) -> int:
        """Weighted sum; late minutes outweigh everything else."""
        return (
            LATE_COST * self.late
            + NEAR_COST * self.near
            + FLOW_COST * self.flow
            + ABOVE_COST * self.above
            + CHANGE_COST * self.changed
            + PEAK_COST * self.peak
        )


def person_cost(step: Step, technician: int) -> int:
    """The part of the cost that a choice of technician makes: levels above the need, and the change."""
    changed = step.published is not None and step.published != technician
    return ABOVE_COST * step.minutes[technician] * step.above[technician] + CHANGE_COST * changed


def order_cost(floor: Floor, order: int, end: int) -> int:
    """The part of the cost that the end of an order makes: late and near minutes, and time in the house."""
    cost, due = FLOW_COST * (end - floor.now), floor.due[order]
    if due >= 0 and end > due - NEAR:
        cost += floor.weight[order] * (LATE_COST * max(0, end - due) + NEAR_COST * (end - due + NEAR))
    return cost


def costs(floor: Floor, placed: list[Placed | None]) -> Costs:
    """What a plan costs; a step without a place ends a day after the last working minute.

    ``placed`` has one entry per step of the floor.
    """
    never = floor.horizon + UNPLANNED_MINUTES
    done = [floor.now] * len(floor.due)
    load = [0] * len(floor.calendars)
    above = changed = 0
    for step, one in zip(floor.steps, placed, strict=True):
        done[step.order] = max(done[step.order], one.end if one else never)
        if one is None:
            continue
        minutes = step.minutes.get(one.technician, one.end - one.start)
        load[one.technician] += minutes
        above += minutes * step.above.get(one.technician, 0)
        changed += step.published is not None and step.published != one.technician
    promised = [(w, e - d) for w, e, d in zip(floor.weight, done, floor.due, strict=True) if d >= 0]
    return Costs(
        late=sum(weight * max(0, over) for weight, over in promised),
        near=sum(weight * max(0, over + NEAR) for weight, over in promised),
        flow=sum(done) - floor.now * len(done),
        above=above,
        changed=changed,
        peak=max(load, default=0),
    )
