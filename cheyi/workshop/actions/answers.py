"""What the customer said to a line, kept on the line and as a row of its own with the wording and price he saw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cheyi.foundation.access import Viewer
from cheyi.foundation.models import StoredFile
from cheyi.workshop.actions.lines import AnyLine
from cheyi.workshop.models import Answer, WorkOrder

DECIDED = ["decided_at", "decided_by", "decided_via", "decided_net"]


def keep_answers(
    order: WorkOrder,
    lines: Sequence[AnyLine],
    *,
    yes: bool,
    via: str,
    answered_by: str,
    evidence: StoredFile | None = None,
    by: Viewer,
    now: datetime,
) -> None:
    """Write down who agreed to the lines at their price, or did not; also saves the state they have now."""
    who = answered_by or by.name
    for line in lines:
        line.decided_at, line.decided_by, line.decided_via, line.decided_net = now, who, via, line.net
        line.save(update_fields=["state", *DECIDED])
    Answer.objects.bulk_create(
        Answer(
            store_id=order.store_id,
            created_at=now,
            created_by_id=by.user_id,
            order=order,
            line_kind=line.kind,
            line_id=line.pk,
            wording=line.name,
            net=line.net,
            approved=yes,
            via=via,
            answered_by=who,
            answered_at=now,
            evidence=evidence,
        )
        for line in lines
    )
