"""A cashier's shift and what was counted at its end."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cheyi.foundation.fields import MoneyField
from cheyi.foundation.scope import StoreOwned
from cheyi.kernel import Money

NOTHING = Money(0)


class CashierShift(StoreOwned):
    """The time in which one person answers for the till (收银班次); its money is what this user booked meanwhile."""

    class State(models.TextChoices):
        OPEN = "open"
        COUNTED = "counted"
        CLOSED = "closed"
        AUDITED = "audited"

    cashier_id = models.BigIntegerField()
    cashier_name = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    float_amount = MoneyField()
    counted_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    audited_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    approved_by_id = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["store", "cashier_id"],
                name="settlement_cashier_shift_one_running",
                condition=Q(state__in=["open", "counted"]),
            ),
            models.CheckConstraint(condition=Q(float_amount__gte=NOTHING), name="settlement_cashier_shift_float"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(counted_at__isnull=False), name="settlement_cashier_shift_counted"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "counted"]) | Q(closed_at__isnull=False),
                name="settlement_cashier_shift_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cashier_name} {self.opened_at:%F %H:%M}"


class ShiftCount(StoreOwned):
    """What one way of paying should have come to and what was counted."""

    shift = models.ForeignKey(CashierShift, on_delete=models.PROTECT, related_name="counts")
    method = models.CharField(max_length=16)
    expected = MoneyField()
    counted = MoneyField()

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["store", "shift", "method"], name="settlement_shift_count_once"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.counted}"
