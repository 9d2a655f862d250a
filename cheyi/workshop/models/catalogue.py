"""What a workshop can do and what it asks for it: operations, hours, kits, rates, packages, schedules."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cheyi.foundation.fields import HoursField, MoneyField, QuantityField
from cheyi.foundation.scope import GroupOwned, StoreOwned
from cheyi.kernel import Hours, Quantity
from cheyi.workshop.models.choices import BayKind, RegulatoryClass

VEHICLE_CLASS = [("small", "small"), ("mid", "mid"), ("large", "large")]


class LabourOp(GroupOwned):
    """A labour operation (维修项目): what is done, by whom, with which guarantee."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    search_words = models.CharField(max_length=200, blank=True)
    system = models.CharField(max_length=4)
    skill = models.ForeignKey("workshop.Skill", on_delete=models.PROTECT, null=True, blank=True, related_name="ops")
    min_level = models.PositiveSmallIntegerField(default=1)
    difficult = models.BooleanField(default=False)
    bay_kind = models.CharField(max_length=10, choices=BayKind.choices, blank=True)
    high_voltage = models.BooleanField(default=False)
    regulatory_class = models.CharField(max_length=10, choices=RegulatoryClass.choices, default=RegulatoryClass.NONE)
    rate_code = models.CharField(max_length=2, default="M")
    fixed_price = MoneyField(null=True, blank=True)
    is_fee = models.BooleanField(default=False)
    qa_km = models.PositiveIntegerField(default=0)
    qa_days = models.PositiveIntegerField(default=0)
    energies = models.JSONField(default=list, blank=True)
    active = models.BooleanField(default=True)

    class Meta(GroupOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["group", "code"], name="workshop_labour_op_code"),
            models.CheckConstraint(condition=Q(min_level__range=(1, 5)), name="workshop_labour_op_level"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class OpHours(GroupOwned):
    """Standard hours of an operation for one class of car."""

    op = models.ForeignKey(LabourOp, on_delete=models.PROTECT, related_name="hours")
    vehicle_class = models.CharField(max_length=6, choices=VEHICLE_CLASS)
    hours = HoursField()

    class Meta(GroupOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["group", "op", "vehicle_class"], name="workshop_op_hours_once"),
            models.CheckConstraint(condition=Q(hours__gte=Hours(0)), name="workshop_op_hours_sign"),
        ]

    def __str__(self) -> str:
        return f"{self.op_id} {self.vehicle_class} {self.hours}"


class OpPart(GroupOwned):
    """One part of an operation's kit; narrowed to a model, a series or an energy when the cars differ."""

    op = models.ForeignKey(LabourOp, on_delete=models.PROTECT, related_name="kit")
    part = models.ForeignKey("parts.Part", on_delete=models.PROTECT, related_name="+")
    quantity = QuantityField()
    model = models.ForeignKey(
        "vehicles.VehicleModel", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    series = models.ForeignKey("vehicles.Series", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    slot = models.CharField(max_length=20, blank=True)

    class Meta(GroupOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["group", "op", "part", "model"], name="workshop_op_part_model", condition=Q(model__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["group", "op", "part", "series"],
                name="workshop_op_part_series",
                condition=Q(series__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["group", "op", "part"],
                name="workshop_op_part_any",
                condition=Q(model__isnull=True, series__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(model__isnull=True) | Q(series__isnull=True), name="workshop_op_part_one_filter"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=Quantity(0)), name="workshop_op_part_sign"),
        ]

    def __str__(self) -> str:
        return f"{self.op_id} {self.part_id} {self.quantity}"


class RateCard(StoreOwned):
    """The price of an hour of one kind of work, for one class of car or all (工时单价)."""

    rate_code = models.CharField(max_length=2)
    name = models.CharField(max_length=30, blank=True)
    vehicle_class = models.CharField(max_length=6, choices=VEHICLE_CLASS, blank=True)
    price = MoneyField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["store", "rate_code", "vehicle_class", "valid_from"], name="workshop_rate_card_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=models.F("valid_from")),
                name="workshop_rate_card_span",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rate_code} {self.price}"


class Package(GroupOwned):
    """A set of operations sold together (套餐)."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    energies = models.JSONField(default=list, blank=True)
    series = models.ForeignKey("vehicles.Series", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    price = MoneyField(null=True, blank=True)
    ops = models.JSONField(default=list, blank=True)
    active = models.BooleanField(default=True)

    class Meta(GroupOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["group", "code"], name="workshop_package_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class MaintenanceSchedule(GroupOwned):
    """How often a kind of car is serviced (保养计划)."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    energies = models.JSONField(default=list)
    series = models.ForeignKey("vehicles.Series", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    first_km = models.PositiveIntegerField(null=True, blank=True)
    first_months = models.PositiveIntegerField(null=True, blank=True)
    every_km = models.PositiveIntegerField()
    every_months = models.PositiveIntegerField()

    class Meta(GroupOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["group", "code"], name="workshop_schedule_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ScheduleNode(GroupOwned):
    """Work that falls due each time a distance or a time has passed."""

    schedule = models.ForeignKey(MaintenanceSchedule, on_delete=models.PROTECT, related_name="nodes")
    op = models.ForeignKey(LabourOp, on_delete=models.PROTECT, related_name="+")
    every_km = models.PositiveIntegerField(null=True, blank=True)
    every_months = models.PositiveIntegerField(null=True, blank=True)

    class Meta(GroupOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["group", "schedule", "op"], name="workshop_schedule_node_once"),
            models.CheckConstraint(
                condition=Q(every_km__gt=0) | Q(every_months__gt=0), name="workshop_schedule_node_interval"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.op_id}"
