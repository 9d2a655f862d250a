"""Money left in advance."""

from __future__ import annotations

from datetime import datetime

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit
from cheyi.foundation.models import Store
from cheyi.foundation.numbering import draw
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Refused
from cheyi.settlement.actions.posting import post
from cheyi.settlement.models import Prepayment
from cheyi.settlement.rules.tendering import METHODS, OFFSET, demand_amount


@act
def take_prepayment(
    *, customer_id: int, amount: Money, method: str, kind: str, store: Store, by: Viewer, now: datetime
) -> Prepayment:
    """Take a deposit (订金), earnest money (定金) or a service prepayment.

    Raises Refused ``settlement.payment.not_positive``, ``.too_large``, ``.unknown_method``.
    """
    demand_amount(amount)
    if method not in METHODS or method == OFFSET:
        raise Refused("settlement.payment.unknown_method", method=method)
    row = Prepayment.objects.create(
        store=store,
        no=draw(store, "PP", now),
        customer_id=customer_id,
        kind=kind,
        method=method,
        amount=amount,
        business_on=store.business_date(now),
        created_at=now,
        created_by_id=by.user_id,
    )
    amounts = {f"money_{method}": amount, "prepayments": -amount}
    post("prepayment", Source("settlement.prepayment", row.pk, row.no), amounts, store=store, now=now, by_id=by.user_id)
    audit(by, "settlement.prepayment.taken", row, now=now, amount=amount.parts, method=method)
    return row
