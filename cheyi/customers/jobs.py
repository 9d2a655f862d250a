"""What jobs do for customers and ask about them: forgetting what a card said, and where a message goes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from cheyi.customers import actions
from cheyi.customers.models import Customer
from cheyi.customers.queries import may_contact
from cheyi.foundation.jobs import every
from cheyi.foundation.messages import address_book
from cheyi.foundation.scope import everywhere


@every(timedelta(hours=1), "customers.customer.forget_former")
def forget_former(*, now: datetime) -> None:
    """Forget what can no longer be taken back."""
    with everywhere("what cards said before a change is forgotten in all groups"):
        actions.forget_former(now=now)


@address_book
def address_of(customer_id: int, *, channel: str, purpose: str, on: date) -> str:
    """The number for a text message, in clear for the provider only; other channels have no address yet.

    Empty for who has none or wants no contact, and where a hold or a missing consent stops the purpose (domain.md 8.4).
    """
    customer = Customer.objects.filter(pk=customer_id).first()
    if channel != "sms" or customer is None or customer.preferred_channel == Customer.Channel.NONE:
        return ""
    if not customer.mobile or not may_contact(customer_id, purpose=purpose, on=on):
        return ""
    number: str = customer.mobile.clear()
    return number
