"""What waits for the inspector."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cheyi.foundation.models import Store
from cheyi.workshop.models import JobClock, LabourLine, QCRecord, WorkOrder
from cheyi.workshop.rules.quality import BODY, HIGH_VOLTAGE, checklist


@dataclass(frozen=True, slots=True)
class ToCheck:
    """An order that waits for its final check: what was done, by whom, since when it waits."""

    order: WorkOrder
    works: tuple[str, ...]
    people: tuple[str, ...]
    late: bool
    minutes: int


@dataclass(frozen=True, slots=True)
class CheckPage:
    """One order's check: its lines and the list to go through."""

    order: WorkOrder
    lines: tuple[LabourLine, ...]
    items: tuple[str, ...]
    people: tuple[str, ...]
    mine: bool
    workers: dict[int, list[str]]
    extra: frozenset[str]
    road_test: bool
    next_order_id: int | None
    earlier: tuple[QCRecord, ...]


def to_check(store: Store, now: datetime) -> list[ToCheck]:
    """Orders in quality check, the earliest promise first; three queries."""
    orders = list(WorkOrder.objects.filter(store=store, state="qc").order_by("promised_at", "pk")[:50])
    works: dict[int, list[str]] = {}
    lines = LabourLine.objects.filter(store=store, order_id__in=[row.pk for row in orders])
    for order_id, name in lines.filter(state="done").order_by("seq").values_list("order_id", "name"):
        works.setdefault(order_id, []).append(name)
    people = _people(store, [row.pk for row in orders])
    return [
        ToCheck(
            row,
            tuple(works.get(row.pk, ())),
            tuple(people.get(row.pk, ())),
            row.promised_at is not None and row.promised_at < now,
            int((now - row.state_at).total_seconds() // 60),
        )
        for row in orders
    ]


def check_page(order: WorkOrder, *, employee_id: int | None, level: str = "final") -> CheckPage:
    """What the inspector goes through on one order; ``mine`` says that he worked on it himself."""
    lines = tuple(LabourLine.objects.filter(order=order, state="done").select_related("op").order_by("seq"))
    clocks = JobClock.objects.filter(line__in=lines).order_by("pk")
    workers: dict[int, list[str]] = {}
    ids = set()
    for line_id, technician_id, name in clocks.values_list("line_id", "technician_id", "technician__name"):
        ids.add(technician_id)
        if name not in workers.setdefault(line_id, []):
            workers[line_id].append(name)
    electric = any(line.high_voltage for line in lines)
    body = any(line.bay_kind in ("body", "paint") for line in lines)
    others = WorkOrder.objects.filter(store_id=order.store_id, state="qc").exclude(pk=order.pk)
    return CheckPage(
        order,
        lines,
        tuple(checklist(level, high_voltage=electric, body=body)),
        _people_of(order),
        employee_id in ids,
        workers,
        frozenset((*HIGH_VOLTAGE, *BODY)),
        any(line.needs_road_test for line in lines),
        others.order_by("promised_at", "pk").values_list("pk", flat=True).first(),
        tuple(QCRecord.objects.filter(order=order).order_by("-pk")[:5]),
    )


def _people(store: Store, order_ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = JobClock.objects.filter(store=store, line__store=store, line__order_id__in=order_ids)
    for order_id, name in rows.order_by("pk").values_list("line__order_id", "technician__name").distinct():
        if name not in found.setdefault(order_id, []):
            found[order_id].append(name)
    return found


def _people_of(order: WorkOrder) -> tuple[str, ...]:
    rows = JobClock.objects.filter(store_id=order.store_id, line__order=order, line__store_id=order.store_id)
    return tuple(dict.fromkeys(rows.order_by("pk").values_list("technician__name", flat=True)))
