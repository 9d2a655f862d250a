"""Facts that the parts store announces; ``line_id`` is the asking document's own line, ``request_line_id`` ours."""

from __future__ import annotations

from cheyi.foundation.events import Event, fact
from cheyi.kernel import Money, Quantity


@fact("parts.part.created")
class PartCreated(Event):
    """A part number came into the catalogue."""

    part_id: int


@fact("parts.part.replaced")
class PartReplaced(Event):
    """A new number replaces an old one."""

    part_id: int
    successor_id: int


@fact("parts.request.submitted")
class PartsSubmitted(Event):
    """A document asked for parts."""

    request_id: int
    source_kind: str
    source_id: int
    line_ids: tuple[int, ...]


@fact("parts.request.reserved")
class PartsReserved(Event):
    """All that these lines want is now kept for them."""

    request_id: int
    source_kind: str
    source_id: int
    line_ids: tuple[int, ...]


@fact("parts.request.shortage")
class Shortage(Event):
    """A line wants more than there is; told once per line."""

    request_id: int
    request_line_id: int
    source_kind: str
    source_id: int
    line_id: int | None
    part_id: int
    wanted: Quantity
    missing: Quantity


@fact("parts.request.picked")
class PartsPicked(Event):
    """The keeper has laid a line's part ready."""

    request_id: int
    request_line_id: int
    source_kind: str
    source_id: int
    line_id: int | None


@fact("parts.request.issued")
class PartsIssued(Event):
    """Pieces were handed out; ``value`` is their cost, ``line_state`` how the request's line stands now."""

    request_id: int
    request_line_id: int
    source_kind: str
    source_id: int
    line_id: int | None
    part_id: int
    quantity: Quantity
    value: Money
    line_state: str


@fact("parts.request.returned")
class PartsReturned(Event):
    """Pieces came back at their issue cost; an undone issue is one that came back whole."""

    request_id: int
    request_line_id: int
    source_kind: str
    source_id: int
    line_id: int | None
    part_id: int
    quantity: Quantity
    value: Money
    condition: str
    line_state: str


@fact("parts.request.cancelled")
class PartsGivenUp(Event):
    """These lines want nothing more; what was kept for them is free again."""

    source_kind: str
    source_id: int
    line_ids: tuple[int, ...]


@fact("parts.request.expired")
class ReservationExpired(Event):
    """What was kept for these lines is free again, since nobody came for it in time."""

    request_id: int
    source_kind: str
    source_id: int
    line_ids: tuple[int, ...]


@fact("parts.stock.arrived")
class StockArrived(Event):
    """More of a part lies on the shelf."""

    part_id: int
    quantity: Quantity


@fact("parts.stock.adjusted")
class StockAdjusted(Event):
    """A balance was set to what was found."""

    part_id: int
    found: Quantity
    booked: Quantity


@fact("parts.stock.scrapped")
class StockScrapped(Event):
    """Stock was thrown away."""

    part_id: int
    quantity: Quantity
    value: Money


@fact("parts.stock.below_reorder_point")
class BelowReorderPoint(Event):
    """What is free of a part fell to the point at which the store orders again."""

    part_id: int
    available: Quantity
    reorder_point: Quantity
