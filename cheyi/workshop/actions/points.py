"""Writing down that a talking point was dealt with."""

from __future__ import annotations

from datetime import datetime

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit
from cheyi.foundation.models import Store
from cheyi.kernel import Refused
from cheyi.vehicles.models import Vehicle
from cheyi.workshop.models import PointAnswer
from cheyi.workshop.rules.suggesting import ANSWERS, POINTS


@act
def answer_point(
    vehicle: Vehicle, *, code: str, subject: str, answer: str, store: Store, by: Viewer, now: datetime
) -> PointAnswer:
    """Record that the customer is ``interested`` in a point or was ``told``; it is not shown again for its subject.

    Raises Refused ``workshop.point.unknown``.
    """
    if code not in POINTS or answer not in ANSWERS:
        raise Refused("workshop.point.unknown", field="code", point=code)
    row = PointAnswer.objects.create(
        store=store,
        created_at=now,
        created_by_id=by.user_id,
        vehicle=vehicle,
        code=code,
        subject=subject[:80],
        answer=answer,
    )
    audit(by, "workshop.point.answered", row, now=now, vehicle=vehicle.pk, point=code, answer=answer)
    return row
