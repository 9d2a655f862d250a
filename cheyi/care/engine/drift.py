"""Who is drifting away: days since the last visit against the car's own interval (intelligence.md 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cheyi.care.engine.pace import DailyDistance
from cheyi.care.engine.schedule import Interval
from cheyi.kernel import Quantity, Rate, Reason, Refused, Unknown, half_up
from cheyi.vehicles.rules.service import add_months

HEALTHY, AT_RISK, LOST = "healthy", "at_risk", "lost"
RISK_FROM, LOST_ABOVE = Rate.of("1.2"), Rate(20_000)
NOT_SEEN_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Drift:
    """``ratio`` is days since the last visit by the expected interval; ``not_seen`` the plain flag of three months."""

    ratio: Rate
    state: str
    days: int
    expected_days: int
    not_seen: bool


def expected_days(interval: Interval, daily: DailyDistance) -> int:
    """The car's own interval in days, the earlier of time and distance, at least 1."""
    found = []
    if interval.months is not None:
        found.append(half_up(interval.months * 365, 12))
    if interval.km is not None:
        found.append(half_up(interval.km * Quantity.PER_UNIT, daily.km.parts))
    return max(min(found), 1)


def drift(last_visit_on: date | None, expected: int, *, today: date) -> Drift | Unknown:
    """How far a car's owner has drifted: under 1.2 healthy, up to 2 at risk, above lost.

    Unknown without a visit or with one in the future. Raises Refused ``care.drift.interval_not_positive`` (fact ``days``).
    """
    if expected <= 0:
        raise Refused("care.drift.interval_not_positive", days=expected)
    if last_visit_on is None:
        return Unknown((Reason("never_visited"),))
    if last_visit_on > today:
        return Unknown((Reason("visit_in_the_future", on=last_visit_on),))
    days = (today - last_visit_on).days
    return Drift(
        ratio=Rate(half_up(days * Rate.PER_UNIT, expected)),
        state=_state(days, expected),
        days=days,
        expected_days=expected,
        not_seen=add_months(last_visit_on, NOT_SEEN_MONTHS) <= today,
    )


def _state(days: int, expected: int) -> str:
    """Compared as whole numbers: a ratio of exactly 1.2 is at risk, of exactly 2 not yet lost."""
    share = days * Rate.PER_UNIT
    if share < RISK_FROM.parts * expected:
        return HEALTHY
    return AT_RISK if share <= LOST_ABOVE.parts * expected else LOST
