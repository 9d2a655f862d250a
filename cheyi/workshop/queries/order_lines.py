"""The lines of one order as its page shows them, read column by column: a long order must not cost model rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Value

from cheyi.foundation.models import Store
from cheyi.foundation.questions import Question
from cheyi.kernel import Hours, Money, Quantity, Rate
from cheyi.parts import queries as stock
from cheyi.parts.queries import Availability
from cheyi.workshop.models import FeeLine, JobClock, LabourLine, PartLine, SubletLine, WorkOrder
from cheyi.workshop.models.choices import OtherState, PartState, Payer
from cheyi.workshop.queries.labels import job_word, job_words, labels
from cheyi.workshop.rules.life import DEAD_LINES
from cheyi.workshop.rules.pricing import has_price

NOTHING = Money(0)
MONEY = ("gross", "discount_rate", "discount", "net", "decided_net", "discount_waits")
COMMON = ("pk", "name", "state", "payer", "shares", *MONEY)
LABOUR = ("op_code", "sold_hours", "rate", "fixed_price", "min_level", "pause_reason")
PART = ("part_no", "quantity", "unit_price", "part_id", "labour_line_id", "grade")
LOOKED_FOR = ("pending", "approved", "requested", "backordered")
"""States in which it matters where a part lies; later it is kept, fetched or in the car."""

LABOUR_LINES = Question(
    lambda order, store: (
        LabourLine.objects.filter(order_id=order)
        .annotate(
            given=FilteredRelation("assignments", condition=Q(assignments__ended_at=None)),
            who=F("given__technician__name"),
            at_work=Exists(
                JobClock.objects.filter(
                    store_id=store,
                    line_id=OuterRef("pk"),
                    technician_id=OuterRef("given__technician_id"),
                    stopped_at=None,
                )
            ),
        )
        .order_by("seq", "given__pk")
        .values_list(*COMMON, *LABOUR, "who", "at_work")
    )
)
PART_LINES = Question(lambda order: PartLine.objects.filter(order_id=order).order_by("seq").values_list(*COMMON, *PART))
OTHER_LINES = Question(
    lambda order: (
        SubletLine.objects.filter(order_id=order)
        .values_list(*COMMON, "seq", Value("sublet"))
        .union(FeeLine.objects.filter(order_id=order).values_list(*COMMON, "seq", Value("fee")), all=True)
    )
)


@dataclass(frozen=True, slots=True)
class LineView:
    """One line in words and money; the money of a viewer who sees no prices is zero.

    ``amount`` is hours for labour, a quantity for parts; ``price`` that of one hour or piece (a fixed price of the
    whole job).
    """

    kind: str
    pk: int
    name: str
    state: str
    words: str
    payer: str
    payer_words: str
    is_split: bool
    gross: Money
    discount_rate: Rate
    discount: Money
    net: Money
    decided_net: Money | None
    discount_waits: bool
    code: str = ""
    amount: Hours | Quantity | None = None
    price: Money | None = None
    part_id: int | None = None
    job_id: int | None = None
    grade: str = ""
    is_fixed: bool = False
    pause_reason: str = ""
    technicians: tuple[str, ...] = ()
    clocks: int = 0
    stock: Availability | None = None

    @property
    def is_dead(self) -> bool:
        """Declined, cancelled or returned: shown struck through."""
        return self.state in DEAD_LINES

    @property
    def is_dearer(self) -> bool:
        """Dearer than what the customer agreed to: he is asked again before settling."""
        return self.payer == "customer" and self.decided_net is not None and self.net > self.decided_net

    @property
    def is_priced(self) -> bool:
        """Whether the customer can be told what it costs."""
        meant = self.is_fixed or self.kind in {"sublet", "fee"} or (self.kind == "part" and self.part_id is None)
        return has_price(self.gross, payer=self.payer, meant=meant)

    def without_prices(self) -> LineView:
        """The same for a viewer who sees no prices (domain.md 2.2)."""
        return replace(
            self,
            gross=NOTHING,
            discount_rate=Rate(0),
            discount=NOTHING,
            net=NOTHING,
            decided_net=None,
            price=None,
        )


def labour_of(order: WorkOrder, store: Store) -> list[LineView]:
    """Labour lines with who is on them and how many clocks run. One query: a line stands once per technician."""
    words = job_words(order.checks) | labels(Payer)
    found: dict[int, LineView] = {}
    for *cells, who, at_work in LABOUR_LINES(order=order.pk, store=store.pk):
        line = found.get(cells[0]) or _labour(cells, words)
        if line.pause_reason:
            line = replace(line, words=job_word(line.state, line.pause_reason, order.checks))
        if who:
            line = replace(line, technicians=(*line.technicians, who), clocks=line.clocks + at_work)
        found[line.pk] = line
    return list(found.values())


def _labour(cells: Sequence[Any], words: Mapping[str, str]) -> LineView:
    code, hours, rate, fixed, _, pause = cells[len(COMMON) :]
    return LineView(
        kind="labour",
        **_common(cells, words),
        code=code,
        amount=hours,
        price=rate if fixed is None else fixed,
        is_fixed=fixed is not None,
        pause_reason=pause,
    )


def parts_of(order_id: int, store: Store) -> list[LineView]:
    """Part lines, those not yet kept with where they could come from. At most two queries."""
    rows = PART_LINES(order=order_id)
    words = labels(PartState) | labels(Payer)
    at = len(COMMON)
    wanted = {row[at + 3] for row in rows if row[2] in LOOKED_FOR and row[at + 3]}
    places = stock.availability(sorted(wanted), store=store) if wanted else {}
    return [
        LineView(
            kind="part",
            **_common(row, words),
            code=row[at],
            amount=row[at + 1],
            price=row[at + 2],
            part_id=row[at + 3],
            job_id=row[at + 4],
            grade=row[at + 5],
            stock=places.get(row[at + 3]) if row[2] in LOOKED_FOR else None,
        )
        for row in rows
    ]


def others_of(order_id: int) -> list[LineView]:
    """Sublet and fee lines. One query."""
    words = labels(OtherState) | labels(Payer)
    rows = sorted(OTHER_LINES(order=order_id), key=lambda row: (row[-1] != "sublet", row[-2]))
    return [LineView(kind=row[-1], **_common(row, words)) for row in rows]


def _common(cells: Sequence[Any], words: Mapping[str, str]) -> dict[str, Any]:
    found = dict(zip(COMMON, cells, strict=False))
    found["words"], found["payer_words"] = words[found["state"]], words[found["payer"]]
    found["is_split"] = bool(found.pop("shares"))
    return found


def total(lines: Iterable[LineView], kind: str = "") -> Money:
    """What living lines (of one kind) cost before discounts; without a kind, after them."""
    living = [line for line in lines if not line.is_dead and (not kind or line.kind == kind)]
    return sum((line.gross if kind else line.net for line in living), NOTHING)
