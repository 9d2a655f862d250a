"""What hangs on a customer's card: people who speak for him, and tags."""

from __future__ import annotations

from datetime import datetime

from cheyi.customers.actions import keys
from cheyi.customers.actions.reading import columns_of
from cheyi.customers.models import Customer, CustomerContact, CustomerTag, Tag
from cheyi.customers.rules.texts import plain
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit, lock
from cheyi.foundation.models import Store
from cheyi.kernel import Refused


@act
def add_contact(
    customer: Customer,
    *,
    name: str,
    by: Viewer,
    now: datetime,
    mobile: str = "",
    relation: str = CustomerContact.Relation.OTHER,
    may_approve: bool = False,
    may_pick_up: bool = False,
) -> CustomerContact:
    """Note somebody who speaks for the customer, and what he may decide. Raises Refused as ``add`` for name and phone."""
    if relation not in CustomerContact.Relation.values:
        raise Refused("customers.customer.unknown_choice", field="relation", value=relation)
    columns = columns_of({"name": name, "mobile": mobile})
    contact = CustomerContact(
        group_id=customer.group_id,
        customer=customer,
        name=columns["name"],
        mobile=columns["mobile"],
        mobile_index=columns["mobile_index"],
        relation=relation,
        may_approve=may_approve,
        may_pick_up=may_pick_up,
        created_at=now,
        created_by_id=by.user_id,
    )
    contact.save(force_insert=True)
    keys.rewrite(customer)
    audit(by, "customers.contact.added", customer, now=now, contact=contact.pk, relation=relation)
    return contact


@act
def drop_contact(contact: CustomerContact, *, by: Viewer, now: datetime) -> None:
    """This person no longer speaks for the customer; the row stays for the papers that name it."""
    contact = lock(contact)
    if contact.left_at is not None:
        return
    contact.left_at = now
    contact.save(update_fields=["left_at"])
    keys.rewrite(contact.customer)
    audit(by, "customers.contact.dropped", contact.customer, now=now, contact=contact.pk)


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
