"""One order with everything its page shows, in at most six queries whatever its length (seven once the car has left)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet

from cheyi.customers.models import Customer
from cheyi.customers.queries import CustomerBrief, brief
from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Employee, Store
from cheyi.foundation.questions import Question
from cheyi.kernel import Hours, Money
from cheyi.workshop.access import orders, sees_all_orders
from cheyi.workshop.models import Certificate, Finding, WorkOrder
from cheyi.workshop.models.choices import OrderType
from cheyi.workshop.queries.facts import facts_of
from cheyi.workshop.queries.following import is_over
from cheyi.workshop.queries.labels import labels, state_words
from cheyi.workshop.queries.order_lines import LineView, labour_of, others_of, parts_of, total
from cheyi.workshop.rules.flow import OFF, STATUTORY
from cheyi.workshop.rules.life import EDITING, ORDER
from cheyi.workshop.rules.missing import Missing, missing
from cheyi.workshop.rules.quality import CHECK
from cheyi.workshop.rules.status import Status, late_minutes, status_of

PRICES = "workshop.order.view_prices"
PERSONS = "customers.customer.view"
NOTHING = Money(0)


UNREAD = tuple(
    f"{way}__{field.attname}"
    for way, model, read in (
        (
            "customer",
            Customer,
            {
                "id",
                "uid",
                "name",
                "kind",
                "mobile",
                "level",
                "life_cycle",
                "preferred_channel",
                "at_risk",
                "price_sensitivity",
                "status",
            },
        ),
        ("advisor", Employee, {"id", "name"}),
    )
    for field in model._meta.concrete_fields  # noqa: SLF001
    if field.attname not in read
)
"""Columns of customer and advisor that the page does not show: a wide row costs a millisecond."""


def _with_neighbours(rows: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    certificate = Certificate.objects.filter(order_id=OuterRef("pk"))
    rows = rows.select_related("customer", "flow_profile", "advisor", "progress_link").defer(*UNREAD)
    return rows.annotate(is_certified=Exists(certificate))


ORDER_PAGE = Question(lambda order: _with_neighbours(WorkOrder.objects.filter(pk=order)))
FINDINGS = Question(
    lambda order: (
        Finding.objects.filter(order_id=order)
        .order_by("reported_at", "pk", "photos__pk")
        .annotate(photo=F("photos__file__uid"))
    )
)


@dataclass(frozen=True, slots=True)
class JobView:
    """A labour line with the parts that belong to it."""

    line: LineView
    parts: tuple[LineView, ...]

    @property
    def technicians(self) -> tuple[str, ...]:
        """Who is on it."""
        return self.line.technicians


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with the uids of its photos."""

    finding: Finding
    photos: tuple[str, ...]

    @property
    def waits(self) -> bool:
        """Whether the advisor may still note it: no job is proposed for it, and it is not the inspector's."""
        one = self.finding
        return one.line_id is None and one.noted_at is None and one.system != CHECK


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with an order that is not yet ready: ``late`` (by so many minutes), ``rework``, ``short`` (parts)."""

    code: str
    count: int


@dataclass(frozen=True, slots=True)
class Sums:
    """Living lines in money: by kind before discounts, the discounts, what is to be paid, what of it is not agreed to."""

    labour: Money = NOTHING
    parts: Money = NOTHING
    other: Money = NOTHING
    discount: Money = NOTHING
    total: Money = NOTHING
    pending: Money = NOTHING

    @property
    def agreed(self) -> Money:
        """What the customer has agreed to."""
        return self.total - self.pending


@dataclass(frozen=True, slots=True)
class OrderView:
    """The order page. Money is zero where the viewer sees no prices (``shows_prices`` is False then)."""

    order: WorkOrder
    status: Status
    state_words: str
    type_words: str
    owner: CustomerBrief | None
    jobs: tuple[JobView, ...]
    loose_parts: tuple[LineView, ...]
    others: tuple[LineView, ...]
    findings: tuple[FindingView, ...]
    pending: tuple[LineView, ...]
    missing: tuple[Missing, ...]
    verbs: frozenset[str]
    edits: frozenset[str]
    hours: Hours
    sums: Sums
    shows_prices: bool
    advisor: str
    troubles: tuple[Trouble, ...] = ()
    technicians: tuple[str, ...] = field(default=())
    is_over: bool = False

    @property
    def rows(self) -> list[LineView]:
        """All lines in the order in which they are shown: each job with its parts, then the others."""
        jobs = [line for job in self.jobs for line in (job.line, *job.parts)]
        return [*jobs, *self.loose_parts, *self.others]

    @property
    def living_jobs(self) -> int:
        """How many jobs are neither declined nor taken off."""
        return sum(not job.line.is_dead for job in self.jobs)

    @property
    def late(self) -> bool:
        """Whether the promise has passed."""
        return any(one.code == "late" for one in self.troubles)

    @property
    def questions(self) -> list[LineView]:
        """What the customer is asked line by line: a pending job with its parts is one question."""
        jobs = {one.pk for one in self.pending if one.kind == "labour"}
        return [one for one in self.pending if one.kind != "part" or one.job_id not in jobs]

    def asked(self, line: LineView) -> Money:
        """What the customer is asked to agree to: a pending job together with its pending parts."""
        parts = (one.net for one in self.pending if one.kind == "part" and one.job_id == line.pk)
        return sum(parts, line.net) if line.kind == "labour" else line.net

    def is_offered(self, line: LineView) -> bool:
        """Whether the customer is asked already: not before the line and its pending parts have a price."""
        parts = [one for one in self.pending if one.kind == "part" and one.job_id == line.pk]
        return all(one.is_priced for one in (line, *(parts if line.kind == "labour" else ())))

    def found(self, line: LineView) -> FindingView | None:
        """The finding that a proposed job comes from."""
        of_line = (one for one in self.findings if one.finding.line_id == line.pk)
        return next(of_line, None) if line.kind == "labour" else None

    def step(self, name: str) -> bool:
        """Whether the order's flow has a step at all."""
        return self.order.flow_profile.flow.switch(name, self.order.regulatory_class) != OFF


def order_page(order_id: int, *, viewer: Viewer, store: Store, now: datetime) -> OrderView:
    """The order page of one order that the viewer may see. Raises WorkOrder.DoesNotExist."""
    order = _order(order_id, viewer)
    labour, parts, others = labour_of(order, store), parts_of(order_id, store), others_of(order_id)
    lines = [*labour, *parts, *others]
    certified = order.regulatory_class in STATUTORY and bool(getattr(order, "is_certified", False))
    lacking = missing(facts_of(order, lines, clocks_running=sum(one.clocks for one in labour), certified=certified))
    if not viewer.may(PRICES):
        order.estimate_total = order.approved_total = NOTHING
        labour, parts, others = ([one.without_prices() for one in rows] for rows in (labour, parts, others))
        lines = [*labour, *parts, *others]
    living = [line for line in lines if not line.is_dead]
    pending = tuple(line for line in living if line.state == "pending")
    troubles = _troubles(order, parts, now)
    return OrderView(
        order=order,
        status=_status(order, len(pending), troubles),
        state_words=state_words(order.state, order.hold_reason),
        type_words=labels(OrderType)[order.type],
        owner=brief(order.customer) if order.customer and viewer.may(PERSONS) else None,
        jobs=_jobs(labour, parts),
        loose_parts=tuple(line for line in parts if line.job_id is None),
        others=tuple(others),
        findings=_findings(order),
        pending=pending,
        missing=lacking,
        verbs=frozenset(ORDER.verbs(order.state)),
        edits=frozenset(EDITING.verbs(order.state)),
        hours=sum((line.amount for line in labour if not line.is_dead and isinstance(line.amount, Hours)), Hours(0)),
        sums=_sums(living),
        shows_prices=viewer.may(PRICES),
        advisor=order.advisor.name if order.advisor else "",
        troubles=troubles,
        technicians=tuple(dict.fromkeys(who for line in labour for who in line.technicians)),
        is_over=is_over(order, now),
    )


def _order(order_id: int, viewer: Viewer) -> WorkOrder:
    if sees_all_orders(viewer):
        found = ORDER_PAGE.first(order=order_id)
        if found is None:
            raise WorkOrder.DoesNotExist
        return found
    return _with_neighbours(orders(viewer)).get(pk=order_id)


def _status(order: WorkOrder, pending: int, troubles: Sequence[Trouble]) -> Status:
    key = status_of(order.state, hold_reason=order.hold_reason, lines_pending=pending)
    return replace(key, bad=bool(troubles))


def _troubles(order: WorkOrder, parts: Sequence[LineView], now: datetime) -> tuple[Trouble, ...]:
    if order.state in {"settled", "delivered", "closed", "cancelled"}:
        return ()
    found = []
    late = late_minutes(order.promised_at, order.state, now=now)
    if late:
        found.append(Trouble("late", late))
    if order.rework_of_id is not None:
        found.append(Trouble("rework", 1))
    short = sum(line.state == "backordered" for line in parts)
    return (*found, Trouble("short", short)) if short else tuple(found)


def _sums(living: Sequence[LineView]) -> Sums:
    return Sums(
        total(living, "labour"),
        total(living, "part"),
        total(living, "sublet") + total(living, "fee"),
        sum((line.discount for line in living), NOTHING),
        total(living),
        total(line for line in living if line.state == "pending"),
    )


def _jobs(labour: Sequence[LineView], parts: Sequence[LineView]) -> tuple[JobView, ...]:
    by_line: dict[int, list[LineView]] = {}
    for part in parts:
        if part.job_id is not None:
            by_line.setdefault(part.job_id, []).append(part)
    return tuple(JobView(line, tuple(by_line.get(line.pk, ()))) for line in labour)


def _findings(order: WorkOrder) -> tuple[FindingView, ...]:
    """Findings with the uids of their photos, in one query: a finding stands once per photo."""
    found: dict[int, tuple[Finding, list[str]]] = {}
    for finding in FINDINGS(order=order.pk):
        _, photos = found.setdefault(finding.pk, (finding, []))
        if finding.photo is not None:
            photos.append(str(finding.photo))
    return tuple(FindingView(finding, tuple(photos)) for finding, photos in found.values())
