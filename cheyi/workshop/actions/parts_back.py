"""Parts that come back from an order: what is left of the line, what the order costs then, and its bill."""

from __future__ import annotations

from datetime import datetime

from cheyi.foundation.access import SYSTEM
from cheyi.foundation.acts import lock
from cheyi.kernel import Money, Quantity, Refused
from cheyi.workshop.actions import stock
from cheyi.workshop.actions.moves import retotal
from cheyi.workshop.actions.settling import rebill
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.rules.life import ORDER, PAID_STATES


def take_note(
    order_id: int, line_id: int, *, quantity: Quantity, value: Money, line_state: str, now: datetime
) -> WorkOrder:
    """Write down that pieces of a line came back; the order and a bill that is not paid yet are without them.

    Raises Refused ``workshop.order.parts_paid`` when the customer has paid for them: the settlement goes back first;
    ``workshop.order.parts_gone`` once the car is handed over, whose settlement stands.
    """
    order = lock(WorkOrder.objects.get(pk=order_id))
    if ORDER.allows(order.state, "unsettle"):
        raise Refused("workshop.order.parts_paid", no=order.no)
    if order.state in PAID_STATES:
        raise Refused("workshop.order.parts_gone", no=order.no)
    stock.record_return(line_id, quantity=quantity, value=value, state=line_state)
    retotal(order)
    rebill(order, by=SYSTEM, now=now)
    return order
