"""What the customer is asked: each proposed line, a job with the parts that go with it, once all of it has a price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cheyi.kernel import Money
from cheyi.workshop.models import FeeLine, LabourLine, PartLine, SubletLine, WorkOrder
from cheyi.workshop.rules.pricing import has_price

AnyLine = LabourLine | PartLine | SubletLine | FeeLine
NOTHING = Money(0)


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that waits for the customer's word: a proposed line, with a job its proposed parts."""

    line: AnyLine
    parts: tuple[PartLine, ...] = ()

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.line.kind}-{self.line.pk}"

    @property
    def lines(self) -> tuple[AnyLine, ...]:
        """All lines that one answer decides."""
        return (self.line, *self.parts)

    @property
    def total(self) -> Money:
        """What the customer pays for it: the figure that he sees and answers to."""
        return sum((one.net for one in self.lines if one.payer == "customer"), NOTHING)

    @property
    def is_priced(self) -> bool:
        """Whether all of it has a price: before that the customer is asked nothing."""
        return all(has_price(one.gross, payer=one.payer, meant=_is_meant(one)) for one in self.lines)


def _is_meant(line: AnyLine) -> bool:
    """Whether costing nothing was said by somebody, not left open."""
    if isinstance(line, LabourLine):
        return line.fixed_price is not None
    return not isinstance(line, PartLine) or line.part_id is None


def asked_among(labour: Sequence[LabourLine], parts: Sequence[PartLine], others: Sequence[AnyLine]) -> list[Asked]:
    """What is asked among the lines of an order: jobs with their parts, parts for work that stands, then the rest."""
    jobs = [line for line in labour if line.state == "pending"]
    ids = {line.pk for line in jobs}
    pending = [part for part in parts if part.state == "pending"]
    return [
        *(Asked(job, tuple(part for part in pending if part.labour_line_id == job.pk)) for job in jobs),
        *(Asked(part) for part in pending if part.labour_line_id not in ids),
        *(Asked(line) for line in others if line.state == "pending"),
    ]


def asked_of(order: WorkOrder) -> list[Asked]:
    """What is asked of an order's customer, priced or not. Four queries."""
    waiting = {"order": order, "state": "pending"}
    labour = list(LabourLine.objects.filter(**waiting).order_by("seq"))
    parts = list(PartLine.objects.filter(**waiting).order_by("seq"))
    return asked_among(labour, parts, others_of(order))


def others_of(order: WorkOrder) -> list[AnyLine]:
    """Other firms' work and fees of an order, whatever their state. Two queries."""
    return [line for table in (SubletLine, FeeLine) for line in _in_order(table, order)]


def _in_order(table: type[SubletLine | FeeLine], order: WorkOrder) -> list[AnyLine]:
    return list(table.objects.filter(order=order).order_by("seq"))
