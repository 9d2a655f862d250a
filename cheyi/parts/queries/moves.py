"""What happened to pieces: the ledger of a part, and what was handed out and taken back for a request or in the store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from cheyi.foundation.models import Employee, Store
from cheyi.kernel import Quantity
from cheyi.parts.models import Move, Part, PartsRequest

LEDGER_ROWS = 20
HISTORY_ROWS = 50
HAND_OUTS = ("issue", "issue_return")


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One stock move; ``goes_in`` says whether the shelf gained, ``on_hand`` what lay in ``bin_code`` after it."""

    move_id: int
    at: datetime
    kind: str
    goes_in: bool
    quantity: Quantity
    on_hand: Quantity | None
    bin_code: str
    part_id: int
    part_no: str
    name: str
    unit: str
    source_label: str
    request_id: int | None
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class MovePage:
    """Some moves, the latest first; ``before`` asks for the older ones and is None on the last page."""

    rows: tuple[MoveRow, ...]
    before: int | None


def ledger(part: Part, *, store: Store, before: int | None = None) -> MovePage:
    """The moves of a part in a store, twenty at a time. Two queries."""
    return _page(Move.objects.filter(store=store, part=part), before, LEDGER_ROWS)


def handed_out(store: Store, *, among: QuerySet[PartsRequest], before: int | None = None) -> MovePage:
    """What was handed out and taken back for the requests that the viewer may see, fifty at a time. Two queries."""
    rows = Move.objects.filter(store=store, kind__in=HAND_OUTS, line__request__in=among)
    return _page(rows, before, HISTORY_ROWS)


def moves_of_request(request_id: int, store: Store) -> tuple[MoveRow, ...]:
    """All moves of a request, the latest first. Two queries."""
    rows = Move.objects.filter(store=store, line__request_id=request_id, line__store=store)
    return _told(_read(rows))


def _page(rows: QuerySet[Move], before: int | None, size: int) -> MovePage:
    older = rows if before is None else rows.filter(pk__lt=before)
    found = _read(older)[: size + 1]
    shown, more = list(found)[:size], len(found) > size
    return MovePage(_told(shown), shown[-1].pk if more else None)


def _read(rows: QuerySet[Move]) -> QuerySet[Move]:
    return rows.select_related("from_place", "to_place", "part", "line").order_by("-pk")


def _told(moves: Iterable[Move]) -> tuple[MoveRow, ...]:
    found = list(moves)
    people = Employee.objects.filter(user_id__in={move.created_by_id for move in found if move.created_by_id})
    names = dict(people.values_list("user_id", "name"))
    return tuple(_row(move, names.get(move.created_by_id or 0, "")) for move in found)


def _row(move: Move, who: str) -> MoveRow:
    goes_in = bool(move.to_place.holds_stock)
    bins = [place.code for place in (move.from_place, move.to_place) if place.holds_stock]
    return MoveRow(
        move_id=move.pk,
        at=move.at,
        kind=move.kind,
        goes_in=goes_in,
        quantity=move.quantity,
        on_hand=move.to_on_hand if goes_in else move.from_on_hand,
        bin_code=" → ".join(bins),
        part_id=move.part_id,
        part_no=move.part.part_no,
        name=move.part.name,
        unit=move.part.unit,
        source_label=move.source_label,
        request_id=move.line.request_id if move.line is not None else None,
        who=who,
        reason=move.reason,
    )
