"""What a customer allows and whether he may be contacted."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from cheyi.customers.models import Consent, ContactHold


def allows(customer_id: int, purpose: str) -> bool:
    """Whether his consent to a purpose is in force."""
    return Consent.objects.filter(customer_id=customer_id, purpose=purpose, withdrawn_at=None).exists()


def holds(customer_id: int, *, on: date) -> list[ContactHold]:
    """The holds in force on a day, the strictest first."""
    rows = ContactHold.objects.filter(Q(until_on=None) | Q(until_on__gte=on), customer_id=customer_id, lifted_at=None)
    return sorted(rows, key=lambda hold: (hold.reach != ContactHold.Reach.ALL, hold.pk))


def may_contact(customer_id: int, *, purpose: str, on: date) -> bool:
    """Whether a message with this purpose (``service`` or ``marketing``) may go to him on a day.

    A hold on every contact stops both, one on marketing only that; marketing also needs the consent.
    """
    reaches = {hold.reach for hold in holds(customer_id, on=on)}
    if ContactHold.Reach.ALL in reaches:
        return False
    if purpose == "marketing":
        return not reaches and allows(customer_id, "marketing")
    return True
