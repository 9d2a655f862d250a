"""Customers whom only sister stores know: found by a whole number, shown masked (design.md 13)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from cheyi.customers.engine import phones
from cheyi.customers.models import Customer, CustomerStore
from cheyi.customers.queries.consents import allows
from cheyi.customers.queries.likeness import seen_from
from cheyi.foundation import masks
from cheyi.foundation.models import Store
from cheyi.foundation.scope import everywhere
from cheyi.foundation.sealed import blind_index


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Somebody whom sister stores know, as much of him as may be shown here."""

    customer_id: int
    name: str
    mobile: str
    kind: str
    stores: tuple[str, ...]


def elsewhere(text: str, *, store: Store) -> list[Elsewhere]:
    """Who in the group has this whole number and is not known here; masked. Empty for a part of a number.

    Between legal entities only with the customer's consent. Four queries at most.
    """
    return [
        Elsewhere(row.pk, masks.name(row.name), row.mobile.masked, row.kind, _known_at(row, store))
        for row in strangers(text, store=store)
    ]


def strangers(text: str, *, store: Store) -> list[Customer]:
    """The rows behind ``elsewhere``, for the action that makes one known."""
    verdict = phones.check(text)
    if not verdict.valid or phones.is_placeholder(verdict.value):
        return []
    index = blind_index(verdict.value)
    found = Customer.objects.filter(
        Q(mobile_index=index) | Q(second_mobile_index=index), group_id=store.group_id, merged_into=None
    ).exclude(status=Customer.Status.ANONYMISED)
    rows = list(found.order_by("pk"))
    here, showable = seen_from(store, [row.pk for row in rows])
    return [row for row in rows if row.pk in showable - here]


def _known_at(customer: Customer, store: Store) -> tuple[str, ...]:
    with everywhere("which stores of the group know this customer"):
        rows = CustomerStore.objects.filter(customer=customer, store__group_id=store.group_id)
        return tuple(rows.order_by("store__code").values_list("store__name", flat=True))


def stores_sharing(customer_id: int, *, store: Store) -> frozenset[int]:
    """The stores whose service history of this customer may be shown in ``store`` (design.md 13).

    Those of its own legal entity; all of the group once he consented to ``sharing_group``. Two queries.
    """
    stores = Store.objects.filter(group_id=store.group_id)
    if not allows(customer_id, "sharing_group"):
        stores = stores.filter(legal_entity_id=store.legal_entity_id)
    return frozenset(stores.values_list("pk", flat=True))


def may_see_shared(customer_id: int, *, store: Store) -> bool:
    """Whether what other stores know of a customer may be seen in ``store``: his cars, his service history.

    So when another store of the same legal entity knows him, or once he consented to ``sharing_group``. Two queries.
    """
    with everywhere("whether another store of the same legal entity knows this customer"):
        rows = CustomerStore.objects.filter(customer_id=customer_id, store__legal_entity_id=store.legal_entity_id)
        if rows.exclude(store_id=store.pk).exists():
            return True
    return allows(customer_id, "sharing_group")


def stores_that_know(customer_id: int) -> list[Store]:
    """The stores of the scope that know a customer."""
    rows = CustomerStore.objects.filter(customer_id=customer_id).select_related("store").order_by("store_id")
    return [row.store for row in rows]
