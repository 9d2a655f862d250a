"""The status key that a screen shows, derived from state and reason (ux/guide.md 5), and the customer's words for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

KEYS = ("wait", "run", "part", "ask", "qc", "ok", "bad")

_HELD = {"wait_parts": "part", "wait_approval": "ask"}
_BY_STATE = {
    "draft": "wait",
    "open": "wait",
    "dispatched": "wait",
    "working": "run",
    "qc": "qc",
    "wash": "ok",
    "ready": "ok",
    "settled": "ok",
    "delivered": "ok",
    "closed": "ok",
    "cancelled": "wait",
}


@dataclass(frozen=True, slots=True)
class Status:
    """A key, and whether trouble (late, rework, short of a part) lies on top of it."""

    key: str
    bad: bool = False


def status_of(
    state: str,
    *,
    hold_reason: str = "",
    lines_pending: int = 0,
    late: bool = False,
    rework: bool = False,
    short: int = 0,
) -> Status:
    """The key of an order: a pending line asks the customer unless the order waits for parts."""
    key = _HELD.get(hold_reason, "wait") if state == "hold" else _BY_STATE[state]
    if lines_pending and state in {"open", "dispatched", "working", "qc"}:
        key = "ask"
    open_still = state not in {"settled", "delivered", "closed", "cancelled"}
    return Status(key, bad=open_still and (late or rework or short > 0))


def is_late(promised_at: datetime | None, state: str, *, now: datetime) -> bool:
    """Whether the promise has passed while the car is not yet ready."""
    return (
        promised_at is not None
        and promised_at < now
        and state
        in {
            "draft",
            "open",
            "dispatched",
            "working",
            "hold",
            "qc",
            "wash",
        }
    )


def late_minutes(promised_at: datetime | None, state: str, *, now: datetime) -> int:
    """By how many whole minutes the promise has passed; 0 while it holds or the car is ready."""
    if promised_at is None or not is_late(promised_at, state, now=now):
        return 0
    return max(int((now - promised_at).total_seconds() // 60), 1)


def for_customer(state: str, *, hold_reason: str = "", lines_pending: int = 0) -> str:
    """What the car's owner is told: one of the customer-facing states of domain.md 5.2, without internal reasons."""
    if lines_pending and state in {"open", "dispatched", "working", "hold", "qc"}:
        return "your_answer"
    if state == "hold":
        return {"wait_parts": "waiting_parts", "wait_insurer": "waiting_insurer"}.get(hold_reason, "in_work")
    return {
        "draft": "received",
        "open": "received",
        "dispatched": "planned",
        "working": "in_work",
        "qc": "in_work",
        "wash": "checked",
        "ready": "to_settle",
        "settled": "to_collect",
        "delivered": "handed_over",
        "closed": "handed_over",
        "cancelled": "cancelled",
    }[state]
