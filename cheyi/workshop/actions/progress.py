"""The link by which the car's owner follows the repair."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit, lock
from cheyi.workshop.models import ProgressLink, WorkOrder

VALID_AFTER_HAND_OVER = timedelta(days=30)


def link_for(order: WorkOrder, *, by: Viewer, now: datetime) -> ProgressLink:
    """Write the link of a fresh order."""
    link = ProgressLink(store_id=order.store_id, order=order, created_at=now, created_by_id=by.user_id)
    link.save(force_insert=True)
    return link


def end_link(order: WorkOrder, *, now: datetime) -> None:
    """Let the link of a handed-over order end in 30 days (ux/guide.md 6.9)."""
    ProgressLink.objects.filter(order=order).update(expires_at=now + VALID_AFTER_HAND_OVER)


@act
def renew_link(order: WorkOrder, *, by: Viewer, now: datetime) -> ProgressLink:
    """Make the old address of the progress page worthless and a new one, when the old one went to the wrong person."""
    order = lock(order)
    link, _ = ProgressLink.objects.get_or_create(
        order=order, defaults={"store_id": order.store_id, "created_at": now, "created_by_id": by.user_id}
    )
    link.uid = uuid4()
    link.revoked_at = None
    link.save(update_fields=["uid", "revoked_at"])
    audit(by, "workshop.order.link_renewed", order, now=now)
    return link
