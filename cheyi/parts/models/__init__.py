"""The tables of the parts store, cut by thing."""

from cheyi.parts.models.catalogue import Fitment, Interchange, LookAlike, Part, StorePart
from cheyi.parts.models.places import Lot, Place, Warehouse
from cheyi.parts.models.requests import DemandEntry, PartsRequest, RequestLine, Reservation
from cheyi.parts.models.stock import Balance, Cost, Move
from cheyi.parts.models.suppliers import Receipt, Supplier

__all__ = [
    "Balance",
    "Cost",
    "DemandEntry",
    "Fitment",
    "Interchange",
    "LookAlike",
    "Lot",
    "Move",
    "Part",
    "PartsRequest",
    "Place",
    "Receipt",
    "RequestLine",
    "Reservation",
    "StorePart",
    "Supplier",
    "Warehouse",
]
