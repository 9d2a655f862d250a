"""How long a supplier takes: a distribution in days from its own receipts, drawn to its other parts and to what was agreed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate

from cheyi.kernel import Quantity, Rate, Reason

MOST_DAYS = 730
HALF_LIFE_DAYS = 365
PART_COUNTS_FROM = 6
SUPPLIER_COUNTS_FROM = 4
MANY = 5
USUAL_DAYS = 7
# How deliveries lie about the agreed time until a supplier has shown its own ways: share of lines by multiple of it.
AGREED_MULTIPLES = ((1.0, 0.60), (1.5, 0.25), (2.0, 0.10), (3.0, 0.05))


@dataclass(frozen=True, slots=True)
class Receipt:
    """A quantity of an order line that came in on a day."""

    on: date
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line ordered from a supplier with what has come in so far; ``closed`` when nothing more is awaited."""

    supplier: int
    part: int
    ordered_on: date
    quantity: Quantity
    receipts: tuple[Receipt, ...] = ()
    promised_on: date | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class LeadTime:
    """Days from order to shelf with their chances (ascending days; the chances add up to 1), and on what they rest.

    ``lines`` are the part's own order lines with this supplier; ``late`` the share of promised quantity that came after
    its day, none when nothing was promised.
    """

    days: tuple[int, ...]
    chances: tuple[float, ...]
    lines: int
    late: Rate | None
    reasons: tuple[Reason, ...]

    def quantile(self, chance: Rate) -> int:
        """The least number of days within which it comes with at least this chance."""
        for day, reached in zip(self.days, accumulate(self.chances), strict=True):
            if reached * Rate.PER_UNIT >= chance.parts - 1e-6:
                return day
        return self.days[-1]

    @property
    def mean_days(self) -> float:
        """The mean, in days."""
        return sum(day * chance for day, chance in zip(self.days, self.chances, strict=True))

    @property
    def deviation_days(self) -> float:
        """The standard deviation, in days (σL of domain.md 6.5)."""
        mean = self.mean_days
        squares = sum((day - mean) ** 2 * chance for day, chance in zip(self.days, self.chances, strict=True))
        return float(squares**0.5)


@dataclass(frozen=True, slots=True)
class _Waited:
    """Days waited with a weight; ``over`` when the wait had ended."""

    days: int
    weight: float
    over: bool


@dataclass(slots=True)
class _Seen:
    """What is seen of one part, or of a whole supplier."""

    waits: list[_Waited] = field(default_factory=list)
    lines: int = 0
    waiting: int = 0
    wrong: int = 0
    promised: float = 0.0
    late: float = 0.0

    def take(self, line: OrderLine, waits: list[_Waited], wrong: int) -> None:
        self.waits += waits
        self.lines += bool(waits)
        self.wrong += wrong
        self.waiting += any(not one.over for one in waits)
        if line.promised_on is not None:
            due = (line.promised_on - line.ordered_on).days
            self.promised += sum(one.weight for one in waits if one.over or one.days > due)
            self.late += sum(one.weight for one in waits if one.days > due)


@dataclass(frozen=True, slots=True)
class Supply:
    """All that a store's receipts tell, read once; ask it for each part."""

    parts: Mapping[tuple[int, int], _Seen]
    suppliers: Mapping[int, tuple[_Seen, Mapping[int, float]]]

    def lead_time(self, supplier: int, part: int, *, agreed_days: int | None = None) -> LeadTime:
        """The lead time of a part from a supplier.

        The part's own distribution weighs n/(n+6) by its n lines, all of the supplier's m/(m+4) of the rest; what was agreed
        (or 7 days) takes what is left.
        """
        agreed = USUAL_DAYS if agreed_days is None or agreed_days < 0 else agreed_days
        own = self.parts.get((supplier, part), _NOTHING)
        whole, others = self.suppliers.get(supplier, (_NOTHING, {}))
        found = _mixed(_distribution(own.waits), others, _agreed(agreed), own.lines, whole.lines)
        told = own if own.promised else whole
        return LeadTime(
            days=tuple(found),
            chances=tuple(found.values()),
            lines=own.lines,
            late=Rate(round(Rate.PER_UNIT * told.late / told.promised)) if told.promised else None,
            reasons=_reasons(own, whole.lines, agreed),
        )


_NOTHING = _Seen()


def learn(lines: Iterable[OrderLine], *, today: date) -> Supply:
    """Read the order lines as they stand today.

    A line counts once, shared among its partial receipts by quantity, half as much for each year it is old. What is still
    awaited counts as waited at least until today (Kaplan and Meier 1958). Orders of tomorrow, receipts before their order
    or after today, and quantities of nothing are not believed.
    """
    parts: dict[tuple[int, int], _Seen] = {}
    suppliers: dict[int, _Seen] = {}
    for line in lines:
        waits, wrong = _waited(line, today)
        parts.setdefault((line.supplier, line.part), _Seen()).take(line, waits, wrong)
        suppliers.setdefault(line.supplier, _Seen()).take(line, waits, wrong)
    return Supply(parts, {supplier: (seen, _distribution(seen.waits)) for supplier, seen in suppliers.items()})


def _reasons(own: _Seen, lines: int, agreed: int) -> tuple[Reason, ...]:
    found = [Reason("from_receipts", lines=own.lines)] if own.lines else []
    if own.lines < lines and own.lines < MANY * PART_COUNTS_FROM:
        found.append(Reason("drawn_to_supplier", lines=own.lines, others=lines - own.lines))
    if not lines:
        found.append(Reason("as_agreed", days=agreed))
    elif own.lines < MANY * PART_COUNTS_FROM and lines < MANY * SUPPLIER_COUNTS_FROM:
        found.append(Reason("drawn_to_agreed", days=agreed, lines=lines))
    if own.waiting:
        found.append(Reason("still_open", count=own.waiting))
    if own.wrong:
        found.append(Reason("receipts_not_believed", count=own.wrong))
    return tuple(found)


def _waited(line: OrderLine, today: date) -> tuple[list[_Waited], int]:
    """The waits of a line, and how many of its receipts are not believed (an order that cannot be, with its receipts, is one)."""
    if line.ordered_on > today or line.quantity.parts <= 0:
        return [], 1
    believed = [one for one in line.receipts if line.ordered_on <= one.on <= today and one.quantity.parts > 0]
    came = sum(one.quantity.parts for one in believed)
    missing = 0 if line.closed else max(0, line.quantity.parts - came)
    whole = came + missing
    if not whole:
        return [], len(line.receipts)
    weight = 0.5 ** ((today - line.ordered_on).days / HALF_LIFE_DAYS) / whole
    waits = [
        _Waited(min((one.on - line.ordered_on).days, MOST_DAYS), weight * one.quantity.parts, True) for one in believed
    ]
    if missing:
        waits.append(_Waited(min((today - line.ordered_on).days, MOST_DAYS), weight * missing, False))
    return waits, len(line.receipts) - len(believed)


def _distribution(waits: Sequence[_Waited]) -> dict[int, float]:
    """Kaplan and Meier's chances by day; what outlasts every ended wait falls on the longest wait seen."""
    if not waits:
        return {}
    ended: dict[int, float] = {}
    leaving: dict[int, float] = {}
    for one in sorted(waits, key=lambda one: (one.days, one.weight, one.over)):
        leaving[one.days] = leaving.get(one.days, 0.0) + one.weight
        if one.over:
            ended[one.days] = ended.get(one.days, 0.0) + one.weight
    at_risk, surviving, found = sum(leaving.values()), 1.0, {}
    for day in sorted(leaving):
        share = min(1.0, ended.get(day, 0.0) / at_risk) if at_risk > 0 else 0.0
        if share:
            found[day] = surviving * share
            surviving *= 1.0 - share
        at_risk -= leaving[day]
    longest = max(leaving)
    if surviving > 1e-12:
        found[longest] = found.get(longest, 0.0) + surviving
    return found


def _agreed(days: int) -> dict[int, float]:
    found: dict[int, float] = {}
    for multiple, share in AGREED_MULTIPLES:
        day = min(round(days * multiple), MOST_DAYS)
        found[day] = found.get(day, 0.0) + share
    return found


def _mixed(
    own: Mapping[int, float], others: Mapping[int, float], agreed: Mapping[int, float], mine: int, theirs: int
) -> dict[int, float]:
    """The three weighed by how many lines stand behind them; chances add up to 1 exactly as far as floats can."""
    share = mine / (mine + PART_COUNTS_FROM) if own else 0.0
    rest = (1.0 - share) * (theirs / (theirs + SUPPLIER_COUNTS_FROM) if others else 0.0)
    found: dict[int, float] = {}
    for weight, part in ((share, own), (rest, others), (1.0 - share - rest, agreed)):
        for day, chance in part.items():
            found[day] = found.get(day, 0.0) + weight * chance
    kept = {day: found[day] for day in sorted(found) if found[day] > 0}
    total = sum(kept.values())
    return {day: chance / total for day, chance in kept.items()}
