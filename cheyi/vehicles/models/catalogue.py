"""What cars there are: brand, series, model."""

from __future__ import annotations

from django.db import models
from django.db.models import ForeignKey, Q
from django.utils.translation import gettext_lazy as _

from cheyi.foundation.scope import GroupOwned


class Energy(models.TextChoices):
    """What drives the car."""

    PETROL = "petrol", _("Petrol")
    DIESEL = "diesel", _("Diesel")
    HEV = "hev", _("Hybrid")
    PHEV = "phev", _("Plug-in hybrid")
    EREV = "erev", _("Range extender")
    BEV = "bev", _("Electric")
    FCEV = "fcev", _("Fuel cell")
    CNG = "cng", _("Gas")


class Brand(GroupOwned):
    """A make (品牌)."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=40, blank=True)

    class Meta(GroupOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["group", "code"], name="vehicles_brand_code")]

    def __str__(self) -> str:
        return self.name


class Series(GroupOwned):
    """A line of a make (车系)."""

    brand = ForeignKey(Brand, on_delete=models.PROTECT, related_name="series")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=40, blank=True)

    class Meta(GroupOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["group", "brand", "code"], name="vehicles_series_code")]
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.name


class VehicleModel(GroupOwned):
    """A model with its full trim text (车型); what is promised for it and how often it wants service."""

    class SizeClass(models.TextChoices):
        SMALL = "small", _("Small car")
        MID = "mid", _("Mid-size car")
        LARGE = "large", _("Large car")

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="models")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    energy = models.CharField(max_length=6, choices=Energy.choices)
    size_class = models.CharField(max_length=5, choices=SizeClass.choices, default=SizeClass.MID)
    displacement_ml = models.PositiveIntegerField(null=True, blank=True)
    engine_code = models.CharField(max_length=20, blank=True)
    transmission = models.CharField(max_length=20, blank=True)
    from_year = models.PositiveSmallIntegerField(null=True, blank=True)
    to_year = models.PositiveSmallIntegerField(null=True, blank=True)
    service_km = models.PositiveIntegerField(default=10_000)
    service_months = models.PositiveSmallIntegerField(default=12)
    warranty_months = models.PositiveSmallIntegerField(default=36)
    warranty_km = models.PositiveIntegerField(default=60_000)
    battery_warranty_months = models.PositiveSmallIntegerField(null=True, blank=True)
    battery_warranty_km = models.PositiveIntegerField(null=True, blank=True)

    class Meta(GroupOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["group", "series", "code"], name="vehicles_vehicle_model_code"),
            models.CheckConstraint(
                condition=Q(from_year__isnull=True) | Q(to_year__isnull=True) | Q(to_year__gte=models.F("from_year")),
                name="vehicles_vehicle_model_years",
            ),
        ]

    def __str__(self) -> str:
        return self.name
