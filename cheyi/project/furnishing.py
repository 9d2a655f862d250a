"""What every new store needs before its first car: opening hours, tax rates, places, prices, flows, bays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from cheyi.foundation.access import SYSTEM
from cheyi.foundation.acts import act
from cheyi.foundation.models import CalendarSpan, Store
from cheyi.kernel import Rate
from cheyi.parts import actions as parts
from cheyi.settlement import actions as settlement
from cheyi.workshop.actions import cataloguing as workshop
from cheyi.workshop.models import Bay

OPENS, CLOSES = time(8, 30), time(18, 0)
# China's rates since 2019-04-01 (财政部 税务总局 海关总署公告 2019 年第 39 号); see domain.md
TAX_PERCENT = {"goods": 13, "service": 13, "agency": 6}
TAX_SINCE = date(2019, 4, 1)
# (kind, how many, safe for high voltage)
USUAL_BAYS = (("general", 4, False), ("express", 1, False), ("wash", 1, False))


@act
def furnish(store: Store, *, now: datetime, bays: Iterable[tuple[str, int, bool]] = USUAL_BAYS) -> None:
    """Make a store ready to open its first order; the caller is within the store."""
    CalendarSpan.objects.bulk_create(
        [CalendarSpan(store=store, weekday=day, opens=OPENS, closes=CLOSES, created_at=now) for day in range(7)]
    )
    for kind, percent in TAX_PERCENT.items():
        settlement.set_tax_rate(
            kind=kind, rate=Rate.percent(percent), valid_from=TAX_SINCE, store=store, by=SYSTEM, now=now
        )
    parts.set_up_store(store=store, by=SYSTEM, now=now)
    workshop.load_shipped(store=store, by=SYSTEM, now=now)
    rows = [(kind, safe) for kind, count, safe in bays for _ in range(count)]
    Bay.objects.bulk_create(
        [
            Bay(store=store, code=f"{number:02d}", kind=kind, ev_safe=safe, created_at=now)
            for number, (kind, safe) in enumerate(rows, 1)
        ]
    )
