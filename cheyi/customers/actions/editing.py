"""Changing what is on file of a customer: his own fields and the store's note on him."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cheyi.customers.actions import keys
from cheyi.customers.actions.adding import keep_pairs, marks_in, settle
from cheyi.customers.actions.former import keep_former, read_former
from cheyi.customers.actions.reading import Details, check_note, columns_of
from cheyi.customers.actions.speaking import DUMMY, put_contact_back
from cheyi.customers.events import CustomerChanged
from cheyi.customers.models import Customer, CustomerStore
from cheyi.customers.queries.likeness import look_alikes
from cheyi.customers.rules.birthdays import check_birthday
from cheyi.customers.rules.limits import LONGEST_NOTE
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, inverse, lock
from cheyi.foundation.changes import changed_since, demand_unchanged
from cheyi.foundation.models import Store
from cheyi.foundation.sealed import Sealed
from cheyi.kernel import Refused

FOUND_BY = frozenset(["name", "mobile", "second_mobile"])
OWN = ("note",)
EVIDENCE = frozenset(["mobile", "second_mobile", "wechat", "id_no"])


class Changes(Details, total=False):
    """What may be changed: all that may be known, with name and mobile, and the store's own note."""

    name: str
    mobile: str
    note: str


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
    Raises Refused ``customers.customer.changed_meanwhile`` at a field that somebody else has changed since; what others
    did to other fields holds beside. ``customers.customer.not_known_here`` for a note of a store that knows him not.
    """
    customer = lock(customer)
    typed: dict[str, Any] = dict(changes)
    here = _noted(customer, typed.pop("note"), store=store) if "note" in typed else None
    columns = columns_of({"kind": customer.kind, **typed}, confirmed=confirmed)
    check_birthday(columns.get("birthday_on"), today=store.business_date(now))
    changed = {name: value for name, value in columns.items() if _plain(getattr(customer, name)) != value}
    names = tuple(sorted([*(name for name in changed if not name.endswith("_index")), *(["note"] if here else [])]))
    if not names:
        return customer
    since = changed_since(customer, version, names, store_id=store.pk, own=OWN)
    demand_unchanged("customers.customer.changed_meanwhile", since)
    if EVIDENCE & changed.keys():
        _compare(customer, columns, store=store, confirmed_new=confirmed_new, shared_phone=shared_phone, by=by, now=now)
    former = {name: here.former if here and name in OWN else getattr(customer, name) for name in names}
    undo = keep_former(customer, former, by=by, now=now)
    _save(customer, changed, by=by, now=now)
    if here:
        here.row.save(update_fields=["note"])
    if FOUND_BY & changed.keys():
        keys.rewrite(customer)
    audit(by, "customers.customer.changed", customer, now=now, undo=undo, fields=list(names), version=customer.version)
    announce(CustomerChanged(customer_id=customer.pk, fields=names, store_id=store.pk, happened_at=now))
    return customer


@dataclass(frozen=True, slots=True)
class Noted:
    """The store's row on a customer with another note on it, not yet saved, and the note that stands there."""

    row: CustomerStore
    former: str


def _noted(customer: Customer, note: str, *, store: Store) -> Noted | None:
    """What a note changes; None when it stays. Raises Refused."""
    row = CustomerStore.objects.filter(store=store, customer=customer).first()
    if row is None:
        raise Refused("customers.customer.not_known_here", field="note")
    former, row.note = row.note, check_note(note, longest=LONGEST_NOTE)
    return None if row.note == former else Noted(row, former)


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


@inverse("customers.customer.edit")
def take_back(*, customer_id: int, former_id: int, version: int, by: Viewer, now: datetime) -> str:
    """Put back what stood on a card before a change; another change of the same field meanwhile stands in its way.

    Raises Refused as ``edit``, and ``foundation.undo.impossible`` after a day.
    """
    customer = Customer.objects.get(pk=customer_id)
    former = read_former(former_id, customer)
    if not put_contact_back(customer, former, version=version, by=by, now=now):
        edit(
            customer,
            version=version,
            confirmed_new=True,
            shared_phone=customer.shared_phone,
            confirmed=DUMMY,
            **former,
            store=Store.objects.get(pk=by.store_id or 0),
            by=by,
            now=now,
        )
    return _("Taken back")
