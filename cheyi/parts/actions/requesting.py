"""Asking for parts and giving up what was asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit
from cheyi.foundation.models import Store
from cheyi.foundation.numbering import draw
from cheyi.foundation.sources import Source
from cheyi.kernel import Quantity, Refused
from cheyi.parts.actions import holding
from cheyi.parts.events import PartsGivenUp, PartsReserved, PartsSubmitted, ReservationExpired, Shortage
from cheyi.parts.models import DemandEntry, Part, PartsRequest, RequestLine, Reservation
from cheyi.parts.rules import LINE, OPEN_LINE_STATES, REQUEST, Take, Want, arrival, check_quantity, request_state

MOST_LINES = 200
NONE_OF_IT = Quantity(0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A part that a document wants; ``line_id`` is the document's own line, None for one without lines."""

    line_id: int | None
    part_id: int
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class _Planned:
    """A line to be written, with the pieces that were found for it."""

    line: RequestLine
    takes: tuple[Take, ...]

    @property
    def missing(self) -> Quantity:
        """What is short."""
        return self.line.wanted - sum((take.quantity for take in self.takes), NONE_OF_IT)


@act
def submit(
    *,
    source: Source,
    wanted: Sequence[Wanted],
    store: Store,
    by: Viewer,
    now: datetime,
    needed_at: datetime | None = None,
    expires_at: datetime | None = None,
    plate: str = "",
    vin: str = "",
) -> PartsRequest:
    """Ask for parts: what is there is reserved at once, first expiring lot first, the rest is short (缺件).

    ``needed_at`` is the promise that decides who is served first; ``expires_at`` ends the reservations (72 hours on
    where none is given); ``plate`` and ``vin`` name the car. Nine statements however many lines. Raises Refused
    ``parts.request.empty``, ``parts.request.too_many_lines``, ``parts.part.not_here`` or ``parts.quantity.…``.
    """
    parts = _parts_of(wanted, store=store, by=by, now=now)
    free = holding.lock_free(parts.keys(), on=store.business_date(now))
    stamp = {"store_id": store.pk, "created_at": now, "created_by_id": by.user_id}
    planned: list[_Planned] = []
    for index, want in enumerate(wanted):
        check_quantity(want.quantity, step=parts[want.part_id].qty_step, part_no=parts[want.part_id].part_no)
        takes = free.shelves.take(Want(index, want.part_id, want.quantity, needed_at))
        complete = sum((take.quantity for take in takes), NONE_OF_IT) == want.quantity
        line = RequestLine(
            **stamp,
            source_line_id=want.line_id,
            part_id=want.part_id,
            state=LINE.after("requested", "reserve" if complete else "lack"),
            wanted=want.quantity,
            promised_at=needed_at,
        )
        planned.append(_Planned(line, tuple(takes)))
    holding.reserve([take for plan in planned for take in plan.takes])
    request = PartsRequest.objects.create(
        **stamp,
        no=draw(store, "PR", now),
        state=_state_at_start(planned),
        requester_id=by.employee_id,
        needed_at=needed_at,
        source_kind=source.kind,
        source_id=source.id,
        source_label=source.label,
        plate=plate,
        vin_end=vin[-6:],
    )
    _write_lines(request, planned, store=store, expires_at=expires_at, by=by, now=now)
    audit(by, "parts.request.submitted", request, now=now, source=source.label, lines=len(planned))
    _tell(request, planned, now)
    return request


def _parts_of(wanted: Sequence[Wanted], *, store: Store, by: Viewer, now: datetime) -> dict[int, Part]:
    if not wanted:
        raise Refused("parts.request.empty")
    if len(wanted) > MOST_LINES:
        raise Refused("parts.request.too_many_lines", count=len(wanted), most=MOST_LINES)
    settings = holding.take_turns({want.part_id for want in wanted}, store=store, by=by, now=now)
    return {part_id: row.part for part_id, row in settings.items()}


def _state_at_start(planned: Sequence[_Planned]) -> str:
    state = request_state([plan.line.state for plan in planned], handed_out=False)
    submitted = REQUEST.after("draft", "submit")
    return submitted if state == submitted else REQUEST.after(submitted, "reserve")


def _write_lines(
    request: PartsRequest,
    planned: Sequence[_Planned],
    *,
    store: Store,
    expires_at: datetime | None,
    by: Viewer,
    now: datetime,
) -> None:
    for plan in planned:
        plan.line.request = request
    RequestLine.objects.bulk_create(plan.line for plan in planned)
    takes = [Take(plan.line.pk, take.balance_id, take.quantity) for plan in planned for take in plan.takes]
    if takes:
        until = expires_at or holding.keep_until(store, now)
        holding.record(takes, store=store, expires_at=until, by=by, now=now)
    short = [plan for plan in planned if plan.missing]
    if short:
        DemandEntry.objects.bulk_create(
            DemandEntry(
                store_id=store.pk,
                created_at=now,
                created_by_id=by.user_id,
                part_id=plan.line.part_id,
                line=plan.line,
                asked_on=store.business_date(now),
                wanted=plan.line.wanted,
                missing=plan.missing,
            )
            for plan in short
        )


def _tell(request: PartsRequest, planned: Sequence[_Planned], now: datetime) -> None:
    about: dict[str, Any] = {
        "store_id": request.store_id,
        "happened_at": now,
        "request_id": request.pk,
        "source_kind": request.source_kind,
        "source_id": request.source_id,
    }
    announce(PartsSubmitted(**about, line_ids=holding.source_lines(plan.line for plan in planned)))
    complete = [plan.line for plan in planned if not plan.missing]
    if complete:
        announce(PartsReserved(**about, line_ids=holding.source_lines(complete)))
    for plan in planned:
        if plan.missing:
            announce(
                Shortage(
                    **about,
                    request_line_id=plan.line.pk,
                    line_id=plan.line.source_line_id,
                    part_id=plan.line.part_id,
                    wanted=plan.line.wanted,
                    missing=plan.missing,
                )
            )


@act
def release(
    *,
    source: Source,
    line_ids: Collection[int] | None = None,
    store: Store,
    by: Viewer,
    now: datetime,
    reason: str = "",
) -> list[RequestLine]:
    """Give up what a document still wants: all of it, or those of its own lines that are named.

    What is kept for these lines is free again and goes to whoever waits for it. Of a line that was handed out in part
    the rest is given up. Naming a line of which everything is with the workshop is refused: it comes back first
    (``parts.line.not_now``).
    """
    rows = RequestLine.objects.filter(
        store=store, request__source_kind=source.kind, request__source_id=source.id
    ).exclude(state__in=["returned", "cancelled"])
    rows = rows.filter(state__in=OPEN_LINE_STATES) if line_ids is None else rows.filter(source_line_id__in=line_ids)
    holding.take_turns(rows.values_list("part_id", flat=True), store=store, by=by, now=now)
    lines = list(rows.select_for_update(of=("self",)).select_related("request").order_by("pk"))
    if lines:
        _give_up(lines, store=store, by=by, now=now)
        _tell_given_up(lines, source, reason=reason, by=by, now=now)
    return lines


@act
def cancel(request: PartsRequest, *, by: Viewer, now: datetime, reason: str = "") -> PartsRequest:
    """Give up what one request still wants; only while nothing of it was handed out.

    Raises Refused ``parts.request.not_now``.
    """
    store: Store = request.store
    rows = RequestLine.objects.filter(store=store, request=request, state__in=OPEN_LINE_STATES)
    holding.take_turns(rows.values_list("part_id", flat=True), store=store, by=by, now=now)
    fresh: PartsRequest = PartsRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    REQUEST.after(fresh.state, "cancel")
    lines = list(rows.select_for_update(of=("self",)).select_related("request").order_by("pk"))
    _give_up(lines, store=store, by=by, now=now)
    _tell_given_up(lines, fresh.source, reason=reason, by=by, now=now)
    fresh.refresh_from_db()
    return fresh


def _tell_given_up(lines: Sequence[RequestLine], source: Source, *, reason: str, by: Viewer, now: datetime) -> None:
    for request in {line.request_id: line.request for line in lines}.values():
        audit(by, "parts.request.cancelled", request, now=now, reason=reason, source=source.label)
    announce(
        PartsGivenUp(
            store_id=lines[0].store_id,
            happened_at=now,
            source_kind=source.kind,
            source_id=source.id,
            line_ids=holding.source_lines(lines),
        )
    )


def _give_up(lines: Sequence[RequestLine], *, store: Store, by: Viewer, now: datetime) -> None:
    waiting = [line for line in holding.waiting_for({line.part_id for line in lines}, store) if line not in lines]
    for line in lines:
        if line.handed_out:
            line.state, line.wanted = LINE.after(line.state, "keep_issued"), line.handed_out
        else:
            line.state = LINE.after(line.state, "cancel")
    RequestLine.objects.bulk_update(lines, ["state", "wanted"])
    kept = Reservation.objects.filter(line__in=lines, state=Reservation.State.OPEN)
    holding.let_go(list(kept), state=Reservation.State.RELEASED, now=now)
    holding.refresh_requests({line.request_id: line.request for line in lines}.values(), verb="release")
    holding.serve(waiting, store=store, by=by, now=now)


@act
def change_needed_at(*, source: Source, needed_at: datetime | None, store: Store, by: Viewer, now: datetime) -> None:
    """The promise of a document changed: its open lines wait by the new one."""
    requests = PartsRequest.objects.filter(store=store, source_kind=source.kind, source_id=source.id)
    lines = RequestLine.objects.filter(request__in=requests, state__in=OPEN_LINE_STATES)
    lines.update(promised_at=needed_at)
    for request in requests.exclude(state__in=["closed", "cancelled"]).order_by("pk"):
        audit(by, "parts.request.needed_at_changed", request, now=now, needed_at=str(needed_at or ""))
    requests.update(needed_at=needed_at)


@act
def keep(*, source: Source, store: Store) -> None:
    """Work has started: what is reserved for a document stays reserved without a time limit."""
    open_ones = Reservation.objects.filter(
        store=store,
        state=Reservation.State.OPEN,
        line__request__source_kind=source.kind,
        line__request__source_id=source.id,
    )
    Reservation.objects.filter(pk__in=list(open_ones.values_list("pk", flat=True))).update(expires_at=None)


@act
def choose_shortage_action(
    line: RequestLine, *, choice: str, expected_at: datetime | None = None, by: Viewer, now: datetime
) -> RequestLine:
    """Say what is done about a short line: wait, urgent order, transfer, substitute, or the customer declines.

    ``expected_at`` is when the part will be here (None: nobody knows); it replaces what was said before. Raises Refused
    ``parts.line.not_short``, ``parts.line.unknown_choice`` or those of ``arrival``.
    """
    if choice not in RequestLine.ShortageAction.values:
        raise Refused("parts.line.unknown_choice", field="choice", choice=choice)
    holding.take_turns([line.part_id], store=line.store, by=by, now=now)
    fresh: RequestLine = RequestLine.objects.select_for_update().get(pk=line.pk)
    if fresh.state != "backordered":
        raise Refused("parts.line.not_short")
    fresh.shortage_action, fresh.expected_at = choice, arrival(choice, expected_at, now=now)
    fresh.save(update_fields=["shortage_action", "expected_at"])
    told = fresh.expected_at.isoformat() if fresh.expected_at else ""
    audit(by, "parts.request.shortage_decided", fresh, now=now, choice=choice, expected_at=told)
    return fresh


@act
def expire_reservations(*, store: Store, by: Viewer, now: datetime) -> int:
    """Free what nobody came for in time and give it to whoever waits; how many lines lost their reservation."""
    due = Reservation.objects.filter(store=store, state=Reservation.State.OPEN, expires_at__lte=now)
    holding.take_turns(due.values_list("line__part_id", flat=True), store=store, by=by, now=now)
    line_ids = set(due.values_list("line_id", flat=True))
    rows = RequestLine.objects.filter(store=store, pk__in=line_ids).select_related("request")
    lines = list(rows.select_for_update(of=("self",)).order_by("pk"))
    waiting = holding.waiting_for({line.part_id for line in lines}, store)
    kept = Reservation.objects.filter(line__in=lines, state=Reservation.State.OPEN, expires_at__lte=now)
    holding.let_go(list(kept), state=Reservation.State.EXPIRED, now=now)
    by_request: dict[int, list[RequestLine]] = defaultdict(list)
    for line in lines:
        if line.state == "reserved":
            line.state = LINE.after(line.state, "expire")
            by_request[line.request_id].append(line)
    RequestLine.objects.filter(pk__in=[line.pk for own in by_request.values() for line in own]).update(
        state="requested"
    )
    requests = {line.request_id: line.request for own in by_request.values() for line in own}
    holding.refresh_requests(requests.values(), verb="release")
    for request_id, own in by_request.items():
        request = requests[request_id]
        audit(by, "parts.request.expired", request, now=now, lines=len(own))
        announce(
            ReservationExpired(
                store_id=store.pk,
                happened_at=now,
                request_id=request_id,
                source_kind=request.source_kind,
                source_id=request.source_id,
                line_ids=holding.source_lines(own),
            )
        )
    holding.serve([line for line in waiting if line.pk not in line_ids], store=store, by=by, now=now)
    return len(lines)


@act
def serve_waiting(*, store: Store, by: Viewer, now: datetime) -> int:
    """Look once more whether something is free for lines that wait: what two acts at the same moment may have missed."""
    short = RequestLine.objects.filter(store=store, state="backordered")
    turns = holding.take_turns(short.values_list("part_id", flat=True), store=store, by=by, now=now)
    waiting = holding.waiting_for(turns.keys(), store)
    holding.serve(waiting, store=store, by=by, now=now)
    return sum(line.state == "reserved" for line in waiting)
