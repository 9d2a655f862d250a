"""The technician has opened his messages: what is older is no longer new, on any of his phones."""

from __future__ import annotations

from datetime import datetime

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act
from cheyi.foundation.models import Store
from cheyi.workshop.models import TechnicianProfile


@act
def see_news(*, store: Store, by: Viewer, now: datetime) -> None:
    """Remember until when this person has seen the messages of a store; looking is no deed, so no audit row."""
    TechnicianProfile.objects.filter(store=store, employee_id=by.employee_id or 0).update(news_seen_at=now)
