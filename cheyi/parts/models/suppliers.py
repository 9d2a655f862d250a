"""Where parts come from, and the papers of what came in."""

from __future__ import annotations

from django.db import models

from cheyi.foundation.scope import GroupOwned, StoreOwned


class Supplier(GroupOwned):
    """A firm that delivers parts or takes work (供应商)."""

    class Kind(models.TextChoices):
        OEM = "oem"
        DISTRIBUTOR = "distributor"
        LOCAL = "local"
        SUBLET = "sublet"

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.DISTRIBUTOR)
    uscc = models.CharField(max_length=18, blank=True)
    pay_terms_days = models.PositiveSmallIntegerField(default=30)
    lead_days = models.PositiveSmallIntegerField(default=3)
    active = models.BooleanField(default=True)

    class Meta(GroupOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["group", "code"], name="parts_supplier_code")]

    def __str__(self) -> str:
        return self.name


class Receipt(StoreOwned):
    """Goods that came in (收货单); its lines are the moves that name it as their source."""

    no = models.CharField(max_length=24)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, null=True, blank=True, related_name="receipts")
    delivery_no = models.CharField(max_length=40, blank=True)
    received_at = models.DateTimeField()

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["store", "no"], name="parts_receipt_no"),
            models.UniqueConstraint(
                fields=["store", "supplier", "delivery_no"],
                name="parts_receipt_delivery_once",
                condition=~models.Q(delivery_no=""),
            ),
        ]

    def __str__(self) -> str:
        return self.no
