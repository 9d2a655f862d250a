"""The link by which a car's owner follows the repair without signing in."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from cheyi.foundation.scope import StoreOwned
from cheyi.workshop.models.orders import WorkOrder


class ProgressLink(StoreOwned):
    """One order's page for its customer (进度页); the address carries the signed ``uid``."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    order = models.OneToOneField(WorkOrder, on_delete=models.PROTECT, related_name="progress_link")
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreOwned.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.order_id}"
