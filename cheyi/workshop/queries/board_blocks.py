"""What stands in the lanes of the board: work that runs, is planned, was done, and what is proposed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cheyi.foundation.models import Store
from cheyi.workshop.engine.model import Assignment as Planned
from cheyi.workshop.engine.model import Plan
from cheyi.workshop.planning import Standing
from cheyi.workshop.queries.board_axis import STEP_MINUTES, Axis
from cheyi.workshop.queries.work import LineHere
from cheyi.workshop.rules.status import is_late, status_of

SLIM = 5
LONGEST_GAP = timedelta(minutes=STEP_MINUTES)
SAME = ("order_id", "technician", "key", "proposed")


@dataclass(frozen=True, slots=True)
class BlockJob:
    """A job in a block: its line, its name, its state in words, and whether it may still be placed elsewhere."""

    line_id: int
    name: str
    words: str
    runs: bool
    movable: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Work on one car in a lane, ``share`` percent done; ``at`` and ``length`` are steps of the axis, once it has one."""

    jobs: tuple[BlockJob, ...]
    order_id: int
    plate: str
    key: str
    share: int
    begins: datetime
    ends: datetime
    promised_at: datetime | None
    at: int = 0
    length: int = 0
    proposed: bool = False
    technician: int = 0
    who: str = ""
    bay: int | None = None

    @property
    def line_id(self) -> int:
        """The first job."""
        return self.jobs[0].line_id

    @property
    def works(self) -> tuple[str, ...]:
        """The names of the jobs."""
        return tuple(job.name for job in self.jobs)

    @property
    def words(self) -> tuple[str, ...]:
        """The states that its jobs are in, each once, the running one first."""
        return tuple(dict.fromkeys(job.words for job in sorted(self.jobs, key=lambda job: not job.runs)))

    @property
    def movable(self) -> bool:
        """Whether it may be moved as a whole."""
        return all(job.movable for job in self.jobs)

    @property
    def free(self) -> tuple[int, ...]:
        """The lines that may be given to somebody else: all of them, or what comes after the job that runs."""
        return tuple(job.line_id for job in self.jobs if job.movable)

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
    tomorrow, found = midnight + timedelta(days=1), []
    for clock in floor.clocks:
        line = lines[clock.line_id]
        person = floor.people.get(clock.technician_id)
        if clock.stopped_at is None or clock.stopped_at < midnight or clock.started_at >= tomorrow:
            continue
        if person is None or line.state in ("working", "assigned"):
            continue
        begins, ends = store.local(clock.started_at), store.local(clock.stopped_at)
        done = line.state in ("done", "passed")
        block = _block(line, begins, ends, "ok" if done else "", 100 if done else 0, now)
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
        if line is None or person is None or one.start >= midnight + timedelta(days=1):
            continue
        proposed = not floor.is_given(line.pk, one.technician)
        key, share = "suggested" if proposed else "", _progress(one, line, now)
        block = _block(line, one.start, one.end, key, share, now)
        found.append(replace(block, technician=person.id, who=person.name, bay=one.bay, proposed=proposed))
    return found


def _progress(one: Planned, line: LineHere, now: datetime) -> int:
    if line.state != "working" or one.end <= one.start:
        return 0
    return max(0, min(100, round(100 * ((now - one.start) / (one.end - one.start)))))


def _block(line: LineHere, begins: datetime, ends: datetime, key: str, share: int, now: datetime) -> Block:
    order = line.order
    late = is_late(order.promised_at, order.state, now=now)
    shown = key or ("bad" if late and line.state not in ("done", "passed") else _key(line))
    movable = line.state in ("approved", "assigned", "paused")
    return Block(
        jobs=(BlockJob(line.pk, line.name, line.said, line.state == "working", movable),),
        order_id=order.pk,
        plate=order.plate or order.vin[-6:],
        key=shown,
        share=share,
        begins=begins,
        ends=ends,
        promised_at=order.promised_at,
    )


def _key(line: LineHere) -> str:
    """The key of a job: what runs runs, what was put aside waits for its own reason, the rest is as its order is."""
    order = line.order
    if line.state == "working":
        return "run"
    if line.state == "paused":
        return status_of("hold", hold_reason=line.pause_reason or order.hold_reason).key
    return status_of(order.state, hold_reason=order.hold_reason, lines_pending=int(line.state == "pending")).key


def one_per_car(blocks: Iterable[Block], axis: Axis) -> tuple[Block, ...]:
    """The blocks of a lane as time runs; what follows one another on one car, in one bay and one state, is one block."""
    found: list[Block] = []
    for one in sorted(blocks, key=lambda one: (one.begins, one.line_id)):
        if found and _goes_on(found[-1], one):
            found[-1] = _joined(found[-1], one)
        else:
            found.append(one)
    return tuple(_placed(one, axis) for one in found)


def _placed(one: Block, axis: Axis) -> Block:
    at, length = axis.steps(one.begins, one.ends)
    return replace(one, at=at, length=length)


def _goes_on(one: Block, after: Block) -> bool:
    """Whether the work goes on there; work that was given without a bay stands wherever the rest does."""
    same = all(getattr(one, name) == getattr(after, name) for name in SAME)
    here = after.bay in (one.bay, None) or one.bay is None
    return same and here and after.begins - one.ends <= LONGEST_GAP


def _joined(one: Block, after: Block) -> Block:
    ends = max(one.ends, after.ends)
    jobs = {job.line_id: job for job in (*one.jobs, *after.jobs)}
    spans = [(block.share, (block.ends - block.begins).total_seconds()) for block in (one, after)]
    whole = sum(seconds for _, seconds in spans) or 1
    share = round(sum(done * seconds for done, seconds in spans) / whole)
    bay = after.bay if one.bay is None else one.bay
    return replace(one, jobs=tuple(jobs.values()), ends=ends, share=share, bay=bay)


def share_of(blocks: Sequence[Block], minutes: int) -> int:
    """How much of so many minutes is taken, in percent."""
    taken = sum((one.ends - one.begins for one in blocks), timedelta(0))
    return min(100, round(100 * taken.total_seconds() / 60 / minutes)) if minutes > 0 else 0
