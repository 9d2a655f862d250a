"""Who on file may be somebody of a long list: numbers opened once, so that near misses cost no hundred hashes a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from cheyi.customers.engine import phones
from cheyi.customers.engine.marks import Marks
from cheyi.customers.engine.points import match, near_of
from cheyi.customers.models import Customer
from cheyi.customers.queries.likeness import LookAlike, marks_on_file, names_agree, seen_from
from cheyi.customers.queries.looking import by_old_numbers
from cheyi.foundation.models import Store
from cheyi.kernel import Refused

Columns = dict[str, Any]


def numbers_of(columns: Columns) -> tuple[str, ...]:
    """The numbers of a row that are evidence."""
    found = (columns.get("mobile", ""), columns.get("second_mobile", ""))
    return tuple(number for number in found if number and not phones.is_placeholder(number))


def spread(columns: Columns) -> tuple[str, ...]:
    """The numbers of a row with those a slip away."""
    own = numbers_of(columns)
    return (*own, *(other for number in own for other in phones.near_phones(number)))


def has_no_number(columns: Columns) -> bool:
    """Whether a row has nothing but a name to be recognised by."""
    return not (columns.get("mobile_index") or columns.get("id_no_index"))


def demand_one_person(old_number: str, columns: Columns, other: Columns) -> None:
    """An old system's number names one customer: name, mobile or paper must be the other's too.

    Raises Refused ``customers.customer.number_twice``.
    """
    shared = any(columns.get(mark) and columns[mark] == other.get(mark) for mark in ("mobile_index", "id_no_index"))
    if not shared and not names_agree(columns["name"], other["name"]):
        raise Refused("customers.customer.number_twice", field="external_no", number=old_number, who=other["name"])


def _marks_of(customer: Customer) -> Columns:
    return {mark: getattr(customer, mark) for mark in ("name", "mobile_index", "id_no_index")}


class Neighbours:
    """Ids of the group's customers by their clear numbers; lives as long as one import and is written nowhere."""

    def __init__(self, store: Store) -> None:
        self._by_number: dict[str, list[int]] = defaultdict(list)
        rows = Customer.objects.filter(group_id=store.group_id, merged_into=None)
        for row in rows.only("uid", "mobile", "second_mobile").iterator(2_000):
            self.add(row.pk, {"mobile": row.mobile.clear(), "second_mobile": row.second_mobile.clear()})

    def add(self, customer_id: int, columns: Columns) -> None:
        """Take one more in."""
        for number in numbers_of(columns):
            self._by_number[number].append(customer_id)

    def having(self, numbers: Iterable[str]) -> set[int]:
        """Who has one of these numbers."""
        return {pk for number in numbers if number in self._by_number for pk in self._by_number[number]}


class OnFile:
    """The customers on file that the rows of a batch may be, read at once: by number or near number, paper, bare name.

    ``spreads`` are the rows' numbers with those a slip away, ``old_numbers`` what an old system called the customers.
    """

    def __init__(
        self,
        rows: Sequence[Columns],
        spreads: Sequence[tuple[str, ...]],
        old_numbers: set[str],
        store: Store,
        neighbours: Neighbours,
    ) -> None:
        self._neighbours = neighbours
        self._by_old_number = by_old_numbers(old_numbers, store)
        ids = {pk for numbers in spreads for pk in neighbours.having(numbers)} | set(self._by_old_number.values())
        papers = {row["id_no_index"] for row in rows if row.get("id_no_index")}
        bare = {row["name"] for row in rows if has_no_number(row)}
        found = Q(pk__in=ids) | Q(id_no_index__in=papers) | Q(name__in=bare, mobile_index="", id_no_index="")
        self._rows = {row.pk: row for row in Customer.objects.filter(found, group_id=store.group_id, merged_into=None)}
        self._here, self._showable = seen_from(store, self._rows)
        self._by_paper = {row.id_no_index: row.pk for row in self._rows.values() if row.id_no_index}
        self._bare = {
            row.name: row.pk
            for row in self._rows.values()
            if row.pk in self._here and not (row.mobile_index or row.id_no_index)
        }

    def known(self, columns: Columns, old_number: str) -> int | None:
        """Who it surely is: by the old system's number, or by name where neither has any other mark.

        Raises Refused ``customers.customer.number_twice`` when the number is that of somebody else.
        """
        if old_number in self._by_old_number:
            customer = self._rows.get(self._by_old_number[old_number])
            if customer is not None:
                demand_one_person(old_number, columns, _marks_of(customer))
            return self._by_old_number[old_number]
        return self._bare.get(columns["name"]) if has_no_number(columns) else None

    def customer(self, customer_id: int) -> Customer:
        """One of those on file."""
        return self._rows.get(customer_id) or Customer.objects.get(pk=customer_id)

    def knows_number(self, old_number: str) -> bool:
        """Whether the old system's number is on file."""
        return old_number in self._by_old_number

    def candidates(self, columns: Columns, numbers: tuple[str, ...]) -> list[Customer]:
        """Who shares a number, a near one or a paper with the row."""
        ids = self._neighbours.having(numbers)
        paper = columns.get("id_no_index", "")
        if paper in self._by_paper:
            ids.add(self._by_paper[paper])
        return [self._rows[pk] for pk in sorted(ids) if pk in self._rows]

    def judged(self, asked: Marks, candidates: Sequence[Customer]) -> list[LookAlike]:
        """The candidates with the points for each."""
        near = near_of(asked) if candidates else frozenset()
        return [
            LookAlike(row, match(asked, marks_on_file(row), near=near), row.pk in self._here, row.pk in self._showable)
            for row in candidates
        ]
