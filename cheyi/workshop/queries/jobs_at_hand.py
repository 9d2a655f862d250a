"""What is still to do on an order and what each job waits for, asked before it is held up; and who may end it."""

from __future__ import annotations

from cheyi.foundation.access import Viewer
from cheyi.kernel import Quantity
from cheyi.workshop.models import JobClock, LabourLine, PartLine, WorkOrder
from cheyi.workshop.rules.life import HOLD_REASONS, JobAtHand, manager_ends

TO_DO = ("approved", "assigned", "working", "paused")
SHORT = ("requested", "backordered")


def jobs_at_hand(order: WorkOrder, *, holder_id: int | None) -> list[JobAtHand]:
    """The agreed jobs of an order that are not done, as the employee sees them who holds it up. Three queries.

    A part that is short and belongs to no job may be wanted by any of them.
    """
    lines = list(LabourLine.objects.filter(order=order, state__in=TO_DO).order_by("seq"))
    clocks = (
        JobClock.objects.filter(line__in=lines, stopped_at__isnull=True).select_related("technician").order_by("pk")
    )
    people: dict[int, list[JobClock]] = {}
    for clock in clocks:
        people.setdefault(clock.line_id, []).append(clock)
    short = set(PartLine.objects.filter(order=order, state__in=SHORT).values_list("labour_line_id", flat=True))
    return [
        JobAtHand(
            line.name,
            people=tuple(clock.technician.name for clock in people.get(line.pk, ())),
            own=any(clock.technician_id == holder_id for clock in people.get(line.pk, ())),
            waits=line.pause_reason in HOLD_REASONS or line.pk in short or None in short,
        )
        for line in lines
    ]


def needs_manager(order: WorkOrder, viewer: Viewer) -> bool:
    """Whether this viewer cancels the order only with a manager's agreement."""
    if viewer.may("workshop.order.cancel_begun"):
        return False
    return manager_ends(order.state, parts_moved=parts_moved(order))


def parts_moved(order: WorkOrder) -> bool:
    """Whether a part was handed out for an order, back again or not. One query."""
    return PartLine.objects.filter(order=order).exclude(issued=Quantity(0)).exists()
