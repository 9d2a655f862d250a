"""What the parts store's figures must add up to; ``cheyi check`` runs this and never repairs (reliability.md 3).

A figure that is kept is compared with the rows that prove it: a balance with its moves, what is reserved with the open
reservations, a cost row with the values that came and went, a line with what was issued and returned for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q, Sum

from cheyi.foundation.invariants import invariant
from cheyi.kernel import Money, Quantity
from cheyi.parts.models import Balance, Cost, Move, PartsRequest, Place, RequestLine, Reservation
from cheyi.parts.rules import request_state

NONE_OF_IT = Quantity(0)
NOTHING = (Quantity(0), Money(0))


@invariant("I1")
def wrong_limits() -> Iterator[str]:
    """0 ≤ reserved ≤ on hand in every balance."""
    for row in Balance.objects.filter(Q(reserved__lt=NONE_OF_IT) | Q(on_hand__lt=F("reserved"))):
        yield f"balance {row.pk}: {row.reserved} reserved of {row.on_hand}"


@invariant("I2")
def wrong_balances() -> Iterator[str]:
    """What is on hand is the sum of the moves, what is reserved the sum of the open reservations."""
    moved: dict[tuple[int, int, int | None], Quantity] = defaultdict(lambda: NONE_OF_IT)
    for side, sign in (("to_place_id", 1), ("from_place_id", -1)):
        kind = f"{side.removesuffix('_id')}__kind__in"
        rows = Move.objects.filter(**{kind: Place.HOLDING}).values_list("part_id", side, "lot_id")
        for part, place, lot, quantity in rows.annotate(total=Sum("quantity")).order_by():
            moved[part, place, lot] += quantity if sign > 0 else -quantity
    kept = dict(
        Reservation.objects.filter(state=Reservation.State.OPEN)
        .values_list("balance_id")
        .annotate(total=Sum("quantity"))
        .order_by()
    )
    for row in Balance.objects.all().iterator():
        on_hand = moved.pop((row.part_id, row.place_id, row.lot_id), NONE_OF_IT)
        if row.on_hand != on_hand:
            yield f"balance {row.pk}: {row.on_hand} on hand, moves say {on_hand}"
        if row.reserved != kept.get(row.pk, NONE_OF_IT):
            yield f"balance {row.pk}: {row.reserved} reserved, reservations say {kept.get(row.pk, NONE_OF_IT)}"
    for key, quantity in moved.items():
        if quantity:
            yield f"part, place, lot {key}: moves say {quantity}, there is no balance"


@invariant("I2")
def wrong_costs() -> Iterator[str]:
    """A cost row is the sum of what came into its warehouse less what left it, in quantity and in value."""
    moved: dict[tuple[int, int, int | None], tuple[Quantity, Money]] = defaultdict(lambda: NOTHING)
    for key, quantity, value in _crossings():
        moved[key] = (moved[key][0] + quantity, moved[key][1] + value)
    for row in Cost.objects.all().iterator():
        said = moved.pop((row.part_id, row.warehouse_id, row.lot_id), NOTHING)
        if (row.quantity, row.value) != said:
            yield f"cost {row.pk}: {row.quantity} worth {row.value}, moves say {said[0]} worth {said[1]}"
    for key, said in moved.items():
        if said != NOTHING:
            yield f"part, warehouse, lot {key}: moves say {said[0]} worth {said[1]}, there is no cost row"


def _crossings() -> Iterator[tuple[tuple[int, int, int | None], Quantity, Money]]:
    """Sums of the moves that enter (plus) and leave (minus) a warehouse; within one they change nothing."""
    for side, other, sign in (("to_place", "from_place", 1), ("from_place", "to_place", -1)):
        rows = (
            Move.objects.filter(**{f"{side}__kind__in": Place.HOLDING})
            .exclude(**{f"{side}__warehouse": F(f"{other}__warehouse")})
            .values_list("part_id", f"{side}__warehouse_id", f"{side}__warehouse__values_by_lot", "lot_id")
            .annotate(total=Sum("quantity"), worth=Sum("value"))
            .order_by()
        )
        for part, warehouse, by_lot, lot, quantity, value in rows:
            key = (part, warehouse, lot if by_lot else None)
            yield key, quantity if sign > 0 else -quantity, value if sign > 0 else -value


@invariant("I2")
def wrong_lines() -> Iterator[str]:
    """A line's issued, returned and cost are sums of its moves."""
    sums: dict[int, dict[str, tuple[Quantity, Money]]] = defaultdict(dict)
    rows = Move.objects.filter(line__isnull=False).values_list("line_id", "kind")
    for line, kind, quantity, value in rows.annotate(total=Sum("quantity"), worth=Sum("value")).order_by():
        sums[line][kind] = (quantity, value)
    for row in RequestLine.objects.all().iterator():
        issued, went = sums[row.pk].get("issue", NOTHING)
        returned, came = sums[row.pk].get("issue_return", NOTHING)
        if (row.issued, row.returned, row.cost) != (issued, returned, went - came):
            yield (
                f"line {row.pk}: {row.issued} issued, {row.returned} returned, cost {row.cost}; "
                f"moves say {issued}, {returned}, {went - came}"
            )


@invariant("I10")
def wrong_requests() -> Iterator[str]:
    """A request's state is what its lines say."""
    lines: dict[int, list[Any]] = defaultdict(list)
    for line in RequestLine.objects.all().iterator():
        lines[line.request_id].append(line)
    for request in PartsRequest.objects.all().iterator():
        own = lines[request.pk]
        said = request_state([line.state for line in own], handed_out=any(line.handed_out for line in own))
        if request.state != said:
            yield f"request {request.no}: {request.state}, its lines say {said}"


@invariant("I2")
def wrong_reservations() -> Iterator[str]:
    """Only open lines keep something, of their own part, and never more than they still want."""
    rows = Reservation.objects.filter(state=Reservation.State.OPEN).select_related("line", "balance")
    kept: dict[int, Quantity] = defaultdict(lambda: NONE_OF_IT)
    lines: dict[int, RequestLine] = {}
    for row in rows.iterator():
        kept[row.line_id] += row.quantity
        lines[row.line_id] = row.line
        if row.balance.part_id != row.line.part_id:
            yield f"reservation {row.pk}: keeps another part than its line wants"
    for line_id, quantity in kept.items():
        if quantity > lines[line_id].outstanding:
            yield f"line {line_id}: {quantity} kept, {lines[line_id].outstanding} still wanted"


@invariant("I2")
def wrong_lots() -> Iterator[str]:
    """A lot's balances and moves are of the lot's part."""
    for model in (Balance, Move):
        for pk in model.objects.filter(lot__isnull=False).exclude(lot__part=F("part")).values_list("pk", flat=True):
            yield f"{model.__name__.lower()} {pk}: its lot is of another part"
