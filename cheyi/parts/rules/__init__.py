"""Decisions of the parts store: what stock is worth, which lot goes first, who is served, what may happen next."""

from cheyi.parts.rules.amounts import LARGEST, check_quantity
from cheyi.parts.rules.arrivals import MOST_DAYS, NOT_COMING, arrival
from cheyi.parts.rules.costing import NOTHING, Holding, worth_of_part
from cheyi.parts.rules.life import LINE, OPEN_LINE_STATES, REQUEST, request_state
from cheyi.parts.rules.moves import KINDS, OUTSIDE, STOCKED, check_kind
from cheyi.parts.rules.returning import Issued, Return, split_return
from cheyi.parts.rules.sharing import Shelf, Shelves, Take, Want, by_promise

__all__ = [
    "KINDS",
    "LARGEST",
    "LINE",
    "MOST_DAYS",
    "NOTHING",
    "NOT_COMING",
    "OPEN_LINE_STATES",
    "OUTSIDE",
    "REQUEST",
    "STOCKED",
    "Holding",
    "Issued",
    "Return",
    "Shelf",
    "Shelves",
    "Take",
    "Want",
    "arrival",
    "by_promise",
    "check_kind",
    "check_quantity",
    "request_state",
    "split_return",
    "worth_of_part",
]
