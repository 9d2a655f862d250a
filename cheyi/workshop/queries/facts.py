"""Counting what the rules ask about an order: lines by state, clocks, checks, bills."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from django.db.models import Count, F, Q

from cheyi.kernel import Money
from cheyi.workshop.models import Certificate, FeeLine, JobClock, LabourLine, PartLine, SubletLine, WorkOrder
from cheyi.workshop.rules.flow import STATUTORY
from cheyi.workshop.rules.life import DEAD_LINES
from cheyi.workshop.rules.missing import OrderFacts

DEARER = Q(payer="customer", decided_net__isnull=False, net__gt=F("decided_net"))
LINES: Mapping[str, type[LabourLine | PartLine | SubletLine | FeeLine]] = {
    "labour": LabourLine,
    "part": PartLine,
    "sublet": SubletLine,
    "fee": FeeLine,
}


class Counts(Protocol):
    """What is asked of a line that is at hand: a model row or what a page read of it."""

    @property
    def kind(self) -> str: ...  # noqa: D102 - as on the models
    @property
    def state(self) -> str: ...  # noqa: D102
    @property
    def payer(self) -> str: ...  # noqa: D102
    @property
    def net(self) -> Money: ...  # noqa: D102
    @property
    def decided_net(self) -> Money | None: ...  # noqa: D102
    @property
    def discount_waits(self) -> bool: ...  # noqa: D102


@dataclass(slots=True)
class Counted:
    """Lines by kind and state; among the living ones, discounts that wait and prices dearer than agreed."""

    states: dict[str, Counter[str]] = field(default_factory=lambda: {kind: Counter() for kind in LINES})
    waiting: int = 0
    dearer: int = 0


def order_facts(order: WorkOrder, *, bills_open: int = 0) -> OrderFacts:
    """What is known about an order, counted in at most six queries. ``bills_open`` is counted by the caller."""
    counted = Counted()
    for kind, table in LINES.items():
        _count(counted, kind, order, table)
    running = JobClock.objects.filter(line__order=order, stopped_at__isnull=True).count()
    return _facts(order, counted, clocks_running=running, certified=is_certified(order), bills_open=bills_open)


def facts_of(
    order: WorkOrder, lines: Iterable[Counts], *, clocks_running: int, certified: bool, bills_open: int = 0
) -> OrderFacts:
    """The same from lines that are at hand, without a query (the order's flow profile must be loaded)."""
    counted = Counted()
    for line in lines:
        counted.states[line.kind][line.state] += 1
        if line.state not in DEAD_LINES:
            counted.waiting += line.discount_waits
            agreed = line.decided_net
            counted.dearer += line.payer == "customer" and agreed is not None and line.net > agreed
    return _facts(order, counted, clocks_running=clocks_running, certified=certified, bills_open=bills_open)


def is_certified(order: WorkOrder) -> bool:
    """Whether the certificate that the law asks for is written; no query where it asks for none."""
    return order.regulatory_class in STATUTORY and Certificate.objects.filter(order=order).exists()


def _count(
    counted: Counted, kind: str, order: WorkOrder, table: type[LabourLine | PartLine | SubletLine | FeeLine]
) -> None:
    alive = ~Q(state__in=DEAD_LINES)
    rows = (
        table.objects.filter(order=order)
        .values_list("state")
        .annotate(
            lines=Count("pk"),
            waits=Count("pk", filter=alive & Q(discount_waits=True)),
            dearer=Count("pk", filter=alive & DEARER),
        )
        .order_by()
    )
    for state, lines, waits, dearer in rows:
        counted.states[kind][state] = lines
        counted.waiting += waits
        counted.dearer += dearer


def _facts(order: WorkOrder, counted: Counted, *, clocks_running: int, certified: bool, bills_open: int) -> OrderFacts:
    states: Mapping[str, Counter[str]] = counted.states
    return OrderFacts(
        flow=order.flow_profile.flow,
        regulatory_class=order.regulatory_class,
        has_customer=order.customer_id is not None,
        has_vin=bool(order.vin),
        labour=states["labour"],
        parts=states["part"],
        others_pending=states["sublet"]["pending"] + states["fee"]["pending"] + counted.dearer,
        clocks_running=clocks_running,
        walk_around=order.walk_around,
        interviewed=bool(order.interview or order.request_text),
        approved_in_writing=order.approved_in_writing,
        checks=frozenset(order.checks),
        mileage_confirmed=order.mileage_confirmed,
        mileage_in=order.mileage_in,
        mileage_out=order.mileage_out,
        discounts_to_approve=counted.waiting,
        bills_open=bills_open,
        certified=certified,
        old_parts_choice=order.old_parts_choice,
        keys_out=order.keys_out,
        list_given=order.list_given,
    )
