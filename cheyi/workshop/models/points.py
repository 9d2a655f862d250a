"""What was said at the counter, so that it is not said again."""

from __future__ import annotations

from django.db import models

from cheyi.foundation.scope import StoreOwned


class PointAnswer(StoreOwned):
    """A talking point that was dealt with: the customer is interested, or was told (有意向, 已告知)."""

    append_only = True
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    subject = models.CharField(max_length=80, blank=True)
    answer = models.CharField(max_length=12)

    class Meta(StoreOwned.Meta):
        indexes = [models.Index(fields=["store", "vehicle", "created_at"], name="workshop_point_vehicle")]

    def __str__(self) -> str:
        return f"{self.code} {self.answer}"
