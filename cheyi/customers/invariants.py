"""What must hold of customers at every moment (reliability.md 3)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F

from cheyi.customers.models import Customer, CustomerStore
from cheyi.foundation.invariants import invariant
from cheyi.foundation.models import SearchKey


@invariant("I7")
def customers_are_known_within_their_group() -> Iterator[str]:
    """A store knows customers of its own group only, and each customer is known to some store."""
    strangers = CustomerStore.objects.exclude(customer__group_id=F("store__group_id"))
    for row in strangers.iterator():
        yield f"store {row.store_id} knows customer {row.customer_id} of another group"
    for customer in Customer.objects.exclude(pk__in=CustomerStore.objects.values("customer_id")).iterator():
        yield f"customer {customer.pk} is known to no store"


@invariant("I2")
def known_customers_are_found() -> Iterator[str]:
    """Every customer has search keys in each store that knows him, and in no other."""
    keyed: set[tuple[int | None, int]] = set(
        SearchKey.objects.filter(thing="customer").values_list("store_id", "target_id").distinct()
    )
    known: set[tuple[int | None, int]] = set(CustomerStore.objects.values_list("store_id", "customer_id"))
    for store, found in sorted(known - keyed, key=str):
        yield f"customer {found} cannot be found in store {store}"
    for store, found in sorted(keyed - known, key=str):
        yield f"customer {found} is found in store {store}, which does not know him"
