"""What is asked of the parts store: the keeper's board, one request, and the lines of one document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Quantity
from cheyi.parts.engine.numbers import cut, difference, normalise
from cheyi.parts.models import Interchange, Part, PartsRequest, RequestLine, Reservation
from cheyi.parts.queries.availability import Availability, availability
from cheyi.parts.queries.finding import named
from cheyi.parts.queries.lookalikes import Sibling, siblings_of
from cheyi.parts.rules import OPEN_LINE_STATES

NONE_OF_IT = Quantity(0)
OPEN = ("draft", "submitted", "reserved", "picked", "issued")


@dataclass(frozen=True, slots=True)
class Kept:
    """Where pieces lie that are kept for a line."""

    place_code: str
    quantity: Quantity
    batch: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A line as the keeper sees it: what to fetch, from which bin, and what not to take instead.

    ``expected_at`` is when what is short will be here, by the store's clock; None where nobody knows.
    ``twins`` are the other brands that have the same number: a label with the number alone does not say which it is.
    """

    line_id: int
    source_line_id: int | None
    part_id: int
    part_no: str
    barcode: str
    name: str
    unit: str
    qty_step: Quantity
    state: str
    wanted: Quantity
    outstanding: Quantity
    handed_out: Quantity
    kept: tuple[Kept, ...]
    stock: Availability
    siblings: tuple[Sibling, ...]
    shortage_action: str
    expected_at: datetime | None
    brand: str
    twins: tuple[str, ...]

    @property
    def pieces(self) -> tuple[str, str, str]:
        """Its number cut around the character in which the nearest look-alike differs."""
        return cut(self.part_no, self.siblings[0].place) if self.siblings else (self.part_no, "", "")

    @property
    def missing(self) -> Quantity:
        """What is neither kept nor free here."""
        there = sum((piece.quantity for piece in self.kept), self.stock.own)
        return max(self.outstanding - there, NONE_OF_IT)

    @property
    def can_be_fetched(self) -> bool:
        """Whether anything of it lies here, kept or free."""
        return self.missing < self.outstanding

    @property
    def is_open(self) -> bool:
        """Whether something is still to be handed out."""
        return bool(self.outstanding)


@dataclass(frozen=True, slots=True)
class BoardRequest:
    """A request with its lines; ``needed_at`` is the promise to the customer, ``vin_end`` names a car without plate."""

    request_id: int
    no: str
    state: str
    source: Source
    plate: str
    vin_end: str
    needed_at: datetime | None
    asked_at: datetime
    lines: tuple[BoardLine, ...]

    @property
    def open_lines(self) -> tuple[BoardLine, ...]:
        """The lines of which something is still to be handed out."""
        return tuple(line for line in self.lines if line.is_open)

    @property
    def lines_here(self) -> tuple[BoardLine, ...]:
        """The open lines of which something can be handed out now."""
        return tuple(line for line in self.open_lines if line.can_be_fetched)

    @property
    def lines_short(self) -> tuple[BoardLine, ...]:
        """The open lines of which nothing is here."""
        return tuple(line for line in self.open_lines if not line.can_be_fetched)


def open_requests(
    store: Store, *, on: date | None = None, limit: int = 60, among: QuerySet[PartsRequest] | None = None
) -> list[BoardRequest]:
    """The keeper's board: requests with something to hand out, the oldest promise first. Six queries.

    ``among`` narrows them to those that a viewer may see.
    """
    seen = PartsRequest.objects.all() if among is None else among
    rows = seen.filter(store=store).filter(state__in=OPEN)
    requests = list(rows.order_by("needed_at", "pk")[:limit])
    return _told(sorted(requests, key=_urgency), store, on)


def request_card(request_id: int, store: Store, *, on: date | None = None) -> BoardRequest | None:
    """One request with all its lines, or None. Six queries."""
    requests = list(PartsRequest.objects.filter(store=store, pk=request_id))
    return next(iter(_told(requests, store, on)), None)


def request_lines(source: Source, *, store: Store, on: date | None = None) -> list[BoardLine]:
    """All lines that a document has asked for, in the order in which it did. Six queries."""
    requests = PartsRequest.objects.filter(store=store, source_kind=source.kind, source_id=source.id)
    return [line for request in _told(list(requests.order_by("pk")), store, on) for line in request.lines]


@dataclass(frozen=True, slots=True)
class Scanned:
    """The open line that a label is for; or, with a ``place``, the one whose number the label is easily taken for.

    ``place`` is where the two normal forms differ, from 1; ``name`` is what the scanned number is, empty when unknown.
    """

    line: RequestLine
    text: str
    name: str = ""
    place: int = 0

    @property
    def pieces(self) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
        """The scanned and the wanted number, each cut around the character that differs."""
        return cut(self.text, self.place), cut(self.line.part.part_no, self.place)


def line_scanned(text: str, *, store: Store, among: QuerySet[PartsRequest]) -> Scanned | None:
    """The open line that a scanned label is for, or None. At most four queries.

    First one that wants exactly this part, then one whose part it may replace, then one whose number it is easily
    taken for (handing that out is refused beside the right number); of several the oldest promise, what is kept first.
    """
    rows = RequestLine.objects.filter(store=store, request__in=among, state__in=OPEN_LINE_STATES)
    lines = sorted(
        rows.select_related("part", "request"),
        key=lambda line: (line.state == "backordered", line.promised_at is None, line.promised_at or line.created_at),
    )
    known = named(text)
    parts = {part.pk for part in known}
    exact = next((line for line in lines if line.part_id in parts), None)
    if exact is not None:
        return Scanned(exact, text)
    if not lines:
        return None
    wanted = set(Interchange.objects.filter(substitute_id__in=parts).values_list("part_id", flat=True))
    instead = (line for line in lines if line.part_id in wanted or line.part.superseded_by_id in parts)
    number, name = normalise(text), known[0].name if known else ""
    differing = ((line, difference(number, line.part.number_key)[1]) for line in lines)
    alike = (Scanned(line, text, name, place) for line, place in differing if place)
    return next((Scanned(line, text) for line in instead), None) or next(alike, None)


def mistaken(line: RequestLine, text: str) -> Scanned | None:
    """A number typed for a line that is one slip from the right one and may not replace it, or None. At most two queries."""
    place = difference(normalise(text), line.part.number_key)[1]
    if not place or text.strip() == line.part.barcode:
        return None
    known = list(Part.objects.filter(Q(number_key=normalise(text)) | Q(barcode=text.strip())).order_by("pk"))
    parts = {part.pk for part in known}
    if line.part_id in parts or line.part.superseded_by_id in parts:
        return None
    if parts and Interchange.objects.filter(part=line.part_id, substitute__in=parts).exists():
        return None
    return Scanned(line, text.strip(), known[0].name if known else "", place)


def _urgency(request: PartsRequest) -> tuple[bool, datetime, int]:
    return request.needed_at is None, request.needed_at or request.created_at, request.pk


def _told(requests: Sequence[PartsRequest], store: Store, on: date | None) -> list[BoardRequest]:
    wanted = RequestLine.objects.filter(store=store, request__in=[request.pk for request in requests])
    rows = list(wanted.exclude(state="cancelled").select_related("part").order_by("pk"))
    kept = _kept([row.pk for row in rows])
    stock = availability({row.part_id for row in rows}, store=store, on=on)
    wanted_now = {row.part for row in rows if row.outstanding}
    alike, twins = siblings_of(wanted_now), _twins(wanted_now)
    lines: dict[int, list[BoardLine]] = defaultdict(list)
    for row in rows:
        confusable = alike.get(row.part_id, ()), twins.get(row.part_id, ())
        due = store.local(row.expected_at) if row.expected_at else None
        lines[row.request_id].append(_line(row, kept[row.pk], stock[row.part_id], due, *confusable))
    return [
        BoardRequest(
            request_id=request.pk,
            no=request.no,
            state=request.state,
            source=request.source,
            plate=request.plate,
            vin_end=request.vin_end,
            needed_at=request.needed_at,
            asked_at=request.created_at,
            lines=tuple(lines[request.pk]),
        )
        for request in requests
    ]


def _twins(parts: Collection[Part]) -> dict[int, tuple[str, ...]]:
    rows = Part.objects.filter(number_key__in={part.number_key for part in parts}, active=True).order_by("pk")
    named_alike = list(rows.values_list("number_key", "pk", "brand"))
    return {
        part.pk: tuple(brand for number, pk, brand in named_alike if number == part.number_key and pk != part.pk)
        for part in parts
    }


def _kept(line_ids: Collection[int]) -> dict[int, list[Kept]]:
    found: dict[int, list[Kept]] = defaultdict(list)
    rows = Reservation.objects.filter(line__in=line_ids, state=Reservation.State.OPEN)
    columns = ("line_id", "balance__place__code", "quantity", "balance__lot__batch", "balance__lot__expires_on")
    for line_id, code, quantity, batch, expires_on in rows.values_list(*columns).order_by("pk"):
        found[line_id].append(Kept(code, quantity, batch or "", expires_on))
    return found


def _line(
    row: RequestLine,
    kept: Sequence[Kept],
    stock: Availability,
    due: datetime | None,
    alike: tuple[Sibling, ...],
    twins: tuple[str, ...],
) -> BoardLine:
    return BoardLine(
        line_id=row.pk,
        source_line_id=row.source_line_id,
        part_id=row.part_id,
        part_no=row.part.part_no,
        barcode=row.part.barcode,
        name=row.part.name,
        unit=row.part.unit,
        qty_step=row.part.qty_step,
        state=row.state,
        wanted=row.wanted,
        outstanding=row.outstanding,
        handed_out=row.handed_out,
        kept=tuple(kept),
        stock=stock,
        siblings=alike,
        shortage_action=row.shortage_action,
        expected_at=due,
        brand=row.part.brand,
        twins=twins,
    )
