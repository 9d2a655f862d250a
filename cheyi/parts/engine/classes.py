"""ABC by yearly value, XYZ by unrest, and how long a part has not moved (domain.md 6.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isqrt

from cheyi.kernel import Money, Quantity, Rate, Reason, Refused, half_up

MONTHS = 12
HOLD, MIN_MAX, SMALL, ON_ORDER = "hold", "min_max", "small_stock", "on_order"
POLICIES: Mapping[str, str] = {
    "AX": HOLD,
    "AY": HOLD,
    "BX": HOLD,
    "BY": MIN_MAX,
    "CX": MIN_MAX,
    "CY": SMALL,
}
ACTIVE, SLOW, DEAD, DEAD_LONG = "active", "slow", "dead", "dead_long"


@dataclass(frozen=True, slots=True)
class Limits:
    """Where classes end: shares of the value before the item for A and B, most unrest of X and Y (both inside)."""

    a_below: Rate = Rate(8000)
    b_below: Rate = Rate(9500)
    x_most: Rate = Rate(5000)
    y_most: Rate = Rate(10_000)


USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Used:
    """A part's demand of the last twelve months, oldest first, and its average cost of one unit."""

    part: int
    months: tuple[Quantity, ...]
    unit_cost: Money
    safety_critical: bool = False


@dataclass(frozen=True, slots=True)
class Class:
    """A part's place: yearly value, value of all up to and with it as a share, unrest (none without demand), classes, policy."""

    part: int
    value: Money
    cumulated: Rate
    unrest: Rate | None
    abc: str
    xyz: str
    policy: str

    @property
    def letters(self) -> str:
        """Both letters: ``AX``."""
        return self.abc + self.xyz


def classify(parts: Iterable[Used], limits: Limits = USUAL) -> tuple[Class, ...]:
    """All parts of a store in descending order of value, equal ones by part.

    The class follows from the exact share before the item; a store that used nothing is all C. Raises Refused
    ``parts.classes.not_twelve_months``, ``.demand_negative`` and ``.cost_negative``, each with the part.
    """
    valued = sorted(((_value(part), part) for part in parts), key=lambda pair: (-pair[0].fen, pair[1].part))
    total = sum(value.fen for value, _ in valued)
    found, before = [], 0
    for value, part in valued:
        abc = _letter(before, total, limits) if total else "C"
        before += value.fen
        xyz = _steadiness([month.parts for month in part.months], limits)
        share = Rate(half_up(before * Rate.PER_UNIT, total)) if total else Rate(0)
        policy = policy_of(abc, xyz, safety_critical=part.safety_critical)
        found.append(Class(part.part, value, share, unrest(part.months), abc, xyz, policy))
    return tuple(found)


def policy_of(abc: str, xyz: str, *, safety_critical: bool = False) -> str:
    """The usual policy of a class; Z and N are ordered only when wanted, unless safety depends on the part."""
    return POLICIES.get(abc + xyz, SMALL if safety_critical else ON_ORDER)


def unrest(months: Sequence[Quantity]) -> Rate | None:
    """Population standard deviation ÷ mean of monthly demand, to the nearest ten-thousandth; none without demand."""
    total, variance = _spread([month.parts for month in months])
    if total <= 0:
        return None
    scaled = variance * Rate.PER_UNIT**2 * 4
    return Rate((isqrt(scaled // (total * total)) + 1) // 2)


def _value(part: Used) -> Money:
    if len(part.months) != MONTHS:
        raise Refused("parts.classes.not_twelve_months", part=part.part, count=len(part.months))
    if any(month.parts < 0 for month in part.months):
        raise Refused("parts.classes.demand_negative", part=part.part)
    if part.unit_cost.fen < 0:
        raise Refused("parts.classes.cost_negative", part=part.part, cost=str(part.unit_cost))
    return part.unit_cost.times(Quantity(sum(month.parts for month in part.months)))


def _letter(before: int, total: int, limits: Limits) -> str:
    share = before * Rate.PER_UNIT
    if share < limits.a_below.parts * total:
        return "A"
    return "B" if share < limits.b_below.parts * total else "C"


def _steadiness(months: Sequence[int], limits: Limits) -> str:
    total, variance = _spread(months)
    if total <= 0:
        return "N"
    unrest_squared, unit = variance * Rate.PER_UNIT**2, total * total
    for letter, most in (("X", limits.x_most), ("Y", limits.y_most)):
        if unrest_squared <= most.parts**2 * unit:
            return letter
    return "Z"


def _spread(months: Sequence[int]) -> tuple[int, int]:
    """Sum, and n·Σx² − (Σx)²: the variance times n², so that nothing is rounded."""
    total = sum(months)
    return total, len(months) * sum(month * month for month in months) - total * total


@dataclass(frozen=True, slots=True)
class Movement:
    """How a part moves: ``active``, ``slow``, ``dead``, ``dead_long``, or "" when none is on hand; days count as in the reason."""

    status: str
    days: int
    reasons: tuple[Reason, ...]


def movement(last_out_on: date | None, on_hand_since: date | None, *, today: date) -> Movement:
    """The status by days since the last outbound, once the part has been on hand as long.

    ``on_hand_since`` is the day since which it was never out of stock, none when there is no stock. A last outbound after
    today is not believed.
    """
    reasons = []
    if last_out_on is not None and last_out_on > today:
        reasons.append(Reason("outbound_in_the_future", on=last_out_on))
        last_out_on = None
    if on_hand_since is None:
        return Movement("", 0, (*reasons, Reason("not_on_hand")))
    here = max(0, (today - on_hand_since).days)
    if last_out_on is None:
        return Movement(status_after(here), here, (*reasons, Reason("never_moved", days=here)))
    still = (today - last_out_on).days
    if here < still:
        return Movement(status_after(here), here, (*reasons, Reason("on_hand_only", days=here)))
    return Movement(status_after(still), still, (*reasons, Reason("not_out_for", days=still)))


def status_after(days: int) -> str:
    """The status after so many days without an outbound: under 90, 180, 365."""
    if days < 90:
        return ACTIVE
    if days < 180:
        return SLOW
    return DEAD if days < 365 else DEAD_LONG
