"""Clocked time put right: the foreman asks with the true times, the manager decides (domain.md 2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit, lock
from cheyi.kernel import Refused
from cheyi.workshop.actions import clocks
from cheyi.workshop.models import ClockedHours, JobClock, LabourLine

DECIDES = "workshop.line.decide_clock"
TIMES = ("started_at", "stopped_at", "asked_start_at", "asked_stop_at")
WORDS = ("correction", "flagged", "asked_reason", "asked_by")
MOMENTS_AND_WORDS = (*TIMES, *WORDS)


@act
def correct_clock(
    clock: JobClock, *, started_at: datetime, stopped_at: datetime, reason: str, by: Viewer, now: datetime
) -> JobClock:
    """Put clocked time right, with a reason: at once where ``by`` decides it, else it waits for who does.

    The line's hours follow what is decided; asking again replaces what was asked. Raises Refused
    ``workshop.line.no_reason``, ``workshop.line.bad_span``, ``workshop.line.clock_runs``.
    """
    line, clock = _locked(clock)
    if not reason.strip():
        raise Refused("workshop.line.no_reason", field="reason")
    if clock.stopped_at is None:
        raise Refused("workshop.line.clock_runs", technician=clock.technician.name)
    if not started_at < stopped_at <= now:
        raise Refused("workshop.line.bad_span", field="stopped_at")
    before = _as_kept(clock)
    if by.may(DECIDES):
        clock.started_at, clock.stopped_at, clock.correction = started_at, stopped_at, reason[:100]
        clock.flagged = False
        _ask_nothing(clock)
        code, verb = "workshop.line.clock_corrected", DECIDES
    else:
        clock.asked_start_at, clock.asked_stop_at = started_at, stopped_at
        clock.asked_reason, clock.asked_by = reason[:100], by.name
        code, verb = "workshop.line.clock_asked", "workshop.line.correct_clock"
    return _keep(line, clock, before, code, verb, reason=reason, by=by, now=now)


@act
def agree_clock(clock: JobClock, *, by: Viewer, now: datetime) -> JobClock:
    """Agree to the times that somebody asked for. Raises Refused ``workshop.line.clock_not_asked``."""
    line, clock = _asked(clock)
    before, who, reason = _as_kept(clock), clock.asked_by, clock.asked_reason
    assert clock.asked_start_at is not None
    clock.started_at, clock.stopped_at = clock.asked_start_at, clock.asked_stop_at
    clock.correction, clock.flagged = reason, False
    _ask_nothing(clock)
    code = "workshop.line.clock_corrected"
    return _keep(line, clock, before, code, DECIDES, reason=f"{reason} · {who}", by=by, now=now)


@act
def decline_clock(clock: JobClock, *, by: Viewer, now: datetime) -> JobClock:
    """Do not agree: the time stays as it was clocked. Raises Refused ``workshop.line.clock_not_asked``."""
    line, clock = _asked(clock)
    before, reason = _as_kept(clock), clock.asked_reason
    _ask_nothing(clock)
    return _keep(line, clock, before, "workshop.line.clock_declined", DECIDES, reason=reason, by=by, now=now)


@act
def put_clock_back(
    clock: JobClock, *, before: Mapping[str, Any], after: Mapping[str, Any], by: Viewer, now: datetime
) -> JobClock:
    """A clock as it was before somebody put it right, asked, agreed or did not.

    Raises Refused ``workshop.line.clock_changed`` when somebody has changed it since.
    """
    line, clock = _locked(clock)
    if _as_kept(clock) != after:
        raise Refused("workshop.line.clock_changed", technician=clock.technician.name)
    for name in TIMES:
        setattr(clock, name, datetime.fromisoformat(before[name]) if before[name] else None)
    for name in WORDS:
        setattr(clock, name, before[name])
    clock.save(update_fields=MOMENTS_AND_WORDS)
    _count_again(line, by=by, now=now)
    audit(by, "workshop.line.clock_put_back", line.order, now=now, line=line.name, clock=clock.pk)
    return clock


def _locked(clock: JobClock) -> tuple[LabourLine, JobClock]:
    return lock(clock.line), lock(clock)


def _asked(clock: JobClock) -> tuple[LabourLine, JobClock]:
    line, clock = _locked(clock)
    if clock.asked_stop_at is None:
        raise Refused("workshop.line.clock_not_asked")
    return line, clock


def _ask_nothing(clock: JobClock) -> None:
    clock.asked_start_at, clock.asked_stop_at, clock.asked_reason, clock.asked_by = None, None, "", ""


def _as_kept(clock: JobClock) -> dict[str, Any]:
    """The clock's times and words as plain values, for the audit row that takes a change back."""
    times = {name: getattr(clock, name) for name in TIMES}
    words = {name: getattr(clock, name) for name in WORDS}
    return {**{name: at.isoformat() if at else None for name, at in times.items()}, **words}


def _keep(
    line: LabourLine,
    clock: JobClock,
    before: dict[str, Any],
    code: str,
    verb: str,
    *,
    reason: str,
    by: Viewer,
    now: datetime,
) -> JobClock:
    clock.save(update_fields=MOMENTS_AND_WORDS)
    _count_again(line, by=by, now=now)
    clock.refresh_from_db(fields=list(TIMES))
    undo = {"clock_id": clock.pk, "before": before, "after": _as_kept(clock)}
    audit(
        by,
        code,
        line.order,
        now=now,
        undo=(verb, undo),
        line=line.name,
        clock=clock.pk,
        clocked=[before["started_at"], before["stopped_at"]],
        reason=reason,
    )
    return clock


def _count_again(line: LabourLine, *, by: Viewer, now: datetime) -> None:
    """The hours of a done line once more, on the day on which it was done."""
    if line.state in {"done", "passed"}:
        done_at = ClockedHours.objects.filter(line=line).values_list("done_at", flat=True).first()
        clocks.count_hours(line, by=by, now=done_at or now)
