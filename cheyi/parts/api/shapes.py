"""What the parts store's API takes and gives: quantities in thousandths, money in fen, moments with their zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from ninja import Field, Schema

from cheyi.foundation.api import Body, Day, Fen, Id, Thousandths
from cheyi.parts.models import Move, Part, PartsRequest, RequestLine
from cheyi.parts.queries import Availability, BoardLine, BoardRequest, FoundPart, StockRow

Text = Annotated[str, Field(max_length=120)]


class SisterOut(Schema):
    """What a sister store has free."""

    store_id: int
    store_name: str
    quantity: int


class PartOut(Schema):
    """A part after a verb; its retail price with tax."""

    id: int
    part_no: str
    brand: str
    name_zh: str
    name_en: str
    grade: str
    unit: str
    barcode: str
    active: bool
    retail_price_fen: int
    superseded_by_id: int | None

    @classmethod
    def of(cls, part: Part) -> PartOut:
        """The shape of a row."""
        names = ("part_no", "brand", "name_zh", "name_en", "grade", "unit", "barcode", "active", "superseded_by_id")
        return cls(id=part.pk, retail_price_fen=part.retail_price.fen, **{name: getattr(part, name) for name in names})


class FoundOut(Schema):
    """A part as a search finds it, with where it is."""

    id: int
    part_no: str
    name: str
    brand: str
    unit: str
    price_fen: int
    abc: str
    free: int
    bin_code: str
    sisters: list[SisterOut]

    @classmethod
    def of(cls, found: FoundPart) -> FoundOut:
        """The shape of a hit."""
        return cls(
            id=found.part_id,
            part_no=found.part_no,
            name=found.name,
            brand=found.brand,
            unit=found.unit,
            price_fen=found.price.fen,
            abc=found.abc,
            free=found.stock.own.parts,
            bin_code=found.stock.bin_code,
            sisters=sisters_of(found.stock),
        )


class StockOut(Schema):
    """One row of the stock list."""

    part_id: int
    part_no: str
    name: str
    unit: str
    on_hand: int
    reserved: int
    abc: str

    @classmethod
    def of(cls, row: StockRow) -> StockOut:
        """The shape of a row."""
        return cls(
            part_id=row.part_id,
            part_no=row.part_no,
            name=row.name,
            unit=row.unit,
            on_hand=row.on_hand.parts,
            reserved=row.reserved.parts,
            abc=row.abc,
        )


class StockPageOut(Schema):
    """A page of the stock list; ``after`` asks for the next one and is empty on the last."""

    rows: list[StockOut]
    after: str


class MoveOut(Schema):
    """A stock move; its value is left out where the caller may not see cost."""

    id: int
    kind: str
    part_id: int
    quantity: int
    value_fen: int | None

    @classmethod
    def of(cls, move: Move, *, with_value: bool) -> MoveOut:
        """The shape of a row."""
        return cls(
            id=move.pk,
            kind=move.kind,
            part_id=move.part_id,
            quantity=move.quantity.parts,
            value_fen=move.value.fen if with_value else None,
        )


class MovesOut(Schema):
    """Several moves."""

    moves: list[MoveOut]


class RequestLineOut(Schema):
    """A line of a request after a verb."""

    id: int
    request_id: int
    source_line_id: int | None
    part_id: int
    state: str
    wanted: int
    issued: int
    returned: int
    expected_at: datetime | None

    @classmethod
    def of(cls, line: RequestLine) -> RequestLineOut:
        """The shape of a row."""
        return cls(
            id=line.pk,
            request_id=line.request_id,
            source_line_id=line.source_line_id,
            part_id=line.part_id,
            state=line.state,
            wanted=line.wanted.parts,
            issued=line.issued.parts,
            returned=line.returned.parts,
            expected_at=line.expected_at,
        )


class RequestOut(Schema):
    """A request after a verb."""

    id: int
    no: str
    state: str

    @classmethod
    def of(cls, request: PartsRequest) -> RequestOut:
        """The shape of a row."""
        return cls(id=request.pk, no=request.no, state=request.state)


class BoardLineOut(Schema):
    """A line as the keeper sees it, with the numbers that it may be mistaken for."""

    id: int
    part_id: int
    part_no: str
    name: str
    state: str
    wanted: int
    outstanding: int
    free: int
    bins: list[str]
    look_alikes: list[str]
    expected_at: datetime | None

    @classmethod
    def of(cls, line: BoardLine) -> BoardLineOut:
        """The shape of a line."""
        return cls(
            id=line.line_id,
            part_id=line.part_id,
            part_no=line.part_no,
            name=line.name,
            state=line.state,
            wanted=line.wanted.parts,
            outstanding=line.outstanding.parts,
            free=line.stock.own.parts,
            bins=[piece.place_code for piece in line.kept],
            look_alikes=[sibling.part_no for sibling in line.siblings],
            expected_at=line.expected_at.astimezone(UTC) if line.expected_at else None,
        )


class PartsFoundOut(Schema):
    """Parts that a search found, or a page of the catalogue; ``next`` is the cursor of the following page."""

    parts: list[FoundOut]
    next: int | None = None


class BoardRequestOut(Schema):
    """A request with its lines."""

    id: int
    no: str
    state: str
    source_kind: str
    source_id: int
    source_label: str
    plate: str
    vin_end: str
    needed_at: datetime | None
    lines: list[BoardLineOut]

    @classmethod
    def of(cls, request: BoardRequest) -> BoardRequestOut:
        """The shape of a request."""
        return cls(
            id=request.request_id,
            no=request.no,
            state=request.state,
            source_kind=request.source.kind,
            source_id=request.source.id,
            source_label=request.source.label,
            plate=request.plate,
            vin_end=request.vin_end,
            needed_at=request.needed_at,
            lines=[BoardLineOut.of(line) for line in request.lines],
        )


class BoardOut(Schema):
    """Requests with something to hand out; ``next`` is the cursor of the following page."""

    requests: list[BoardRequestOut]
    next: int | None


class ReceiptOut(Schema):
    """Goods that came in."""

    id: int
    no: str


class StorePartOut(Schema):
    """What the store says of a part."""

    id: int
    part_id: int


class DoneOut(Schema):
    """The id of what was made or changed."""

    id: int


class IncomingIn(Body):
    """A part that comes in: thousandths, and what all of them are worth without tax in fen."""

    part_id: Id
    quantity: Thousandths
    value_fen: Fen
    place_id: Id | None = None
    batch: str = Field(default="", max_length=40)
    expires_on: Day | None = None


def sisters_of(stock: Availability) -> list[SisterOut]:
    """The sister stores' part of an answer."""
    return [
        SisterOut(store_id=one.store_id, store_name=one.store_name, quantity=one.quantity.parts)
        for one in stock.sisters
    ]
