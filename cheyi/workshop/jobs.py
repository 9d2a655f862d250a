"""What the clock does in the workshop: orders that are over are closed, missed bookings are marked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog

from cheyi.foundation.access import SYSTEM
from cheyi.foundation.jobs import every
from cheyi.foundation.models import Store
from cheyi.foundation.scope import everywhere, within
from cheyi.workshop import actions
from cheyi.workshop.actions.appointments import NO_SHOW_AFTER
from cheyi.workshop.models import Appointment, WorkOrder
from cheyi.workshop.queries.following import over

AT_ONCE = 200

log = structlog.get_logger(__name__)


@every(timedelta(hours=1), "workshop.order.close_old")
def close_old(*, now: datetime) -> None:
    """Close what was followed up or handed over 15 days ago (domain.md 5.2); without a VIN it waits until that is known."""
    with everywhere("which stores have orders to close"):
        found = list(over(now).values_list("store_id", "pk")[:AT_ONCE])
    for store, orders in _by_store(found):
        with within(store):
            for order in WorkOrder.objects.filter(pk__in=orders, state="delivered"):
                actions.close(order, by=SYSTEM, now=now)
    if found:
        log.info("orders closed", count=len(found))


@every(timedelta(minutes=5), "workshop.appointment.mark_missed")
def mark_missed(*, now: datetime) -> None:
    """Mark bookings whose car did not come within an hour (domain.md 5.1)."""
    with everywhere("which stores have missed bookings"):
        missed = Appointment.objects.filter(state="confirmed", wanted_at__lte=now - NO_SHOW_AFTER)
        found = list(missed.order_by("wanted_at").values_list("store_id", "pk")[:AT_ONCE])
    for store, bookings in _by_store(found):
        with within(store):
            for booking in Appointment.objects.filter(pk__in=bookings, state="confirmed"):
                actions.mark_no_show(booking, by=SYSTEM, now=now)


def _by_store(found: Iterable[tuple[int, int]]) -> list[tuple[Store, list[int]]]:
    rows: dict[int, list[int]] = {}
    for store_id, key in found:
        rows.setdefault(store_id, []).append(key)
    stores = Store.objects.in_bulk(rows)
    return [(stores[store_id], keys) for store_id, keys in rows.items()]
