"""The labour lines in a workshop with their orders, read once for the board and for the plan."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from cheyi.foundation.models import Store
from cheyi.kernel import Hours
from cheyi.workshop.models import LabourLine
from cheyi.workshop.queries.labels import job_word, state_words

TO_DO = ("approved", "assigned", "working", "paused")

ORDER_FIELDS = ("plate", "vin", "model_name", "state", "hold_reason", "promised_at", "waits_in_store", "checks")
LINE_FIELDS = (
    *("pk", "seq", "name", "state", "std_hours"),
    *("skill_code", "min_level", "bay_kind", "high_voltage", "difficult", "pause_reason"),
)


@dataclass(frozen=True, slots=True)
class OrderHere:
    """An order as the board and the plan see it."""

    pk: int
    plate: str
    vin: str
    model_name: str
    state: str
    hold_reason: str
    promised_at: datetime | None
    waits_in_store: bool
    checks: Sequence[str]

    @property
    def said(self) -> str:
        """The state in words; of an order on hold why it is."""
        return state_words(self.state, self.hold_reason)


@dataclass(frozen=True, slots=True)
class LineHere:
    """A labour line and its order; ``hours`` is the standard time."""

    order: OrderHere
    pk: int
    seq: int
    name: str
    state: str
    hours: Hours
    skill: str
    level: int
    bay_kind: str
    high_voltage: bool
    difficult: bool
    pause_reason: str

    @property
    def said(self) -> str:
        """The state in words; of a paused job what it waits for."""
        return job_word(self.state, self.pause_reason, self.order.checks)


def lines_here(
    store: Store, *, order_states: Collection[str], line_states: Collection[str] | None = None
) -> list[LineHere]:
    """The labour lines (in some states, else all) of the store's orders in some states, by order and place; one query."""
    rows = LabourLine.objects.filter(store=store, order__store=store, order__state__in=order_states)
    if line_states is not None:
        rows = rows.filter(state__in=line_states)
    wanted = ("order_id", *(f"order__{name}" for name in ORDER_FIELDS), *LINE_FIELDS)
    orders: dict[int, OrderHere] = {}
    found = []
    for row in rows.order_by("order_id", "seq").values_list(*wanted):
        split = 1 + len(ORDER_FIELDS)
        order = orders.get(row[0]) or orders.setdefault(row[0], OrderHere(*row[:split]))
        found.append(LineHere(order, *row[split:]))
    return found
