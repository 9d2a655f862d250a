"""Giving jobs out on the board: where they were put, or to whom the plan proposes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act
from cheyi.foundation.models import Employee, Store
from cheyi.kernel import Refused
from cheyi.workshop.actions.dispatching import assign, dispatch
from cheyi.workshop.actions.placing import Placement
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.queries.board import board
from cheyi.workshop.queries.short_parts import jobs_held_back

OPEN_TO_ACCEPT = ("approved", "assigned", "paused")


@act
def place(
    order: WorkOrder, *, placements: Sequence[Placement], store: Store, reason: str = "", by: Viewer, now: datetime
) -> None:
    """Give jobs of an order; one that nobody has yet is dispatched, and its other jobs go to the first one's technician.

    What waits for a part without a date waits for its technician too. Raises Refused as ``dispatch`` and ``assign`` do.
    """
    if order.state != "open":
        assign(order, placements=placements, reason=reason, by=by, now=now)
        return
    placed = {one.line_id for one in placements}
    late = jobs_held_back(order.pk, store=store, now=now)
    rest = [line for line in order.labour.filter(state="approved").order_by("seq") if line.pk not in {*placed, *late}]
    others = [Placement(line.pk, placements[0].technician_id) for line in rest]
    dispatch(order, placements=[*placements, *others], reason=reason, by=by, now=now)


@act
def accept(orders: Sequence[WorkOrder], *, store: Store, by: Viewer, now: datetime) -> list[Employee]:
    """Give the jobs of some orders that nobody has, or only who is away, and that may begin to whom the board proposes.

    Gives the technicians, one for each order. Raises Refused ``workshop.board.no_proposal`` when none is proposed.
    """
    wanted = {one.pk: one for one in orders}
    proposals = [
        (wanted[one.order.pk], one.person.id, one.line_ids)
        for one in board(store, now).waiting
        if one.order.pk in wanted and one.person is not None and not one.stays
    ]
    if not proposals:
        raise Refused("workshop.board.no_proposal")
    people = Employee.objects.in_bulk({technician_id for _, technician_id, _ in proposals})
    for order, technician_id, line_ids in proposals:
        jobs = order.labour.filter(pk__in=line_ids, state__in=OPEN_TO_ACCEPT).order_by("seq")
        place(order, placements=[Placement(line.pk, technician_id) for line in jobs], store=store, by=by, now=now)
    return [people[technician_id] for _, technician_id, _ in proposals]
