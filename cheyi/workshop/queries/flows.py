"""The store's flow profiles."""

from __future__ import annotations

from cheyi.foundation.models import Store
from cheyi.workshop.models import FlowProfile


def flows_of(store: Store) -> list[FlowProfile]:
    """The profiles in use, the quickest first as shipped. One query."""
    return list(FlowProfile.objects.filter(store=store, active=True).order_by("pk"))
