"""What undoes settlement's quick acts; each inverse is a verb with its own permission and guards (design.md 14)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import inverse
from cheyi.foundation.models import Store
from cheyi.kernel import Money
from cheyi.settlement import actions


@inverse("settlement.credit.set_limit")
def set_limit(*, by: Viewer, now: datetime, store_id: int, customer_id: int, limit: int, days: int) -> str:
    """A credit limit as it was before; an account that was opened has none left."""
    store = Store.objects.get(pk=store_id)
    actions.set_limit(customer_id=customer_id, limit=Money(limit), days=days, store=store, by=by, now=now)
    return _("Credit limit as before")
