"""Putting stock in: goods from a supplier, opening stock, and from bin to bin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, inverse
from cheyi.foundation.models import Store
from cheyi.foundation.numbering import draw
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Quantity, Refused
from cheyi.parts.actions import holding
from cheyi.parts.actions.places import outside, place_of_kind
from cheyi.parts.actions.posting import MOST_LEGS, Leg, post, reverse
from cheyi.parts.events import StockArrived
from cheyi.parts.models import Balance, Lot, Move, Part, Place, Receipt, StorePart, Supplier, Warehouse
from cheyi.parts.rules import check_quantity


@dataclass(frozen=True, slots=True)
class Incoming:
    """A part that comes in: how many, what all of them together are worth without tax, and where they go.

    With no place they go to the part's usual bin. ``batch`` is needed for parts that are tracked by lot; ``expires_on``
    follows from the shelf life where it is not given.
    """

    part_id: int
    quantity: Quantity
    value: Money
    place_id: int | None = None
    batch: str = ""
    expires_on: date | None = None
    produced_on: date | None = None


@act
def receive(
    *,
    incoming: Sequence[Incoming],
    store: Store,
    by: Viewer,
    now: datetime,
    supplier: Supplier | None = None,
    delivery_no: str = "",
) -> Receipt:
    """Take goods in without a purchase order (收货) and serve whoever waits for them.

    Raises Refused ``parts.receipt.empty``, ``parts.receipt.too_many_lines``, ``parts.receipt.already_here`` (the same
    delivery note of a supplier), ``parts.part.not_here``, ``parts.receipt.value_negative``,
    ``parts.lot.batch_missing``, ``parts.lot.other_expiry`` or ``parts.quantity.…``.
    """
    settings = _settings_of(incoming, store=store, by=by, now=now)
    waiting = holding.waiting_for(settings.keys(), store)
    receipt = _paper(supplier, delivery_no.strip(), store=store, by=by, now=now)
    source = Source("parts.receipt", receipt.pk, receipt.no)
    start = outside(store, Place.Kind.SUPPLIER)
    legs = _legs(incoming, settings, start=start, kind="purchase_in", store=store, by=by, now=now)
    moves = post(legs, source=source, store=store, by=by, now=now)
    parts = {part_id: row.part for part_id, row in sorted(settings.items())}
    for piece in incoming:
        parts[piece.part_id].last_purchase_price = piece.value.share(Quantity.PER_UNIT, piece.quantity.parts)
    Part.objects.bulk_update(parts.values(), ["last_purchase_price"])
    audit(
        by,
        "parts.receipt.received",
        receipt,
        now=now,
        undo=("parts.stock.receive", {"receipt_id": receipt.pk}),
        lines=len(moves),
        delivery_no=receipt.delivery_no,
    )
    _tell_arrival(incoming, store=store, now=now)
    holding.serve(waiting, store=store, by=by, now=now)
    return receipt


@act
def receive_opening(
    *, incoming: Sequence[Incoming], store: Store, by: Viewer, now: datetime, label: str = ""
) -> list[Move]:
    """Put the stock in with which a store begins (期初); for more than 200 rows see ``bulk.open_stock``.

    Raises as ``receive``.
    """
    settings = _settings_of(incoming, store=store, by=by, now=now)
    waiting = holding.waiting_for(settings.keys(), store)
    start = outside(store, Place.Kind.OPENING)
    legs = _legs(incoming, settings, start=start, kind="opening", store=store, by=by, now=now)
    moves = post(legs, source=Source("parts.opening", store.pk, label), store=store, by=by, now=now)
    audit(by, "parts.stock.opened", store, now=now, lines=len(moves), label=label)
    _tell_arrival(incoming, store=store, now=now)
    holding.serve(waiting, store=store, by=by, now=now)
    return moves


@inverse("parts.stock.receive")
def undo_receive(*, receipt_id: int, by: Viewer, now: datetime) -> str:
    """Undo a receipt: the goods go back to the supplier at the value at which they came.

    Raises Refused ``parts.stock.too_little`` when some of them are reserved or gone, ``parts.move.reversed_already``.
    """
    receipt: Receipt = Receipt.objects.select_for_update(of=("self",)).select_related("store").get(pk=receipt_id)
    moves = list(
        Move.objects.filter(source_kind="parts.receipt", source_id=receipt_id, reverses=None)
        .select_related("from_place__warehouse", "to_place__warehouse")
        .order_by("pk")
    )
    holding.take_turns({move.part_id for move in moves}, store=receipt.store, by=by, now=now)
    reverse(moves, reason="undo", store=receipt.store, by=by, now=now)
    audit(by, "parts.receipt.undone", receipt, now=now, lines=len(moves))
    return _("Receipt %(no)s is undone") % {"no": receipt.no}


@act
def move_bin(balance: Balance, *, to_place: Place, quantity: Quantity, by: Viewer, now: datetime) -> Move:
    """Put free pieces into another bin of the store (移位); between warehouses their value goes with them.

    Raises Refused ``parts.stock.too_little``, ``parts.move.wrong_places``, ``parts.place.same`` or
    ``parts.quantity.…``.
    """
    row = Balance.objects.select_related("place__warehouse", "part", "store").get(pk=balance.pk)
    if row.place_id == to_place.pk:
        raise Refused("parts.place.same", field="place")
    check_quantity(quantity, step=row.part.qty_step, part_no=row.part.part_no)
    holding.take_turns([row.part_id], store=row.store, by=by, now=now)
    waiting = holding.waiting_for([row.part_id], row.store)
    leg = Leg(
        kind="move_bin",
        part_id=row.part_id,
        quantity=quantity,
        from_place=row.place,
        to_place=to_place,
        lot_id=row.lot_id,
    )
    source = Source("parts.part", row.part_id, row.part.part_no)
    moves = post([leg], source=source, store=row.store, by=by, now=now)
    audit(
        by, "parts.stock.moved", row, now=now, part_no=row.part.part_no, to_place=to_place.code, quantity=str(quantity)
    )
    holding.serve(waiting, store=row.store, by=by, now=now)
    return moves[0]


def _settings_of(incoming: Sequence[Incoming], *, store: Store, by: Viewer, now: datetime) -> dict[int, StorePart]:
    """Take the turn on the parts that come in, and check each piece."""
    if not incoming:
        raise Refused("parts.receipt.empty")
    if len(incoming) > MOST_LEGS:
        raise Refused("parts.receipt.too_many_lines", count=len(incoming), most=MOST_LEGS, store=store.name)
    settings = holding.take_turns({piece.part_id for piece in incoming}, store=store, by=by, now=now)
    for piece in incoming:
        part = settings[piece.part_id].part
        check_quantity(piece.quantity, step=part.qty_step, part_no=part.part_no)
        if piece.value < Money(0):
            raise Refused("parts.receipt.value_negative", field="value", part_no=part.part_no)
        if part.lot_tracked and not piece.batch.strip():
            raise Refused("parts.lot.batch_missing", field="batch", part_no=part.part_no)
    return settings


def _paper(supplier: Supplier | None, delivery_no: str, *, store: Store, by: Viewer, now: datetime) -> Receipt:
    receipt = Receipt(
        store_id=store.pk,
        created_at=now,
        created_by_id=by.user_id,
        no=draw(store, "GR", now),
        supplier=supplier,
        delivery_no=delivery_no,
        received_at=now,
    )
    try:
        with transaction.atomic():
            receipt.save()
    except IntegrityError:
        raise Refused("parts.receipt.already_here", field="delivery_no", delivery_no=delivery_no) from None
    return receipt


def _legs(
    incoming: Sequence[Incoming],
    settings: Mapping[int, StorePart],
    *,
    start: Place,
    kind: str,
    store: Store,
    by: Viewer,
    now: datetime,
) -> list[Leg]:
    places = places_for(incoming, settings, store)
    lots = lots_for(incoming, settings, store=store, by=by, now=now)
    return [
        Leg(
            kind=kind,
            part_id=piece.part_id,
            quantity=piece.quantity,
            value=piece.value,
            from_place=start,
            to_place=place,
            lot_id=lot.pk if lot else None,
        )
        for piece, place, lot in zip(incoming, places, lots, strict=True)
    ]


def places_for(incoming: Sequence[Incoming], settings: Mapping[int, StorePart], store: Store) -> list[Place]:
    """Where each piece goes: the named bin, else the part's usual one, else the first of the main warehouse.

    Raises Refused ``parts.place.not_here``.
    """
    wanted = [piece.place_id or settings[piece.part_id].usual_place_id for piece in incoming]
    rows = Place.objects.filter(store=store, kind=Place.Kind.BIN, pk__in=[pk for pk in wanted if pk])
    found = {place.pk: place for place in rows.select_related("warehouse")}
    first = place_of_kind(store, Warehouse.Kind.MAIN) if None in wanted else None
    places = [first if pk is None else found.get(pk) for pk in wanted]
    for place in places:
        if place is None:
            raise Refused("parts.place.not_here", field="place")
    return [place for place in places if place is not None]


def lots_for(
    incoming: Sequence[Incoming], settings: Mapping[int, StorePart], *, store: Store, by: Viewer, now: datetime
) -> list[Lot | None]:
    """The lot of each piece that names a batch; new batches are written down.

    Raises Refused ``parts.lot.other_expiry`` when a known batch comes with another expiry date.
    """
    named = {(piece.part_id, piece.batch.strip()): piece for piece in incoming if piece.batch.strip()}
    if not named:
        return [None] * len(incoming)
    known = _known_lots(named, store)
    today = store.business_date(now)
    fresh = [
        Lot(
            store_id=store.pk,
            created_at=now,
            created_by_id=by.user_id,
            part_id=part_id,
            batch=batch,
            produced_on=piece.produced_on,
            expires_on=piece.expires_on or _expiry(settings[part_id].part, piece.produced_on or today),
            received_on=today,
        )
        for (part_id, batch), piece in named.items()
        if (part_id, batch) not in known
    ]
    if fresh:
        Lot.objects.bulk_create(fresh, ignore_conflicts=True)
        known = _known_lots(named, store)
    for key, piece in named.items():
        if piece.expires_on and known[key].expires_on != piece.expires_on:
            raise Refused(
                "parts.lot.other_expiry",
                field="expires_on",
                batch=piece.batch,
                known=str(known[key].expires_on or "–"),
            )
    return [known.get((piece.part_id, piece.batch.strip())) for piece in incoming]


def _known_lots(named: dict[tuple[int, str], Incoming], store: Store) -> dict[tuple[int, str], Lot]:
    rows = Lot.objects.filter(
        store=store, part_id__in={part for part, _batch in named}, batch__in={batch for _part, batch in named}
    )
    return {(lot.part_id, lot.batch): lot for lot in rows}


def _expiry(part: Part, start: date) -> date | None:
    return start + timedelta(days=part.shelf_life_days) if part.shelf_life_days else None


def _tell_arrival(incoming: Sequence[Incoming], *, store: Store, now: datetime) -> None:
    arrived: dict[int, Quantity] = {}
    for piece in incoming:
        arrived[piece.part_id] = arrived.get(piece.part_id, Quantity(0)) + piece.quantity
    for part_id, quantity in sorted(arrived.items()):
        announce(StockArrived(store_id=store.pk, happened_at=now, part_id=part_id, quantity=quantity))
