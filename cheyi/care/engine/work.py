"""What is to be done at a coming service: which jobs of the schedule fall due by then (domain.md 11.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cheyi.care.engine.model import Service
from cheyi.care.engine.schedule import Node, Schedule
from cheyi.kernel import Reason
from cheyi.vehicles.rules.service import add_months


@dataclass(frozen=True, slots=True)
class NodeDue:
    """A job of the schedule: the mileage and the day at which it is due (as far as known), and whether this service does it."""

    op: str
    km: int | None
    on: date | None
    now: bool
    reasons: tuple[Reason, ...] = ()


def nodes_due(
    schedule: Schedule, *, km: int, on: date, done: Mapping[str, Service], new_on: date | None = None
) -> tuple[NodeDue, ...]:
    """Every job of the schedule, seen from a service at this mileage and day; ``done`` is when each was done last.

    A job that falls due before half of the way to the service after is done now, rather than in a visit of its own. One that
    was never recorded counts from new and says so.
    """
    half_km = schedule.every.km // 2 if schedule.every.km else 0
    half_months = schedule.every.months // 2 if schedule.every.months else 0
    by = add_months(on, half_months)
    return tuple(_node_due(node, done.get(node.op), new_on, km + half_km, by) for node in schedule.nodes)


def _node_due(node: Node, last: Service | None, new_on: date | None, km: int, by: date) -> NodeDue:
    since = last or Service(new_on or date.max, 0)
    due_km = since.km + node.every.km if since.km is not None and node.every.km is not None else None
    dated = node.every.months is not None and since.on != date.max
    due_on = add_months(since.on, node.every.months or 0) if dated else None
    now = (due_km is not None and due_km <= km) or (due_on is not None and due_on <= by)
    reasons = () if last is not None else (Reason("never_recorded"),)
    if due_km is None and due_on is None:
        reasons = (*reasons, Reason("no_measure_known"))
    return NodeDue(node.op, due_km, due_on, now, reasons)
