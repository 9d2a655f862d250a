"""The stock that a store begins with, row by row of a list, in few statements and never twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit
from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Quantity, Refused
from cheyi.parts.actions import holding
from cheyi.parts.actions.books import Books, Entry
from cheyi.parts.actions.bulk_parts import Outcome
from cheyi.parts.actions.places import BIN_CODE, add_bins, outside, place_of_kind
from cheyi.parts.actions.receiving import Incoming, lots_for
from cheyi.parts.models import Lot, Move, Part, Place, Warehouse
from cheyi.parts.rules import check_quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkStock:
    """What lies in one bin of one part (and batch) at the beginning; ``value`` is without tax, for all of it.

    With no bin it lies in the first place of the main warehouse; a bin that is new is made there.
    """

    ref: str
    part_id: int
    quantity: Quantity
    value: Money
    bin_code: str = ""
    batch: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """A checked row with where it goes."""

    row: BulkStock
    place: Place
    lot: Lot | None

    @property
    def key(self) -> tuple[int, int, int | None]:
        """Which balance it makes."""
        return self.row.part_id, self.place.pk, self.lot.pk if self.lot else None


@act
def bulk_open_stock(
    rows: Sequence[BulkStock], *, store: Store, by: Viewer, now: datetime, label: str = ""
) -> list[Outcome]:
    """Post opening moves for many rows; one outcome per row, in their order.

    A bin that was opened before with the same quantity is ``here``, with another one ``refused``: a difference is
    counted or adjusted, never imported. Whoever waits is served at the end. One audit row tells the count.
    """
    outcomes: dict[str, Outcome] = {}
    parts: dict[int, Part] = Part.objects.in_bulk({row.part_id for row in rows})
    good: list[BulkStock] = []
    for row in rows:
        try:
            good.append(_checked(row, parts))
        except Refused as refused:
            outcomes[row.ref] = Outcome(row.ref, "refused", problem=refused)
    settings = holding.take_turns({row.part_id for row in good}, store=store, by=by, now=now)
    bins = _bins(good, store=store, by=by, now=now)
    opened = _opened(store)
    fresh: list[_Row] = []
    for row in good:
        try:
            incoming = Incoming(row.part_id, row.quantity, row.value, batch=row.batch, expires_on=row.expires_on)
            (lot,) = lots_for([incoming], settings, store=store, by=by, now=now) if row.batch.strip() else [None]
            placed = _Row(row, bins[row.bin_code.strip().upper()], lot)
            outcomes[row.ref] = _outcome(placed, opened)
            if outcomes[row.ref].kind == "new":
                opened[placed.key] = row.quantity
                fresh.append(placed)
        except Refused as refused:
            outcomes[row.ref] = Outcome(row.ref, "refused", problem=refused)
    if fresh:
        _post(fresh, store=store, by=by, now=now, label=label)
        audit(by, "parts.stock.opened", store, now=now, lines=len(fresh), label=label)
        waiting = holding.waiting_for({placed.row.part_id for placed in fresh}, store)
        holding.serve(waiting, store=store, by=by, now=now)
    return [outcomes[row.ref] for row in rows]


def _checked(row: BulkStock, parts: Mapping[int, Part]) -> BulkStock:
    part = parts.get(row.part_id)
    if part is None:
        raise Refused("parts.part.not_here", part=row.part_id)
    check_quantity(row.quantity, step=part.qty_step, part_no=part.part_no)
    if row.value < Money(0):
        raise Refused("parts.receipt.value_negative", field="value", part_no=part.part_no)
    if part.lot_tracked and not row.batch.strip():
        raise Refused("parts.lot.batch_missing", field="batch", part_no=part.part_no)
    code = row.bin_code.strip().upper()
    if code and not BIN_CODE.fullmatch(code):
        raise Refused("parts.place.bad_code", field="bin", bin=code)
    return row


def _bins(rows: Sequence[BulkStock], *, store: Store, by: Viewer, now: datetime) -> dict[str, Place]:
    first = place_of_kind(store, Warehouse.Kind.MAIN)
    wanted = {row.bin_code.strip().upper() for row in rows} - {""}
    known = Place.objects.filter(store=store, code__in=wanted, kind=Place.Kind.BIN).select_related("warehouse")
    bins: dict[str, Place] = {place.code: place for place in known}
    assert first.warehouse is not None
    made = add_bins(warehouse=first.warehouse, codes=sorted(wanted - bins.keys()), by=by, now=now)
    return {"": first, **bins, **{place.code: place for place in made}}


def _opened(store: Store) -> dict[tuple[int, int, int | None], Quantity]:
    """What was opened before, by balance."""
    rows = Move.objects.filter(store=store, kind="opening", reverses=None)
    return {
        (part, place, lot): quantity
        for part, place, lot, quantity in rows.values_list("part_id", "to_place_id", "lot_id", "quantity")
    }


def _outcome(placed: _Row, opened: Mapping[tuple[int, int, int | None], Quantity]) -> Outcome:
    before = opened.get(placed.key)
    if before is None:
        return Outcome(placed.row.ref, "new")
    if before == placed.row.quantity:
        return Outcome(placed.row.ref, "here")
    raise Refused("parts.opening.other_quantity", field="quantity", before=str(before), now=str(placed.row.quantity))


def _post(rows: Sequence[_Row], *, store: Store, by: Viewer, now: datetime, label: str) -> None:
    stamp = {"store_id": store.pk, "created_at": now, "created_by_id": by.user_id}
    books = Books.opened({placed.row.part_id for placed in rows}, store=store, stamp=stamp)
    start = outside(store, Place.Kind.OPENING)
    for placed in rows:
        books.enter(
            Entry(
                kind="opening",
                part_id=placed.row.part_id,
                quantity=placed.row.quantity,
                from_place=start,
                to_place=placed.place,
                at=now,
                source=Source("parts.opening", store.pk, label),
                value=placed.row.value,
                lot=placed.lot,
            )
        )
    books.write()
