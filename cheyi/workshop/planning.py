"""Between the tables and the dispatch engine: the shop as it stands now, and what a plan says about our rows.

A plan is a function of what stands and of the minute; it is kept in this process until one of them changes
(``planned.py``), so that looking at a shop in which nothing happened plans nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Q

from cheyi.foundation.models import Store
from cheyi.kernel import Span
from cheyi.parts import queries as parts
from cheyi.workshop.engine.away import moved_by_absence
from cheyi.workshop.engine.calendar import calendar_of, first_minute, minute_of, moment_of
from cheyi.workshop.engine.model import Bay as EngineBay
from cheyi.workshop.engine.model import Dragged, Plan, Promise, Running, Shop, Task, Technician
from cheyi.workshop.engine.risk import Risk
from cheyi.workshop.models import Assignment, Bay, JobClock, TechnicianProfile
from cheyi.workshop.planned import kept
from cheyi.workshop.queries.presence import Presence, presence
from cheyi.workshop.queries.short_parts import LOOKS_AHEAD, ShortPart, Wait, by_job, plannable, short_parts, wait_for
from cheyi.workshop.queries.work import TO_DO, LineHere, lines_here
from cheyi.workshop.rules.dispatching import place_for
from cheyi.workshop.rules.jobs import Operation

LIVE_ORDERS = ("open", "dispatched", "working", "hold")
HORIZON = LOOKS_AHEAD
AFTER_MINUTES = 20
WAITING_WEIGHT = 3
LONG_MINUTES = 240
HERE = Wait()


@dataclass(frozen=True, slots=True)
class Person:
    """A technician as boards and suggestions name him."""

    id: int
    name: str
    skills: Mapping[str, int]
    has_hv: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """The shop of a store for the engine, with the rows behind it.

    ``people`` by id; by line ``given`` (technician and bay) and what is ``short``; ``clocks`` that run or ended today;
    ``anew`` are the lines that were given to somebody who is away: the plan gives them to whom it likes.
    """

    store_id: int
    shop: Shop
    people: Mapping[int, Person]
    given: Mapping[int, Assignment]
    short: Mapping[int, tuple[ShortPart, ...]]
    clocks: Sequence[JobClock]
    presence: Presence
    anew: frozenset[int]

    def is_given(self, line_id: int, technician_id: int) -> bool:
        """Whether a job was given to somebody and stays his, because he is here or the plan finds nobody better."""
        given = self.given.get(line_id)
        return given is not None and (line_id not in self.anew or given.technician_id == technician_id)

    def may_begin(self, line_id: int) -> bool:
        """Whether all parts of a job are here, or expected within the days that the plan looks ahead."""
        return plannable(self.short.get(line_id, ()), self.shop.now)

    def plan(self) -> Plan:
        """The rule's plan of what stands."""
        return kept(self.store_id, self.shop).plan()

    def risks(self, most: int) -> tuple[Risk, ...]:
        """The promises that the plan breaks, the costliest first, with what would keep them."""
        return kept(self.store_id, self.shop).risks(most)


def standing(store: Store, now: datetime, *, lines: Sequence[LineHere] | None = None) -> Standing:
    """The workshop of the open store as it stands: people, shifts, bays, lines to do, clocks, short parts.

    Eight queries, and one for what sister stores have of parts that are short.

    ``lines`` are those of all live orders, by order and place, when the caller has read them. The shop's moment is the
    minute that has begun or begins next: no plan looks closer.
    """
    local = store.local(now)
    minute = moment_of(first_minute(local), local.tzinfo)
    profiles = _profiles()
    here = presence([one.id for one in profiles], store, local, days=HORIZON.days)
    lines = lines_here(store, order_states=LIVE_ORDERS, line_states=TO_DO) if lines is None else lines
    given = _given(lines)
    bays = _bays()
    todo = [line for line in lines if line.state in TO_DO and line.order.state in LIVE_ORDERS]
    short, waits = _short(todo, store, minute)
    clocks = _clocks(lines, local)
    running = {row.line_id: row for row in clocks if row.stopped_at is None}
    tasks, promises = _tasks(todo, given, {bay.kind for bay in bays}, waits, running)
    technicians = tuple(
        Technician(one.id, one.skills, here.shifts[one.id], hv_until=one.hv_until, absences=here.away(one.id))
        for one in profiles
    )
    anew = _given_anew(technicians, tasks, minute)
    tasks = tuple(replace(task, dragged=None) if task.id in anew else task for task in tasks)
    people = {
        one.id: Person(one.id, one.name, one.skills, bool(one.hv_until and one.hv_until >= local.date()))
        for one in profiles
    }
    shop = Shop(now=minute, tasks=tasks, technicians=technicians, bays=bays, promises=promises)
    return Standing(store.pk, shop, people, given, short, clocks, here, anew)


def _given_anew(technicians: Sequence[Technician], tasks: Sequence[Task], now: datetime) -> frozenset[int]:
    """The dispatched tasks that their technician's absence keeps him from."""
    his: dict[int, list[Task]] = {}
    for task in tasks:
        told = task.running or task.dragged
        if told is not None:
            his.setdefault(told.technician, []).append(task)
    moved = [moved_by_absence(one, his[one.id], now) for one in technicians if one.absences and one.id in his]
    return frozenset().union(*moved)


@dataclass(frozen=True, slots=True)
class _Profile:
    """A technician who works here: skills with levels, and the last day of the high-voltage certificate."""

    id: int
    name: str
    hv_until: date | None
    skills: dict[str, int]


def _profiles() -> list[_Profile]:
    rows = TechnicianProfile.objects.filter(active=True, employee__status="active").order_by("pk")
    columns = ("employee_id", "employee__name", "high_voltage_until", "skills__skill__code", "skills__level")
    found: dict[int, _Profile] = {}
    for pk, name, until, skill, level in rows.values_list(*columns):
        one = found.setdefault(pk, _Profile(pk, name, until, {}))
        if skill is not None:
            one.skills[skill] = level
    return list(found.values())


def _short(
    lines: Sequence[LineHere], store: Store, now: datetime
) -> tuple[dict[int, tuple[ShortPart, ...]], dict[int, Wait]]:
    """What is short for each line, and what that means for its plan."""
    found = by_job([(line.order.pk, line.pk) for line in lines], short_parts({line.order.pk for line in lines}, store))
    wanted = {part.part_id for parts_of_job in found.values() for part in parts_of_job}
    stock = parts.availability(wanted, store=store, on=now.date()) if wanted else {}
    return found, {line: wait_for(missing, stock, store=store, now=now) for line, missing in found.items()}


def _bays() -> tuple[EngineBay, ...]:
    rows = Bay.objects.filter(active=True).order_by("pk")
    return tuple(EngineBay(row.pk, row.kind, row.ev_safe) for row in rows)


def _given(lines: Sequence[LineHere]) -> dict[int, Assignment]:
    """The running assignment of each line; of several people that of the largest share."""
    found: dict[int, Assignment] = {}
    ids = [line.pk for line in lines]
    for row in Assignment.objects.filter(line_id__in=ids, ended_at=None).order_by("-share", "pk"):
        found.setdefault(row.line_id, row)
    return found


def _clocks(lines: Sequence[LineHere], now: datetime) -> list[JobClock]:
    """The clocks of some lines that run or were stopped today, by the store's clock."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    lately = Q(stopped_at=None) | Q(stopped_at__gte=midnight)
    return list(JobClock.objects.filter(lately, line_id__in=[line.pk for line in lines]).order_by("pk"))


def _tasks(
    lines: Sequence[LineHere],
    given: Mapping[int, Assignment],
    kinds: Collection[str],
    waits: Mapping[int, Wait],
    clocks: Mapping[int, JobClock],
) -> tuple[tuple[Task, ...], tuple[Promise, ...]]:
    promises: dict[int, Promise] = {}
    tasks = []
    for line in lines:
        order, wait = line.order, waits.get(line.pk, HERE)
        tasks.append(
            Task(
                id=line.pk,
                order=order.pk,
                skill=line.skill,
                level=line.level,
                minutes=max(line.hours.minutes, 1),
                bay_kind=place_for(line.bay_kind, kinds),
                earliest=wait.earliest,
                part_missing=wait.missing,
                part_options=wait.options,
                needs_hv=line.high_voltage,
                difficult=line.difficult,
                model=order.model_name,
                carries_over=line.hours.minutes > LONG_MINUTES,
                running=_running(clocks.get(line.pk), given.get(line.pk)),
                dragged=_dragged(given.get(line.pk)) if line.pk not in clocks else None,
            )
        )
        if order.promised_at:
            weight = WAITING_WEIGHT if order.waits_in_store else 1
            promises[order.pk] = Promise(order.pk, order.promised_at, weight, AFTER_MINUTES)
    return tuple(tasks), tuple(promises.values())


def _running(clock: JobClock | None, given: Assignment | None) -> Running | None:
    return Running(clock.technician_id, given.bay_id if given else None, clock.started_at) if clock else None


def _dragged(given: Assignment | None) -> Dragged | None:
    """What was dispatched is kept; the time is kept only where a person dragged it there."""
    if given is None:
        return None
    return Dragged(given.technician_id, given.bay_id, given.planned_start_at if given.dragged else None)


def new_tasks(
    operations: Sequence[Operation],
    arrivals: Mapping[int, datetime],
    *,
    vehicle_id: int,
    model: str,
    store: Store,
    bays: Sequence[EngineBay],
) -> tuple[Task, ...]:
    """Tasks of an order that is not yet written, with negative ids; fees and work without time are left out.

    ``arrivals`` says by place (from 1) when parts that are not here can be.
    """
    kinds = {bay.kind for bay in bays}
    seen = Counter(
        Assignment.objects.filter(
            line__order__vehicle_id=vehicle_id, line__order__store=store, line__store=store
        ).values_list("technician_id", flat=True)
    )
    return tuple(
        Task(
            id=-place,
            order=-1,
            skill=op.skill,
            level=op.min_level,
            minutes=op.hours.minutes,
            bay_kind=place_for(op.bay_kind, kinds),
            earliest=arrivals.get(place),
            needs_hv=op.high_voltage,
            difficult=op.difficult,
            model=model,
            carries_over=op.hours.minutes > LONG_MINUTES,
            seen_by=seen,
        )
        for place, op in enumerate(operations, 1)
        if not op.is_fee and op.hours.minutes
    )


def load_by_hour(plan: Plan, shop: Shop, hours: range) -> list[int]:
    """How full each local hour of today is, in percent of the technicians present."""
    midnight = shop.now.replace(hour=0, minute=0, second=0, microsecond=0)
    result = []
    for hour in hours:
        slot = Span(midnight + timedelta(hours=hour), midnight + timedelta(hours=hour + 1))
        present = 60 * sum(present_minutes(one, slot) for one in shop.technicians)
        busy = sum(_overlap(Span(one.start, one.end), slot) for one in plan.assignments)
        result.append(min(100, round(100 * busy / present)) if present > 0 else 0)
    return result


def present_minutes(technician: Technician, slot: Span) -> int:
    """The minutes of a time in which somebody is there to work: his shifts without breaks and absences."""
    first = minute_of(slot.start)
    return calendar_of(technician, first).working(first, minute_of(slot.end))


def _overlap(one: Span, other: Span) -> float:
    common = one.clipped(other)
    return common.length.total_seconds() if common else 0.0
