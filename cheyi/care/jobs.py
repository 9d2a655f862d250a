"""What the clock does for customer care: once a day it writes down who is active, asleep or lost."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from cheyi.care import actions
from cheyi.foundation.jobs import every
from cheyi.foundation.models import Store
from cheyi.foundation.scope import everywhere

log = structlog.get_logger(__name__)


@every(timedelta(days=1), "care.customer.mark_life_cycles")
def mark_life_cycles(*, now: datetime) -> None:
    """Mark the customers of every group, by the clock of its first store."""
    with everywhere("visits to all stores of a group decide"):
        for store in first_stores():
            changed = actions.mark_life_cycles(store, now=now)
            log.info("life cycles marked", group_id=store.group_id, changed=changed)


def first_stores() -> list[Store]:
    """The oldest store of every group."""
    found: dict[int, Store] = {}
    for store in Store.objects.order_by("pk"):
        found.setdefault(store.group_id, store)
    return list(found.values())
