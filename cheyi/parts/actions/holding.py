"""Keeping stock for lines: reserving, letting go, and serving those who wait when something arrives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import F, Q, Sum, Value

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import announce
from cheyi.foundation.fields import QuantityField
from cheyi.foundation.models import Store
from cheyi.foundation.questions import Question
from cheyi.kernel import Quantity, Refused
from cheyi.parts.actions.posting import by_row
from cheyi.parts.events import PartsReserved
from cheyi.parts.models import Balance, Part, PartsRequest, Place, RequestLine, Reservation, StorePart, Warehouse
from cheyi.parts.rules import LINE, REQUEST, Shelf, Shelves, Take, Want, by_promise, request_state

PICKABLE = (Warehouse.Kind.MAIN, Warehouse.Kind.CONSUMABLE, Warehouse.Kind.ACCESSORY)
RESERVE_HOURS = 72
NONE_OF_IT = Quantity(0)

SETTINGS = Question(
    lambda parts, store: (
        StorePart.objects.filter(store_id=store, part_id__in=parts)
        .select_related("part")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
)
IN_BINS = Question(
    lambda parts: (
        Balance.objects.filter(
            part_id__in=parts,
            place__kind=Place.Kind.BIN,
            place__warehouse__kind__in=PICKABLE,
            on_hand__gt=F("reserved"),
        )
        .select_related("lot", "place__warehouse")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
)


@dataclass(frozen=True, slots=True)
class Free:
    """The locked balances of some parts in places from which the workshop is served."""

    rows: Mapping[int, Balance]
    shelves: Shelves


def take_turns(part_ids: Collection[int], *, store: Store, by: Viewer, now: datetime) -> dict[int, StorePart]:
    """Wait for the turn on some parts in a store, first come first served; the store's settings of each part.

    Every act that touches stock comes by here before it locks anything else, so that two acts never wait for each
    other, and none overlooks what the other has just put on the shelf or asked for. The rows are only locked, not
    changed: PostgreSQL lets waiters for a changing row (a balance) overtake each other. Raises Refused
    ``parts.part.not_here``.
    """
    wanted = set(part_ids)
    found = _locked_settings(wanted, store)
    missing = wanted - found.keys()
    if missing:
        known = set(Part.objects.filter(pk__in=missing).values_list("pk", flat=True))
        if missing - known:
            raise Refused("parts.part.not_here", part=min(missing - known))
        StorePart.objects.bulk_create(
            (
                StorePart(store_id=store.pk, created_at=now, created_by_id=by.user_id, part_id=part_id)
                for part_id in sorted(missing)
            ),
            ignore_conflicts=True,
        )
        found |= _locked_settings(missing, store)
    return found


def _locked_settings(part_ids: Collection[int], store: Store) -> dict[int, StorePart]:
    return {row.part_id: row for row in SETTINGS(parts=part_ids, store=store.pk)}


def keep_until(store: Store, now: datetime) -> datetime:
    """When a reservation that nobody uses ends: after 72 hours, or what the store has set (domain.md 5.4)."""
    return now + timedelta(hours=int(store.setting("parts_reserve_hours", RESERVE_HOURS)))


def lock_free(part_ids: Collection[int], *, on: date) -> Free:
    """Lock what lies of some parts in bins for the workshop, in ascending id; the parts' turn is taken already."""
    found = {row.pk: row for row in IN_BINS(parts=part_ids)}
    shelves = [
        Shelf(
            balance_id=row.pk,
            part_id=row.part_id,
            free=row.available,
            expires_on=row.lot.expires_on if row.lot else None,
            received_on=row.lot.received_on if row.lot else None,
        )
        for row in found.values()
    ]
    return Free(found, Shelves(shelves, on=on))


def reserve(takes: Sequence[Take]) -> None:
    """Mark pieces as reserved in one conditional UPDATE. Raises Refused ``parts.stock.taken_meanwhile``."""
    if not takes:
        return
    wanted: dict[int, Quantity] = defaultdict(lambda: NONE_OF_IT)
    for take in takes:
        wanted[take.balance_id] += take.quantity
    conditions = [
        Q(pk=pk, on_hand__gte=F("reserved") + Value(quantity, QuantityField())) for pk, quantity in wanted.items()
    ]
    touched = Balance.objects.filter(reduce(or_, conditions)).update(reserved=F("reserved") + by_row(wanted.items()))
    if touched != len(wanted):
        raise Refused("parts.stock.taken_meanwhile")


def record(takes: Sequence[Take], *, store: Store, expires_at: datetime | None, by: Viewer, now: datetime) -> None:
    """Write the reservation rows of what ``reserve`` has marked."""
    Reservation.objects.bulk_create(
        Reservation(
            store_id=store.pk,
            created_at=now,
            created_by_id=by.user_id,
            balance_id=take.balance_id,
            line_id=take.line_id,
            quantity=take.quantity,
            expires_at=expires_at,
        )
        for take in takes
    )


def let_go(reservations: Sequence[Reservation], *, state: str, now: datetime) -> None:
    """Free what some open reservations keep; ``state`` says why (released, expired)."""
    if not reservations:
        return
    held: dict[int, Quantity] = defaultdict(lambda: NONE_OF_IT)
    for reservation in reservations:
        held[reservation.balance_id] += reservation.quantity
    list(Balance.objects.filter(pk__in=held).select_for_update().order_by("pk").values_list("pk"))
    conditions = [Q(pk=pk, reserved__gte=quantity) for pk, quantity in held.items()]
    touched = Balance.objects.filter(reduce(or_, conditions)).update(reserved=F("reserved") - by_row(held.items()))
    if touched != len(held):
        raise Refused("parts.stock.taken_meanwhile")
    Reservation.objects.filter(pk__in=[row.pk for row in reservations]).update(state=state, ended_at=now)


def waiting_for(part_ids: Collection[int], store: Store) -> list[RequestLine]:
    """The store's lines that are short of some parts, locked in ascending id; the parts' turn is taken already."""
    rows = RequestLine.objects.filter(store=store, part_id__in=part_ids, state="backordered")
    return list(rows.select_for_update(of=("self",)).select_related("request").order_by("pk"))


def serve(waiting: Sequence[RequestLine], *, store: Store, by: Viewer, now: datetime) -> None:
    """Give what is free to the lines that wait for it, oldest promise first, and say which are complete."""
    if not waiting:
        return
    free = lock_free({line.part_id for line in waiting}, on=store.business_date(now))
    kept = kept_for(waiting)
    wants = [
        Want(line.pk, line.part_id, line.outstanding - kept.get(line.pk, NONE_OF_IT), line.promised_at)
        for line in waiting
    ]
    takes = free.shelves.serve(by_promise(want for want in wants if want.quantity))
    reserve(takes)
    record(takes, store=store, expires_at=keep_until(store, now), by=by, now=now)
    got: dict[int, Quantity] = defaultdict(lambda: NONE_OF_IT)
    for take in takes:
        got[take.line_id] += take.quantity
    complete = [want.line_id for want in wants if want.quantity and got[want.line_id] == want.quantity]
    mark_reserved([line for line in waiting if line.pk in complete], now=now)


def kept_for(lines: Iterable[RequestLine]) -> dict[int, Quantity]:
    """What is reserved for each of some lines."""
    open_ones = Reservation.objects.filter(line__in=[line.pk for line in lines], state=Reservation.State.OPEN)
    return dict(open_ones.values_list("line_id").annotate(kept=Sum("quantity")).order_by("line_id"))


def mark_reserved(lines: Sequence[RequestLine], *, now: datetime) -> None:
    """Say of some lines, with their requests, that all they want is kept for them."""
    if not lines:
        return
    for line in lines:
        line.state, line.expected_at = LINE.after(line.state, "reserve"), None
    RequestLine.objects.filter(pk__in=[line.pk for line in lines]).update(state="reserved", expected_at=None)
    requests = {line.request_id: line.request for line in lines}
    refresh_requests(requests.values(), verb="reserve")
    for request in requests.values():
        announce(
            PartsReserved(
                store_id=request.store_id,
                happened_at=now,
                request_id=request.pk,
                source_kind=request.source_kind,
                source_id=request.source_id,
                line_ids=source_lines(line for line in lines if line.request_id == request.pk),
            )
        )


def source_lines(lines: Iterable[RequestLine]) -> tuple[int, ...]:
    """The asking document's own line ids, where it has lines."""
    return tuple(line.source_line_id for line in lines if line.source_line_id is not None)


def refresh_requests(requests: Collection[PartsRequest], *, verb: str) -> None:
    """Let some requests follow their lines after a verb that their table allows. Raises Refused ``….not_now``.

    The requests are locked here, after their lines have changed, so that the last of two acts sees both changes.
    """
    ids = {request.pk for request in requests}
    rows = PartsRequest.objects.filter(pk__in=ids).select_for_update().order_by("pk")
    states: dict[int, str] = {row.pk: row.state for row in rows}
    lines: dict[int, list[RequestLine]] = defaultdict(list)
    for line in RequestLine.objects.filter(request_id__in=ids).only("request_id", "state", "issued", "returned"):
        lines[line.request_id].append(line)
    changed: dict[str, list[int]] = defaultdict(list)
    for pk, before in states.items():
        REQUEST.after(before, verb)
        state = request_state([line.state for line in lines[pk]], handed_out=any(line.handed_out for line in lines[pk]))
        if state != before:
            states[pk] = state
            changed[state].append(pk)
    for state, pks in changed.items():
        PartsRequest.objects.filter(pk__in=pks).update(state=state)
    for request in requests:
        request.state = states[request.pk]
