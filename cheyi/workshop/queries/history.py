"""What was done to an order: the audit rows of its page, with what can still be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cheyi.foundation.access import SYSTEM, Viewer
from cheyi.foundation.models import AuditEntry
from cheyi.foundation.refusals import wording
from cheyi.kernel import Money
from cheyi.workshop.models import WorkOrder

MOST = 60
THING = "workshop.workorder"


@dataclass(frozen=True, slots=True)
class Act:
    """One act: when, who, what in words, its details, and the entry to undo it by (empty: not or no longer)."""

    at: datetime
    who: str
    words: str
    details: str
    undo: str
    undone: bool


def history(order: WorkOrder, *, viewer: Viewer) -> list[Act]:
    """The latest sixty acts on an order, the latest first. One query."""
    rows = AuditEntry.objects.filter(thing=THING, thing_id=order.pk, store_id=order.store_id)
    seen = rows.select_related("reversed_by").order_by("-at", "-pk")[:MOST]
    prices = viewer.may("workshop.order.view_prices")
    return [_act(row, viewer, prices=prices) for row in seen]


def who_took_off(order: WorkOrder) -> dict[int, str]:
    """Who took jobs off an order, by line; what was put back since is for the caller to know. One query."""
    rows = AuditEntry.objects.filter(
        thing=THING, thing_id=order.pk, store_id=order.store_id, code="workshop.line.removed", inverse__isnull=False
    )
    return {
        taken["id"]: _who(row)
        for row in rows.order_by("pk")
        for taken in (row.inverse or {})["arguments"]["rows"]
        if taken["kind"] == "labour"
    }


def _act(row: AuditEntry, viewer: Viewer, *, prices: bool) -> Act:
    undone = getattr(row, "reversed_by", None) is not None
    possible = row.inverse is not None and not undone and row.reverses_id is None
    offered = bool(possible and row.inverse and viewer.may(row.inverse["verb"]))
    words = wording().get(row.code, row.code)
    return Act(
        row.at, _who(row), str(words), _details(row.facts, prices=prices), str(row.uid) if offered else "", undone
    )


def _who(row: AuditEntry) -> str:
    """Who did it, by the name of that day; what the program did by itself says so."""
    return str(_("by itself")) if row.actor_id is None and row.actor_name == SYSTEM.name else row.actor_name


def _details(facts: Mapping[str, object], *, prices: bool) -> str:
    """What stands in the facts for people: names of lines, reasons, notes, amounts where prices are seen."""
    found: list[str] = []
    lines = facts.get("lines")
    if isinstance(lines, list):
        found.extend(str(one) for one in lines if isinstance(one, str))
    for name in ("line", "name", "part_no", "reason", "note", "no"):
        value = facts.get(name)
        if isinstance(value, str) and value:
            found.append(value)
    before, after = facts.get("before"), facts.get("after")
    if prices and isinstance(before, int) and isinstance(after, int):
        found.append(f"¥{Money(before)} → ¥{Money(after)}")
    km = facts.get("km")
    if isinstance(km, int):
        found.append(f"{km:,} km")
    return " · ".join(dict.fromkeys(found))
