"""Many customers at once, for import and demo: the checks of ``add``, the same rows and keys, few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from cheyi.customers.actions.adding import marks_in, settle
from cheyi.customers.actions.filling import Further, fill
from cheyi.customers.actions.keys import THING, keys_of
from cheyi.customers.actions.knowing import know
from cheyi.customers.actions.neighbours import (
    Neighbours,
    OnFile,
    demand_one_person,
    has_no_number,
    numbers_of,
    spread,
)
from cheyi.customers.actions.reading import Details, check_note, columns_of
from cheyi.customers.engine.marks import Marks
from cheyi.customers.engine.points import match
from cheyi.customers.models import Customer, CustomerStore, DuplicatePair, OldNumber
from cheyi.customers.queries.likeness import LookAlike, names_agree
from cheyi.customers.rules.limits import LONGEST_NOTE
from cheyi.customers.rules.texts import as_typed, plain
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit
from cheyi.foundation.models import Store
from cheyi.foundation.search import KeySet, write_keys_many
from cheyi.foundation.sources import Source
from cheyi.kernel import Refused

AT_ONCE = 500
LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkRow:
    """One customer of a list; ``ref`` is how the caller calls the row, ``external_no`` his number in the old system."""

    ref: str
    name: str
    mobile: str = ""
    external_no: str = ""
    note: str = ""
    advisor_id: int | None = None
    last_visit_on: date | None = None
    details: Details = field(default_factory=Details)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: ``new``, ``here`` (on file already), ``linked`` (a sister store's), or ``refused``.

    ``stays`` are the fields of somebody on file in which the row says otherwise.
    """

    ref: str
    kind: Literal["new", "here", "linked", "refused"]
    customer_id: int | None = None
    problem: Refused | None = None
    stays: tuple[str, ...] = ()


@act
def bulk_add(
    rows: Sequence[BulkRow],
    *,
    store: Store,
    by: Viewer,
    now: datetime,
    paper: Source,
    confirmed: Collection[str] = (),
) -> list[Outcome]:
    """Put many customers on file; one outcome per row, in their order.

    Who is on file already (same number or old-system number; without a number the same name) gets what he lacks and
    keeps what he has, so the same list twice doubles nobody. Near misses become rows of their own with a pair for review; two names on one
    number become two rows that share it. A row that does not pass the checks, or bears an old-system number of somebody
    else, is ``refused`` and nothing of it is written. No facts are announced; one audit row tells the count.
    """
    neighbours = Neighbours(store)
    outcomes: dict[str, Outcome] = {}
    by_old_number: dict[str, dict[str, Any]] = {}
    for start in range(0, len(rows), AT_ONCE):
        batch = _Batch(store, now, by, neighbours)
        for row in rows[start : start + AT_ONCE]:
            try:
                columns = columns_of(_typed(row), confirmed=confirmed)
                old_number = _checked(row)
                if old_number:
                    demand_one_person(old_number, columns, by_old_number.setdefault(old_number, columns))
                batch.take(row, columns)
            except Refused as refused:
                outcomes[row.ref] = Outcome(row.ref, "refused", problem=refused)
        outcomes |= batch.write(paper=paper)
    made = sum(one.kind == "new" for one in outcomes.values())
    if made:
        audit(by, "customers.customer.imported", None, now=now, paper=paper.kind, paper_id=paper.id, count=made)
    return [outcomes[row.ref] for row in rows]


def _checked(row: BulkRow) -> str:
    """The old-system number of a row, if it has one. Raises Refused for what the columns cannot hold."""
    number = plain(row.external_no)
    if len(number) > LONGEST_NUMBER:
        raise Refused("customers.customer.too_long", field="external_no", longest=LONGEST_NUMBER)
    check_note(row.note, longest=LONGEST_NOTE)
    return number


def _typed(row: BulkRow) -> dict[str, Any]:
    return {"name": row.name, "mobile": row.mobile, **row.details}


@dataclass(slots=True)
class _Row:
    """A row that passed the checks: its columns, its numbers with those a slip away, and what it is to become."""

    row: BulkRow
    columns: dict[str, Any]
    numbers: tuple[str, ...]
    customer: Customer | None = None
    marks: Marks | None = None
    pairs: list[LookAlike] = field(default_factory=list)


class _Batch:
    """Up to 500 rows: read at once, compared with what is on file and with each other, written in a few statements."""

    def __init__(self, store: Store, now: datetime, by: Viewer, neighbours: Neighbours) -> None:
        self.store, self.now, self.by, self.neighbours = store, now, by, neighbours
        self.taken: list[_Row] = []
        self.new: list[_Row] = []
        self.new_by_mark: dict[str, list[_Row]] = defaultdict(list)
        self.new_by_old_number: dict[str, _Row] = {}
        self.doubles: list[tuple[str, _Row]] = []
        self.linked: dict[str, Customer] = {}
        self.outcomes: dict[str, Outcome] = {}

    def take(self, row: BulkRow, columns: dict[str, Any]) -> None:
        """Add a row that passed the checks."""
        self.taken.append(_Row(row, columns, spread(columns)))

    def write(self, *, paper: Source) -> dict[str, Outcome]:
        """Compare and write; the outcome of each row taken."""
        on_file = OnFile(
            [one.columns for one in self.taken],
            [one.numbers for one in self.taken],
            {plain(one.row.external_no) for one in self.taken} - {""},
            self.store,
            self.neighbours,
        )
        for one in self.taken:
            try:
                self._place(one, on_file)
            except Refused as refused:
                self.outcomes[one.row.ref] = Outcome(one.row.ref, "refused", problem=refused)
        self._insert(paper)
        for ref, customer in self.linked.items():
            know(customer, store=self.store, paper=paper, by=self.by, now=self.now)
            self.outcomes[ref] = Outcome(ref, "linked", customer.pk)
        self._keep_further_numbers(on_file)
        self._fill(on_file)
        return self.outcomes

    def _fill(self, on_file: OnFile) -> None:
        """What further rows know of somebody on file goes to him, as far as he lacks it."""
        made = {one.customer.pk: one.customer for one in self.new if one.customer is not None}
        further = []
        for one in self.taken:
            outcome = self.outcomes[one.row.ref]
            if outcome.kind in {"here", "linked"} and outcome.customer_id is not None:
                customer = made.get(outcome.customer_id) or on_file.customer(outcome.customer_id)
                further.append(Further(one.row.ref, customer, one.columns, one.row.note, one.row.last_visit_on))
                self.neighbours.add(customer.pk, one.columns)
        for ref, stays in fill(further, store=self.store, by=self.by, now=self.now).items():
            self.outcomes[ref] = replace(self.outcomes[ref], stays=stays)

    def _keep_further_numbers(self, on_file: OnFile) -> None:
        """Whoever was on file already may bear another number in the old system, by which its other tables name him."""
        further: dict[str, int] = {}
        for one in self.taken:
            outcome, number = self.outcomes[one.row.ref], plain(one.row.external_no)
            if outcome.kind != "new" and outcome.customer_id and number and not on_file.knows_number(number):
                further[number] = outcome.customer_id
        own = {plain(one.row.external_no) for one in self.new}
        OldNumber.objects.bulk_create(
            OldNumber(
                store=self.store,
                customer_id=customer_id,
                number=number,
                created_at=self.now,
                created_by_id=self.by.user_id,
            )
            for number, customer_id in further.items()
            if number not in own
        )

    def _place(self, one: _Row, on_file: OnFile) -> None:
        """Decide what becomes of a row, by the customers on file and the earlier rows of the batch."""
        ref = one.row.ref
        old_number = plain(one.row.external_no)
        known = on_file.known(one.columns, old_number)
        if known is not None:
            self.outcomes[ref] = Outcome(ref, "here", known)
            return
        if old_number in self.new_by_old_number:
            self.doubles.append((ref, self.new_by_old_number[old_number]))
            return
        candidates, earlier = on_file.candidates(one.columns, one.numbers), self._earlier(one)
        alike: list[LookAlike] = []
        if candidates or earlier:
            asked = marks_in(one.columns)
            double = self._double(one, asked, earlier, alike)
            if double is not None:
                self.doubles.append((ref, double))
                return
            alike += on_file.judged(asked, candidates)
        self._settle(one, alike)

    def _earlier(self, one: _Row) -> list[_Row]:
        marks = (*one.numbers, one.columns.get("id_no_index", ""), *_bare(one.columns))
        found = [other for mark in marks if mark in self.new_by_mark for other in self.new_by_mark[mark]]
        return list({id(other): other for other in found}.values())

    def _double(self, one: _Row, asked: Marks, earlier: list[_Row], alike: list[LookAlike]) -> _Row | None:
        """The earlier row that is the same person; those that may be go into ``alike``."""
        for other in earlier:
            if has_no_number(one.columns) and has_no_number(other.columns):
                return other
            assert other.customer is not None
            assert other.marks is not None
            found = LookAlike(other.customer, match(asked, other.marks), here=True, showable=True)
            agree = names_agree(one.columns["name"], other.columns["name"])
            if found.match.answer == "same" and (agree or {"id_no", "wechat"} & set(found.match.reasons)):
                return other
            alike.append(found)
        return None

    def _settle(self, one: _Row, alike: list[LookAlike]) -> None:
        try:
            settled = settle(one.columns["name"], alike, confirmed_new=True, shared_phone=True)
        except Refused as refused:
            self.outcomes[one.row.ref] = Outcome(one.row.ref, "here", int(str(refused.facts["customer_id"])))
            return
        if settled.link is not None:
            self.linked[one.row.ref] = settled.link
            return
        one.customer = self._made(one.columns, shared=settled.shares_phone)
        one.marks = replace(marks_in(one.columns), shared_phone=settled.shares_phone)
        one.pairs = list(settled.pairs)
        self.new.append(one)
        if old_number := plain(one.row.external_no):
            self.new_by_old_number[old_number] = one
        for mark in (*numbers_of(one.columns), one.columns.get("id_no_index", ""), *_bare(one.columns)):
            if mark:
                self.new_by_mark[mark].append(one)

    def _made(self, columns: dict[str, Any], *, shared: bool) -> Customer:
        return Customer(
            **{"first_seen_on": self.store.business_date(self.now), **columns},
            group_id=self.store.group_id,
            shared_phone=shared,
            created_at=self.now,
            created_by_id=self.by.user_id,
            updated_at=self.now,
            updated_by_id=self.by.user_id,
        )

    def _insert(self, paper: Source) -> None:
        made = [(one, one.customer) for one in self.new if one.customer is not None]
        Customer.objects.bulk_create([customer for _, customer in made])
        CustomerStore.objects.bulk_create([self._knowing(one.row, customer, paper) for one, customer in made])
        group_id, store_id = self.store.group_id, self.store.pk
        write_keys_many(
            (KeySet(group_id, store_id, THING, customer.pk, keys_of(customer)) for _, customer in made), fresh=True
        )
        DuplicatePair.objects.bulk_create(list(self._pairs(made)), ignore_conflicts=True)
        for one, customer in made:
            self.neighbours.add(customer.pk, one.columns)
            self.outcomes[one.row.ref] = Outcome(one.row.ref, "new", customer.pk)
        for ref, other in self.doubles:
            self.outcomes[ref] = Outcome(ref, "here", self.outcomes[other.row.ref].customer_id)

    def _knowing(self, row: BulkRow, customer: Customer, paper: Source) -> CustomerStore:
        return CustomerStore(
            store=self.store,
            customer=customer,
            source_kind=paper.kind,
            source_id=paper.id,
            source_label=paper.label,
            advisor_id=row.advisor_id,
            last_visit_on=row.last_visit_on,
            external_no=plain(row.external_no),
            note=as_typed(row.note),
            created_at=self.now,
            created_by_id=self.by.user_id,
        )

    def _pairs(self, made: Sequence[tuple[_Row, Customer]]) -> Iterator[DuplicatePair]:
        for one, customer in made:
            for other in one.pairs:
                first, second = sorted((customer.pk, other.customer.pk))
                yield DuplicatePair(
                    group_id=self.store.group_id,
                    first_id=first,
                    second_id=second,
                    points=other.match.points,
                    reasons=list(other.match.reasons),
                    created_at=self.now,
                    created_by_id=self.by.user_id,
                )


def _bare(columns: dict[str, Any]) -> tuple[str, ...]:
    """The mark of a row that has only a name."""
    return (f"name {columns['name']}",) if has_no_number(columns) else ()
