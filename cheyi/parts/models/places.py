"""Where stock can be and go: warehouses, places, and the lots that lie there."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cheyi.foundation.scope import StoreOwned


class Warehouse(StoreOwned):
    """A part of a store's stock with its own average cost (仓库)."""

    class Kind(models.TextChoices):
        MAIN = "main"
        CONSUMABLE = "consumable"
        CLAIM = "claim"
        TRANSIT = "transit"
        QUARANTINE = "quarantine"
        ACCESSORY = "accessory"

    code = models.CharField(max_length=10)
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.MAIN)
    values_by_lot = models.BooleanField(default=False)

    class Meta(StoreOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["store", "code"], name="parts_warehouse_code")]

    def __str__(self) -> str:
        return self.name


class Place(StoreOwned):
    """A bin (货位), the store's in-transit place, or somewhere outside that stock comes from or goes to.

    Only bins and in-transit hold stock and lie in a warehouse. A warehouse without bins is one place.
    """

    class Kind(models.TextChoices):
        BIN = "bin"
        TRANSIT = "transit"
        SUPPLIER = "supplier"
        CUSTOMER = "customer"
        INTERNAL = "internal"
        SCRAP = "scrap"
        DIFFERENCE = "difference"
        SISTER_STORE = "sister_store"
        OPENING = "opening"

    class BinType(models.TextChoices):
        NORMAL = "normal"
        OIL = "oil"
        TYRE = "tyre"
        FRAGILE = "fragile"
        HV_BATTERY = "hv_battery"

    HOLDING = (Kind.BIN, Kind.TRANSIT)

    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, null=True, blank=True, related_name="places")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.BIN)
    code = models.CharField(max_length=20)
    bin_type = models.CharField(max_length=10, choices=BinType.choices, default=BinType.NORMAL)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["store", "warehouse", "code"], name="parts_place_code"),
            models.UniqueConstraint(
                fields=["store", "kind"], name="parts_place_one_outside", condition=Q(warehouse__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["bin", "transit"], warehouse__isnull=False)
                | (~Q(kind__in=["bin", "transit"]) & Q(warehouse__isnull=True)),
                name="parts_place_in_warehouse",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def holds_stock(self) -> bool:
        """Whether a balance is kept here; everywhere else stock only comes from or goes to."""
        return self.kind in self.HOLDING


class Lot(StoreOwned):
    """What came in one supplier batch (批次); what expires first is issued first."""

    part = models.ForeignKey("parts.Part", on_delete=models.PROTECT, related_name="lots")
    batch = models.CharField(max_length=40)
    produced_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    received_on = models.DateField()

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["store", "part", "batch"], name="parts_lot_batch"),
            models.CheckConstraint(
                condition=Q(produced_on__isnull=True)
                | Q(expires_on__isnull=True)
                | Q(expires_on__gte=F("produced_on")),
                name="parts_lot_dates",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "expires_on"], name="parts_lot_expiry", condition=Q(expires_on__isnull=False))
        ]

    def __str__(self) -> str:
        return self.batch
