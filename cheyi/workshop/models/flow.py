"""A store's flow profiles."""

from __future__ import annotations

from django.db import models

from cheyi.foundation.scope import StoreOwned
from cheyi.workshop.rules.flow import Flow


class FlowProfile(StoreOwned):
    """Which steps this store takes for which order types (流程方案)."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=30)
    order_types = models.JSONField(default=list)
    steps = models.JSONField(default=dict)
    start_from_open = models.BooleanField(default=False)
    advisor_dispatches = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta(StoreOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["store", "code"], name="workshop_flow_profile_code")]

    def __str__(self) -> str:
        return self.name

    @property
    def flow(self) -> Flow:
        """The profile as the rules read it."""
        return Flow(
            code=self.code,
            steps=self.steps,
            order_types=tuple(self.order_types),
            start_from_open=self.start_from_open,
            advisor_dispatches=self.advisor_dispatches,
        )
