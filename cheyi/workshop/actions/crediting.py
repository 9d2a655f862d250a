"""The customer pays later: what is open on an order goes on his credit account, and the car may leave with it (挂账)."""

from __future__ import annotations

from datetime import datetime

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, lock
from cheyi.kernel import Refused
from cheyi.settlement import actions as settlement
from cheyi.settlement import queries as bills
from cheyi.workshop.actions import stock
from cheyi.workshop.actions.handing_over import LeavingCar, hand_over
from cheyi.workshop.models import WorkOrder


@act
def put_on_credit(order: WorkOrder, *, leaving: LeavingCar | None = None, by: Viewer, now: datetime) -> WorkOrder:
    """Put what an order's bills still ask for on the customer's account, which settles it; ``leaving`` hands it over too.

    Raises Refused ``workshop.order.nothing_to_pay``, ``settlement.credit.no_account``, ``.over_limit``, ``.overdue``,
    and whatever settling and handing over refuse.
    """
    order = lock(order)
    open_bills = [view.bill for view in bills.bills_of(stock.source_of(order)) if not view.is_met]
    if not open_bills:
        raise Refused("workshop.order.nothing_to_pay", no=order.no)
    for bill in open_bills:
        settlement.put_on_credit(bill, store=order.store, by=by, now=now)
    order = lock(order)
    return hand_over(order, leaving=leaving, by=by, now=now) if leaving is not None else order
