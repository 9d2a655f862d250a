"""Showing a sealed value in clear: counted, limited and on record (reliability.md 7.6)."""

from __future__ import annotations

from datetime import datetime

from cheyi.customers.models import Customer, CustomerContact, Reveal
from cheyi.customers.rules.limits import FIELDS, REASONS, REVEALS_A_DAY, may_reveal
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit
from cheyi.foundation.models import Store
from cheyi.kernel import Refused


@act
def reveal(
    customer: Customer,
    *,
    field: str,
    reason: str,
    by: Viewer,
    now: datetime,
    contact: CustomerContact | None = None,
) -> str:
    """The clear text of a sealed field of a customer, or of the mobile of one of his contacts.

    Each is on record; at most 150 customers a day and person (the store's setting ``reveals_a_day``), the same one
    again costs nothing. Raises Refused ``customers.reveal.unknown_field``, ``.reason_needed``, ``.empty``,
    ``.budget_spent``.
    """
    if field not in FIELDS or (contact is not None and field != "mobile"):
        raise Refused("customers.reveal.unknown_field", field="field", name=field)
    if reason not in REASONS:
        raise Refused("customers.reveal.reason_needed", field="reason")
    sealed = getattr(contact or customer, field)
    if not sealed:
        raise Refused("customers.reveal.empty")
    slot = f"contact-{contact.pk}" if contact else field
    _spend(customer, slot=slot, reason=reason, by=by, now=now)
    audit(
        by,
        "customers.customer.revealed",
        customer,
        now=now,
        field=field,
        reason=reason,
        contact=contact.pk if contact else None,
    )
    text: str = sealed.clear()
    return text


def _spend(customer: Customer, *, slot: str, reason: str, by: Viewer, now: datetime) -> None:
    """Count this reveal against the day's budget of the person who asks; SYSTEM has none."""
    if by.user_id is None:
        return
    store = Store.objects.get(pk=by.store_id or 0)
    today = store.business_date(now)
    seen = Reveal.objects.filter(user_id=by.user_id, seen_on=today, kind=Reveal.Kind.CLEAR)
    customers = set(seen.values_list("customer_id", flat=True).distinct())
    may_reveal(
        customers_today=len(customers),
        is_new_today=customer.pk not in customers,
        most=store.setting("reveals_a_day", REVEALS_A_DAY),
    )
    Reveal(
        group_id=customer.group_id,
        customer=customer,
        user_id=by.user_id,
        field=slot,
        reason=reason,
        seen_on=today,
        created_at=now,
        created_by_id=by.user_id,
    ).save(force_insert=True)
