"""Years of stock moves at once, for the demo: the same rows that single acts would have left, in few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit
from cheyi.foundation.models import Store
from cheyi.foundation.numbering import draw_many
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Quantity
from cheyi.parts.actions import holding
from cheyi.parts.actions.books import AT_ONCE, Books, Entry
from cheyi.parts.actions.places import outside, place_of_kind
from cheyi.parts.models import DemandEntry, Move, PartsRequest, Place, RequestLine, Warehouse
from cheyi.parts.rules import check_quantity

NONE_OF_IT = Quantity(0)
COMES_FROM = {"opening": Place.Kind.OPENING, "purchase_in": Place.Kind.SUPPLIER}
GOES_TO = {
    "issue": Place.Kind.CUSTOMER,
    "sale_out": Place.Kind.CUSTOMER,
    "scrap": Place.Kind.SCRAP,
    "internal_use": Place.Kind.INTERNAL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Something that happened to a part in the past, in the main warehouse's first place.

    ``kind`` is opening, purchase_in (both with a value), issue, sale_out, scrap or internal_use. An issue for a document's line
    leaves a closed request behind, one that finds too little an entry of demand; such an issue has no move.
    """

    kind: str
    part_id: int
    quantity: Quantity
    at: datetime
    source: Source
    line_id: int | None = None
    value: Money | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of it: the value that moved, or None when there was too little on the shelf."""

    past: Past
    value: Money | None


@act
def bulk_history(events: Sequence[Past], *, store: Store, by: Viewer, now: datetime) -> list[Posted]:
    """Post what happened, oldest first; the answers come in the order given.

    Numbers of requests are drawn on the day of their first line. No facts are announced; one audit row tells the count.
    Raises Refused ``parts.part.not_here`` or ``parts.quantity.…``.
    """
    settings = holding.take_turns({event.part_id for event in events}, store=store, by=by, now=now)
    for event in events:
        part = settings[event.part_id].part
        check_quantity(event.quantity, step=part.qty_step, part_no=part.part_no)
    history = _History(store, by, now, settings.keys())
    order = sorted(range(len(events)), key=lambda index: (events[index].at, index))
    papers = history.requests([events[index] for index in order])
    answers: dict[int, Posted] = {}
    for index in order:
        answers[index] = history.post(events[index], papers)
    history.write()
    audit(by, "parts.stock.history_written", store, now=now, moves=len(history.books.moves))
    return [answers[index] for index in range(len(events))]


class _History:
    """The books of a store while its past is written."""

    def __init__(self, store: Store, by: Viewer, now: datetime, part_ids: Any) -> None:
        self.store, self.by = store, by
        self.stamp: dict[str, Any] = {"store_id": store.pk, "created_at": now, "created_by_id": by.user_id}
        self.books = Books.opened(list(part_ids), store=store, stamp=self.stamp)
        self.shelf = place_of_kind(store, Warehouse.Kind.MAIN)
        kinds = {*COMES_FROM.values(), *GOES_TO.values()}
        self.outside = {kind: outside(store, kind) for kind in sorted(kinds)}
        self.lines: list[RequestLine] = []
        self.handed_out: list[tuple[RequestLine, Move]] = []
        self.missed: list[DemandEntry] = []

    def requests(self, events: Sequence[Past]) -> dict[tuple[str, int], PartsRequest]:
        """One closed request per document that had parts issued for its lines, numbered by day."""
        first: dict[tuple[str, int], Past] = {}
        for event in events:
            if event.kind == "issue" and event.line_id is not None:
                first.setdefault((event.source.kind, event.source.id), event)
        by_day: dict[date, list[tuple[str, int]]] = defaultdict(list)
        for key, event in first.items():
            by_day[self.store.business_date(event.at)].append(key)
        papers: dict[tuple[str, int], PartsRequest] = {}
        for keys in by_day.values():
            numbers = draw_many(self.store, "PR", first[keys[0]].at, len(keys))
            for key, number in zip(keys, numbers, strict=True):
                papers[key] = self._paper(first[key], number)
        PartsRequest.objects.bulk_create(papers.values(), batch_size=AT_ONCE)
        return papers

    def post(self, event: Past, papers: dict[tuple[str, int], PartsRequest]) -> Posted:
        """Enter one event."""
        if event.kind in COMES_FROM:
            return Posted(event, self._enter(event, self.outside[COMES_FROM[event.kind]], self.shelf).value)
        line = self._line(event, papers)
        short = event.quantity - min(event.quantity, self.books.free(event.part_id, self.shelf))
        if short:
            self._miss(event, line, short)
            return Posted(event, None)
        move = self._enter(event, self.shelf, self.outside[GOES_TO[event.kind]])
        if line is not None:
            line.state, line.issued, line.cost = "issued", event.quantity, move.value
            self.handed_out.append((line, move))
        return Posted(event, move.value)

    def write(self) -> None:
        """Lines before the moves that name them."""
        RequestLine.objects.bulk_create(self.lines, batch_size=AT_ONCE)
        for line, move in self.handed_out:
            move.line = line
        self.books.write()
        for entry in self.missed:
            entry.line_id = entry.line.pk if entry.line is not None else None
        DemandEntry.objects.bulk_create(self.missed, batch_size=AT_ONCE)
        self._close()

    def _close(self) -> None:
        """A request of which nothing was handed out is a cancelled one."""
        issued = {line.request_id for line in self.lines if line.state == "issued"}
        empty = {line.request_id for line in self.lines} - issued
        PartsRequest.objects.filter(pk__in=empty).update(state="cancelled")

    def _enter(self, event: Past, from_place: Place, to_place: Place) -> Move:
        return self.books.enter(
            Entry(
                kind=event.kind,
                part_id=event.part_id,
                quantity=event.quantity,
                from_place=from_place,
                to_place=to_place,
                at=event.at,
                source=event.source,
                value=event.value,
                reason=event.reason,
            )
        )

    def _paper(self, event: Past, number: str) -> PartsRequest:
        return PartsRequest(
            **{**self.stamp, "created_at": event.at},
            no=number,
            state="closed",
            requester_id=self.by.employee_id,
            needed_at=event.at,
            source_kind=event.source.kind,
            source_id=event.source.id,
            source_label=event.source.label[:60],
        )

    def _line(self, event: Past, papers: dict[tuple[str, int], PartsRequest]) -> RequestLine | None:
        if event.kind != "issue" or event.line_id is None:
            return None
        line = RequestLine(
            **{**self.stamp, "created_at": event.at},
            request=papers[event.source.kind, event.source.id],
            source_line_id=event.line_id,
            part_id=event.part_id,
            state="cancelled",
            wanted=event.quantity,
            promised_at=event.at,
        )
        self.lines.append(line)
        return line

    def _miss(self, event: Past, line: RequestLine | None, short: Quantity) -> None:
        self.missed.append(
            DemandEntry(
                **{**self.stamp, "created_at": event.at},
                kind=DemandEntry.Kind.SHORTAGE if line is not None else DemandEntry.Kind.LOST_SALE,
                part_id=event.part_id,
                line=line,
                asked_on=self.store.business_date(event.at),
                wanted=event.quantity,
                missing=short,
            )
        )
