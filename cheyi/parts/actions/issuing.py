"""Laying ready and handing out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit
from cheyi.foundation.models import Store
from cheyi.foundation.ui.filters import plate
from cheyi.kernel import Quantity, Refused
from cheyi.parts.actions import holding
from cheyi.parts.actions.checking import part_in_hand
from cheyi.parts.actions.lines import about, turn_on, value_of, watch_reorder_point
from cheyi.parts.actions.places import outside
from cheyi.parts.actions.posting import Leg, post
from cheyi.parts.events import PartsIssued, PartsPicked
from cheyi.parts.models import Balance, Move, Part, Place, RequestLine, Reservation
from cheyi.parts.queries.lookalikes import lying_look_alike
from cheyi.parts.rules import LINE, REQUEST, Take, Want, check_quantity

NONE_OF_IT = Quantity(0)
INTERNAL_SOURCES = {"internal"}


@act
def pick(line: RequestLine, *, typed_number: str, by: Viewer, now: datetime) -> RequestLine:
    """Lay a reserved line ready: the typed or scanned number must be the line's part.

    Raises Refused ``parts.line.not_now`` unless all of it is reserved, and as ``part_in_hand``.
    """
    line = turn_on(line, by=by, now=now).line
    part = part_in_hand(line.part, typed_number)
    if part.pk != line.part_id:
        raise Refused("parts.part.substitute_is_issued", field="typed_number", number=part.part_no)
    line.state = LINE.after(line.state, "pick")
    line.save(update_fields=["state"])
    Reservation.objects.filter(line=line, state=Reservation.State.OPEN).update(expires_at=None)
    line.request.picker_id = by.employee_id
    line.request.save(update_fields=["picker_id"])
    holding.refresh_requests([line.request], verb="pick")
    audit(by, "parts.request.picked", line, now=now, part_no=part.part_no, request=line.request.no)
    announce(PartsPicked(**about(line, now)))
    return line


@act
def issue(
    line: RequestLine,
    *,
    quantity: Quantity,
    typed_number: str,
    by: Viewer,
    now: datetime,
    receiver_id: int | None = None,
    confirmed_sibling: bool = False,
) -> list[Move]:
    """Hand out pieces for a line (出库): from what is reserved for it, then from what is free, first expiring lot first.

    The typed or scanned number must be the line's part or an approved substitute, which then becomes the line's part.
    Cost is the moving average, fixed now. Raises Refused ``parts.line.too_much``, ``parts.stock.lot_expired``,
    ``parts.stock.too_little``, ``parts.line.not_now``, ``parts.quantity.…`` and as ``part_in_hand``.
    """
    line = RequestLine.objects.select_related("part", "store").get(pk=line.pk)
    part = part_in_hand(line.part, typed_number, confirmed_sibling=confirmed_sibling)
    turn = turn_on(line, part, by=by, now=now)
    line, store = turn.line, turn.store
    REQUEST.after(line.request.state, "issue")
    LINE.after(line.state, "issue")
    check_quantity(quantity, step=part.qty_step, part_no=part.part_no)
    if quantity > line.outstanding:
        raise Refused("parts.line.too_much", field="quantity", wanted=str(quantity), left=str(line.outstanding))
    waiting = _substitute(line, part, store=store, now=now) if part.pk != line.part_id else []
    legs = _legs(line, part, quantity, store=store, now=now)
    moves = post(legs, source=line.request.source, store=store, by=by, now=now)
    line.issued += quantity
    line.cost = line.cost + value_of(moves)
    line.state = LINE.after(line.state, "issue" if line.wanted == line.handed_out else "issue_part")
    line.save(update_fields=["issued", "cost", "state", "part_id"])
    if receiver_id is not None:
        line.request.receiver_id = receiver_id
        line.request.save(update_fields=["receiver_id"])
    holding.refresh_requests([line.request], verb="issue")
    _tell_issue(line, quantity, moves, by=by, now=now)
    watch_reorder_point([turn.settings[part.pk]], store=store, now=now)
    holding.serve(waiting, store=store, by=by, now=now)
    return moves


@act
def issue_scanned(line: RequestLine, *, typed_number: str, by: Viewer, now: datetime) -> list[Move]:
    """Hand out all that a line still wants against a scanned label.

    Raises Refused as ``issue``, but always beside the label; ``parts.request.none_here``, ``parts.request.few_here`` or
    ``parts.request.look_alike_here`` where the store has too little of it.
    """
    try:
        return issue(line, quantity=line.outstanding, typed_number=typed_number, by=by, now=now)
    except Refused as refused:
        if refused.code == "parts.stock.too_little":
            raise _short(line, part_in_hand(line.part, typed_number), str(refused.facts["available"])) from None
        raise Refused(refused.code, field="typed_number", **refused.facts) from None


def _short(line: RequestLine, part: Part, there: str) -> Refused:
    """What the store has too little of and for which car; what the label may be, when that lies here."""
    asked = line.request
    car = plate(asked.plate) or asked.vin_end or asked.source_label or asked.no
    facts = {"part_no": part.part_no, "car": car, "wanted": str(line.outstanding), "available": there}
    if there != str(NONE_OF_IT):
        return Refused("parts.request.few_here", field="typed_number", **facts)
    alike = lying_look_alike(part, line.store)
    if alike is None:
        return Refused("parts.request.none_here", field="typed_number", **facts)
    return Refused("parts.request.look_alike_here", field="typed_number", other=alike.part_no, **facts)


def _tell_issue(line: RequestLine, quantity: Quantity, moves: Sequence[Move], *, by: Viewer, now: datetime) -> None:
    audit(
        by,
        "parts.request.issued",
        line,
        now=now,
        undo=("parts.request.take_back", {"line_id": line.pk, "move_ids": [move.pk for move in moves]}),
        request=line.request.no,
        source=line.request.source_label,
        part_no=line.part.part_no,
        quantity=str(quantity),
        receiver=line.request.receiver_id,
    )
    figures = {"part_id": line.part_id, "quantity": quantity, "value": value_of(moves), "line_state": line.state}
    announce(PartsIssued(**(about(line, now) | figures)))


def _substitute(line: RequestLine, part: Part, *, store: Store, now: datetime) -> list[RequestLine]:
    """Let the line want an approved substitute instead; who waits for what it had kept is returned."""
    if line.handed_out:
        raise Refused("parts.line.begun_with_other", field="typed_number", number=line.part.part_no)
    waiting = [other for other in holding.waiting_for([line.part_id], store) if other.pk != line.pk]
    kept = Reservation.objects.filter(line=line, state=Reservation.State.OPEN)
    holding.let_go(list(kept), state=Reservation.State.RELEASED, now=now)
    line.part = part
    return waiting


def _legs(line: RequestLine, part: Part, quantity: Quantity, *, store: Store, now: datetime) -> list[Leg]:
    """From which balances the pieces come; reservations that are used up end."""
    today = store.business_date(now)
    kept = list(
        Reservation.objects.filter(line=line, state=Reservation.State.OPEN)
        .select_related("balance__place__warehouse", "balance__lot")
        .order_by("balance__lot__expires_on", "pk")
    )
    usable = [row for row in kept if row.balance.lot is None or not _past(row.balance.lot.expires_on, today)]
    free = holding.lock_free([part.pk], on=today)
    held = _use(usable, quantity, now=now)
    left = quantity - sum(held.values(), NONE_OF_IT)
    takes = free.shelves.take(Want(line.pk, part.pk, left)) if left else []
    missing = left - sum((take.quantity for take in takes), NONE_OF_IT)
    if missing:
        _refuse_missing(part, quantity, missing, expired=len(kept) > len(usable) or bool(free.shelves.expired(part.pk)))
    balances = {row.balance_id: row.balance for row in usable} | dict(free.rows)
    return _legs_out(line, held, takes, balances, to_place=_destination(line, store))


def _past(expires_on: date | None, today: date) -> bool:
    return expires_on is not None and expires_on < today


def _use(kept: Sequence[Reservation], quantity: Quantity, *, now: datetime) -> dict[int, Quantity]:
    """Take the quantity off the line's reservations as far as they go; what was held per balance."""
    held: dict[int, Quantity] = defaultdict(lambda: NONE_OF_IT)
    left = quantity
    for row in kept:
        piece = min(left, row.quantity)
        if not piece:
            break
        held[row.balance_id] += piece
        left -= piece
        if piece == row.quantity:
            row.state, row.ended_at = Reservation.State.TAKEN, now
        else:
            row.quantity -= piece
        row.save(update_fields=["state", "ended_at", "quantity"])
    return dict(held)


def _refuse_missing(part: Part, quantity: Quantity, missing: Quantity, *, expired: bool) -> None:
    code = "parts.stock.lot_expired" if expired else "parts.stock.too_little"
    there = quantity - missing
    raise Refused(code, field="quantity", part_no=part.part_no, wanted=str(quantity), available=str(there))


def _destination(line: RequestLine, store: Store) -> Place:
    internal = line.request.source_kind in INTERNAL_SOURCES
    return outside(store, Place.Kind.INTERNAL if internal else Place.Kind.CUSTOMER)


def _legs_out(
    line: RequestLine,
    held: dict[int, Quantity],
    takes: Sequence[Take],
    balances: dict[int, Balance],
    *,
    to_place: Place,
) -> list[Leg]:
    taken: dict[int, Quantity] = defaultdict(lambda: NONE_OF_IT, held)
    for take in takes:
        taken[take.balance_id] += take.quantity
    return [
        Leg(
            kind="issue",
            part_id=balances[pk].part_id,
            quantity=quantity,
            from_place=balances[pk].place,
            to_place=to_place,
            lot_id=balances[pk].lot_id,
            held=held.get(pk, NONE_OF_IT),
            line_id=line.pk,
        )
        for pk, quantity in taken.items()
    ]
