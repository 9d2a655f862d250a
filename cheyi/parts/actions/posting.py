"""Moving stock: the one place where balances, costs and moves change, always together.

Balances are locked and changed before costs, each in ascending id; a conditional UPDATE whose row count decides takes
the stock, so that nothing is sold twice whatever was read before (design.md 6, reliability.md 4.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, F, Q, Value, When

from cheyi.foundation.access import Viewer
from cheyi.foundation.fields import MoneyField, QuantityField
from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Quantity, Refused
from cheyi.kernel.numbers import Measure
from cheyi.parts.models import Balance, Cost, Move, Place
from cheyi.parts.rules import Holding, check_kind

NONE_OF_IT = Quantity(0)
MOST_LEGS = 200

Key = tuple[int, int, int | None]


@dataclass(frozen=True, slots=True)
class Leg:
    """A quantity of a part that shall go from one place to another of the same store.

    ``value`` is given where it is fixed (what comes in; a reversal), else the moving average decides. ``held`` is how
    much of the quantity was reserved for the line and is taken off the reservation. ``backwards`` undoes a move of its
    kind.
    """

    kind: str
    part_id: int
    quantity: Quantity
    from_place: Place
    to_place: Place
    lot_id: int | None = None
    value: Money | None = None
    held: Quantity = NONE_OF_IT
    line_id: int | None = None
    reverses_id: int | None = None
    backwards: bool = False
    reason: str = ""
    happened_at: datetime | None = None

    def balance_key(self, place: Place) -> Key:
        """Which balance row it touches at a place."""
        return self.part_id, place.pk, self.lot_id

    def cost_key(self, place: Place) -> Key:
        """Which cost row it touches at a place that holds stock."""
        assert place.warehouse is not None
        return self.part_id, place.warehouse.pk, self.lot_id if place.warehouse.values_by_lot else None


@dataclass(slots=True)
class _Change:
    """What happens to one balance row in one posting."""

    balance: Balance
    into: Quantity = NONE_OF_IT
    out: Quantity = NONE_OF_IT
    held: Quantity = NONE_OF_IT


@dataclass(slots=True)
class _Posted:
    """A leg with the figures after it."""

    leg: Leg
    value: Money
    after: dict[str, Any] = field(default_factory=dict)


def post(legs: Sequence[Leg], *, source: Source, store: Store, by: Viewer, now: datetime) -> list[Move]:
    """Move stock; all legs or none. Five statements for any number of legs whose balances exist.

    Raises Refused ``parts.stock.too_little``, ``parts.stock.value_gone``, ``parts.stock.taken_meanwhile`` or
    ``parts.move.wrong_places``; ValueError for more than 200 legs (bulk.py is for those).
    """
    if len(legs) > MOST_LEGS:
        raise ValueError(f"{len(legs)} legs in one posting")
    if not legs:
        return []
    for leg in legs:
        check_kind(leg.kind, from_kind=leg.from_place.kind, to_kind=leg.to_place.kind, backwards=leg.backwards)
    stamp = {"store_id": store.pk, "created_at": now, "created_by_id": by.user_id}
    posted = [_Posted(leg, Money(0)) for leg in legs]
    _change_balances(posted, stamp)
    _change_costs(posted, stamp)
    moves = [
        Move(
            **stamp,
            kind=piece.leg.kind,
            at=now,
            happened_at=piece.leg.happened_at or now,
            posted_on=store.business_date(now),
            part_id=piece.leg.part_id,
            lot_id=piece.leg.lot_id,
            from_place=piece.leg.from_place,
            to_place=piece.leg.to_place,
            quantity=piece.leg.quantity,
            value=piece.value,
            line_id=piece.leg.line_id,
            reverses_id=piece.leg.reverses_id,
            reason=piece.leg.reason,
            source_kind=source.kind,
            source_id=source.id,
            source_label=source.label,
            **piece.after,
        )
        for piece in posted
    ]
    return Move.objects.bulk_create(moves)


def reverse(moves: Sequence[Move], *, reason: str, store: Store, by: Viewer, now: datetime) -> list[Move]:
    """Post the exact opposite of some moves, whose places and warehouses are loaded.

    Raises Refused ``parts.move.reversed_already``, and as ``post`` when the stock is no longer there.
    """
    if Move.objects.filter(reverses__in=moves).exists():
        raise Refused("parts.move.reversed_already")
    legs = [
        Leg(
            kind=move.kind,
            part_id=move.part_id,
            quantity=move.quantity,
            from_place=move.to_place,
            to_place=move.from_place,
            lot_id=move.lot_id,
            value=move.value,
            line_id=move.line_id,
            reverses_id=move.pk,
            backwards=True,
            reason=reason,
        )
        for move in moves
    ]
    return post(legs, source=moves[0].source, store=store, by=by, now=now)


def _change_balances(posted: Iterable[_Posted], stamp: dict[str, Any]) -> None:
    legs = [piece.leg for piece in posted]
    keys = {leg.balance_key(place) for leg in legs for place in (leg.from_place, leg.to_place) if place.holds_stock}
    changes = {key: _Change(row) for key, row in _locked(Balance, "place_id", keys, stamp).items()}
    for leg in legs:
        if leg.from_place.holds_stock:
            change = changes[leg.balance_key(leg.from_place)]
            change.out += leg.quantity
            change.held += leg.held
        if leg.to_place.holds_stock:
            changes[leg.balance_key(leg.to_place)].into += leg.quantity
    _write_balances(list(changes.values()))
    for piece in posted:
        for side, place in (("from", piece.leg.from_place), ("to", piece.leg.to_place)):
            if place.holds_stock:
                change = changes[piece.leg.balance_key(place)]
                piece.after[f"{side}_on_hand"] = change.balance.on_hand


def _write_balances(changes: Sequence[_Change]) -> None:
    """One conditional UPDATE over all rows: what is taken beyond the reservation must be free."""
    for change in changes:
        row, free = change.balance, change.out - change.held
        if free > row.available or change.held > row.reserved:
            raise Refused("parts.stock.too_little", field="quantity", wanted=str(free), available=str(row.available))
    conditions = [
        Q(
            pk=change.balance.pk,
            reserved__gte=change.held,
            on_hand__gte=F("reserved") + Value(change.out - change.held, QuantityField()),
        )
        for change in changes
    ]
    touched = Balance.objects.filter(reduce(or_, conditions)).update(
        on_hand=F("on_hand") + by_row((c.balance.pk, c.into - c.out) for c in changes),
        reserved=F("reserved") - by_row((c.balance.pk, c.held) for c in changes),
    )
    if touched != len(changes):
        raise Refused("parts.stock.taken_meanwhile")
    for change in changes:
        change.balance.on_hand += change.into - change.out
        change.balance.reserved -= change.held


def _change_costs(posted: Sequence[_Posted], stamp: dict[str, Any]) -> None:
    keys = {
        piece.leg.cost_key(place)
        for piece in posted
        for place in (piece.leg.from_place, piece.leg.to_place)
        if place.holds_stock
    }
    rows = _locked(Cost, "warehouse_id", keys, stamp)
    before = {key: Holding(row.quantity, row.value) for key, row in rows.items()}
    holdings = dict(before)
    for piece in posted:
        _value(piece, holdings)
    _write_costs([(rows[key], before[key], holding) for key, holding in holdings.items() if holding != before[key]])


def _value(piece: _Posted, holdings: dict[Key, Holding]) -> None:
    """Fix the value of a leg and change the holdings that it leaves and enters."""
    leg = piece.leg
    start = leg.cost_key(leg.from_place) if leg.from_place.holds_stock else None
    end = leg.cost_key(leg.to_place) if leg.to_place.holds_stock else None
    if start is not None and start == end:
        piece.value = holdings[start].worth(leg.quantity)
    elif start is not None:
        left = holdings[start].take_out(leg.quantity, leg.value)
        piece.value = holdings[start].value - left.value
        holdings[start] = left
    else:
        assert leg.value is not None
        piece.value = leg.value
    if end is not None and start != end:
        holdings[end] = holdings[end].put_in(leg.quantity, piece.value)
    if start is not None:
        piece.after["from_value"] = holdings[start].value
    if end is not None:
        piece.after["to_value"] = holdings[end].value


def _write_costs(changes: Sequence[tuple[Cost, Holding, Holding]]) -> None:
    if not changes:
        return
    conditions = [Q(pk=row.pk, quantity=before.quantity, value=before.value) for row, before, _ in changes]
    touched = Cost.objects.filter(reduce(or_, conditions)).update(
        quantity=by_row((row.pk, after.quantity) for row, _, after in changes),
        value=by_row((row.pk, after.value) for row, _, after in changes),
    )
    if touched != len(changes):
        raise Refused("parts.stock.taken_meanwhile")


def _locked(model: Any, where: str, keys: set[Key], stamp: dict[str, Any]) -> dict[Key, Any]:
    """The rows of these keys, locked in ascending id; missing ones are made empty first."""
    rows = _read(model, where, keys)
    missing = keys - rows.keys()
    if missing:
        made = [model(**stamp, part_id=part, lot_id=lot, **{where: at}) for part, at, lot in sorted(missing, key=str)]
        model.objects.bulk_create(made, ignore_conflicts=True)
        rows |= _read(model, where, missing)
    return rows


def _read(model: Any, where: str, keys: set[Key]) -> dict[Key, Any]:
    wanted = reduce(or_, (Q(part_id=part, lot_id=lot, **{where: at}) for part, at, lot in keys))
    rows = model.objects.filter(wanted).select_for_update().order_by("pk")
    return {(row.part_id, getattr(row, where), row.lot_id): row for row in rows}


def by_row(values: Iterable[tuple[int, Measure]]) -> Case:
    """A CASE over primary keys that gives each row its own amount."""
    pairs = list(values)
    column: Any = MoneyField if isinstance(pairs[0][1], Money) else QuantityField
    whens = [When(pk=pk, then=Value(amount, column())) for pk, amount in pairs]
    return Case(*whens, output_field=column())
