"""The questions that the parts store answers; read only."""

from cheyi.parts.queries.availability import Availability, SisterStock, availability
from cheyi.parts.queries.cards import PartCard, PlaceStock, part_card
from cheyi.parts.queries.finding import FoundPart, find, named, shown
from cheyi.parts.queries.guarding import judge
from cheyi.parts.queries.listing import StockPage, StockRow, classes_of, stock_page, stock_worth, suppliers
from cheyi.parts.queries.lookalikes import Sibling, lying_look_alike, siblings_of
from cheyi.parts.queries.moves import MovePage, MoveRow, handed_out, ledger, moves_of_request
from cheyi.parts.queries.requests import (
    OPEN,
    BoardLine,
    BoardRequest,
    Kept,
    Scanned,
    line_scanned,
    mistaken,
    open_requests,
    request_card,
    request_lines,
)

__all__ = [
    "OPEN",
    "Availability",
    "BoardLine",
    "BoardRequest",
    "FoundPart",
    "Kept",
    "MovePage",
    "MoveRow",
    "PartCard",
    "PlaceStock",
    "Scanned",
    "Sibling",
    "SisterStock",
    "StockPage",
    "StockRow",
    "availability",
    "classes_of",
    "find",
    "handed_out",
    "judge",
    "ledger",
    "line_scanned",
    "lying_look_alike",
    "mistaken",
    "moves_of_request",
    "named",
    "open_requests",
    "part_card",
    "request_card",
    "request_lines",
    "shown",
    "siblings_of",
    "stock_page",
    "stock_worth",
    "suppliers",
]
