"""Clocked time that somebody must look at: longer than a shift, or with other times asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from cheyi.foundation.models import Store
from cheyi.workshop.actions.clocks import TOO_LONG
from cheyi.workshop.models import JobClock

MOST = 50


@dataclass(frozen=True, slots=True)
class ToCheck:
    """A clock with its job; ``stopped_at`` is None while it runs, the asked times where somebody asks for them."""

    pk: int
    line_id: int
    order_id: int
    technician_id: int
    technician: str
    job: str
    plate: str
    vin: str
    started_at: datetime
    stopped_at: datetime | None
    asked_start_at: datetime | None
    asked_stop_at: datetime | None
    asked_reason: str
    asked_by: str

    @property
    def car(self) -> str:
        """The plate, else the end of the VIN."""
        return self.plate or self.vin[-6:]

    def minutes(self, now: datetime) -> int:
        """How long was clocked, until ``now`` while it runs."""
        return int(((self.stopped_at or now) - self.started_at).total_seconds()) // 60


COLUMNS = {
    "pk": "pk",
    "line_id": "line_id",
    "order_id": "line__order_id",
    "technician_id": "technician_id",
    "technician": "technician__name",
    "job": "line__name",
    "plate": "line__order__plate",
    "vin": "line__order__vin",
    **{
        name: name
        for name in ("started_at", "stopped_at", "asked_start_at", "asked_stop_at", "asked_reason", "asked_by")
    },
}


def clocks_to_check(store: Store, now: datetime, **which: Any) -> list[ToCheck]:
    """What is flagged, asked for, or runs longer than twelve hours, what is asked for first; one query."""
    wanted = Q(flagged=True) | Q(asked_stop_at__isnull=False) | Q(stopped_at=None, started_at__lt=now - TOO_LONG)
    rows = JobClock.objects.filter(wanted, store=store, **which)
    rows = rows.order_by(F("asked_stop_at").asc(nulls_last=True), "started_at", "pk")
    return [ToCheck(*row) for row in rows.values_list(*COLUMNS.values())[:MOST]]
