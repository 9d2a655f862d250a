"""People who speak for a customer: who they are, and what they may decide."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict, Unpack

from cheyi.customers.actions import keys
from cheyi.customers.actions.former import keep_former
from cheyi.customers.actions.reading import columns_of
from cheyi.customers.models import Customer, CustomerContact
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit, lock
from cheyi.foundation.changes import changed_since, demand_unchanged
from cheyi.kernel import Refused

DUMMY = ("customers.phone.placeholder",)
FOUND_BY = frozenset(["name", "mobile"])


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
    _known_relation(relation)
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


def _known_relation(relation: str) -> None:
    if relation not in CustomerContact.Relation.values:
        raise Refused("customers.customer.unknown_choice", field="relation", value=relation)


class ContactChanges(TypedDict, total=False):
    """What may be changed of somebody who speaks for a customer."""

    name: str
    mobile: str
    relation: str
    may_approve: bool
    may_pick_up: bool


@act
def edit_contact(
    contact: CustomerContact,
    *,
    by: Viewer,
    now: datetime,
    version: int | None = None,
    confirmed: tuple[str, ...] = (),
    **changes: Unpack[ContactChanges],
) -> CustomerContact:
    """Change what is on file of somebody who speaks for the customer; ``version`` is that of the customer's card.

    Raises Refused as ``add`` for name and phone, ``customers.customer.changed_meanwhile`` as ``edit``, and
    ``customers.contact.left`` for one who no longer speaks for him.
    """
    customer, contact = lock(contact.customer), lock(contact)
    if contact.left_at is not None:
        raise Refused("customers.contact.left")
    changed = _changed(contact, changes, confirmed)
    if not changed:
        return contact
    place = f"contact-{contact.pk}."
    names = [f"{place}{name}" for name in sorted(changed) if name != "mobile_index"]
    demand_unchanged("customers.customer.changed_meanwhile", changed_since(customer, version, names))
    former = {name: getattr(contact, name.removeprefix(place)) for name in names}
    undo = keep_former(customer, former, by=by, now=now)
    for name, value in changed.items():
        setattr(contact, name, value)
    contact.save(update_fields=list(changed))
    if FOUND_BY & changed.keys():
        keys.rewrite(customer)
    _count(customer, names, "customers.contact.changed", undo=undo, by=by, now=now)
    return contact


def _changed(contact: CustomerContact, typed: Mapping[str, Any], confirmed: tuple[str, ...]) -> dict[str, Any]:
    if "relation" in typed:
        _known_relation(typed["relation"])
    texts = {name: typed[name] for name in FOUND_BY & typed.keys()}
    read = columns_of({"kind": "person", "gender": "male", **texts}, confirmed=confirmed)
    columns = {name: value for name, value in typed.items() if name not in texts}
    columns |= {name: value for name, value in read.items() if name in {*texts, "mobile_index"}}
    present = {"mobile": contact.mobile.clear()}
    return {name: value for name, value in columns.items() if present.get(name, getattr(contact, name)) != value}


def _count(
    customer: Customer, names: list[str], code: str, *, undo: tuple[str, dict[str, Any]], by: Viewer, now: datetime
) -> None:
    customer.version += 1
    customer.save(update_fields=["version"])
    audit(by, code, customer, now=now, undo=undo, fields=names, version=customer.version)


@act
def drop_contact(contact: CustomerContact, *, by: Viewer, now: datetime) -> None:
    """This person no longer speaks for the customer; the row stays for the papers that name it."""
    customer, contact = lock(contact.customer), lock(contact)
    if contact.left_at is not None:
        return
    contact.left_at = now
    contact.save(update_fields=["left_at"])
    keys.rewrite(customer)
    name = f"contact-{contact.pk}.left"
    undo = keep_former(customer, {name: False}, by=by, now=now)
    _count(customer, [name], "customers.contact.dropped", undo=undo, by=by, now=now)


def put_contact_back(customer: Customer, former: Mapping[str, Any], *, version: int, by: Viewer, now: datetime) -> bool:
    """Put back what stood at a contact, or the contact himself; False when the change was of the card's own fields."""
    name = next(iter(former))
    if not name.startswith("contact-"):
        return False
    contact_id = int(name.removeprefix("contact-").partition(".")[0])
    contact = CustomerContact.objects.get(pk=contact_id, customer=customer)
    changes: Any = {one.partition(".")[2]: value for one, value in former.items()}
    if "left" in changes:
        _bring_back(contact, by=by, now=now)
    else:
        edit_contact(contact, version=version, confirmed=DUMMY, **changes, by=by, now=now)
    return True


def _bring_back(contact: CustomerContact, *, by: Viewer, now: datetime) -> None:
    customer, contact = lock(contact.customer), lock(contact)
    contact.left_at = None
    contact.save(update_fields=["left_at"])
    keys.rewrite(customer)
    audit(by, "customers.contact.added", customer, now=now, contact=contact.pk, relation=contact.relation)
