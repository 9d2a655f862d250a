"""Stock that leaves or turns up without a paper of its own: adjusted, scrapped, used in the house; and lost sales."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit
from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Quantity, Refused
from cheyi.parts.actions import holding
from cheyi.parts.actions.lines import watch_reorder_point
from cheyi.parts.actions.places import outside
from cheyi.parts.actions.posting import Leg, post
from cheyi.parts.events import StockAdjusted, StockScrapped
from cheyi.parts.models import Balance, Cost, DemandEntry, Move, Part, Place, StorePart
from cheyi.parts.rules import check_quantity


@act
def adjust(balance: Balance, *, found: Quantity, reason: str, by: Viewer, now: datetime) -> Move | None:
    """Set a bin's stock to what was found there (调整); the difference goes at the moving average.

    What turns up of a part of which nothing is booked has the last purchase price. Nothing is moved when nothing
    differs. Raises Refused ``parts.stock.reason_missing``, ``parts.quantity.…`` or ``parts.stock.reserved`` when less
    is found than is reserved.
    """
    row = _bin(balance, reason, by=by, now=now).row
    waiting = holding.waiting_for([row.part_id], row.store)
    if found:
        check_quantity(found, step=row.part.qty_step, part_no=row.part.part_no)
    booked = row.on_hand
    if found < row.reserved:
        raise Refused("parts.stock.reserved", field="found", reserved=str(row.reserved), part_no=row.part.part_no)
    if found == booked:
        return None
    difference = outside(row.store, Place.Kind.DIFFERENCE)
    more = found > booked
    leg = Leg(
        kind="adjust",
        part_id=row.part_id,
        quantity=abs(found - booked),
        from_place=difference if more else row.place,
        to_place=row.place if more else difference,
        lot_id=row.lot_id,
        value=_found_value(row, found - booked) if more else None,
        reason=reason.strip(),
    )
    move = _post_one(leg, row, by=by, now=now)
    words: dict[str, Any] = {
        "part_no": row.part.part_no,
        "booked": str(booked),
        "found": str(found),
        "reason": reason.strip(),
    }
    audit(by, "parts.stock.adjusted", row, now=now, **words)
    announce(StockAdjusted(store_id=row.store_id, happened_at=now, part_id=row.part_id, found=found, booked=booked))
    holding.serve(waiting, store=row.store, by=by, now=now)
    return move


@act
def scrap(balance: Balance, *, quantity: Quantity, reason: str, by: Viewer, now: datetime) -> Move:
    """Throw free pieces away (报废). Raises Refused as ``adjust`` and ``parts.stock.too_little``."""
    turn = _bin(balance, reason, by=by, now=now)
    row = turn.row
    move = _take(turn, "scrap", Place.Kind.SCRAP, quantity, reason, by=by, now=now)
    announce(
        StockScrapped(store_id=row.store_id, happened_at=now, part_id=row.part_id, quantity=quantity, value=move.value)
    )
    return move


@act
def use_internally(balance: Balance, *, quantity: Quantity, reason: str, by: Viewer, now: datetime) -> Move:
    """Take free pieces for the house (内部领用). Raises Refused as ``scrap``."""
    turn = _bin(balance, reason, by=by, now=now)
    return _take(turn, "internal_use", Place.Kind.INTERNAL, quantity, reason, by=by, now=now)


@act
def record_lost_sale(*, part: Part, quantity: Quantity, store: Store, by: Viewer, now: datetime) -> DemandEntry:
    """Somebody wanted a part, there was none, and he went elsewhere: it counts as demand of today."""
    check_quantity(quantity, step=part.qty_step, part_no=part.part_no)
    entry: DemandEntry = DemandEntry.objects.create(
        store_id=store.pk,
        created_at=now,
        created_by_id=by.user_id,
        kind=DemandEntry.Kind.LOST_SALE,
        part=part,
        asked_on=store.business_date(now),
        wanted=quantity,
        missing=quantity,
    )
    audit(by, "parts.stock.lost_sale_recorded", entry, now=now, part_no=part.part_no, quantity=str(quantity))
    return entry


@dataclass(frozen=True, slots=True)
class _Turn:
    """A balance that is locked, with the store's settings of its part."""

    row: Balance
    settings: StorePart


def _bin(balance: Balance, reason: str, *, by: Viewer, now: datetime) -> _Turn:
    if not reason.strip():
        raise Refused("parts.stock.reason_missing", field="reason")
    settings = holding.take_turns([balance.part_id], store=balance.store, by=by, now=now)
    rows = Balance.objects.select_for_update(of=("self",)).select_related("place__warehouse", "part", "store")
    return _Turn(rows.get(pk=balance.pk), settings[balance.part_id])


def _take(turn: _Turn, kind: str, where: str, quantity: Quantity, reason: str, *, by: Viewer, now: datetime) -> Move:
    row = turn.row
    check_quantity(quantity, step=row.part.qty_step, part_no=row.part.part_no)
    leg = Leg(
        kind=kind,
        part_id=row.part_id,
        quantity=quantity,
        from_place=row.place,
        to_place=outside(row.store, where),
        lot_id=row.lot_id,
        reason=reason.strip(),
    )
    move = _post_one(leg, row, by=by, now=now)
    past = {"scrap": "parts.stock.scrapped", "internal_use": "parts.stock.used_internally"}[kind]
    audit(by, past, row, now=now, part_no=row.part.part_no, quantity=str(quantity), reason=reason.strip())
    watch_reorder_point([turn.settings], store=row.store, now=now)
    return move


def _post_one(leg: Leg, row: Balance, *, by: Viewer, now: datetime) -> Move:
    source = Source("parts.part", row.part_id, row.part.part_no)
    return post([leg], source=source, store=row.store, by=by, now=now)[0]


def _found_value(row: Balance, extra: Quantity) -> Money:
    house = row.place.warehouse
    assert house is not None
    costs = Cost.objects.filter(store_id=row.store_id, part_id=row.part_id, warehouse=house)
    cost = (costs.filter(lot=row.lot) if house.values_by_lot else costs.filter(lot=None)).first()
    if cost is not None and cost.quantity:
        return cost.value.share(extra.parts, cost.quantity.parts)
    return (row.part.last_purchase_price or Money(0)).times(extra)
