"""What is short of the parts of orders (缺件): which job waits for it, when it comes, which sister store has it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery

from cheyi.foundation.models import Store
from cheyi.kernel import Quantity
from cheyi.parts.models import RequestLine
from cheyi.parts.queries import Availability
from cheyi.workshop.engine.model import PartOption
from cheyi.workshop.models import LabourLine, PartLine
from cheyi.workshop.queries.counter import KIND
from cheyi.workshop.queries.work import TO_DO

LOOKS_AHEAD = timedelta(days=7)
TRANSFER_HOURS = 24


@dataclass(frozen=True, slots=True)
class ShortPart:
    """A part that is not here; ``expected_at`` is when it will be, None where nobody knows."""

    order_id: int
    line_id: int | None
    part_id: int
    part_no: str
    name: str
    quantity: Quantity
    expected_at: datetime | None


def short_parts(order_ids: Collection[int], store: Store) -> list[ShortPart]:
    """What is short of the parts of some orders of the store; one query, none without orders."""
    if not order_ids:
        return []
    asked = RequestLine.objects.filter(
        store=store, request__source_kind=KIND, source_line_id=OuterRef("pk"), state="backordered"
    )
    rows = PartLine.objects.filter(store=store, order_id__in=sorted(order_ids), state="backordered")
    rows = rows.annotate(expected_at=Subquery(asked.values("expected_at")[:1])).order_by("order_id", "seq")
    columns = ("order_id", "labour_line_id", "part_id", "part_no", "name", "quantity", "issued", "returned")
    return [
        ShortPart(order, job, part or 0, number, name, quantity - issued + returned, expected_at)
        for order, job, part, number, name, quantity, issued, returned, expected_at in rows.values_list(
            *columns, "expected_at"
        )
    ]


def by_job(jobs: Sequence[tuple[int, int]], short: Iterable[ShortPart]) -> dict[int, tuple[ShortPart, ...]]:
    """What is short for each job; ``jobs`` are (order, line) in their order.

    A part that belongs to no job is needed by the last job of its order.
    """
    last = dict(jobs)
    ids = {line for _, line in jobs}
    found: dict[int, list[ShortPart]] = {}
    for part in short:
        job = last.get(part.order_id) if part.line_id is None else part.line_id
        if job is not None and job in ids:
            found.setdefault(job, []).append(part)
    return {job: tuple(parts) for job, parts in found.items()}


def jobs_held_back(order_id: int, *, store: Store, now: datetime) -> set[int]:
    """Which of an order's jobs no plan can begin: a part of theirs has no date, or none within a week. Two queries.

    The jobs are those that the plan sees, given or not, so that a part of no job holds back the same one everywhere.
    """
    short = short_parts([order_id], store)
    if not short:
        return set()
    lines = LabourLine.objects.filter(order_id=order_id, state__in=TO_DO).order_by("seq").values_list("pk", flat=True)
    short_by_job = by_job([(order_id, line) for line in lines], short)
    return {job for job, parts in short_by_job.items() if not plannable(parts, now)}


def plannable(parts: Iterable[ShortPart], now: datetime) -> bool:
    """Whether all of some short parts are expected within the days that a plan looks ahead."""
    return all(one.expected_at is not None and now < one.expected_at < now + LOOKS_AHEAD for one in parts)


@dataclass(frozen=True, slots=True)
class Wait:
    """What a job waits for, as the plan takes it: ``earliest`` is when its parts are here.

    With ``missing`` nobody knows when; ``earliest`` is then a moment at which one was expected and that has gone by.
    """

    earliest: datetime | None = None
    missing: bool = False
    options: tuple[PartOption, ...] = ()


def wait_for(parts: Sequence[ShortPart], stock: Mapping[int, Availability], *, store: Store, now: datetime) -> Wait:
    """What a job waits for, and which sister stores have all of it; ``stock`` is what is free of its parts."""
    overdue = min((part.expected_at for part in parts if part.expected_at and part.expected_at <= now), default=None)
    missing = overdue is not None or any(part.expected_at is None for part in parts)
    latest = max((part.expected_at for part in parts if part.expected_at), default=None)
    return Wait(overdue if missing else latest, missing, _options(parts, stock, transferred(store, now)))


def transferred(store: Store, now: datetime) -> datetime:
    """When what a sister store sends now will be here: after a day, or the hours that the store has set, at a full hour."""
    at = now + timedelta(hours=int(store.setting("parts_transfer_hours", TRANSFER_HOURS)))
    begun = at.replace(minute=0, second=0, microsecond=0)
    return at if at == begun else begun + timedelta(hours=1)


def _options(
    parts: Sequence[ShortPart], stock: Mapping[int, Availability], arrives_at: datetime
) -> tuple[PartOption, ...]:
    having = [
        {sister.store_id for sister in stock[part.part_id].sisters if sister.quantity >= part.quantity}
        if part.part_id in stock
        else set[int]()
        for part in parts
    ]
    both = set.intersection(*having) if having else set()
    return tuple(PartOption(store_id, arrives_at) for store_id in sorted(both))
