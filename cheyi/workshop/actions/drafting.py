"""Lines out of wanted jobs: priced by the catalogue, not yet written, then written in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max

from cheyi.foundation.access import Viewer
from cheyi.kernel import Hours, Money, Quantity, Rate, Refused
from cheyi.workshop.models import FeeLine, LabourLine, PartLine, WorkOrder
from cheyi.workshop.queries.catalogue import Catalogue, part_facts
from cheyi.workshop.rules.flow import strictest
from cheyi.workshop.rules.jobs import KitPart, PricedJob, PricedPart, price_job
from cheyi.workshop.rules.pricing import check_shares

FEES = {"DT006": "other", "DT007": "towing"}
MOST_LINES = 200
FIRST = (1, 1, 1)


@dataclass(frozen=True, slots=True)
class PartWanted:
    """A part of a job: from the catalogue, or the customer's own (a name, no part, no price)."""

    quantity: Quantity
    part_id: int | None = None
    name: str = ""
    unit_price: Money | None = None


@dataclass(frozen=True, slots=True)
class JobWanted:
    """A job by its operation's code. Without ``parts`` it brings the operation's kit; an empty sequence brings none.

    ``hours``, ``fixed_price`` and ``discount`` replace what catalogue and member level say; ``shares`` splits the
    payers (their rates add up to one).
    """

    op_code: str
    payer: str = "customer"
    source: str = "request"
    hours: Hours | None = None
    fixed_price: Money | None = None
    discount: Rate | None = None
    discount_reason: str = ""
    parts: Sequence[PartWanted] | None = None
    shares: Mapping[str, Rate] = field(default_factory=dict)
    note: str = ""
    advice_id: int | None = None


@dataclass(slots=True)
class Draft:
    """Lines that are not yet written, in the order of the jobs."""

    labour: list[LabourLine] = field(default_factory=list)
    parts: list[PartLine] = field(default_factory=list)
    fees: list[FeeLine] = field(default_factory=list)

    @property
    def lines(self) -> list[LabourLine | PartLine | FeeLine]:
        """All of them."""
        return [*self.labour, *self.parts, *self.fees]

    @property
    def net(self) -> Money:
        """What they come to."""
        return sum((line.net for line in self.lines), Money(0))

    @property
    def regulatory_class(self) -> str:
        """The heaviest class among the labour."""
        return strictest([line.regulatory_class for line in self.labour])


def own_parts(jobs: Iterable[JobWanted], *, store_id: int) -> dict[int, KitPart]:
    """The facts of the parts that jobs name themselves; nothing is asked when they name none."""
    named = {part.part_id for job in jobs for part in job.parts or () if part.part_id is not None}
    return part_facts(named, store_id=store_id) if named else {}


def price(job: JobWanted, catalogue: Catalogue, facts: Mapping[int, KitPart], level: str) -> PricedJob:
    """A wanted job in money. Raises Refused as ``price_job``, and ``workshop.line.unknown_part``."""
    return price_job(
        catalogue.operation(job.op_code),
        payer=job.payer,
        rates=catalogue.rates,
        level=level,
        hours=job.hours,
        fixed_price=job.fixed_price,
        discount=job.discount,
        parts=None if job.parts is None else [kit_part(part, facts) for part in job.parts],
    )


def kit_part(part: PartWanted, facts: Mapping[int, KitPart]) -> KitPart:
    """A wanted part with its price. Raises Refused ``workshop.line.bad_quantity``, ``workshop.line.unknown_part``."""
    if part.quantity <= Quantity(0):
        raise Refused("workshop.line.bad_quantity", field="quantity", quantity=str(part.quantity))
    if part.part_id is None:
        return KitPart(0, "", part.name, "", "customer", part.quantity, Money(0))
    known = facts.get(part.part_id)
    if known is None:
        raise Refused("workshop.line.unknown_part", field="part", part=part.part_id)
    retail = known.retail if part.unit_price is None else part.unit_price
    return KitPart(
        known.part_id,
        known.part_no,
        known.name,
        known.unit,
        known.grade,
        part.quantity,
        retail,
        known.claim if part.unit_price is None else retail,
        known.internal if part.unit_price is None else retail,
    )


def draft(
    order: WorkOrder,
    jobs: Sequence[JobWanted],
    catalogue: Catalogue,
    *,
    level: str,
    state: str,
    decided: Mapping[str, Any],
    first_seq: tuple[int, int, int] = FIRST,
    by: Viewer,
    now: datetime,
) -> Draft:
    """Lines of some jobs for an order. ``state`` is ``approved`` or ``pending``, ``decided`` who said so and how.

    Raises Refused ``workshop.line.too_many``, ``workshop.line.bad_share``, ``workshop.line.shares_not_whole`` and those
    of ``price``.
    """
    if len(jobs) > MOST_LINES:
        raise Refused("workshop.line.too_many", most=MOST_LINES)
    facts = own_parts(jobs, store_id=order.store_id)
    made = Draft()
    stamp = {"store_id": order.store_id, "created_at": now, "created_by_id": by.user_id, "order": order, "state": state}
    for job in jobs:
        if job.shares:
            check_shares(job.shares)
        priced = price(job, catalogue, facts, level)
        common = {**stamp, **decided, **_common(job)}
        if priced.op.is_fee:
            made.fees.append(_fee(priced, common, first_seq[2] + len(made.fees)))
            continue
        labour = labour_line(priced, common, first_seq[0] + len(made.labour))
        made.labour.append(labour)
        for part in priced.parts:
            made.parts.append(part_line(part, {**common, "labour_line": labour}, first_seq[1] + len(made.parts)))
    for line in made.lines if decided else ():
        line.decided_net = line.net
    return made


def _common(job: JobWanted) -> dict[str, Any]:
    return {
        "source": job.source,
        "payer": job.payer,
        "shares": [[payer, share.parts] for payer, share in job.shares.items()],
        "note": job.note,
        "discount_reason": job.discount_reason,
    }


def labour_line(job: PricedJob, common: Mapping[str, Any], seq: int) -> LabourLine:
    """A labour line of a priced job, not yet written."""
    op = job.op
    return LabourLine(
        **common,
        seq=seq,
        name=op.name,
        op_id=op.id,
        op_code=op.code,
        skill_code=op.skill,
        min_level=op.min_level,
        difficult=op.difficult,
        bay_kind=op.bay_kind,
        high_voltage=op.high_voltage,
        regulatory_class=op.regulatory_class,
        std_hours=op.hours,
        sold_hours=job.hours,
        rate_code=job.rate_code,
        rate=job.rate,
        fixed_price=job.fixed_price,
        list_price=job.rate if job.fixed_price is None else job.fixed_price,
        gross=job.labour.gross,
        discount_rate=job.labour.discount_rate,
        discount=job.labour.discount,
        net=job.labour.net,
        qa_km=op.qa_km,
        qa_days=op.qa_days,
    )


def part_line(part: PricedPart, common: Mapping[str, Any], seq: int) -> PartLine:
    """A part line of a priced part, not yet written."""
    kit = part.part
    return PartLine(
        **common,
        seq=seq,
        name=kit.name,
        part_id=kit.part_id or None,
        part_no=kit.part_no,
        grade=kit.grade,
        unit=kit.unit,
        quantity=kit.quantity,
        unit_price=part.unit_price,
        list_price=part.unit_price,
        gross=part.price.gross,
        discount_rate=part.price.discount_rate,
        discount=part.price.discount,
        net=part.price.net,
    )


def _fee(job: PricedJob, common: Mapping[str, Any], seq: int) -> FeeLine:
    return FeeLine(
        **common,
        seq=seq,
        name=job.op.name,
        fee=FEES.get(job.op.code, "other"),
        list_price=job.labour.gross,
        gross=job.labour.gross,
        discount_rate=job.labour.discount_rate,
        discount=job.labour.discount,
        net=job.labour.net,
    )


def next_seqs(order: WorkOrder) -> tuple[int, int, int]:
    """The next free places of labour, part and fee lines of an order. Three queries."""
    labour, parts, fees = (
        (table.objects.filter(order=order).aggregate(last=Max("seq"))["last"] or 0) + 1
        for table in (LabourLine, PartLine, FeeLine)
    )
    return labour, parts, fees


def write(made: Draft) -> None:
    """Write the lines, three statements at most; labour first, since parts point at it."""
    if made.labour:
        LabourLine.objects.bulk_create(made.labour)
    if made.parts:
        PartLine.objects.bulk_create(made.parts)
    if made.fees:
        FeeLine.objects.bulk_create(made.fees)
