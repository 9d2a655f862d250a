"""The bookings behind the history: one order in six was booked; some who booked did not come or called it off."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from cheyi.foundation.models import Store
from cheyi.project.demo.rewriting import rewrite
from cheyi.workshop.models import Appointment, WorkOrder

if TYPE_CHECKING:
    from cheyi.project.demo.history import Written

# of a hundred orders: those that were booked; of a hundred bookings: those that ended otherwise
BOOKED, NO_SHOW, CANCELLED = 14, 8, 5
CHANNELS = (("phone", 50), ("wechat", 25), ("mini_program", 15), ("sa_outbound", 10))
REASONS = ("改天再来", "已在别处做", "临时出差")


def write_bookings(
    store: Store, batch: Iterable[Written], draw: Callable[[str, datetime], str], random: Random
) -> None:
    """Bookings that became the batch's orders, and beside them those that came to nothing."""
    kept: list[tuple[Appointment, WorkOrder]] = []
    lost: list[Appointment] = []
    for one in batch:
        if random.randrange(100) >= BOOKED:
            continue
        booked_at = one.order.received_at - timedelta(days=random.randint(1, 6), minutes=random.randint(0, 300))
        kept.append((_row(store, one, booked_at, "converted", draw, random), one.order))
        if random.randrange(100 - NO_SHOW - CANCELLED) < NO_SHOW + CANCELLED:
            state = "no_show" if random.randrange(NO_SHOW + CANCELLED) < NO_SHOW else "cancelled"
            lost.append(_row(store, one, booked_at - timedelta(days=30), state, draw, random))
    Appointment.objects.bulk_create([*(row for row, _ in kept), *lost])
    for row, order in kept:
        order.appointment = row
    rewrite([order for _, order in kept], ["appointment"])


def _row(
    store: Store, one: Written, booked_at: datetime, state: str, draw: Callable[[str, datetime], str], random: Random
) -> Appointment:
    order = one.order
    came = order.received_at if state == "converted" else None
    wanted = order.received_at if came else booked_at + timedelta(days=2)
    return Appointment(
        store=store,
        no=draw("AP", booked_at),
        state=state,
        channel=random.choices([name for name, _ in CHANNELS], [weight for _, weight in CHANNELS])[0],
        vehicle_id=order.vehicle_id,
        customer_id=order.customer_id,
        wanted_at=wanted.replace(minute=wanted.minute // 30 * 30, second=0, microsecond=0),
        op_codes=[line.op_code for line in one.labour],
        request_text="、".join(line.name for line in one.labour),
        advisor_id=order.advisor_id,
        arrived_at=came,
        cancel_reason=random.choice(REASONS) if state == "cancelled" else "",
        created_at=booked_at,
    )
