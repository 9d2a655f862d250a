"""When a part that is short is expected: what may be written down as an arrival."""

from __future__ import annotations

from datetime import datetime, timedelta

from cheyi.kernel import Refused

MOST_DAYS = 366
NOT_COMING = ("substitute", "customer_declines")


def arrival(choice: str, expected_at: datetime | None, *, now: datetime) -> datetime | None:
    """The expected arrival that goes with a choice; None where nobody knows it, or where the part is not coming.

    Raises Refused ``parts.line.expected_in_the_past`` or ``parts.line.expected_too_late`` (fact ``days``) for more than
    a year ahead.
    """
    if expected_at is None or choice in NOT_COMING:
        return None
    if expected_at <= now:
        raise Refused("parts.line.expected_in_the_past", field="expected_at")
    if expected_at > now + timedelta(days=MOST_DAYS):
        raise Refused("parts.line.expected_too_late", field="expected_at", days=MOST_DAYS)
    return expected_at
