"""What the workshop's rows must add up to; ``cheyi check`` runs this and never repairs (reliability.md 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Sum

from cheyi.foundation.invariants import invariant
from cheyi.kernel import Money, Quantity, Rate
from cheyi.parts.models import RequestLine
from cheyi.settlement.models import Bill
from cheyi.workshop.actions.moves import LINE_TABLES
from cheyi.workshop.actions.stock import KIND
from cheyi.workshop.models import Assignment, JobClock, LabourLine, OrderSpell, PartLine, WorkOrder
from cheyi.workshop.rules.life import DEAD_LINES, ORDER, PAID_STATES

NOTHING = Money(0)
MET = ("paid", "on_credit", "written_off")
LEGAL = {(state, target) for state, _, target in ORDER.moves}


@invariant("I5")
def wrong_totals() -> Iterator[str]:
    """An order's estimate is the sum of its living lines, the approved total that of the agreed ones."""
    estimate: dict[int, Money] = defaultdict(lambda: NOTHING)
    approved: dict[int, Money] = defaultdict(lambda: NOTHING)
    for table in LINE_TABLES:
        rows = table.objects.exclude(state__in=DEAD_LINES).values_list("order_id", "state")
        for order_id, state, net in rows.annotate(together=Sum("net")).order_by():
            estimate[order_id] += net
            approved[order_id] += net if state != "pending" else NOTHING
    for row in WorkOrder.objects.only("pk", "no", "estimate_total", "approved_total").iterator():
        said = (estimate[row.pk], approved[row.pk])
        if (row.estimate_total, row.approved_total) != said:
            yield f"order {row.no or row.pk}: {row.estimate_total} and {row.approved_total}, lines say {said[0]}, {said[1]}"


@invariant("I2")
def wrong_issues() -> Iterator[str]:
    """What a part line says was handed out and brought back is what the parts store says."""
    sums = {
        line_id: (issued, returned)
        for line_id, issued, returned in RequestLine.objects.filter(
            request__source_kind=KIND, source_line_id__isnull=False
        )
        .values_list("source_line_id")
        .annotate(out=Sum("issued"), back=Sum("returned"))
        .order_by()
    }
    for row in PartLine.objects.only("pk", "name", "issued", "returned").iterator():
        said: tuple[Quantity, Quantity] | None = sums.get(row.pk)
        if said is not None and (row.issued, row.returned) != said:
            yield f"part line {row.pk}: {row.issued} out, {row.returned} back; the store says {said[0]}, {said[1]}"


@invariant("I10")
def wrong_shares() -> Iterator[str]:
    """Whoever is on a job shares the whole of it."""
    rows = Assignment.objects.filter(ended_at__isnull=True).values_list("line_id")
    for line_id, share in rows.annotate(together=Sum("share")).order_by():
        if share != Rate(Rate.PER_UNIT):
            yield f"labour line {line_id}: the shares make {share}"


@invariant("I10")
def wrong_clocks() -> Iterator[str]:
    """A clock runs only on a job that is at work, and a job at work belongs to an order at work."""
    running = JobClock.objects.filter(stopped_at__isnull=True).exclude(line__state="working")
    for clock_id, line_id, state in running.values_list("pk", "line_id", "line__state"):
        yield f"clock {clock_id} runs on line {line_id}, which is {state}"
    idle = LabourLine.objects.filter(state="working").exclude(order__state__in=["working", "hold"])
    for line_id, state in idle.values_list("pk", "order__state"):
        yield f"labour line {line_id} is at work on an order that is {state}"


@invariant("I10")
def wrong_payments() -> Iterator[str]:
    """A settled order's bills are met."""
    waiting = Bill.objects.filter(source_kind=KIND).exclude(state__in=[*MET, "void", "refunded", "draft"])
    owed = dict(waiting.values_list("source_id", "no"))
    for order_id, no in WorkOrder.objects.filter(state__in=PAID_STATES, pk__in=owed).values_list("pk", "no"):
        yield f"order {no}: bill {owed[order_id]} is not met"


@invariant("I10")
def wrong_histories() -> Iterator[str]:
    """The stretches of an order's life follow the table of moves, and the last one is its present state."""
    last: dict[int, str] = {}
    states = dict(WorkOrder.objects.values_list("pk", "state"))
    for spell in OrderSpell.objects.order_by("order_id", "began_at", "pk").iterator():
        before = last.get(spell.order_id, "")
        if (before, spell.state) not in LEGAL:
            yield f"order {spell.order_id}: from {before or 'nothing'} to {spell.state}"
        last[spell.order_id] = spell.state
        if spell.ended_at is None and spell.state != states[spell.order_id]:
            yield f"order {spell.order_id}: {states[spell.order_id]}, its open spell says {spell.state}"
