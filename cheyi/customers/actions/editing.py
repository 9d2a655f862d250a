"""Changing what is on file of a customer: his own fields, his contacts, his tags."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Unpack

from django.db import IntegrityError, transaction

from cheyi.customers.actions import keys
from cheyi.customers.actions.adding import keep_pairs, marks_in, settle
from cheyi.customers.actions.reading import Details, columns_of
from cheyi.customers.events import CustomerChanged
from cheyi.customers.models import Customer, CustomerContact, CustomerTag, Tag
from cheyi.customers.queries.likeness import look_alikes
from cheyi.customers.rules.texts import plain
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, lock
from cheyi.foundation.models import Store
from cheyi.foundation.sealed import Sealed
from cheyi.kernel import Refused

FOUND_BY = frozenset(["name", "mobile", "second_mobile"])
EVIDENCE = frozenset(["mobile", "second_mobile", "wechat", "id_no"])


class Changes(Details, total=False):
    """What may be changed: all that may be known, with name and mobile."""

    name: str
    mobile: str


@act
def edit(
    customer: Customer,
    *,
    store: Store,
    by: Viewer,
    now: datetime,
    version: int | None = None,
    confirmed_new: bool = False,
    shared_phone: bool = False,
    confirmed: Collection[str] = (),
    **changes: Unpack[Changes],
) -> Customer:
    """Change fields of a customer; those not named stay. Nothing happens when nothing differs.

    A changed number is compared with everybody on file, with the refusals of ``add``. ``version`` is that of the form:
    Raises Refused ``customers.customer.changed_meanwhile`` when somebody else was faster.
    """
    customer = lock(customer)
    if version is not None and version != customer.version:
        raise Refused("customers.customer.changed_meanwhile")
    columns = columns_of({"kind": customer.kind, **changes}, confirmed=confirmed)
    changed = {name: value for name, value in columns.items() if _plain(getattr(customer, name)) != value}
    if not changed:
        return customer
    if EVIDENCE & changed.keys():
        _compare(customer, columns, store=store, confirmed_new=confirmed_new, shared_phone=shared_phone, by=by, now=now)
    _save(customer, changed, by=by, now=now)
    if FOUND_BY & changed.keys():
        keys.rewrite(customer)
    names = tuple(sorted(name for name in changed if not name.endswith("_index")))
    audit(by, "customers.customer.changed", customer, now=now, fields=list(names))
    announce(CustomerChanged(customer_id=customer.pk, fields=names, store_id=store.pk, happened_at=now))
    return customer


def _plain(value: Any) -> Any:
    return value.clear() if isinstance(value, Sealed) else value


def _compare(
    customer: Customer,
    columns: dict[str, Any],
    *,
    store: Store,
    confirmed_new: bool,
    shared_phone: bool,
    by: Viewer,
    now: datetime,
) -> None:
    name = columns.get("name", customer.name)
    alike = look_alikes(marks_in({**columns, "name": name}), store=store, besides=customer.pk)
    settled = settle(name, alike, confirmed_new=confirmed_new, shared_phone=shared_phone)
    customer.shared_phone = customer.shared_phone or settled.shares_phone or settled.link is not None
    keep_pairs(customer, [one for one in alike if one.match.answer != "new"], by=by, now=now)


def _save(customer: Customer, changed: dict[str, Any], *, by: Viewer, now: datetime) -> None:
    for name, value in changed.items():
        setattr(customer, name, value)
    customer.version += 1
    customer.updated_at = now
    customer.updated_by_id = by.user_id
    try:
        with transaction.atomic():
            customer.save(update_fields=[*changed, "shared_phone", "version", "updated_at", "updated_by_id"])
    except IntegrityError:
        raise Refused("customers.customer.just_added", field="mobile") from None


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
