"""What the dispatch engine is given and what it gives back: tasks, people, bays, promises, plans and reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from cheyi.kernel import Rate, Reason, Span

FROZEN_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Running:
    """A task whose clock is running: who, where, since when, and how many working minutes are thought to be left.

    Without ``left_minutes`` the standard time less what has been worked is taken, at least a tenth of it and 5 minutes.
    """

    technician: int
    bay: int | None
    since: datetime
    left_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Dragged:
    """What a person decided on the board; it is kept. A technician alone leaves the time to the plan."""

    technician: int
    bay: int | None = None
    start: datetime | None = None


@dataclass(frozen=True, slots=True)
class PartOption:
    """A way to have the missing part earlier: from which store (its id) and when it would be here."""

    store: int
    arrives_at: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """One order step. ``minutes`` is the standard time for this car, ``level`` the least skill level (1-5).

    ``bay_kind`` and ``tool`` may be empty (none needed); ``earliest`` is when its parts are here; ``part_missing`` says
    that one is short and nobody knows for when (``earliest`` is then the moment, gone by, at which it was expected, if one
    was told): such a task has no place in a plan. ``after`` names the
    tasks that must end before (one that is not in the shop is taken as done); ``seen_by`` says how often a technician has worked on this car; ``carries_over`` lets
    long work go on in the next shift.
    """

    id: int
    order: int
    skill: str
    level: int
    minutes: int
    bay_kind: str = ""
    tool: str = ""
    earliest: datetime | None = None
    part_missing: bool = False
    needs_hv: bool = False
    after: tuple[int, ...] = ()
    difficult: bool = False
    model: str = ""
    carries_over: bool = False
    running: Running | None = None
    dragged: Dragged | None = None
    seen_by: Mapping[int, int] = field(default_factory=dict)
    part_options: tuple[PartOption, ...] = ()


@dataclass(frozen=True, slots=True)
class Shift:
    """One planned working stretch of a technician and the breaks inside it; work pauses in a break."""

    span: Span
    breaks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Technician:
    """A person with skills (code to level), shifts and absences.

    ``hv_until`` is the last day of the high-voltage certificate. ``factors`` are this person's minutes as a share of the
    standard ones per model key (1.2 = slower), ``experience`` runs from 0 to 1 per model key.
    """

    id: int
    skills: Mapping[str, int]
    shifts: tuple[Shift, ...]
    hv_until: date | None = None
    factors: Mapping[str, Rate] = field(default_factory=dict)
    experience: Mapping[str, Rate] = field(default_factory=dict)
    absences: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Bay:
    """A work place of a kind; high-voltage work stands only in bays that are safe for it."""

    id: int
    kind: str
    ev_safe: bool = False


@dataclass(frozen=True, slots=True)
class Tool:
    """A special tool of which the store has this one piece."""

    id: int
    kind: str


@dataclass(frozen=True, slots=True)
class Promise:
    """When the customer was told the car is ready; ``weight`` says how much a late minute hurts (a waiting customer: 3).

    ``after_minutes`` are kept between the last planned step and the hand-over (final check, wash).
    """

    order: int
    at: datetime
    weight: int = 1
    after_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Shop:
    """The state of the workshop at a moment: everything a plan depends on.

    All moments are aware; ``now`` carries the store's zone (a certificate ends with a day of that zone).
    """

    now: datetime
    tasks: tuple[Task, ...]
    technicians: tuple[Technician, ...]
    bays: tuple[Bay, ...] = ()
    tools: tuple[Tool, ...] = ()
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """A task's technician, place and time in a plan; ``fixed`` is what no improvement may move."""

    task: int
    order: int
    technician: int
    bay: int | None
    tool: int | None
    start: datetime
    end: datetime
    fixed: bool = False
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Unplanned:
    """A task for which there is no place in the plan, and why."""

    task: int
    order: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Cost:
    """What a plan costs, in whole minutes; ``total`` weighs them in the order of intelligence.md 1.

    late: weighted minutes after the promise; near: weighted minutes after half an hour before it, because work rarely
    takes what it should; flow: minutes until each order is done; above: minutes times levels above
    the need; changed: technicians changed against the published plan; peak: the busiest technician's minutes.
    """

    late: int
    near: int
    flow: int
    above: int
    changed: int
    peak: int
    total: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Who does what, where and when, what could not be planned, and what it costs."""

    made_at: datetime
    assignments: tuple[Assignment, ...]
    unplanned: tuple[Unplanned, ...]
    cost: Cost

    def of(self, task: int) -> Assignment | None:
        """The assignment of a task, if it is planned."""
        return next((one for one in self.assignments if one.task == task), None)
