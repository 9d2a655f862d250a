"""What stood on a card before a change: kept sealed for a day, so that the change can be taken back.

The audit row names fields, never their contents, and is never deleted; so the contents stand here and go by themselves.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from cheyi.customers.models import Customer, FormerDetails
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act
from cheyi.foundation.sealed import Sealed
from cheyi.kernel import Refused

KEPT = timedelta(days=1)


def keep_former(
    customer: Customer, former: Mapping[str, Any], *, by: Viewer, now: datetime
) -> tuple[str, dict[str, Any]]:
    """Keep what stands in some fields of a card that is about to change; gives what undoes the change. Inside an act."""
    row = FormerDetails(
        group_id=customer.group_id,
        customer=customer,
        details=json.dumps({name: _plain(value) for name, value in former.items()}, ensure_ascii=False),
        created_at=now,
        created_by_id=by.user_id,
    )
    row.save(force_insert=True)
    kept = {"customer_id": customer.pk, "former_id": row.pk, "version": customer.version + 1}
    return "customers.customer.edit", kept


def _plain(value: Any) -> Any:
    if isinstance(value, Sealed):
        return value.clear()
    return value.isoformat() if isinstance(value, date) else value


def read_former(former_id: int, customer: Customer) -> dict[str, Any]:
    """The fields that were kept with what stood in them. Raises Refused ``foundation.undo.impossible`` after a day."""
    row = FormerDetails.objects.filter(pk=former_id, customer=customer).first()
    if row is None:
        raise Refused("foundation.undo.impossible")
    former: dict[str, Any] = json.loads(row.details.clear())
    days = {name: date.fromisoformat(text) for name, text in former.items() if name.endswith("_on") and text}
    return former | days


@act
def forget_former(*, now: datetime) -> int:
    """Delete what was kept longer than a day; gives how much. The caller opens the scope."""
    gone, _by_table = FormerDetails.objects.filter(created_at__lt=now - KEPT).delete()
    return gone
