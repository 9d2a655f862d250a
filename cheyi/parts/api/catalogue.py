"""The catalogue for machines."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Field, Query, Router

from cheyi.foundation.api import Body, Cursor, Day, Fen, Id, Thousandths, question, turned, verb
from cheyi.kernel import Money, Quantity
from cheyi.parts import access, actions, queries
from cheyi.parts.api.shapes import DoneOut, FoundOut, PartOut, PartsFoundOut, StorePartOut
from cheyi.parts.models import Part

router = Router()
Grade = Literal["original", "equivalent", "refurbished", "customer"]
MEASURES = {
    "retail_price_fen": ("retail_price", Money),
    "member_price_fen": ("member_price", Money),
    "claim_price_fen": ("claim_price", Money),
    "internal_price_fen": ("internal_price", Money),
    "qty_step": ("qty_step", Quantity),
    "pack_qty": ("pack_qty", Quantity),
}


class FindIn(Body):
    """What is looked for, and how many at most."""

    q: str = Field(default="", max_length=40)
    limit: int = Field(default=12, ge=1, le=50)
    after: Cursor | None = None


class DetailsIn(Body):
    """What may be known of a part; quantities in thousandths, prices with tax in fen. What is left out stays."""

    name_zh: str | None = Field(default=None, max_length=80)
    name_en: str | None = Field(default=None, max_length=80)
    grade: Grade | None = None
    category: str | None = Field(default=None, max_length=40)
    spec: str | None = Field(default=None, max_length=120)
    unit: str | None = Field(default=None, max_length=8)
    barcode: str | None = Field(default=None, max_length=40)
    shelf_life_days: int | None = Field(default=None, ge=1, le=10_000)
    lot_tracked: bool | None = None
    active: bool | None = None
    qty_step: Thousandths | None = None
    pack_qty: Thousandths | None = None

    def columns(self) -> dict[str, Any]:
        """The columns that were given, in our types."""
        given = self.model_dump(exclude_none=True, exclude={"part_no", "brand"})
        return {
            MEASURES[name][0] if name in MEASURES else name: MEASURES[name][1](value) if name in MEASURES else value
            for name, value in given.items()
        }


class PricesIn(Body):
    """Prices with tax in fen."""

    retail_price_fen: Fen | None = None
    member_price_fen: Fen | None = None
    claim_price_fen: Fen | None = None
    internal_price_fen: Fen | None = None


class AddPartIn(DetailsIn):
    """A part number of a brand."""

    part_no: str = Field(max_length=60)
    name_zh: str = Field(max_length=80)
    brand: str = Field(default="", max_length=40)
    retail_price_fen: Fen = 0


class SuccessorIn(Body):
    """The new number, from when on."""

    successor_id: Id
    on: Day


class SubstituteIn(Body):
    """Which part may be fitted instead."""

    substitute_id: Id
    note: str = Field(default="", max_length=120)


class LevelsIn(Body):
    """How the store keeps a part, in thousandths."""

    min_stock: Thousandths | None = None
    max_stock: Thousandths | None = None
    reorder_point: Thousandths | None = None
    usual_place_id: Id | None = None


class LostIn(Body):
    """How many somebody wanted in vain, in thousandths."""

    quantity: Thousandths


@question(router, "/parts", permission="parts.part.view", response=PartsFoundOut)
def find(request: Any, asked: Query[FindIn]) -> PartsFoundOut:
    """Parts by number, name or pinyin, with what is free here and in sister stores.

    With ``after`` (0 for the beginning) and no ``q`` the whole catalogue, 50 at once in the order of ids.
    """
    today = request.store.business_date(request.now)
    if asked.after is None or asked.q.strip():
        found, following = queries.find(asked.q, request.store, asked.limit, on=today), None
    else:
        rows, following = turned(Part.objects.filter(active=True), asked.after)
        found = queries.shown([row.pk for row in rows], request.store, on=today)
    return PartsFoundOut(parts=[FoundOut.of(one) for one in found], next=following)


@question(router, "/parts/{int:part_id}", permission="parts.part.view", response=PartOut)
def one(request: Any, part_id: int) -> PartOut:  # noqa: ARG001 - the door needs it
    """One part."""
    return PartOut.of(access.part(part_id))


@verb(router, "/parts/add", permission="parts.part.add", response=PartOut)
def add(request: Any, body: AddPartIn) -> PartOut:
    """Add a part number to the group's catalogue."""
    part = actions.add_part(
        part_no=body.part_no,
        brand=body.brand,
        group_id=request.viewer.group_id,
        by=request.viewer,
        now=request.now,
        **body.columns(),
    )
    return PartOut.of(part)


@verb(router, "/parts/{int:part_id}/edit", permission="parts.part.edit", response=PartOut)
def edit(request: Any, part_id: int, body: DetailsIn) -> PartOut:
    """Change what is known of a part."""
    part = access.part(part_id)
    return PartOut.of(actions.edit_part(part, by=request.viewer, now=request.now, **body.columns()))


@verb(router, "/parts/{int:part_id}/change-price", permission="parts.part.change_price", response=PartOut)
def change_price(request: Any, part_id: int, body: PricesIn) -> PartOut:
    """Change a part's prices."""
    given = body.model_dump(exclude_none=True)
    prices = {MEASURES[name][0]: Money(fen) for name, fen in given.items()}
    return PartOut.of(actions.edit_part(access.part(part_id), by=request.viewer, now=request.now, **prices))


@verb(router, "/parts/{int:part_id}/supersede", permission="parts.part.supersede", response=PartOut)
def supersede(request: Any, part_id: int, body: SuccessorIn) -> PartOut:
    """Say that a new number replaces a part."""
    successor = access.part(body.successor_id)
    part = actions.supersede(access.part(part_id), successor=successor, on=body.on, by=request.viewer, now=request.now)
    return PartOut.of(part)


@verb(router, "/parts/{int:part_id}/allow-substitute", permission="parts.part.allow_substitute", response=DoneOut)
def allow_substitute(request: Any, part_id: int, body: SubstituteIn) -> Any:
    """Approve that one part may be fitted for another."""
    return actions.allow_substitute(
        access.part(part_id),
        substitute=access.part(body.substitute_id),
        note=body.note,
        by=request.viewer,
        now=request.now,
    )


@verb(router, "/parts/{int:part_id}/set-in-store", permission="parts.stock.receive", response=StorePartOut)
def set_in_store(request: Any, part_id: int, body: LevelsIn) -> Any:
    """Say how the store keeps a part."""
    levels: dict[str, Any] = {
        name: Quantity(value)
        for name, value in body.model_dump(exclude={"usual_place_id"}).items()
        if value is not None
    }
    if body.usual_place_id is not None:
        levels["usual_place_id"] = access.place(body.usual_place_id).pk
    part = access.part(part_id)
    return actions.set_in_store(part, store=request.store, by=request.viewer, now=request.now, **levels)


@verb(router, "/parts/{int:part_id}/record-lost-sale", permission="parts.stock.record_lost_sale", response=DoneOut)
def record_lost_sale(request: Any, part_id: int, body: LostIn) -> Any:
    """Somebody wanted a part that was not there."""
    return actions.record_lost_sale(
        part=access.part(part_id),
        quantity=Quantity(body.quantity),
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
