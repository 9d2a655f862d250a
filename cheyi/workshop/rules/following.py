"""What follows after a car has left: the call of the third day, the order's end, the reminder of what was put off."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from cheyi.kernel import Refused

RECALL = "workshop.todo.recall"
CLOSE_AFTER = timedelta(days=15)
RECALL_AFTER_DAYS = 30
"""Days after which the customer is reminded of what he has put off (domain.md 5.3, 10.3)."""


def may_be_closed(*, delivered_at: datetime | None, followed_up: bool, now: datetime) -> bool:
    """Whether a delivered order is over: followed up, or handed over 15 days ago (domain.md 5.2)."""
    return delivered_at is not None and (followed_up or now >= delivered_at + CLOSE_AFTER)


def demand_over(*, delivered_at: datetime | None, followed_up: bool, now: datetime, closes_on: date) -> None:
    """Raises Refused ``workshop.order.follow_up_missing`` with the day on which it closes all the same."""
    if not may_be_closed(delivered_at=delivered_at, followed_up=followed_up, now=now):
        raise Refused("workshop.order.follow_up_missing", until=closes_on.isoformat())
