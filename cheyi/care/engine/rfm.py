"""What a customer is worth: recency, frequency and money as scores of 1 to 5, and the class they make (domain.md 6.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from cheyi.kernel import Money, Reason, Refused, Unknown
from cheyi.vehicles.rules.service import add_months

MONTHS = 24
VIP, DEVELOP, KEEP, WIN_BACK, GONE, REGULAR = "vip", "develop", "keep", "win_back", "gone", "regular"
CLASSES = (VIP, DEVELOP, KEEP, WIN_BACK, GONE, REGULAR)


@dataclass(frozen=True, slots=True)
class Cuts:
    """Where the scores change: days up to which recency is 5, 4, 3, 2; visits and money from which the score is 2, 3, 4, 5.

    Raises Refused ``care.rfm.cuts_not_rising`` (fact ``column``) unless each has four rising values.
    """

    days: tuple[int, int, int, int] = (60, 120, 180, 365)
    visits: tuple[int, int, int, int] = (2, 3, 5, 8)
    paid: tuple[Money, Money, Money, Money] = (Money(150_000), Money(400_000), Money(800_000), Money(1_500_000))

    def __post_init__(self) -> None:
        columns = {"days": self.days, "visits": self.visits, "paid": tuple(cut.parts for cut in self.paid)}
        for column, cuts in columns.items():
            if len(cuts) != 4 or any(one >= other for one, other in pairwise(cuts)):
                raise Refused("care.rfm.cuts_not_rising", column=column)


USUAL = Cuts()


@dataclass(frozen=True, slots=True)
class Rated:
    """The three scores and the class."""

    recency: int
    frequency: int
    money: int
    value: str


def rate(last_paid_on: date | None, visits: int, paid: Money, *, today: date, cuts: Cuts = USUAL) -> Rated | Unknown:
    """Scores and class from the last paid visit of all, and visits and money of the last 24 months.

    Unknown for a customer who never paid, a visit in the future, fewer than no visits or less than no money.
    """
    if last_paid_on is None:
        return Unknown((Reason("never_paid"),))
    if last_paid_on > today:
        return Unknown((Reason("visit_in_the_future", on=last_paid_on),))
    if visits < 0 or paid.parts < 0:
        return Unknown((Reason("less_than_nothing"),))
    days = (today - last_paid_on).days
    recency = 5 - sum(days > cut for cut in cuts.days)
    frequency = 1 + sum(visits >= cut for cut in cuts.visits)
    money = 1 + sum(paid >= cut for cut in cuts.paid)
    return Rated(recency, frequency, money, value_of(recency, frequency, money))


def value_of(recency: int, frequency: int, money: int) -> str:
    """The class of three scores; the first that fits."""
    return next(name for name, fits in _rows(recency, frequency, money) if fits)


def _rows(r: int, f: int, m: int) -> tuple[tuple[str, bool], ...]:
    return (
        (VIP, r >= 4 and f >= 4 and m >= 4),
        (DEVELOP, r >= 4 and m >= 4),
        (KEEP, r <= 3 and f >= 4 and m >= 4),
        (WIN_BACK, r <= 2 and m >= 4),
        (GONE, r <= 2 and f <= 2 and m <= 2),
        (REGULAR, True),
    )


def counted_from(today: date) -> date:
    """The first day of the 24 months in which visits and money count."""
    return add_months(today, -MONTHS)
