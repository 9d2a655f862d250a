"""The car, and which store knows it."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from cheyi.foundation.fields import QuantityField
from cheyi.foundation.models import Employee
from cheyi.foundation.scope import GroupOwned, StoreOwned
from cheyi.foundation.sources import Sourced
from cheyi.vehicles.models.catalogue import Energy, VehicleModel
from cheyi.vehicles.rules.mileage import usual_daily_km

NEW_ENERGY = frozenset([Energy.BEV, Energy.PHEV, Energy.EREV, Energy.FCEV])


class Vehicle(GroupOwned):
    """A car (车辆): one row for the whole group from its arrival in stock on. ``plate`` is the plate it carries now."""

    class PlateKind(models.TextChoices):
        STANDARD = "standard", _("Standard plate")
        NEW_ENERGY_SMALL = "new_energy_small", _("New-energy plate")
        NEW_ENERGY_LARGE = "new_energy_large", _("New-energy plate, large car")
        COACH = "coach", _("Driving-school plate")
        POLICE = "police", _("Police plate")
        TRAILER = "trailer", _("Trailer plate")
        HK_MACAU = "hk_macau", _("Hong Kong and Macau plate")
        EMBASSY = "embassy", _("Embassy plate")
        CONSULATE = "consulate", _("Consulate plate")
        EMERGENCY = "emergency", _("Emergency plate")
        ARMED_POLICE = "armed_police", _("Armed-police plate")
        MILITARY = "military", _("Military plate")
        TEMPORARY = "temporary", _("Temporary plate")
        FOREIGN = "foreign", _("Foreign plate")

    class Use(models.TextChoices):
        FAMILY = "family", _("Family car")
        BUSINESS = "business", _("Commercial")
        COMPANY = "company", _("Company car")
        RIDE_HAILING = "ride_hailing", _("Ride hailing")
        RENTAL = "rental", _("Rental")

    class Status(models.TextChoices):
        IN_USE = "in_use", _("In use")
        RESOLD = "resold", _("Sold on")
        SCRAPPED = "scrapped", _("Scrapped")
        STOLEN = "stolen", _("Stolen")
        LEFT_AREA = "left_area", _("Left the area")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    vin = models.CharField(max_length=17, blank=True)
    vin_stem = models.CharField(max_length=9, blank=True)
    plate = models.CharField(max_length=12, blank=True)
    plate_kind = models.CharField(max_length=16, choices=PlateKind.choices, blank=True)
    model = models.ForeignKey(VehicleModel, on_delete=models.PROTECT, null=True, blank=True, related_name="vehicles")
    model_text = models.CharField(max_length=80, blank=True)
    model_year = models.PositiveSmallIntegerField(null=True, blank=True)
    energy = models.CharField(max_length=6, choices=Energy.choices, blank=True)
    displacement_ml = models.PositiveIntegerField(null=True, blank=True)
    transmission = models.CharField(max_length=20, blank=True)
    engine_no = models.CharField(max_length=30, blank=True)
    motor_no = models.CharField(max_length=30, blank=True)
    battery_pack_no = models.CharField(max_length=24, blank=True)
    body_colour = models.CharField(max_length=20, blank=True)
    interior_colour = models.CharField(max_length=20, blank=True)
    use = models.CharField(max_length=12, choices=Use.choices, blank=True)
    sold_by_us = models.BooleanField(default=False)
    purchase_on = models.DateField(null=True, blank=True)
    invoice_on = models.DateField(null=True, blank=True)
    delivered_on = models.DateField(null=True, blank=True)
    first_registered_on = models.DateField(null=True, blank=True)
    last_mileage = models.PositiveIntegerField(null=True, blank=True)
    last_mileage_at = models.DateTimeField(null=True, blank=True)
    last_mileage_on = models.DateField(null=True, blank=True)
    avg_daily_km = QuantityField(default=usual_daily_km)
    last_service_on = models.DateField(null=True, blank=True)
    last_service_km = models.PositiveIntegerField(null=True, blank=True)
    next_service_on = models.DateField(null=True, blank=True)
    next_service_km = models.PositiveIntegerField(null=True, blank=True)
    warranty_until = models.DateField(null=True, blank=True)
    warranty_km = models.PositiveIntegerField(null=True, blank=True)
    battery_warranty_until = models.DateField(null=True, blank=True)
    battery_warranty_km = models.PositiveIntegerField(null=True, blank=True)
    insurer = models.CharField(max_length=60, blank=True)
    compulsory_policy_no = models.CharField(max_length=30, blank=True)
    commercial_policy_no = models.CharField(max_length=30, blank=True)
    insurance_until = models.DateField(null=True, blank=True)
    inspection_due_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.IN_USE)
    extra = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField()
    updated_by_id = models.BigIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(GroupOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["group", "vin"], name="vehicles_vehicle_vin", condition=~Q(vin="")),
            models.UniqueConstraint(fields=["group", "plate"], name="vehicles_vehicle_plate", condition=~Q(plate="")),
            models.CheckConstraint(condition=~Q(vin="") | ~Q(plate=""), name="vehicles_vehicle_identified"),
            models.CheckConstraint(condition=Q(last_mileage__lte=2_000_000), name="vehicles_vehicle_mileage"),
            models.CheckConstraint(condition=Q(avg_daily_km__gte=Value(0)), name="vehicles_vehicle_daily_km"),
        ]
        # Whole ones: SQLite does not see that a value which equals something is not the empty one.
        indexes = [
            models.Index(fields=["group", "vin"], name="vehicles_vehicle_by_vin"),
            models.Index(fields=["group", "plate"], name="vehicles_vehicle_by_plate"),
            models.Index(fields=["group", "vin_stem"], name="vehicles_vehicle_stem"),
        ]

    def __str__(self) -> str:
        return self.plate or self.vin

    @property
    def is_nev(self) -> bool:
        """Whether it is a new-energy car: green plate, or an energy that gets one."""
        return self.plate_kind.startswith("new_energy") or self.energy in NEW_ENERGY


class VehicleStore(StoreOwned, Sourced):
    """A store knows a car (本店车辆), since ``created_at``, by the paper that ``source`` names (design.md 13)."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="stores")
    advisor = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    last_visit_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["store", "vehicle"], name="vehicles_vehicle_store_once")]
        indexes = [models.Index(fields=["store", "-last_visit_on"], name="vehicles_vehicle_store_visit")]

    def __str__(self) -> str:
        return f"{self.store_id} {self.vehicle_id}"
