"""When the technicians of a store are there to work: by the roster, else by the opening hours, without who is away."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models

from cheyi.foundation.calendar import opening_hours
from cheyi.foundation.models import Absence, Store, WorkShift
from cheyi.foundation.unions import Fields, Part, side_by_side
from cheyi.kernel import OpeningHours, Span
from cheyi.workshop.engine.model import Shift
from cheyi.workshop.models import TechnicianProfile

LOOKED_BACK = timedelta(hours=12)
COMMON: Fields = {
    "employee_id": models.BigIntegerField(),
    "starts_at": models.DateTimeField(),
    "ends_at": models.DateTimeField(),
    "break_starts_at": models.DateTimeField(),
    "break_ends_at": models.DateTimeField(),
    "why": models.CharField(),
    "off": models.BooleanField(),
}
SPAN = {name: name for name in ("employee_id", "starts_at", "ends_at")}
BREAK = {name: name for name in ("break_starts_at", "break_ends_at")}


@dataclass(frozen=True, slots=True)
class Away:
    """A time in which somebody is not here, and why in a code."""

    id: int
    span: Span
    why: str


@dataclass(frozen=True, slots=True)
class Presence:
    """The shifts and the absences of each technician, and when the store is open."""

    shifts: Mapping[int, tuple[Shift, ...]]
    absences: Mapping[int, tuple[Away, ...]]
    opening: OpeningHours

    def away(self, person: int) -> tuple[Span, ...]:
        """The spans in which somebody is not here."""
        return tuple(one.span for one in self.absences.get(person, ()))


def presence(people: Collection[int], store: Store, now: datetime, *, days: int) -> Presence:
    """Who of some technicians is here when, for so many days from today on. Two queries.

    Each day stands for itself: on a day for which the roster says something of some technician (a shift, or that he
    is free), those who have a shift are here, and nobody else is; on a day of which it says nothing (yet), everybody
    is here while the store is open. So a store without a roster goes by its opening hours, and one whose roster ends
    on Sunday is not shut from Monday on. An absence is cut out of either. ``now`` is local: its zone tells where a day
    begins.
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    since, until = min(midnight, now - LOOKED_BACK), midnight + timedelta(days=days)
    rows = _rows(store, since, until)
    rostered: dict[int, list[Shift]] = {}
    for row in rows["shift"]:
        if not row["off"]:
            rostered.setdefault(row["employee_id"], []).append(_shift(row))
    taken = {row["starts_at"].astimezone(now.tzinfo).date() for row in rows["shift"]}
    opening = opening_hours(store)
    free = (midnight.date() + timedelta(days=number) for number in range(days))
    usual = [Shift(span) for day in free if day not in taken for span in opening.on(day) if span.end > now]
    absences: dict[int, list[Away]] = {}
    for row in rows["absence"]:
        away = Away(row["id"], Span(row["starts_at"], row["ends_at"]), row["why"])
        absences.setdefault(row["employee_id"], []).append(away)
    return Presence(
        {one: _in_order([*rostered.get(one, ()), *usual]) for one in people},
        {one: tuple(sorted(rows, key=lambda row: row.span)) for one, rows in absences.items()},
        opening,
    )


def _rows(store: Store, since: datetime, until: datetime) -> dict[str, list[dict[str, Any]]]:
    """Shifts and absences that touch a time, of those who are technicians here; one query."""
    here = TechnicianProfile.objects.filter(store=store, active=True, employee__status="active")
    span = {"store": store, "employee_id__in": here.values("employee_id"), "ends_at__gt": since, "starts_at__lt": until}
    shifts = Part("shift", WorkShift.objects.filter(**span), {**SPAN, **BREAK, "off": "off"})
    absences = Part("absence", Absence.objects.filter(**span), {**SPAN, "why": "why"})
    return side_by_side(COMMON, shifts, absences)


def _shift(row: Mapping[str, Any]) -> Shift:
    begins, ends = row["break_starts_at"], row["break_ends_at"]
    return Shift(Span(row["starts_at"], row["ends_at"]), (Span(begins, ends),) if begins and ends else ())


def _in_order(shifts: list[Shift]) -> tuple[Shift, ...]:
    return tuple(sorted(shifts, key=lambda one: one.span))
