"""The documents behind each figure of the manager's page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cheyi.foundation.models import Store
from cheyi.kernel import Money
from cheyi.settlement import queries as settlement
from cheyi.workshop.queries.counter import KIND
from cheyi.workshop.queries.figures import live_orders
from cheyi.workshop.queries.trends import Past, handed_over, past_orders
from cheyi.workshop.rules.status import is_late

CODES = ("taken", "opened", "delivered", "per_car", "on_time", "in_shop", "late")


@dataclass(frozen=True, slots=True)
class Document:
    """One document behind a figure; no person is named. ``says`` is a state, a way of paying or yes/no as a code."""

    no: str
    plate: str
    model: str
    at: datetime | None
    amount: Money | None
    says: str
    order_id: int | None


def documents(code: str, store: Store, now: datetime) -> list[Document]:
    """What a figure was counted from, newest first; one or two queries. Raises KeyError for an unknown code."""
    return {"taken": _money, "in_shop": _here, "late": _here}.get(code, _orders)(code, store, now)


def _money(_code: str, store: Store, now: datetime) -> list[Document]:
    return [
        Document(
            row.no,
            "",
            row.document.label if row.document else "",
            row.at,
            row.amount,
            row.method,
            row.document.id if row.document and row.document.kind == KIND else None,
        )
        for row in settlement.money_on(store, store.business_date(now))
    ]


def _here(code: str, store: Store, now: datetime) -> list[Document]:
    rows = [row for row in live_orders(store) if code == "in_shop" or is_late(row.promised_at, row.state, now=now)]
    return [
        Document(
            row.no,
            row.plate or row.vin[-6:],
            row.model_name,
            row.promised_at,
            row.approved_total,
            row.state,
            row.pk,
        )
        for row in sorted(rows, key=lambda row: (row.promised_at is None, row.promised_at, row.pk))
    ]


def _orders(code: str, store: Store, now: datetime) -> list[Document]:
    past, today = past_orders(store, now), store.business_date(now)
    if code == "opened":
        found = [one for one in past if one.opened_at and store.business_date(one.opened_at) == today]
        return list(_lines(found, "opened"))
    if code == "delivered":
        found = [one for one in past if one.delivered_at and store.business_date(one.delivered_at) == today]
        return list(_lines(found, "delivered"))
    if code in ("per_car", "on_time"):
        return list(_lines(handed_over(past, now), code))
    raise KeyError(code)


def _lines(rows: Iterable[Past], code: str) -> Iterable[Document]:
    for one in rows:
        at = one.opened_at if code == "opened" else one.delivered_at
        says = one.state
        if code == "on_time":
            says = {True: "on_time", False: "too_late", None: "no_promise"}[one.on_time]
        yield Document(one.no, one.plate, one.model, at, one.amount, says, one.pk)
