"""How the last fourteen days went, day by day, and each figure beside the one it is compared with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from cheyi.foundation.models import Store
from cheyi.kernel import Money
from cheyi.settlement import queries as settlement
from cheyi.workshop.models import WorkOrder

DAYS = 14
WEEK = timedelta(days=7)
NOT_COUNTED = ("cancelled", "draft")
LEAST_CARS = 20
LEAST_MONEY = Money.yuan(1000)


@dataclass(frozen=True, slots=True)
class Past:
    """An order of the last fourteen days with what figures are made of."""

    pk: int
    no: str
    plate: str
    model: str
    state: str
    opened_at: datetime | None
    delivered_at: datetime | None
    first_promised_at: datetime | None
    amount: Money

    @property
    def on_time(self) -> bool | None:
        """Whether it was handed over by the first promise; None when nothing was promised."""
        if self.first_promised_at is None or self.delivered_at is None:
            return None
        return self.delivered_at <= self.first_promised_at


@dataclass(frozen=True, slots=True)
class Change:
    """By how much a figure is more (or less) than before, in pieces, points, percent or fen."""

    by: int
    unit: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure: ``value`` and ``before`` in fen, pieces or percent as ``unit`` says; ``spark`` is 14 days of it, oldest first.

    ``before`` is the same weekday of last week up to this time of day, or the seven days before the last seven.
    ``base`` is how many documents stand behind the value. None where there is nothing to divide by. ``solid`` says
    whether enough stands behind ``before`` for a percentage of it.
    """

    code: str
    unit: str
    value: int | None
    before: int | None
    base: int
    spark: tuple[int, ...] = ()
    more_is_better: bool = True
    solid: bool = True

    @property
    def change(self) -> Change | None:
        """The difference from before: counts in pieces, shares in points, money in percent.

        A percentage of little is noise: five cars after four are +25 %, one good job after a quiet morning +900 %. So
        counts, which are small in one store on one day, never stand in percent; the takings of a day do from a base of
        ¥1,000, the mean value of a car when each of the two weeks has at least 20 cars. Other money is compared in yuan.
        """
        if self.value is None or self.before is None:
            return None
        by = self.value - self.before
        if self.unit != "fen":
            return Change(by, "points" if self.unit == "percent" else self.unit)
        return Change(round(100 * by / self.before), "percent") if self.solid and self.before else Change(by, "fen")


@dataclass(frozen=True, slots=True)
class Trends:
    """The measures of the manager's page and the takings of each day."""

    measures: tuple[Measure, ...]
    takings: tuple[tuple[date, Money], ...]


def past_orders(store: Store, now: datetime) -> list[Past]:
    """Orders opened or handed over in the last fourteen days; one query."""
    since = now - timedelta(days=DAYS + 1)
    rows = WorkOrder.objects.filter(store=store).filter(Q(opened_at__gte=since) | Q(delivered_at__gte=since))
    fields = (
        "pk",
        "no",
        "plate",
        "model_name",
        "state",
        "opened_at",
        "delivered_at",
        "first_promised_at",
        "approved_total",
    )
    return [Past(*row) for row in rows.exclude(state__in=NOT_COUNTED).order_by("-pk").values_list(*fields)]


def trends(store: Store, now: datetime) -> Trends:
    """Takings, orders opened and handed over, value per car and promises kept; four queries."""
    today = store.business_date(now)
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    money = settlement.daily_takings(store, days[0], today, until=now - WEEK)
    past = past_orders(store, now)
    daily = tuple((day, money[day].whole if day in money else Money(0)) for day in days)
    last, earlier = _between(past, now - WEEK, now), _between(past, now - 2 * WEEK, now - WEEK)
    a_week_ago = money[today - WEEK].early if today - WEEK in money else None
    enough = min(len(last), len(earlier)) >= LEAST_CARS
    return Trends(
        (
            Measure(
                "taken",
                "fen",
                daily[-1][1].fen,
                a_week_ago.fen if a_week_ago else None,
                0,
                _scaled([amount.fen for _, amount in daily]),
                solid=a_week_ago is not None and a_week_ago >= LEAST_MONEY,
            ),
            _counted("opened", past, lambda one: one.opened_at, days, store, now),
            _counted("delivered", past, lambda one: one.delivered_at, days, store, now),
            Measure("per_car", "fen", _mean(last), _mean(earlier), len(last), solid=enough),
            Measure("on_time", "percent", _share(last), _share(earlier), len(last)),
        ),
        daily,
    )


def _counted(
    code: str,
    past: Sequence[Past],
    at: Callable[[Past], datetime | None],
    days: Sequence[date],
    store: Store,
    now: datetime,
) -> Measure:
    moments = [moment for one in past if (moment := at(one)) is not None and moment <= now]
    per_day = dict.fromkeys(days, 0)
    for moment in moments:
        day = store.business_date(moment)
        if day in per_day:
            per_day[day] += 1
    a_week_ago = days[-1] - WEEK
    before = sum(store.business_date(moment) == a_week_ago and moment <= now - WEEK for moment in moments)
    counts = list(per_day.values())
    return Measure(code, "pieces", counts[-1], before, counts[-1], _scaled(counts))


def handed_over(past: Sequence[Past], now: datetime) -> list[Past]:
    """The orders of the last seven days that were handed over."""
    return _between(past, now - WEEK, now)


def _between(past: Sequence[Past], since: datetime, until: datetime) -> list[Past]:
    return [one for one in past if one.delivered_at is not None and since <= one.delivered_at < until]


def _mean(rows: Sequence[Past]) -> int | None:
    return sum(one.amount.fen for one in rows) // len(rows) if rows else None


def _share(rows: Sequence[Past]) -> int | None:
    kept = [one.on_time for one in rows if one.on_time is not None]
    return round(100 * sum(kept) / len(kept)) if kept else None


def _scaled(values: Sequence[int]) -> tuple[int, ...]:
    """Values as 0 to 100 of the largest; a day below zero is drawn as nothing."""
    most = max((*values, 1))
    return tuple(max(round(100 * value / most), 0) for value in values)
