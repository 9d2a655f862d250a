"""What every verb on a request's line needs: the locked line, what facts say of it, and the watch on the shelf."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import announce
from cheyi.foundation.models import Store
from cheyi.kernel import Money, Quantity, Refused
from cheyi.parts.actions import holding
from cheyi.parts.events import BelowReorderPoint
from cheyi.parts.models import Balance, Move, Part, PartsRequest, Place, RequestLine, StorePart

NONE_OF_IT = Quantity(0)


@dataclass(frozen=True, slots=True)
class Turn:
    """A line that is locked, with the store's settings of the parts on which the act has its turn."""

    line: RequestLine
    settings: Mapping[int, StorePart]

    @property
    def store(self) -> Store:
        """The line's store."""
        store: Store = self.line.store
        return store


def turn_on(line: RequestLine, *others: Part, by: Viewer, now: datetime) -> Turn:
    """Take the turn on a line's part (and on others), then lock the line, with its request, part and store.

    Raises Refused ``parts.line.not_now`` when the line wants another part by now.
    """
    part_ids = {line.part_id, *(part.pk for part in others)}
    settings = holding.take_turns(part_ids, store=line.store, by=by, now=now)
    rows = RequestLine.objects.select_for_update(of=("self",)).select_related("request", "part", "store")
    fresh: RequestLine = rows.get(pk=line.pk)
    if fresh.part_id not in settings:
        raise Refused("parts.line.not_now")
    return Turn(fresh, settings)


def about(line: RequestLine, now: datetime) -> dict[str, Any]:
    """What every fact on a line says."""
    request: PartsRequest = line.request
    return {
        "store_id": line.store_id,
        "happened_at": now,
        "request_id": request.pk,
        "request_line_id": line.pk,
        "source_kind": request.source_kind,
        "source_id": request.source_id,
        "line_id": line.source_line_id,
    }


def value_of(moves: Sequence[Move]) -> Money:
    """What some moves are worth together."""
    return sum((move.value for move in moves), Money(0))


def watch_reorder_point(settings: Iterable[StorePart], *, store: Store, now: datetime) -> None:
    """Say which parts have fallen to the point at which the store orders again."""
    points = {row.part_id: row.reorder_point for row in settings if row.reorder_point is not None}
    if not points:
        return
    free: dict[int, Quantity] = defaultdict(lambda: NONE_OF_IT)
    rows = Balance.objects.filter(
        store=store, part_id__in=points, place__kind=Place.Kind.BIN, place__warehouse__kind__in=holding.PICKABLE
    )
    for row in rows:
        free[row.part_id] += row.available
    for part_id, point in sorted(points.items()):
        if free[part_id] <= point:
            announce(
                BelowReorderPoint(
                    store_id=store.pk,
                    happened_at=now,
                    part_id=part_id,
                    available=free[part_id],
                    reorder_point=point,
                )
            )
