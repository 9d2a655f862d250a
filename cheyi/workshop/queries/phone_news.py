"""What a technician should hear of his cars: jobs given, the owners' answers, parts that came, work sent back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.parts.models import Reservation
from cheyi.workshop.models import Answer, Assignment, LabourLine, PartLine, QCRecord, WorkOrder

LOOKED_BACK = timedelta(days=2)
MOST = 40
ORDER_SOURCE = "workshop.order"


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened: no name of the customer, no price."""

    at: datetime
    code: str
    plate: str
    text: str
    line_id: int


def my_news(viewer: Viewer, *, store: Store, now: datetime) -> list[News]:
    """What happened to my cars in two days, the latest first, at most forty; six queries."""
    since = now - LOOKED_BACK
    mine = list(
        Assignment.objects.filter(store=store, technician_id=viewer.employee_id or 0, ended_at=None, line__store=store)
        .exclude(line__order__state__in=["delivered", "closed", "cancelled"])
        .select_related("line__order")
        .order_by("-pk")[:MOST]
    )
    lines = {row.line_id: row.line for row in mine}
    by_order: dict[int, LabourLine] = {}
    for row in mine:
        by_order.setdefault(row.line.order_id, row.line)
    news = [_news(row.created_at, "given", row.line, row.line.name) for row in mine if row.created_at >= since]
    news += _answers(by_order, store=store, since=since)
    news += _sent_back(by_order, lines, store=store, since=since)
    news += _came(lines, store=store, since=since)
    return sorted(news, key=lambda one: one.at, reverse=True)[:MOST]


def _news(at: datetime, code: str, line: LabourLine, text: str) -> News:
    order: WorkOrder = line.order
    return News(at, code, order.plate or order.vin[-6:], text, line.pk)


def _answers(by_order: dict[int, LabourLine], *, store: Store, since: datetime) -> Iterable[News]:
    rows = Answer.objects.filter(store=store, order_id__in=by_order, answered_at__gte=since, line_kind="labour")
    for row in rows.order_by("pk"):
        yield _news(row.answered_at, "agreed" if row.approved else "put_off", by_order[row.order_id], row.wording)


def _sent_back(
    by_order: dict[int, LabourLine], lines: dict[int, LabourLine], *, store: Store, since: datetime
) -> Iterable[News]:
    rows = QCRecord.objects.filter(
        store=store, order_id__in=by_order, result=QCRecord.Result.FAILED, checked_at__gte=since
    )
    for row in rows.order_by("pk"):
        failed = [lines[pk] for pk in row.failed_lines if pk in lines]
        for line in failed:
            yield _news(row.checked_at, "sent_back", line, f"{line.name} {row.note}".strip())


def _came(lines: dict[int, LabourLine], *, store: Store, since: datetime) -> Iterable[News]:
    """Parts that were short when they were asked for and are kept for the job now."""
    parts = {
        part.pk: part
        for part in PartLine.objects.filter(store=store, labour_line_id__in=lines, state__in=["reserved", "picked"])
    }
    rows = Reservation.objects.filter(
        store=store,
        created_at__gte=since,
        state=Reservation.State.OPEN,
        line__store=store,
        line__source_line_id__in=parts,
        line__request__store=store,
        line__request__source_kind=ORDER_SOURCE,
    ).select_related("line")
    for row in rows.order_by("pk"):
        if row.created_at > row.line.created_at:
            part = parts[row.line.source_line_id or 0]
            yield _news(row.created_at, "came", lines[part.labour_line_id or 0], part.name)
