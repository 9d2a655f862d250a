"""Who on file may be the person that is typed in: found by blind indexes, judged by the engine's points (domain.md 6.10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Q

from cheyi.customers.engine.marks import Marks, Person, asking_keys, marks_of
from cheyi.customers.engine.points import Match, match, name_likeness, near_of
from cheyi.customers.models import Consent, Customer, CustomerStore
from cheyi.customers.rules.sharing import may_be_shown
from cheyi.foundation import masks
from cheyi.foundation.models import Store
from cheyi.foundation.scope import everywhere
from cheyi.foundation.sealed import blind_index

AGREEING = frozenset(["name", "firm", "pinyin", "courtesy"])


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A customer on file who may be the one wanted. ``here``: this store knows him; ``showable``: he may be shown."""

    customer: Customer
    match: Match
    here: bool
    showable: bool

    @property
    def who(self) -> str:
        """Masked name and number, to be recognised by somebody who knows him."""
        return f"{masks.name(self.customer.name)} {self.customer.mobile.masked}".strip()

    @property
    def by_phone(self) -> bool:
        """Whether the two have a whole number in common."""
        return bool({"mobile", "mobile_shared"} & set(self.match.reasons))


def marks_typed(
    name: str, numbers: Iterable[str], *, address: str = "", wechat_index: str = "", id_index: str = ""
) -> Marks:
    """The marks of somebody typed in. WeChat and papers are compared by their blind indexes."""
    marks = marks_of(Person(name=name, phones=tuple(filter(None, numbers)), address=address))
    return replace(marks, wechat=wechat_index, id_no=id_index)


def marks_on_file(row: Customer) -> Marks:
    """The marks of a customer on file; his numbers and address are opened for it, nothing of them is kept."""
    numbers = tuple(filter(None, (row.mobile.clear(), row.second_mobile.clear())))
    person = Person(
        key=row.pk, name=row.name, phones=numbers, address=row.address.clear(), shared_phone=row.shared_phone
    )
    return replace(marks_of(person), wechat=row.wechat_index, id_no=row.id_no_index)


def look_alikes(asked: Marks, *, store: Store, besides: int | None = None) -> list[LookAlike]:
    """Everybody of the group with some hard evidence, the likeliest first; three queries at most.

    A number is looked up with the hundred numbers one slip away, each by its blind index.
    """
    numbers = {blind_index(value) for kind, value in asking_keys(asked) if kind == "mobile"}
    found = Q(mobile_index__in=numbers) | Q(second_mobile_index__in=numbers)
    if asked.wechat:
        found |= Q(wechat_index=asked.wechat)
    if asked.id_no:
        found |= Q(id_no_index=asked.id_no)
    if not (numbers or asked.wechat or asked.id_no):
        return []
    rows = list(Customer.objects.filter(found, group_id=store.group_id, merged_into=None).exclude(pk=besides or 0))
    here, showable = seen_from(store, [row.pk for row in rows])
    near = near_of(asked)
    alike = [
        LookAlike(row, match(asked, marks_on_file(row), near=near), row.pk in here, row.pk in showable) for row in rows
    ]
    return sorted(alike, key=lambda one: (-one.match.points, one.customer.pk))


def seen_from(store: Store, customer_ids: Iterable[int]) -> tuple[frozenset[int], frozenset[int]]:
    """Of some customers of the group: whom the store knows, and whom it may be shown (design.md 13). Two queries."""
    ids = list(customer_ids)
    if not ids:
        return frozenset(), frozenset()
    known_by: dict[int, set[int]] = defaultdict(set)
    here = set()
    with everywhere("which stores of the group know these customers"):
        rows = CustomerStore.objects.filter(customer_id__in=ids, store__group_id=store.group_id)
        for customer_id, store_id, legal_entity_id in rows.values_list(
            "customer_id", "store_id", "store__legal_entity_id"
        ):
            known_by[customer_id].add(legal_entity_id)
            if store_id == store.pk:
                here.add(customer_id)
    consents = Consent.objects.filter(customer_id__in=ids, purpose="sharing_group", withdrawn_at=None)
    consented = set(consents.values_list("customer_id", flat=True))
    showable = {
        one for one in ids if may_be_shown(store.legal_entity_id, known_by=known_by[one], consented=one in consented)
    }
    return frozenset(here), frozenset(showable | here)


def names_agree(one: str, other: str) -> bool:
    """Whether two names can be one person's or firm's: equal, equal in sound, or a courtesy form (王先生, 王建国)."""
    left, right = marks_of(Person(name=one)), marks_of(Person(name=other))
    bare = left.name_kind == right.name_kind == "surname_only" and left.name == right.name
    return bare or name_likeness(left, right) in AGREEING
