"""What advisors have to do for cars in the shop: answers, findings and short parts that wait for their next step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet

from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.foundation.unions import Fields, Part, side_by_side
from cheyi.workshop.access import orders
from cheyi.workshop.models import FeeLine, Finding, LabourLine, PartLine, SubletLine, WorkOrder
from cheyi.workshop.rules.life import EDITING, IN_WORKSHOP, able
from cheyi.workshop.rules.quality import CHECK

MOST = 20
TO_GIVE = able(EDITING, "assign")
"""States of an order in which a job that nobody has waits to be given; before them the whole order does."""

COMMON: Fields = {
    "order_id": models.BigIntegerField(),
    "plate": models.CharField(),
    "vin": models.CharField(),
    "advisor_id": models.BigIntegerField(),
    "promised_at": models.DateTimeField(),
    "text": models.CharField(),
}
OF_ORDER = {"plate": "order__plate", "vin": "order__vin", "advisor_id": "order__advisor_id"}
OF_LINE = {**OF_ORDER, "order_id": "order_id", "promised_at": "order__promised_at"}


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a car needs: ``answered``, ``agreed``, ``found`` or ``short``; how many, and the first in words."""

    code: str
    count: int
    text: str


@dataclass(frozen=True, slots=True)
class CarInNeed:
    """A car in the shop and what it needs of its advisor."""

    order_id: int
    plate: str
    is_mine: bool
    promised_at: datetime | None
    needs: tuple[Need, ...]


def cars_in_need(viewer: Viewer, *, store: Store) -> tuple[CarInNeed, ...]:
    """The cars of the store that wait for an advisor: the viewer's first, then by promise; at most 20. One query."""
    here = orders(viewer).filter(store=store)
    found = side_by_side(
        COMMON,
        Part("answered", _answered(here), {"order_id": "pk", **{name: name for name in (*OF_ORDER, "promised_at")}}),
        Part("agreed", _of(LabourLine, here, TO_GIVE).filter(state="approved"), {**OF_LINE, "text": "name"}),
        Part("found", _unpriced(here), {**OF_LINE, "text": "item"}),
        Part("short", _of(PartLine, here, IN_WORKSHOP).filter(state="backordered"), {**OF_LINE, "text": "name"}),
    )
    cars = [_car(rows, viewer) for rows in _by_order(found).values()]
    return tuple(sorted(cars, key=_place)[:MOST])


def _of(table: type[Any], here: QuerySet[WorkOrder], states: tuple[str, ...]) -> QuerySet[Any]:
    return table.objects.filter(order__in=here.filter(state__in=states))  # type: ignore[no-any-return]


def _answered(here: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    """Orders that are held for an answer, of which nothing is asked any more."""
    held = here.filter(state="hold", hold_reason="wait_approval")
    for table in (LabourLine, PartLine, SubletLine, FeeLine):
        held = held.exclude(Exists(table.objects.filter(order=OuterRef("pk"), state="pending")))
    return held


def _unpriced(here: QuerySet[WorkOrder]) -> QuerySet[Finding]:
    """Findings that propose no job, as long as nobody has noted them or put a job on the order since."""
    since = LabourLine.objects.filter(
        order=OuterRef("order"), created_at__gte=OuterRef("reported_at"), findings__isnull=True
    )
    open_still: QuerySet[Finding] = _of(Finding, here, IN_WORKSHOP).filter(line=None, decision="", noted_at=None)
    return open_still.exclude(system=CHECK).exclude(Exists(since))


def _by_order(found: Mapping[str, list[dict[str, Any]]]) -> dict[int, dict[str, list[dict[str, Any]]]]:
    rows: dict[int, dict[str, list[dict[str, Any]]]] = {}
    for code, ones in found.items():
        for one in ones:
            rows.setdefault(one["order_id"], {}).setdefault(code, []).append(one)
    return rows


def _car(rows: Mapping[str, list[dict[str, Any]]], viewer: Viewer) -> CarInNeed:
    needs = tuple(Need(code, len(ones), ones[0]["text"] or "") for code, ones in rows.items())
    order = next(iter(rows.values()))[0]
    return CarInNeed(
        order["order_id"],
        order["plate"] or order["vin"][-6:],
        order["advisor_id"] == viewer.employee_id,
        order["promised_at"],
        needs,
    )


def _place(car: CarInNeed) -> tuple[bool, bool, float, int]:
    promise = car.promised_at.timestamp() if car.promised_at else 0.0
    return (not car.is_mine, car.promised_at is None, promise, car.order_id)
