"""Document numbers: prefix, store code, business date, sequence (domain.md 0)."""

from __future__ import annotations

from datetime import datetime

from cheyi.foundation import sql
from cheyi.foundation.models import Store


def draw(store: Store, prefix: str, now: datetime) -> str:
    """The next number of a prefix on the store's business day: ``ROSH012606150001``.

    One statement, and the last lock that the act takes (design.md 14). A refused act gives its number back, so series
    of acts that write in turn have no gaps.
    """
    return draw_many(store, prefix, now, 1)[0]


def take_turn(store: Store, prefix: str, now: datetime) -> None:
    """Wait until nobody else draws a number of the prefix, and let nobody draw one until the act ends.

    For acts that may each take the last of something: what is read after this was written by all who went before.
    """
    draw_many(store, prefix, now, 0)


def draw_many(store: Store, prefix: str, now: datetime, count: int) -> list[str]:
    """So many consecutive numbers, for imports and for blank forms."""
    day = store.business_date(now)
    last = sql.next_number(store_id=store.pk, prefix=prefix, business_on=day, count=count, now=now)
    return [f"{prefix}{store.code}{day:%y%m%d}{number:04d}" for number in range(last - count + 1, last + 1)]
