"""Finding customers that the open store knows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from cheyi.customers.engine import phones
from cheyi.customers.models import Customer, CustomerContact, CustomerStore, OldNumber
from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.foundation.sealed import blind_index

VIEW = "customers.customer.view"


def known() -> QuerySet[Customer]:
    """The customers that the stores of the scope know, merged ones left out."""
    rows: QuerySet[Customer] = Customer.objects.filter(_is_known(), merged_into=None)
    return rows


def _is_known(*how: Q) -> Exists:
    """Asked customer by customer: the list of all whom a store knows is long."""
    return Exists(CustomerStore.objects.filter(*how, customer_id=OuterRef("pk")))


def seen_by(viewer: Viewer, permission: str = VIEW) -> QuerySet[Customer]:
    """Whom a viewer may see under a permission: known ones; with own reach those he serves; with group reach all.

    His own are those whose advisor he is, whom he served last, or whom he put on file.
    """
    reach = viewer.reach(permission)
    if reach == "group":
        rows: QuerySet[Customer] = Customer.objects.filter(merged_into=None)
        return rows
    if reach == "store":
        return known()
    if reach == "own":
        own: QuerySet[Customer] = Customer.objects.filter(_is_known(mine(viewer)), merged_into=None)
        return own
    nobody: QuerySet[Customer] = Customer.objects.none()
    return nobody


def whose(column: str, seen: QuerySet[Any]) -> Exists:
    """That what a column points to is among some rows: asked row by row, since the list of all of them is long."""
    return Exists(seen.filter(pk=OuterRef(column)))


def with_store(rows: QuerySet[Customer], viewer: Viewer) -> QuerySet[Customer]:
    """The same rows, each with the open store's own row on him as ``here``, and when he came last as ``last_visit_on``."""
    here = FilteredRelation("stores", condition=Q(stores__store_id=viewer.store_id or 0))
    return rows.annotate(here=here, last_visit_on=F("here__last_visit_on"))


def mine(viewer: Viewer) -> Q:
    """The condition on CustomerStore that makes a customer the viewer's own."""
    own = Q(created_by_id=viewer.user_id)
    if viewer.employee_id:
        own |= Q(advisor_id=viewer.employee_id) | Q(served_by_id=viewer.employee_id)
    return own


def by_mobile(text: str) -> list[Customer]:
    """The known customers with this whole number, their own before a contact's. Two queries."""
    verdict = phones.check(text)
    if not verdict.valid or phones.is_placeholder(verdict.value):
        return []
    index = blind_index(verdict.value)
    own = list(known().filter(Q(mobile_index=index) | Q(second_mobile_index=index)).order_by("pk"))
    contacts = CustomerContact.objects.filter(mobile_index=index, left_at=None).values("customer_id")
    return own + list(known().filter(pk__in=contacts).exclude(pk__in=[row.pk for row in own]).order_by("pk"))


def by_old_numbers(numbers: Collection[str], store: Store) -> dict[str, int]:
    """The customers whom a store's old system called so, by that number. One query."""
    first = CustomerStore.objects.filter(store=store, external_no__in=numbers).exclude(external_no="")
    further = OldNumber.objects.filter(store=store, number__in=numbers)
    return dict(
        first.values_list("external_no", "customer_id").union(further.values_list("number", "customer_id"), all=True)
    )


def in_order(rows: QuerySet[Customer], ids: Collection[int]) -> list[Customer]:
    """The rows with these ids, in the order of the ids."""
    found = {row.pk: row for row in rows.filter(pk__in=ids)}
    return [found[one] for one in dict.fromkeys(ids) if one in found]
