"""What the parts store does by the clock: reservations end, and whoever was overlooked is served."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from cheyi.foundation.access import SYSTEM
from cheyi.foundation.jobs import every
from cheyi.foundation.models import Store
from cheyi.foundation.scope import everywhere, within
from cheyi.parts import actions
from cheyi.parts.models import RequestLine, Reservation


@every(timedelta(minutes=5), "parts.request.sweep")
def sweep(*, now: datetime) -> None:
    """End reservations whose time is over, and look again for lines that wait; store by store."""
    with everywhere("which stores have something to sweep"):
        due = Reservation.objects.filter(state=Reservation.State.OPEN, expires_at__lte=now).values("store_id")
        short = RequestLine.objects.filter(state="backordered").values("store_id")
        stores = list(Store.objects.filter(Q(pk__in=due) | Q(pk__in=short)).order_by("pk"))
    for store in stores:
        with within(store):
            actions.expire_reservations(store=store, by=SYSTEM, now=now)
            actions.serve_waiting(store=store, by=SYSTEM, now=now)
