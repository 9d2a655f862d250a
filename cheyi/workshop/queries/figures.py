"""The manager's page: what wants a decision, figures with their comparison, orders by state, today's money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Value

from cheyi.foundation.models import Store
from cheyi.kernel import Money, Rate
from cheyi.settlement import queries as settlement
from cheyi.settlement.models import Approval
from cheyi.settlement.queries import Takings
from cheyi.workshop.access import LINE_MODELS
from cheyi.workshop.models import CallBack, FeeLine, LabourLine, PartLine, SubletLine, WorkOrder
from cheyi.workshop.models.choices import OrderState
from cheyi.workshop.queries.calls import complaints
from cheyi.workshop.queries.clocks import ToCheck, clocks_to_check
from cheyi.workshop.queries.counter import KIND
from cheyi.workshop.queries.labels import state_words
from cheyi.workshop.queries.trends import Measure, Trends, trends
from cheyi.workshop.rules.pricing import Given
from cheyi.workshop.rules.status import is_late

COMPLAINT = "complaint"
SHOWN = ("draft", "open", "dispatched", "working", "hold", "qc", "wash", "ready", "settled")
DAY = timedelta(days=1)
LONG_ASKED = timedelta(hours=4)
MOST = 12


@dataclass(frozen=True, slots=True)
class InState:
    """How many orders stand in a state, how long on average and at most, in minutes."""

    state: str
    label: str
    count: int
    mean_minutes: int
    longest_minutes: int
    longest_order_id: int | None
    longest_label: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that only a manager can end: an order with the reason why it is here.

    ``minutes`` is how long it lasts already. A discount that waits carries its line, the rate and what it gives away;
    what a colleague asked agreement for carries its ``approval``, and no order (0) when it is about none; clocked time that
    somebody wants put right its ``clock``.
    """

    order_id: int
    plate: str
    code: str
    text: str
    minutes: int
    state: str = ""
    line: tuple[str, int] | None = None
    rate: Rate | None = None
    amount: Money | None = None
    approval: int | None = None
    clock: ToCheck | None = None


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The manager's page; ``more`` is how many decisions did not fit."""

    states: tuple[InState, ...]
    decisions: tuple[Decision, ...]
    more: int
    takings: Takings
    trends: Trends
    in_shop: int
    late: int
    delivered: int
    opened: int
    open_value: Money

    def measure(self, code: str) -> Measure:
        """One of the measures."""
        return next(one for one in self.trends.measures if one.code == code)


def day_figures(store: Store, now: datetime) -> DayFigures:
    """Today in one store; eleven queries, one more for each kind of decision that waits."""
    live = live_orders(store)
    late = [row for row in live if is_late(row.promised_at, row.state, now=now)]
    decisions = _decisions(store, live, late, now)
    course = trends(store, now)
    counts = {one.code: one.value or 0 for one in course.measures}
    return DayFigures(
        states=tuple(_in_state(state, live, now) for state in SHOWN if any(row.state == state for row in live)),
        decisions=tuple(decisions[:MOST]),
        more=max(len(decisions) - MOST, 0),
        takings=settlement.takings(store, store.business_date(now)),
        trends=course,
        in_shop=len(live),
        late=len(late),
        delivered=counts["delivered"],
        opened=counts["opened"],
        open_value=sum((row.approved_total for row in live), Money(0)),
    )


def live_orders(store: Store) -> list[WorkOrder]:
    """Every order whose car is here; one query."""
    return list(WorkOrder.objects.filter(store=store, state__in=SHOWN).order_by("pk"))


def _in_state(state: str, live: list[WorkOrder], now: datetime) -> InState:
    rows = sorted((row for row in live if row.state == state), key=lambda row: row.state_at)
    minutes = [_minutes(now - row.state_at) for row in rows]
    first = rows[0]
    return InState(
        state,
        str(OrderState(state).label),
        len(rows),
        sum(minutes) // len(minutes),
        minutes[0],
        first.pk,
        first.plate or first.vin[-6:],
    )


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _decisions(store: Store, live: list[WorkOrder], late: list[WorkOrder], now: datetime) -> list[Decision]:
    """What waits for the manager: what he was asked for, discounts and complaints; then what lasts longest."""
    by_id = {row.pk: row for row in live}
    asked = [_asked(row, by_id, now) for row in settlement.waiting_approvals(store)]
    asked += _discounts_and_complaints(store, by_id, now)
    asked += [_clock(one, now) for one in clocks_to_check(store, now) if one.asked_by]
    stuck = [_late(row, now) for row in late]
    late_ids = {row.pk for row in late}
    for row in live:
        code, text = _stuck(row, now)
        if code and row.pk not in late_ids:
            stuck.append(_decision(row, code, text, _minutes(now - row.state_at)))
    return [*asked, *sorted(stuck, key=lambda one: -one.minutes)]


def _asked(row: Approval, by_id: dict[int, WorkOrder], now: datetime) -> Decision:
    order = by_id.get(row.source_id) if row.source_kind == KIND else None
    return Decision(
        row.source_id if row.source_kind == KIND else 0,
        (order.plate or order.vin[-6:]) if order else "",
        row.act,
        f"{row.asked_by} · {row.reason}" if order else f"{row.source_label} · {row.asked_by} · {row.reason}",
        _minutes(now - row.created_at),
        amount=row.amount,
        approval=row.pk,
    )


def _clock(one: ToCheck, now: datetime) -> Decision:
    return Decision(
        one.order_id,
        one.car,
        "clock",
        f"{one.technician} · {one.job} · {one.asked_by} · {one.asked_reason}",
        one.minutes(now),
        clock=one,
    )


def _discounts_and_complaints(store: Store, by_id: dict[int, WorkOrder], now: datetime) -> list[Decision]:
    """Lines of all kinds whose discount waits, and customers who complained when they were called; one query when none is."""
    waiting: list[Any] = [
        table.objects.filter(store=store, order__state__in=SHOWN, discount_waits=True).values_list(Value(kind), "pk")
        for kind, table in LINE_MODELS.items()
    ]
    waiting.append(complaints(store).values_list(Value(COMPLAINT), "pk"))
    named: dict[str, list[int]] = {}
    for kind, pk in waiting[0].union(*waiting[1:], all=True):
        named.setdefault(kind, []).append(pk)
    found = [
        _discount(line, by_id[line.order_id])
        for kind, table in LINE_MODELS.items()
        if kind in named
        for line in table.objects.filter(pk__in=named[kind], order_id__in=by_id).order_by("pk")
    ]
    said = complaints(store).filter(pk__in=named[COMPLAINT]).select_related("order") if COMPLAINT in named else ()
    return [*found, *(_complaint(call, now) for call in said)]


def _discount(line: LabourLine | PartLine | SubletLine | FeeLine, order: WorkOrder) -> Decision:
    given = Given.of(line)
    return Decision(
        order.pk,
        order.plate,
        "discount",
        " · ".join(filter(None, [line.name, line.discount_reason])),
        0,
        order.state,
        (line.kind, line.pk),
        given.rate,
        given.amount,
    )


def _complaint(call: CallBack, now: datetime) -> Decision:
    plate = call.order.plate or call.order.vin[-6:]
    return Decision(call.order_id, plate, COMPLAINT, call.note, _minutes(now - call.created_at))


def _stuck(row: WorkOrder, now: datetime) -> tuple[str, str]:
    """Why an order that is not late yet needs somebody above the shop floor."""
    lasts = now - row.state_at
    if row.state == "hold" and row.hold_reason == "wait_approval" and lasts > LONG_ASKED:
        return "no_answer", row.model_name
    if row.state == "hold" and lasts > DAY:
        return "hold", str(row.get_hold_reason_display())
    if row.sent_back > 1 and row.state in ("working", "dispatched", "qc"):
        return "sent_back", row.model_name
    if row.state == "ready" and lasts > DAY:
        return "unpaid", row.model_name
    return "", ""


def _late(row: WorkOrder, now: datetime) -> Decision:
    assert row.promised_at is not None
    return _decision(row, "late", state_words(row.state, row.hold_reason), _minutes(now - row.promised_at))


def _decision(row: WorkOrder, code: str, text: str, minutes: int) -> Decision:
    return Decision(row.pk, row.plate or row.vin[-6:], code, text, minutes, row.state)
