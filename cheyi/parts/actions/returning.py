"""Taking back what was handed out, at the cost at which it went out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, inverse
from cheyi.foundation.models import Store
from cheyi.kernel import Money, Quantity, Refused
from cheyi.parts.actions import holding
from cheyi.parts.actions.lines import about, turn_on, value_of
from cheyi.parts.actions.places import place_of_kind
from cheyi.parts.actions.posting import Leg, post
from cheyi.parts.events import PartsReturned
from cheyi.parts.models import Move, Place, RequestLine, Warehouse
from cheyi.parts.rules import LINE, REQUEST, Issued, Want, check_quantity, split_return

NONE_OF_IT = Quantity(0)
CONDITIONS = ("good", "damaged", "opened")


@act
def take_back(
    line: RequestLine,
    *,
    quantity: Quantity,
    condition: str,
    by: Viewer,
    now: datetime,
    reason: str = "",
) -> list[Move]:
    """Take pieces back at the cost at which they went out, the last issue first (退料).

    Good ones go back to their bin and on to whoever waits, damaged ones to quarantine, opened ones to consumables.
    Raises Refused ``parts.line.not_so_much_out``, ``parts.line.unknown_condition``, ``parts.quantity.…`` or
    ``parts.line.not_now``.
    """
    if condition not in CONDITIONS:
        raise Refused("parts.line.unknown_condition", field="condition", condition=condition)
    turn = turn_on(line, by=by, now=now)
    line, store = turn.line, turn.store
    REQUEST.after(line.request.state, "take_back")
    check_quantity(quantity, step=line.part.qty_step, part_no=line.part.part_no)
    waiting = holding.waiting_for([line.part_id], store) if condition == "good" else []
    legs = _return_legs(line, quantity, condition=condition, store=store, reason=reason)
    whole = quantity == line.handed_out and line.state == "issued"
    line.state = LINE.after(line.state, "take_back" if whole else "take_back_part")
    moves = post(legs, source=line.request.source, store=store, by=by, now=now)
    _came_back(line, quantity, moves, verb="take_back")
    audit(
        by,
        "parts.request.returned",
        line,
        now=now,
        request=line.request.no,
        source=line.request.source_label,
        part_no=line.part.part_no,
        quantity=str(quantity),
        condition=condition,
        reason=reason,
    )
    _tell_return(line, quantity, moves, condition=condition, now=now)
    holding.serve(waiting, store=store, by=by, now=now)
    return moves


@inverse("parts.request.take_back")
def undo_issue(*, line_id: int, move_ids: Sequence[int], by: Viewer, now: datetime) -> str:
    """Undo an issue: the pieces are back in their bins and reserved for the line again.

    Raises Refused ``parts.move.reversed_already`` when some of them have come back meanwhile.
    """
    turn = turn_on(RequestLine.objects.get(pk=line_id), by=by, now=now)
    line, store = turn.line, turn.store
    if Move.objects.filter(reverses__in=move_ids).exists():
        raise Refused("parts.move.reversed_already")
    moves = list(_moves_of(line).filter(pk__in=move_ids))
    legs = [_return_leg(move, move.quantity, move.value, to_place=move.from_place, reason="undo") for move in moves]
    quantity = sum((move.quantity for move in moves), NONE_OF_IT)
    line.state = LINE.after(line.state, "undo_issue")
    back = post(legs, source=line.request.source, store=store, by=by, now=now)
    _came_back(line, quantity, back, verb="undo_issue")
    audit(by, "parts.request.issue_undone", line, now=now, part_no=line.part.part_no, quantity=str(quantity))
    _tell_return(line, quantity, back, condition="good", now=now)
    _reserve_again(line, store=store, by=by, now=now)
    return _("%(part_no)s is back on the shelf, kept for %(source)s") % {
        "part_no": line.part.part_no,
        "source": line.request.source_label or line.request.no,
    }


def _moves_of(line: RequestLine) -> Any:
    return Move.objects.filter(line=line).select_related("from_place__warehouse", "to_place__warehouse").order_by("pk")


def _return_legs(line: RequestLine, quantity: Quantity, *, condition: str, store: Store, reason: str) -> list[Leg]:
    moves = list(_moves_of(line))
    back: dict[int, list[Move]] = defaultdict(list)
    for move in moves:
        if move.reverses_id:
            back[move.reverses_id].append(move)
    out = {move.pk: move for move in moves if move.kind == "issue"}
    issues = [
        Issued(
            pk,
            move.quantity - sum((one.quantity for one in back[pk]), NONE_OF_IT),
            move.value - value_of(back[pk]),
        )
        for pk, move in out.items()
    ]
    legs = []
    for piece in split_return(issues, quantity):
        to_place = _return_place(out[piece.move_id], condition, store)
        legs.append(_return_leg(out[piece.move_id], piece.quantity, piece.value, to_place=to_place, reason=reason))
    return legs


def _return_place(move: Move, condition: str, store: Store) -> Place:
    if condition == "damaged":
        return place_of_kind(store, Warehouse.Kind.QUARANTINE)
    if condition == "opened":
        return place_of_kind(store, Warehouse.Kind.CONSUMABLE)
    place: Place = move.from_place
    return place


def _return_leg(move: Move, quantity: Quantity, value: Money, *, to_place: Place, reason: str) -> Leg:
    return Leg(
        kind="issue_return",
        part_id=move.part_id,
        quantity=quantity,
        from_place=move.to_place,
        to_place=to_place,
        lot_id=move.lot_id,
        value=value,
        line_id=move.line_id,
        reverses_id=move.pk,
        reason=reason,
    )


def _came_back(line: RequestLine, quantity: Quantity, moves: Sequence[Move], *, verb: str) -> None:
    line.returned += quantity
    line.cost = line.cost - value_of(moves)
    line.save(update_fields=["returned", "cost", "state"])
    holding.refresh_requests([line.request], verb=verb)


def _tell_return(
    line: RequestLine, quantity: Quantity, moves: Sequence[Move], *, condition: str, now: datetime
) -> None:
    announce(
        PartsReturned(
            **about(line, now),
            part_id=line.part_id,
            quantity=quantity,
            value=value_of(moves),
            condition=condition,
            line_state=line.state,
        )
    )


def _reserve_again(line: RequestLine, *, store: Store, by: Viewer, now: datetime) -> None:
    free = holding.lock_free([line.part_id], on=store.business_date(now))
    kept = holding.kept_for([line]).get(line.pk, NONE_OF_IT)
    left = line.outstanding - kept
    takes = free.shelves.take(Want(line.pk, line.part_id, left))
    holding.reserve(takes)
    holding.record(takes, store=store, expires_at=None, by=by, now=now)
    if sum((take.quantity for take in takes), NONE_OF_IT) == left:
        holding.mark_reserved([line], now=now)
    else:
        line.state, line.expected_at = LINE.after(line.state, "lack"), None
        line.save(update_fields=["state", "expected_at"])
        holding.refresh_requests([line.request], verb="reserve")
