"""What stands in the lanes of the board: work that runs, is planned, was done, and what is proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cheyi.foundation.models import Store
from cheyi.workshop.engine.model import Assignment as Planned
from cheyi.workshop.engine.model import Plan
from cheyi.workshop.planning import Standing
from cheyi.workshop.queries.work import LineHere
from cheyi.workshop.rules.status import is_late, status_of

STEP_MINUTES = 5
OPENS_HOUR, CLOSES_HOUR = 8, 19
SLOTS = (CLOSES_HOUR - OPENS_HOUR) * 60 // STEP_MINUTES
SHORTEST = 3
SLIM = 7


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of work in a lane: ``at`` and ``length`` in five-minute steps from eight o'clock."""

    line_id: int
    order_id: int
    plate: str
    work: str
    key: str
    words: str
    at: int
    length: int
    share: int
    movable: bool
    proposed: bool = False
    technician: int = 0
    who: str = ""
    bay: int | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    promised_at: datetime | None = None

    @property
    def slim(self) -> bool:
        """Too short for a line of text: the plate's end stands upright."""
        return self.length <= SLIM

    @property
    def tail(self) -> str:
        """What tells the car apart on a short block."""
        return self.plate[-5:]


def done_blocks(
    floor: Standing,
    lines: Mapping[int, LineHere],
    store: Store,
    midnight: datetime,
    now: datetime,
) -> list[Block]:
    """What was clocked today and is not running any more."""
    closes, found = midnight + timedelta(hours=11), []
    for clock in floor.clocks:
        line = lines[clock.line_id]
        person = floor.people.get(clock.technician_id)
        if clock.stopped_at is None or clock.stopped_at < midnight or clock.started_at >= closes:
            continue
        if person is None or line.state in ("working", "assigned"):
            continue
        begins, ends = store.local(clock.started_at), store.local(clock.stopped_at)
        done = line.state in ("done", "passed")
        block = _block(line, begins, ends, midnight, "ok" if done else "", 100 if done else 0, now)
        given = floor.given.get(line.pk)
        bay = given.bay_id if given else None
        found.append(replace(block, technician=person.id, who=person.name, bay=bay))
    return found


def planned_blocks(
    floor: Standing,
    plan: Plan,
    lines: Mapping[int, LineHere],
    midnight: datetime,
    now: datetime,
) -> list[Block]:
    """What runs and what comes: dispatched work solid, the engine's proposals dashed."""
    found = []
    for one in plan.assignments:
        line, person = lines.get(one.task), floor.people.get(one.technician)
        if line is None or person is None or one.start >= midnight + timedelta(hours=11):
            continue
        proposed = line.pk not in floor.given
        key, share = "suggested" if proposed else "", _progress(one, line, now)
        block = _block(line, one.start, one.end, midnight, key, share, now)
        found.append(replace(block, technician=person.id, who=person.name, bay=one.bay, proposed=proposed))
    return found


def _progress(one: Planned, line: LineHere, now: datetime) -> int:
    if line.state != "working" or one.end <= one.start:
        return 0
    return max(0, min(100, round(100 * ((now - one.start) / (one.end - one.start)))))


def _block(
    line: LineHere, begins: datetime, ends: datetime, midnight: datetime, key: str, share: int, now: datetime
) -> Block:
    order = line.order
    late = is_late(order.promised_at, order.state, now=now)
    status = status_of(
        order.state, hold_reason=order.hold_reason, lines_pending=int(line.state == "pending"), late=late
    )
    running = "run" if line.state == "working" else status.key
    shown = key or ("bad" if late and line.state not in ("done", "passed") else running)
    at = min(slot_of(begins, midnight), SLOTS - SHORTEST)
    return Block(
        line.pk,
        order.pk,
        order.plate or order.vin[-6:],
        line.name,
        shown,
        line.said,
        at,
        max(min(slot_of(ends, midnight) - at, SLOTS - at), SHORTEST),
        share,
        movable=line.state in ("approved", "assigned", "paused"),
        begins=begins,
        ends=ends,
        promised_at=order.promised_at,
    )


def slot_of(moment: datetime, start: datetime) -> int:
    """The five-minute step from the board's beginning in which a moment lies, kept on the board."""
    return max(0, min(SLOTS, int((moment - start).total_seconds() // 60) // STEP_MINUTES))


def share_of(blocks: Sequence[Block], minutes: int) -> int:
    """How much of so many minutes is taken, in percent."""
    taken = sum((one.ends - one.begins for one in blocks if one.begins and one.ends), timedelta(0))
    return min(100, round(100 * taken.total_seconds() / 60 / minutes)) if minutes > 0 else 0
