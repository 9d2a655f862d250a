"""What sister stores of the group have done on a car: the one function by which service history crosses the wall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cheyi.customers.models import Consent
from cheyi.foundation.models import Store
from cheyi.foundation.scope import everywhere
from cheyi.foundation.unions import Fields, Part, side_by_side
from cheyi.workshop.models import Advice, LabourLine, PartLine, WorkOrder
from cheyi.workshop.rules.life import DEAD_LINES

SHOWN = 8
OVER = ("delivered", "closed")
COMMON: Fields = {"order_id": models.BigIntegerField(), "text": models.CharField()}


@dataclass(frozen=True, slots=True)
class SisterVisit:
    """A visit to a sister store: when, where, at which mileage, which work and parts, what was advised. Nothing else."""

    on: date
    store_name: str
    mileage: int | None
    works: tuple[str, ...]
    parts: tuple[str, ...]
    advice: tuple[str, ...]


def sister_visits(vehicle_id: int, *, store: Store) -> list[SisterVisit]:
    """The latest visits of a car that ``store`` knows to other stores of its group, at most eight. Two queries.

    Crosses stores on purpose (design.md 13): no prices, cost, notes or staff, and no customer. Visits to stores of
    another legal entity are shown only where the customer of the visit consents to ``sharing_group`` now.
    """
    with everywhere("service history of a known car is shared in the group"):
        consents = Consent.objects.filter(
            customer_id=OuterRef("customer_id"), purpose="sharing_group", withdrawn_at=None
        )
        rows = WorkOrder.objects.filter(
            Q(store__legal_entity_id=store.legal_entity_id) | Exists(consents),
            vehicle_id=vehicle_id,
            state__in=OVER,
            store__group_id=store.group_id,
        )
        visited = list(
            rows.exclude(store_id=store.pk)
            .select_related("store")
            .only("pk", "received_at", "mileage_in", "store__name", "store__zone", "store__cut_over_hour")
            .order_by("-received_at", "-pk")[:SHOWN]
        )
        done = _done([order.pk for order in visited])
    return [
        SisterVisit(
            order.store.business_date(order.received_at),
            order.store.name,
            order.mileage_in,
            *(_texts(done, what, order.pk) for what in ("work", "part", "advice")),
        )
        for order in visited
    ]


def _done(order_ids: list[int]) -> Mapping[str, list[dict[str, Any]]]:
    if not order_ids:
        return {}
    work = LabourLine.objects.filter(order_id__in=order_ids).exclude(state__in=DEAD_LINES)
    parts = PartLine.objects.filter(order_id__in=order_ids).exclude(state__in=DEAD_LINES)
    advice = Advice.objects.filter(order_id__in=order_ids, resolved_at=None)
    return side_by_side(
        COMMON,
        Part("work", work, {"order_id": "order_id", "text": "name"}),
        Part("part", parts, {"order_id": "order_id", "text": "name"}),
        Part("advice", advice, {"order_id": "order_id", "text": "text"}),
    )


def _texts(done: Mapping[str, list[dict[str, Any]]], what: str, order_id: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row["text"] for row in done.get(what, []) if row["order_id"] == order_id))
