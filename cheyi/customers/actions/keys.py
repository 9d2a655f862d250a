"""Under which texts a customer is found in each store that knows him (design.md 5)."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from cheyi.customers.engine import names
from cheyi.customers.models import Customer, CustomerContact, CustomerStore
from cheyi.foundation import search
from cheyi.foundation.models import Store
from cheyi.foundation.scope import everywhere
from cheyi.foundation.search import Key
from cheyi.foundation.searchkeys import TAIL_MARK, WHOLE_MARK, folded

THING = "customer"
NAMES_KEPT = 4096


def keys_of(customer: Customer, contacts: Iterable[CustomerContact] = ()) -> tuple[Key, ...]:
    """Names in characters and sound, and the blind indexes of whole numbers and of their last four digits."""
    named = _named(customer.name)
    whole = (customer.mobile_index, customer.second_mobile_index, *(contact.mobile_index for contact in contacts))
    tails = (customer.mobile_tail_index, customer.second_mobile_tail_index)
    numbers = [Key(WHOLE_MARK + index) for index in whole if index]
    return (*named, *numbers, *(Key(TAIL_MARK + index, 2) for index in tails if index))


@functools.lru_cache(maxsize=NAMES_KEPT)
def _named(name: str) -> tuple[Key, ...]:
    """The whole name first, then its parts and sounds."""
    return tuple(Key(folded(text), 1 + (place > 0)) for place, text in enumerate(names.name_keys(name)))


def write_for(customer: Customer, stores: Sequence[Store], *, fresh: bool = False) -> None:
    """Write the keys for some stores that know him; ``fresh`` says that they have none of him yet."""
    keys = keys_of(customer, CustomerContact.objects.filter(customer=customer, left_at=None))
    sets = [search.KeySet(store.group_id, store.pk, THING, customer.pk, keys) for store in stores]
    search.write_keys_many(sets, fresh=fresh)


def rewrite(customer: Customer) -> None:
    """Write the keys anew in every store that knows him, after his name or a number has changed."""
    with everywhere("a customer is found by his new name in every store that knows him"):
        rows = CustomerStore.objects.filter(customer=customer, store__group_id=customer.group_id)
        write_for(customer, [row.store for row in rows.select_related("store").order_by("store_id")])
