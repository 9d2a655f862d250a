"""What wanted jobs would cost, where their parts are, when the car would be ready, and who would do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cheyi.customers.models import Customer
from cheyi.foundation.models import Store
from cheyi.kernel import Hours, Money, Reason, Span
from cheyi.parts import queries as parts
from cheyi.parts.queries import Availability
from cheyi.vehicles.models import Vehicle
from cheyi.workshop.engine.model import Plan, Task
from cheyi.workshop.engine.promise import quote as promise
from cheyi.workshop.engine.suggest import rank
from cheyi.workshop.planning import AFTER_MINUTES, Person, Standing, load_by_hour, new_tasks, standing
from cheyi.workshop.queries.board_axis import axis_of, hours_of
from cheyi.workshop.queries.catalogue import car_kind, catalogue_for
from cheyi.workshop.queries.short_parts import transferred
from cheyi.workshop.rules.jobs import PricedJob, PricedPart, price_job

NOTHING = Money(0)


@dataclass(frozen=True, slots=True)
class Wish:
    """A job as the reception page asks for it."""

    op_code: str
    payer: str = "customer"
    advice_id: int | None = None


@dataclass(frozen=True, slots=True)
class QuotedPart:
    """A part of a quoted job and where it lies."""

    priced: PricedPart
    stock: Availability | None

    @property
    def is_here(self) -> bool:
        """Whether the store's own shelf serves it."""
        return self.stock is not None and self.stock.own >= self.priced.part.quantity


@dataclass(frozen=True, slots=True)
class QuotedJob:
    """A job in money with its parts."""

    job: PricedJob
    parts: tuple[QuotedPart, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who would do it, from when, with the engine's reasons."""

    person: Person
    start: datetime | None
    reasons: tuple[Reason, ...]
    others: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """Everything the decision column shows; money is what the customer and the others pay together."""

    jobs: tuple[QuotedJob, ...]
    labour: Money
    parts: Money
    discount: Money
    total: Money
    hours: Hours
    promised_at: datetime | None
    reasons: tuple[Reason, ...]
    proposal: Proposal | None
    load: tuple[int, ...]

    @property
    def missing_parts(self) -> int:
        """How many parts are not on the store's own shelf."""
        return sum(not part.is_here for job in self.jobs for part in job.parts)


def quote(vehicle: Vehicle, wishes: Sequence[Wish], *, customer: Customer | None, store: Store, now: datetime) -> Quote:
    """Price and plan wanted jobs for a car; about sixteen queries whatever their number.

    Raises Refused as ``Catalogue.operation`` and ``price_job``.
    """
    catalogue = catalogue_for(
        {wish.op_code for wish in wishes}, car_kind(vehicle), store_id=store.pk, on=store.business_date(now)
    )
    level = customer.level if customer else "normal"
    jobs = [
        price_job(catalogue.operation(wish.op_code), payer=wish.payer, rates=catalogue.rates, level=level)
        for wish in wishes
    ]
    stock = _stock(jobs, store)
    quoted = tuple(
        QuotedJob(job, tuple(QuotedPart(part, stock.get(part.part.part_id)) for part in job.parts)) for job in jobs
    )
    promised_at, reasons, proposal, load = _plan(vehicle, quoted, store=store, now=now)
    priced = [part.price for job in jobs for part in job.parts]
    return Quote(
        jobs=quoted,
        labour=sum((job.labour.gross for job in jobs), NOTHING),
        parts=sum((one.gross for one in priced), NOTHING),
        discount=sum((job.discount for job in jobs), NOTHING),
        total=sum((job.net for job in jobs), NOTHING),
        hours=sum((job.hours for job in jobs), Hours(0)),
        promised_at=promised_at,
        reasons=reasons,
        proposal=proposal,
        load=load,
    )


def _stock(jobs: Sequence[PricedJob], store: Store) -> Mapping[int, Availability]:
    ids = sorted({part.part.part_id for job in jobs for part in job.parts})
    return parts.availability(ids, store=store) if ids else {}


def _plan(
    vehicle: Vehicle, jobs: Sequence[QuotedJob], *, store: Store, now: datetime
) -> tuple[datetime | None, tuple[Reason, ...], Proposal | None, tuple[int, ...]]:
    """Promise, its reasons, the proposed person for all of it, and today's load by hour.

    A job begins when its parts are here; where nobody knows that, the promise is reckoned without it and says so.
    """
    floor = standing(store, now)
    plan = floor.plan()
    load = tuple(load_by_hour(plan, floor.shop, _hours_of_today(floor)))
    model = vehicle.model.name if vehicle.model else ""
    arrivals, unknown = _arrivals(jobs, floor, store)
    operations = [one.job.op for one in jobs]
    tasks = new_tasks(operations, arrivals, vehicle_id=vehicle.pk, model=model, store=store, bays=floor.shop.bays)
    if not tasks:
        return None, (), None, load
    answer = promise(floor.shop, tasks, plan=plan, after_minutes=AFTER_MINUTES)
    reasons = (*([Reason("part_without_date")] if unknown else []), *answer.reasons)
    return answer.at, reasons, _proposed(floor, tasks, answer.technician_of, plan), load


def _hours_of_today(floor: Standing) -> range:
    midnight = floor.shop.now.replace(hour=0, minute=0, second=0, microsecond=0)
    axis = axis_of(midnight, hours_of(floor, Span(midnight, midnight + timedelta(days=1))))
    return range(axis.opens, axis.closes)


def _arrivals(jobs: Sequence[QuotedJob], floor: Standing, store: Store) -> tuple[dict[int, datetime], bool]:
    """By the place of each job (from 1) when the last of its parts can be here, and whether that of some part is unknown.

    A part comes from a sister store that has enough of it, or when the store expects it for another order.
    """
    now, coming = floor.shop.now, dict[int, datetime]()
    for part in (part for parts_of_job in floor.short.values() for part in parts_of_job):
        if part.expected_at is not None and part.expected_at > now:
            coming[part.part_id] = min(part.expected_at, coming.get(part.part_id, part.expected_at))
    found: dict[int, datetime] = {}
    unknown = False
    for place, job in enumerate(jobs, 1):
        told = [_arrival(part, coming, transferred(store, now)) for part in job.parts if not part.is_here]
        known = [at for at in told if at is not None]
        unknown = unknown or len(known) < len(told)
        if known:
            found[place] = max(known)
    return found, unknown


def _arrival(part: QuotedPart, coming: Mapping[int, datetime], transferred_at: datetime) -> datetime | None:
    wanted = part.priced.part
    there = part.stock is not None and any(one.quantity >= wanted.quantity for one in part.stock.sisters)
    ways = [coming[wanted.part_id]] if wanted.part_id in coming else []
    return min([*ways, transferred_at] if there else ways, default=None)


def _proposed(
    floor: Standing, tasks: Sequence[Task], technician_of: Sequence[tuple[int, int]], plan: Plan
) -> Proposal | None:
    """The one person who can do every line, best for the longest; else nobody is proposed for the whole order."""
    longest = max(tasks, key=lambda task: task.minutes)
    ranked = rank(floor.shop, longest, plan=plan)
    able = {one.technician for one in ranked if all(_can(floor.people[one.technician], task) for task in tasks)}
    planned = dict(technician_of).get(longest.id)
    chosen = planned if planned in able else next((one.technician for one in ranked if one.technician in able), None)
    if chosen is None:
        return None
    reasons = next(one.reasons for one in ranked if one.technician == chosen)
    others = tuple(floor.people[one.technician] for one in ranked if one.technician in able - {chosen})
    return Proposal(floor.people[chosen], None, reasons, others)


def _can(person: Person, task: Task) -> bool:
    return person.skills.get(task.skill, 0) >= task.level and (person.has_hv or not task.needs_hv)
