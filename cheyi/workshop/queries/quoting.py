"""What wanted jobs would cost, where their parts are, when the car would be ready, and who would do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cheyi.customers.models import Customer
from cheyi.foundation.models import Store
from cheyi.kernel import Hours, Money, Reason
from cheyi.parts import queries as parts
from cheyi.parts.queries import Availability
from cheyi.vehicles.models import Vehicle
from cheyi.workshop.engine.model import Plan, Task
from cheyi.workshop.engine.promise import quote as promise
from cheyi.workshop.engine.suggest import rank
from cheyi.workshop.planning import AFTER_MINUTES, Person, Standing, load_by_hour, new_tasks, standing
from cheyi.workshop.queries.catalogue import car_kind, catalogue_for
from cheyi.workshop.rules.jobs import Operation, PricedJob, PricedPart, price_job

NOTHING = Money(0)
OPEN_HOURS = range(8, 19)


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
    promised_at, reasons, proposal, load = _plan(vehicle, [job.op for job in jobs], store=store, now=now)
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
    vehicle: Vehicle, operations: Sequence[Operation], *, store: Store, now: datetime
) -> tuple[datetime | None, tuple[Reason, ...], Proposal | None, tuple[int, ...]]:
    """Promise, its reasons, the proposed person for all of it, and today's load by hour."""
    floor = standing(store, now)
    plan = floor.plan()
    load = tuple(load_by_hour(plan, floor.shop, OPEN_HOURS))
    model = vehicle.model.name if vehicle.model else ""
    tasks = new_tasks(operations, vehicle_id=vehicle.pk, model=model, store=store, bays=floor.shop.bays)
    if not tasks:
        return None, (), None, load
    answer = promise(floor.shop, tasks, plan=plan, after_minutes=AFTER_MINUTES)
    return answer.at, answer.reasons, _proposed(floor, tasks, answer.technician_of, plan), load


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
