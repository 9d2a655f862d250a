"""The customers a store knows, by name, sound, or number (design.md 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cheyi.customers.models import CustomerStore
from cheyi.customers.queries.cards import CustomerBrief, brief
from cheyi.customers.queries.looking import VIEW, in_order, mine, seen_by, with_store
from cheyi.foundation import search as index
from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store

MOST_ROWS = 50
LAST_PAGE = 20


@dataclass(frozen=True, slots=True)
class CustomerHit:
    """A customer who was found, and whether a phone number led to him."""

    customer: CustomerBrief
    by_phone: bool


def search(text: str, *, store: Store, viewer: Viewer, limit: int = MOST_ROWS) -> list[CustomerHit]:
    """What the viewer may see of the customers found under a text; without a text those who came last. Three queries."""
    rows = seen_by(viewer)
    if not text.strip():
        return [CustomerHit(brief(row), by_phone=False) for row in in_order(rows, _latest(store, viewer, limit))]
    hits = index.look_up(text, store, things=("customer",), limit=limit)
    by_phone = {hit.target_id: hit.by_phone for hit in hits}
    return [CustomerHit(brief(row), by_phone[row.pk]) for row in in_order(rows, [hit.target_id for hit in hits])]


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """One page of the list: who stands on it, when each was here last, and whether another page follows."""

    hits: tuple[CustomerHit, ...]
    last_visits: Mapping[int, date | None]
    number: int
    more: bool


def list_page(text: str, *, store: Store, viewer: Viewer, number: int = 1) -> CustomerPage:
    """A page of fifty of the customers whom the viewer may see, as ``search`` orders them. Four queries at most.

    ``number`` counts from 1; further than ``LAST_PAGE`` nobody turns pages, who looks for somebody types.
    """
    number = min(max(number, 1), LAST_PAGE)
    start = (number - 1) * MOST_ROWS
    by_phone: dict[int, bool] = {}
    if text.strip():
        found = index.look_up(text, store, things=("customer",), limit=start + MOST_ROWS + 1)[start:]
        by_phone = {hit.target_id: hit.by_phone for hit in found}
        ids = [hit.target_id for hit in found]
    else:
        ids = _latest(store, viewer, MOST_ROWS + 1, start=start)
    rows: list[Any] = in_order(with_store(seen_by(viewer), viewer), ids[:MOST_ROWS])
    return CustomerPage(
        tuple(CustomerHit(brief(row), by_phone.get(row.pk, False)) for row in rows),
        {row.pk: row.last_visit_on for row in rows},
        number,
        len(ids) > MOST_ROWS and number < LAST_PAGE,
    )


def _latest(store: Store, viewer: Viewer, limit: int, *, start: int = 0) -> list[int]:
    """Who came last, then who was put on file last; each by the index of the table."""
    known = CustomerStore.objects.filter(store=store)
    if viewer.reach(VIEW) == "own":
        known = known.filter(mine(viewer))
    visited = known.exclude(last_visit_on=None)
    came = list(visited.order_by("-last_visit_on", "-pk").values_list("customer_id", flat=True)[start : start + limit])
    if len(came) == limit:
        return came
    skipped = start - visited.count() if start and not came else 0
    rest = known.filter(last_visit_on=None).order_by("-pk").values_list("customer_id", flat=True)
    return came + list(rest[skipped : skipped + limit - len(came)])
