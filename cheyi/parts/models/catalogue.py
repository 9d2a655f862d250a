"""What parts there are: the group's catalogue, what replaces what, what may be confused, and each store's settings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from cheyi.foundation.fields import MoneyField, QuantityField
from cheyi.foundation.scope import GroupOwned, ScopedManager, ScopeKey, StoreOwned
from cheyi.kernel import Money, Quantity

ONE = Quantity(Quantity.PER_UNIT)
NO_MONEY = Money(0)


class Part(GroupOwned):
    """A part number of a brand in the group's catalogue (配件). Prices contain tax, the purchase price does not."""

    class Grade(models.TextChoices):
        ORIGINAL = "original"
        EQUIVALENT = "equivalent"
        REFURBISHED = "refurbished"
        CUSTOMER = "customer"

    part_no = models.CharField(max_length=40)
    number_key = models.CharField(max_length=40)
    brand = models.CharField(max_length=40, blank=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    grade = models.CharField(max_length=12, choices=Grade.choices, default=Grade.ORIGINAL)
    category = models.CharField(max_length=40, blank=True)
    spec = models.CharField(max_length=120, blank=True)
    unit = models.CharField(max_length=8, default="个")
    qty_step = QuantityField(default=ONE)
    pack_qty = QuantityField(default=ONE)
    barcode = models.CharField(max_length=40, blank=True)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors"
    )
    superseded_on = models.DateField(null=True, blank=True)
    retail_price = MoneyField(default=NO_MONEY)
    member_price = MoneyField(null=True, blank=True)
    claim_price = MoneyField(null=True, blank=True)
    internal_price = MoneyField(null=True, blank=True)
    last_purchase_price = MoneyField(null=True, blank=True)
    core_charge = MoneyField(null=True, blank=True)
    shelf_life_days = models.PositiveIntegerField(null=True, blank=True)
    lot_tracked = models.BooleanField(default=False)
    serial_tracked = models.BooleanField(default=False)
    hazardous = models.BooleanField(default=False)
    tax_code = models.CharField(max_length=19, blank=True)
    weight_g = models.PositiveIntegerField(null=True, blank=True)
    active = models.BooleanField(default=True)

    class Meta(GroupOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["group", "number_key", "brand"], name="parts_part_number"),
            models.CheckConstraint(condition=~Q(number_key=""), name="parts_part_number_key"),
            models.CheckConstraint(condition=Q(qty_step__gt=Quantity(0)), name="parts_part_qty_step"),
            models.CheckConstraint(condition=Q(pack_qty__gt=Quantity(0)), name="parts_part_pack_qty"),
            models.CheckConstraint(condition=Q(retail_price__gte=NO_MONEY), name="parts_part_retail_price"),
            models.CheckConstraint(
                condition=Q(superseded_by__isnull=True) | ~Q(superseded_by=F("id")), name="parts_part_not_own_successor"
            ),
        ]
        indexes = [
            models.Index(fields=["group", "barcode"], name="parts_part_barcode"),
            models.Index(fields=["group", "category"], name="parts_part_category"),
        ]

    def __str__(self) -> str:
        return self.part_no

    @property
    def name(self) -> str:
        """The name in the language of the screen; Chinese where there is no English one."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name_zh


class Fitment(GroupOwned):
    """Which cars a part fits (适用车型), or with ``excluded`` does not; empty columns say nothing.

    VIN bounds are whole VINs or tails of equal length, both inside. ``model`` is the narrowest of brand, series, model.
    """

    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="fits")
    brand = models.ForeignKey("vehicles.Brand", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    series = models.ForeignKey("vehicles.Series", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    model = models.ForeignKey(
        "vehicles.VehicleModel", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    year_from = models.PositiveSmallIntegerField(null=True, blank=True)
    year_to = models.PositiveSmallIntegerField(null=True, blank=True)
    vin_from = models.CharField(max_length=17, blank=True)
    vin_to = models.CharField(max_length=17, blank=True)
    engine_code = models.CharField(max_length=20, blank=True)
    battery_code = models.CharField(max_length=24, blank=True)
    excluded = models.BooleanField(default=False)

    class Meta(GroupOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(brand__isnull=False)
                | Q(series__isnull=False)
                | Q(model__isnull=False)
                | Q(year_from__isnull=False)
                | Q(year_to__isnull=False)
                | ~Q(vin_from="")
                | ~Q(vin_to="")
                | ~Q(engine_code="")
                | ~Q(battery_code=""),
                name="parts_fitment_says_something",
            ),
            models.CheckConstraint(
                condition=Q(year_from__isnull=True) | Q(year_to__isnull=True) | Q(year_to__gte=F("year_from")),
                name="parts_fitment_years",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part_id}: {self.model_id or self.series_id or self.brand_id or self.engine_code}"


class Interchange(GroupOwned):
    """A part that may be fitted instead of another one (互换件), approved by whoever made the row."""

    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="substitutes")
    substitute = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="substitute_for")
    note = models.CharField(max_length=120, blank=True)

    class Meta(GroupOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["group", "part", "substitute"], name="parts_interchange_once"),
            models.CheckConstraint(condition=~Q(part=F("substitute")), name="parts_interchange_two_parts"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} → {self.substitute_id}"


class LookAlike(models.Model):
    """A mutilated form of a part's number that confusable numbers share (近似编号), so that siblings are one look-up.

    Derived rows, a dozen per part: they carry the scope and nothing of who made them.
    """

    scope_kind: ClassVar[str] = "group"
    append_only: ClassVar[bool] = False
    group = ScopeKey("foundation.Group", db_index=False)
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="look_alike_keys")
    key = models.CharField(max_length=44)

    objects = ScopedManager()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["group", "key", "part"], name="parts_look_alike_once")]

    def __str__(self) -> str:
        return self.key


class StorePart(StoreOwned):
    """What one store decides about a part (门店配件): how much to keep, where it usually lies, its own price."""

    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="in_stores")
    abc = models.CharField(max_length=1, blank=True)
    xyz = models.CharField(max_length=1, blank=True)
    moving_status = models.CharField(max_length=10, blank=True)
    min_stock = QuantityField(null=True, blank=True)
    max_stock = QuantityField(null=True, blank=True)
    reorder_point = QuantityField(null=True, blank=True)
    safety_stock = QuantityField(null=True, blank=True)
    lead_time_days = models.PositiveSmallIntegerField(null=True, blank=True)
    usual_place = models.ForeignKey("parts.Place", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    retail_price = MoneyField(null=True, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["store", "part"], name="parts_store_part_once"),
            models.CheckConstraint(
                condition=Q(min_stock__isnull=True) | Q(max_stock__isnull=True) | Q(max_stock__gte=F("min_stock")),
                name="parts_store_part_min_max",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store_id} {self.part_id}"
