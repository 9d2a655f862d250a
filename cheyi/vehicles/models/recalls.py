"""Recalls and service campaigns, with the cars that they name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cheyi.foundation.scope import GroupOwned
from cheyi.vehicles.models.catalogue import Brand


class Recall(GroupOwned):
    """A recall or service campaign of a maker (召回、服务活动)."""

    class Kind(models.TextChoices):
        RECALL = "recall", _("Safety recall")
        CAMPAIGN = "campaign", _("Service campaign")

    code = models.CharField(max_length=30)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.RECALL)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta(GroupOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["group", "code"], name="vehicles_recall_code")]

    def __str__(self) -> str:
        return self.code


class RecallVehicle(GroupOwned):
    """A VIN that a recall names, whether or not the car has ever come."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="vehicles")
    vin = models.CharField(max_length=17)
    done_on = models.DateField(null=True, blank=True)

    class Meta(GroupOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["group", "recall", "vin"], name="vehicles_recall_vehicle_once")]
        indexes = [
            models.Index(
                fields=["group", "vin"], name="vehicles_recall_vehicle_open", condition=Q(done_on__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.vin
