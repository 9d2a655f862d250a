"""How much lies where and what it is worth; the moves are the only truth, the rest is proven by them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cheyi.foundation.fields import MoneyField, QuantityField
from cheyi.foundation.scope import StoreOwned
from cheyi.foundation.sources import Sourced
from cheyi.kernel import Money, Quantity
from cheyi.parts.rules import KINDS

NONE_OF_IT = Quantity(0)


class Balance(StoreOwned):
    """What lies in one place of one part and lot (库存): on hand, and how much of it is reserved."""

    part = models.ForeignKey("parts.Part", on_delete=models.PROTECT, related_name="balances")
    place = models.ForeignKey("parts.Place", on_delete=models.PROTECT, related_name="balances")
    lot = models.ForeignKey("parts.Lot", on_delete=models.PROTECT, null=True, blank=True, related_name="balances")
    on_hand = QuantityField(default=NONE_OF_IT)
    reserved = QuantityField(default=NONE_OF_IT)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(reserved__gte=NONE_OF_IT, on_hand__gte=F("reserved")), name="parts_balance_never_below"
            ),
            models.UniqueConstraint(
                fields=["store", "part", "place"], name="parts_balance_place", condition=Q(lot__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["store", "part", "place", "lot"], name="parts_balance_place_lot", condition=Q(lot__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} @ {self.place_id}: {self.on_hand}"

    @property
    def available(self) -> Quantity:
        """What nobody has reserved."""
        return self.on_hand - self.reserved


class Cost(StoreOwned):
    """What a warehouse's stock of a part is worth (库存成本), per lot where the warehouse values by lot."""

    part = models.ForeignKey("parts.Part", on_delete=models.PROTECT, related_name="costs")
    warehouse = models.ForeignKey("parts.Warehouse", on_delete=models.PROTECT, related_name="costs")
    lot = models.ForeignKey("parts.Lot", on_delete=models.PROTECT, null=True, blank=True, related_name="costs")
    quantity = QuantityField(default=NONE_OF_IT)
    value = MoneyField(default=Money(0))

    class Meta(StoreOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=NONE_OF_IT, value__gte=Money(0)) | Q(quantity=NONE_OF_IT, value=Money(0)),
                name="parts_cost_of_something",
            ),
            models.UniqueConstraint(
                fields=["store", "part", "warehouse"], name="parts_cost_warehouse", condition=Q(lot__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["store", "part", "warehouse", "lot"], name="parts_cost_lot", condition=Q(lot__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} in {self.warehouse_id}: {self.value}"


class Move(StoreOwned, Sourced):
    """A quantity went from one place to another (库存流水). Never changed, never deleted: a reversing row corrects.

    ``from_on_hand`` and ``to_on_hand`` are the balances after it, ``from_value`` and ``to_value`` the values of the
    warehouses' cost rows after it; all four are empty for places that hold no stock.
    """

    append_only = True

    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in KINDS])
    at = models.DateTimeField()
    happened_at = models.DateTimeField()
    posted_on = models.DateField()
    part = models.ForeignKey("parts.Part", on_delete=models.PROTECT, related_name="moves")
    lot = models.ForeignKey("parts.Lot", on_delete=models.PROTECT, null=True, blank=True, related_name="moves")
    from_place = models.ForeignKey("parts.Place", on_delete=models.PROTECT, related_name="moves_out")
    to_place = models.ForeignKey("parts.Place", on_delete=models.PROTECT, related_name="moves_in")
    quantity = QuantityField()
    value = MoneyField()
    from_on_hand = QuantityField(null=True)
    to_on_hand = QuantityField(null=True)
    from_value = MoneyField(null=True)
    to_value = MoneyField(null=True)
    line = models.ForeignKey("parts.RequestLine", on_delete=models.PROTECT, null=True, blank=True, related_name="moves")
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversals")
    reason = models.CharField(max_length=120, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=NONE_OF_IT), name="parts_move_positive"),
            models.CheckConstraint(condition=Q(value__gte=Money(0)), name="parts_move_value"),
            models.CheckConstraint(condition=~Q(from_place=F("to_place")), name="parts_move_two_places"),
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="parts_move_kind"),
        ]
        indexes = [
            models.Index(fields=["store", "part", "at"], name="parts_move_part"),
            models.Index(fields=["store", "posted_on"], name="parts_move_day"),
            models.Index(fields=["source_kind", "source_id"], name="parts_move_source"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity} × {self.part_id}"
