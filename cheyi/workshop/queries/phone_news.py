"""What a technician should hear of his cars: jobs given, the owners' answers, parts that came, work sent back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.foundation.unions import Part, side_by_side
from cheyi.parts.models import Reservation
from cheyi.workshop.models import (
    Answer,
    Assignment,
    LabourLine,
    PartLine,
    QCRecord,
    TechnicianProfile,
    WorkOrder,
)
from cheyi.workshop.queries.work import TO_DO

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


def news_seen_at(viewer: Viewer, *, store: Store) -> datetime | None:
    """When this person last opened the messages, on whatever phone; None for never."""
    return _seen(viewer, store.pk).first()


def unseen_news(viewer: Viewer, now: datetime) -> int:
    """How much happened to my cars in two days since I last opened the messages: one query over my open jobs."""
    if viewer.store_id is None or viewer.employee_id is None:
        return 0
    since = now - LOOKED_BACK
    seen = Coalesce(Subquery(_seen(viewer, viewer.store_id)), Value(since, models.DateTimeField()))
    mine = _my_jobs(viewer, viewer.store_id)

    def new(rows: QuerySet[Any], moment: str) -> QuerySet[Any]:
        return rows.filter(**{"store_id": viewer.store_id, f"{moment}__gte": since, f"{moment}__gt": seen})

    orders = mine.values("line__order_id")
    sent_back = QCRecord.objects.filter(order_id__in=mine.filter(line__state__in=TO_DO).values("line__order_id"))
    found = side_by_side(
        {},
        Part("given", new(mine, "created_at")),
        Part("answered", new(Answer.objects.filter(order_id__in=orders, line_kind="labour"), "answered_at")),
        Part("sent_back", new(sent_back.filter(result=QCRecord.Result.FAILED), "checked_at")),
        Part("came", new(_kept(mine.values("line_id"), viewer.store_id), "created_at")),
    )
    return min(sum(len(ones) for ones in found.values()), MOST)


def _seen(viewer: Viewer, store_id: int) -> QuerySet[TechnicianProfile, datetime | None]:
    profiles = TechnicianProfile.objects.filter(store_id=store_id, employee_id=viewer.employee_id or 0)
    return profiles.values_list("news_seen_at", flat=True)


def _my_jobs(viewer: Viewer, store_id: int) -> QuerySet[Assignment]:
    given = Assignment.objects.filter(
        store_id=store_id, technician_id=viewer.employee_id or 0, ended_at=None, line__store_id=store_id
    )
    return given.exclude(line__order__state__in=["delivered", "closed", "cancelled"])


def _kept(lines: Any, store_id: int) -> QuerySet[Reservation]:
    """What is kept for parts of these jobs since later than they were asked for."""
    parts = PartLine.objects.filter(store_id=store_id, labour_line_id__in=lines, state__in=["reserved", "picked"])
    return Reservation.objects.filter(
        store_id=store_id,
        state=Reservation.State.OPEN,
        line__store_id=store_id,
        line__source_line_id__in=parts.values("pk"),
        line__request__store_id=store_id,
        line__request__source_kind=ORDER_SOURCE,
        created_at__gt=F("line__created_at"),
    )


def my_news(viewer: Viewer, *, store: Store, now: datetime) -> list[News]:
    """What happened to my cars in two days, the latest first, at most forty; six queries."""
    since = now - LOOKED_BACK
    mine = list(_my_jobs(viewer, store.pk).select_related("line__order").order_by("-pk")[:MOST])
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
    for row in _kept(lines, store.pk).filter(created_at__gte=since).select_related("line").order_by("pk"):
        part = parts[row.line.source_line_id or 0]
        yield _news(row.created_at, "came", lines[part.labour_line_id or 0], part.name)
