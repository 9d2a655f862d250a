"""What the clock does for customers: what a card said before a change is forgotten after a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from cheyi.customers import actions
from cheyi.foundation.jobs import every
from cheyi.foundation.scope import everywhere


@every(timedelta(hours=1), "customers.customer.forget_former")
def forget_former(*, now: datetime) -> None:
    """Forget what can no longer be taken back."""
    with everywhere("what cards said before a change is forgotten in all groups"):
        actions.forget_former(now=now)
