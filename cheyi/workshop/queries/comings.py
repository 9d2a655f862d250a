"""How often somebody was here."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from django.db.models import Count, QuerySet

from cheyi.foundation.access import Viewer
from cheyi.workshop.access import orders
from cheyi.workshop.models import WorkOrder

NO_VISIT_STATES = ("draft", "cancelled")
NO_VISIT_TYPES = ("internal", "pdi")

Of = Literal["customer", "vehicle"]


def real_visits(rows: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    """Those of some orders that were visits: opened, not cancelled, and not the house's own cars (domain.md 6.8)."""
    return rows.exclude(state__in=NO_VISIT_STATES).exclude(type__in=NO_VISIT_TYPES)


def counts_by(of: Of, ids: Collection[int], viewer: Viewer) -> dict[int, int]:
    """How many visits each customer or car made, among the orders that the viewer may see; 0 for none. One query."""
    rows = real_visits(orders(viewer)).filter(**{f"{of}_id__in": set(ids)})
    counted = dict(rows.values_list(f"{of}_id").annotate(times=Count("pk")).order_by())
    return {one: counted.get(one, 0) for one in ids}
