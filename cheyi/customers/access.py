"""What may be done with customers, and getters that return only what the viewer may see."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.http import Http404

from cheyi.customers.models import ContactHold, Customer, CustomerContact, Reveal
from cheyi.customers.queries.looking import seen_by, whose
from cheyi.customers.rules.limits import FIELDS
from cheyi.foundation.access import Viewer, permission
from cheyi.foundation.sealed import Sealed

SHOWN_SECONDS = 60

VIEW = permission("customers.customer.view", capability="customer_file", letter="V")
ADD = permission("customers.customer.add", capability="customer_file", letter="E")
EDIT = permission("customers.customer.edit", capability="customer_file", letter="E")
ADOPT = permission("customers.customer.adopt", capability="customer_file", letter="E")
HOLD = permission("customers.customer.hold_contact", capability="customer_file", letter="E")
CONSENT = permission("customers.consent.record", capability="customer_file", letter="E")
REVEAL = permission("customers.customer.reveal", capability="reveal", letter="X")
EXPORT = permission("customers.customer.export", capability="export", letter="E")
MERGE = permission("customers.customer.merge", capability="merge", letter="E")


def customers(viewer: Viewer) -> QuerySet[Customer]:
    """The customers that the viewer may see."""
    return seen_by(viewer)


def customer(viewer: Viewer, customer_id: int) -> Customer:
    """One of them. Raises Customer.DoesNotExist, which answers 404."""
    return seen_by(viewer).get(pk=customer_id)


def customer_to_edit(viewer: Viewer, customer_id: int) -> Customer:
    """A customer whom the viewer may change. Raises Customer.DoesNotExist."""
    return seen_by(viewer, EDIT.code).get(pk=customer_id)


def customer_to_reveal(viewer: Viewer, customer_id: int) -> Customer:
    """A customer whose sealed fields the viewer may ask for. Raises Customer.DoesNotExist."""
    return seen_by(viewer, REVEAL.code).get(pk=customer_id)


def may_reveal(viewer: Viewer, customer_id: int) -> bool:
    """Whether the viewer may ask for this customer's sealed fields: an advisor for those he serves."""
    return viewer.may(REVEAL.code) and seen_by(viewer, REVEAL.code).filter(pk=customer_id).exists()


def contact(viewer: Viewer, contact_id: int) -> CustomerContact:
    """A contact of a customer that the viewer may see. Raises CustomerContact.DoesNotExist."""
    found: CustomerContact = CustomerContact.objects.get(whose("customer_id", seen_by(viewer)), pk=contact_id)
    return found


def contact_to_edit(viewer: Viewer, contact_id: int) -> CustomerContact:
    """A present contact of a customer whom the viewer may change. Raises CustomerContact.DoesNotExist."""
    rows = CustomerContact.objects.select_related("customer")
    found: CustomerContact = rows.get(whose("customer_id", seen_by(viewer, EDIT.code)), pk=contact_id, left_at=None)
    return found


def contact_of(viewer: Viewer, customer_id: int, slot: str) -> CustomerContact | None:
    """The contact that ``contact-12`` means, None for a field's name. Raises Http404 for one of another customer."""
    if not (slot.startswith("contact-") and slot[8:].isdecimal()):
        return None
    found = contact(viewer, int(slot[8:]))
    if found.customer_id != customer_id:
        raise Http404
    return found


def sealed(viewer: Viewer, customer_id: int, slot: str) -> Sealed:
    """A sealed value of a customer that the viewer may see: a field, or ``contact-12`` for that contact's mobile.

    Raises DoesNotExist or Http404.
    """
    found = contact_of(viewer, customer_id, slot)
    if found is not None:
        return found.mobile
    if slot not in FIELDS:
        raise Http404
    value: Sealed = getattr(customer(viewer, customer_id), slot)
    return value


def revealed(viewer: Viewer, customer_id: int, slot: str, *, now: datetime) -> Sealed:
    """The same, when this person had it recorded within the last minute. Raises Http404 otherwise."""
    recent = Reveal.objects.filter(
        user_id=viewer.user_id or 0,
        customer_id=customer_id,
        field=slot,
        kind=Reveal.Kind.CLEAR,
        created_at__gt=now - timedelta(seconds=SHOWN_SECONDS),
    )
    if not recent.exists():
        raise Http404
    return sealed(viewer, customer_id, slot)


def hold(viewer: Viewer, hold_id: int) -> ContactHold:
    """A hold on a customer that the viewer may see. Raises ContactHold.DoesNotExist."""
    found: ContactHold = ContactHold.objects.get(whose("customer_id", seen_by(viewer)), pk=hold_id)
    return found
