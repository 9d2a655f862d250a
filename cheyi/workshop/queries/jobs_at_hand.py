"""What is still to do on an order, and what each job waits for: asked before the whole order is put on hold."""

from __future__ import annotations

from cheyi.workshop.models import JobClock, LabourLine, PartLine, WorkOrder
from cheyi.workshop.rules.life import HOLD_REASONS, JobAtHand

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
