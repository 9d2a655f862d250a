"""Tags: the group's words that stand on customers."""

from __future__ import annotations

from datetime import datetime

from cheyi.customers.models import Customer, CustomerTag, Tag
from cheyi.customers.rules.texts import plain
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit
from cheyi.foundation.models import Store
from cheyi.kernel import Refused


@act
def tag(customer: Customer, *, code: str, by: Viewer, now: datetime) -> CustomerTag:
    """Put one of the group's tags on a customer; harmless when it is there.

    Raises Refused ``customers.tag.unknown``.
    """
    known = Tag.objects.filter(group_id=customer.group_id, code=plain(code), active=True).first()
    if known is None:
        raise Refused("customers.tag.unknown", field="tag", tag=code)
    row, created = CustomerTag.objects.get_or_create(
        group_id=customer.group_id,
        customer=customer,
        tag=known,
        defaults={"created_at": now, "created_by_id": by.user_id},
    )
    if created:
        audit(by, "customers.customer.tagged", customer, now=now, tag=code)
    return row


@act
def untag(customer: Customer, *, code: str, by: Viewer, now: datetime) -> None:
    """Take a tag off a customer."""
    removed, _ = CustomerTag.objects.filter(customer=customer, tag__code=code).delete()
    if removed:
        audit(by, "customers.customer.untagged", customer, now=now, tag=code)


@act
def make_tag(*, code: str, name: str, store: Store, by: Viewer, now: datetime, name_en: str = "") -> Tag:
    """A new tag for the group; gives the one on file when the code is taken."""
    row, created = Tag.objects.get_or_create(
        group_id=store.group_id,
        code=plain(code)[:30],
        defaults={
            "name": plain(name)[:30],
            "name_en": plain(name_en)[:40],
            "created_at": now,
            "created_by_id": by.user_id,
        },
    )
    if created:
        audit(by, "customers.tag.made", row, now=now, tag=code)
    return row
