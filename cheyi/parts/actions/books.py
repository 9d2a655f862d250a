"""Posting thousands of moves at once: balances and costs of some parts kept in memory, written at the end.

For opening stock and for the demo's history only, under the turn of every part concerned; ``cheyi check`` proves the
result equal to what single postings give. Everything else posts through ``posting``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Quantity
from cheyi.parts.models import Balance, Cost, Lot, Move, Place
from cheyi.parts.rules import NOTHING, Holding, check_kind

AT_ONCE = 500
NONE_OF_IT = Quantity(0)
Key = tuple[int, int, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One move to be written; ``value`` is given for what comes in, what leaves has the moving average."""

    kind: str
    part_id: int
    quantity: Quantity
    from_place: Place
    to_place: Place
    at: datetime
    source: Source
    value: Money | None = None
    lot: Lot | None = None
    line_id: int | None = None
    reverses: Move | None = None
    reason: str = ""


@dataclass(slots=True)
class Books:
    """What a store's balances and costs of some parts say, and the moves that change them."""

    store: Store
    stamp: Mapping[str, Any]
    balances: dict[Key, Balance] = field(default_factory=dict)
    costs: dict[Key, Cost] = field(default_factory=dict)
    holdings: dict[Key, Holding] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)

    @classmethod
    def opened(cls, part_ids: Collection[int], *, store: Store, stamp: Mapping[str, Any]) -> Books:
        """Read and lock the balances and costs of some parts."""
        books = cls(store, stamp)
        for balance in Balance.objects.filter(store=store, part_id__in=part_ids).select_for_update().order_by("pk"):
            books.balances[balance.part_id, balance.place_id, balance.lot_id] = balance
        for cost in Cost.objects.filter(store=store, part_id__in=part_ids).select_for_update().order_by("pk"):
            key = (cost.part_id, cost.warehouse_id, cost.lot_id)
            books.costs[key] = cost
            books.holdings[key] = Holding(cost.quantity, cost.value)
        return books

    def free(self, part_id: int, place: Place, lot: Lot | None = None) -> Quantity:
        """What could leave a place."""
        balance = self.balances.get((part_id, place.pk, lot.pk if lot else None))
        return balance.available if balance is not None else NONE_OF_IT

    def enter(self, entry: Entry) -> Move:
        """Take one move into the books; the caller has looked whether there is enough (``free``)."""
        check_kind(entry.kind, from_kind=entry.from_place.kind, to_kind=entry.to_place.kind)
        value, after = self._valued(entry)
        for side, place, sign in (("from", entry.from_place, -1), ("to", entry.to_place, 1)):
            if place.holds_stock:
                balance = self._balance(entry, place)
                balance.on_hand += entry.quantity if sign > 0 else -entry.quantity
                after[f"{side}_on_hand"] = balance.on_hand
        move = Move(
            **{**self.stamp, "created_at": entry.at},
            kind=entry.kind,
            at=entry.at,
            happened_at=entry.at,
            posted_on=self.store.business_date(entry.at),
            part_id=entry.part_id,
            lot=entry.lot,
            from_place=entry.from_place,
            to_place=entry.to_place,
            quantity=entry.quantity,
            value=value,
            line_id=entry.line_id,
            reverses=entry.reverses,
            reason=entry.reason,
            source_kind=entry.source.kind,
            source_id=entry.source.id,
            source_label=entry.source.label[:60],
            **after,
        )
        self.moves.append(move)
        return move

    def write(self) -> None:
        """Write everything: balances and costs first, then the moves."""
        for key, cost in self.costs.items():
            cost.quantity, cost.value = self.holdings[key].quantity, self.holdings[key].value
        _save(Balance, list(self.balances.values()), ["on_hand"])
        _save(Cost, list(self.costs.values()), ["quantity", "value"])
        Move.objects.bulk_create(self.moves, batch_size=AT_ONCE)

    def _valued(self, entry: Entry) -> tuple[Money, dict[str, Any]]:
        value, after = entry.value, {}
        if entry.from_place.holds_stock:
            key = self._cost_key(entry, entry.from_place)
            before = self.holdings.get(key, NOTHING)
            self.holdings[key] = before.take_out(entry.quantity, value)
            value = before.value - self.holdings[key].value
            after["from_value"] = self.holdings[key].value
        assert value is not None
        if entry.to_place.holds_stock:
            key = self._cost_key(entry, entry.to_place)
            self.holdings[key] = self.holdings.get(key, NOTHING).put_in(entry.quantity, value)
            after["to_value"] = self.holdings[key].value
        return value, after

    def _balance(self, entry: Entry, place: Place) -> Balance:
        key = (entry.part_id, place.pk, entry.lot.pk if entry.lot else None)
        if key not in self.balances:
            self.balances[key] = Balance(**self.stamp, part_id=entry.part_id, place=place, lot=entry.lot)
        return self.balances[key]

    def _cost_key(self, entry: Entry, place: Place) -> Key:
        house = place.warehouse
        assert house is not None
        lot = entry.lot if house.values_by_lot else None
        key = (entry.part_id, house.pk, lot.pk if lot else None)
        if key not in self.costs:
            self.costs[key] = Cost(**self.stamp, part_id=entry.part_id, warehouse=house, lot=lot)
        return key


def _save(model: Any, rows: list[Any], fields: list[str]) -> None:
    model.objects.bulk_update([row for row in rows if row.pk is not None], fields, batch_size=AT_ONCE)
    model.objects.bulk_create([row for row in rows if row.pk is None], batch_size=AT_ONCE)
