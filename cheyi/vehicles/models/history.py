"""What a car has been through: plates, owners, readings."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cheyi.customers.models import Customer
from cheyi.foundation.scope import GroupOwned
from cheyi.foundation.sources import Sourced
from cheyi.vehicles.models.vehicles import Vehicle


class Plate(GroupOwned):
    """A plate that a car carried (号牌): from inside, until outside; open while it carries it."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="plates")
    number = models.CharField(max_length=12)
    kind = models.CharField(max_length=16, choices=Vehicle.PlateKind.choices, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta(GroupOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["group", "vehicle"], name="vehicles_plate_one_open", condition=Q(until_on__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["group", "number"], name="vehicles_plate_one_car", condition=Q(until_on__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="vehicles_plate_order"
            ),
        ]
        indexes = [models.Index(fields=["group", "number"], name="vehicles_plate_number")]

    def __str__(self) -> str:
        return self.number


class VehicleOwnership(GroupOwned):
    """What somebody is to a car (车主关系): owner, user, payer, sender; open while it holds."""

    class Role(models.TextChoices):
        OWNER = "owner", pgettext_lazy("car", "Owner")
        USER = "user", pgettext_lazy("car", "User")
        PAYER = "payer", pgettext_lazy("car", "Payer")
        SENDER = "sender", _("Brings the car")

    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="ownerships")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="ownerships")
    role = models.CharField(max_length=6, choices=Role.choices, default=Role.OWNER)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta(GroupOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["group", "vehicle"],
                name="vehicles_vehicle_ownership_one_owner",
                condition=Q(until_on__isnull=True, role="owner"),
            ),
            models.UniqueConstraint(
                fields=["group", "vehicle", "customer", "role"],
                name="vehicles_vehicle_ownership_once",
                condition=Q(until_on__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="vehicles_vehicle_ownership_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.role} {self.customer_id}"


class MileageReading(GroupOwned, Sourced):
    """A reading of the odometer (里程读数), as it was read; a wrong one is answered by a later row, never changed."""

    append_only = True

    class Reason(models.TextChoices):
        REPLACED = "replaced", _("Odometer replaced")
        TYPO = "typo", _("Typing error last time")
        DOUBTFUL = "doubtful", _("Reading doubtful")
        CHECKED = "checked", _("Looked at again: right")

    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="readings")
    km = models.PositiveIntegerField()
    read_at = models.DateTimeField()
    read_on = models.DateField()
    reason = models.CharField(max_length=8, choices=Reason.choices, blank=True)

    class Meta(GroupOwned.Meta):
        constraints = [models.CheckConstraint(condition=Q(km__lte=2_000_000), name="vehicles_mileage_reading_km")]
        indexes = [models.Index(fields=["group", "vehicle", "-read_at"], name="vehicles_mileage_reading_last")]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.km} km"
