"""The list of orders: filtered, searched, sorted, page by page, and whole for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, F, QuerySet

from cheyi.foundation import search
from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.kernel import Money
from cheyi.workshop.access import orders
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.models.choices import OrderState
from cheyi.workshop.queries.labels import labels, state_words
from cheyi.workshop.rules.life import OPEN_STATES
from cheyi.workshop.rules.status import Status, late_minutes, status_of

PAGE = 50
MOST_HITS = 200
MOST_EXPORTED = 5_000
PRICES = "workshop.order.view_prices"
SORTS: dict[str, tuple[Any, ...]] = {
    "promised": (F("promised_at").asc(nulls_last=True), "pk"),
    "received": ("-received_at", "-pk"),
    "total": ("-estimate_total", "-pk"),
}
OVER = ("delivered", "closed", "cancelled")
NOT_READY = ("draft", "open", "dispatched", "working", "hold", "qc", "wash")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the list; anything unknown counts as not said."""

    state: str = ""
    mine: bool = False
    late: bool = False
    text: str = ""
    sort: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order of the list; its total is None where the viewer sees no prices."""

    order: WorkOrder
    status: Status
    state_words: str
    advisor: str
    late: int
    total: Money | None


@dataclass(frozen=True, slots=True)
class OrderList:
    """A page of orders, how many stand in each open state, and what was asked."""

    rows: tuple[OrderRow, ...]
    states: Sequence[tuple[str, str, int]]
    past: Sequence[tuple[str, str]]
    wanted: Wanted
    more: bool
    shows_prices: bool

    @property
    def chosen(self) -> str:
        """The state asked for, if any."""
        return self.wanted.state


def order_list(viewer: Viewer, wanted: Wanted, *, store: Store, now: datetime) -> OrderList:
    """A page of open orders by promise, or of what is wanted; two queries, a third where a text is searched."""
    wanted = _known(wanted)
    seen = orders(viewer).filter(store=store)
    counts = dict(seen.filter(state__in=OPEN_STATES).values_list("state").annotate(n=Count("pk")).order_by())
    first = (wanted.page - 1) * PAGE
    rows = list(_found(seen, viewer, wanted, store, now)[first : first + PAGE + 1])
    words = labels(OrderState)
    prices = viewer.may(PRICES)
    return OrderList(
        tuple(_row(row, now, prices=prices) for row in rows[:PAGE]),
        [(code, words[code], counts[code]) for code in OPEN_STATES if code in counts],
        [(code, words[code]) for code in OVER],
        wanted,
        more=len(rows) > PAGE,
        shows_prices=prices,
    )


def exported(viewer: Viewer, wanted: Wanted, *, store: Store, now: datetime) -> Iterator[OrderRow]:
    """Every order that is wanted, at most five thousand, for a spreadsheet."""
    prices = viewer.may(PRICES)
    found = _found(orders(viewer).filter(store=store), viewer, _known(wanted), store, now)
    return (_row(row, now, prices=prices) for row in found[:MOST_EXPORTED])


def _known(wanted: Wanted) -> Wanted:
    return replace(
        wanted,
        state=wanted.state if wanted.state in OrderState.values else "",
        sort=wanted.sort if wanted.sort in SORTS else "",
        page=min(max(wanted.page, 1), 1_000),
        text=wanted.text.strip()[:40],
    )


def _found(
    rows: QuerySet[WorkOrder], viewer: Viewer, wanted: Wanted, store: Store, now: datetime
) -> QuerySet[WorkOrder]:
    if wanted.text:
        hits = search.look_up(wanted.text, store, things=("order", "vehicle", "customer"), limit=MOST_HITS)
        ids = {
            thing: [hit.target_id for hit in hits if hit.thing == thing] for thing in ("order", "vehicle", "customer")
        }
        rows = rows.filter(pk__in=ids["order"]) | rows.filter(vehicle_id__in=ids["vehicle"])
        if viewer.may("customers.customer.view"):
            rows = rows | orders(viewer).filter(store=store, customer_id__in=ids["customer"])
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    elif not wanted.text:
        rows = rows.filter(state__in=OPEN_STATES)
    if wanted.mine:
        rows = rows.filter(advisor_id=viewer.employee_id or 0)
    if wanted.late:
        rows = rows.filter(promised_at__lt=now, state__in=NOT_READY)
    over = wanted.text or wanted.state in OVER
    return rows.select_related("advisor").order_by(*SORTS[wanted.sort or ("received" if over else "promised")])


def _row(row: WorkOrder, now: datetime, *, prices: bool) -> OrderRow:
    return OrderRow(
        row,
        status_of(row.state, hold_reason=row.hold_reason),
        state_words(row.state, row.hold_reason),
        row.advisor.name if row.advisor else "",
        late_minutes(row.promised_at, row.state, now=now),
        row.estimate_total if prices else None,
    )
