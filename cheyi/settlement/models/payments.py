"""Money that came in, went back, or was left in advance."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cheyi.foundation.fields import MoneyField
from cheyi.foundation.scope import StoreOwned
from cheyi.kernel import Money
from cheyi.settlement.models.bills import Bill

NOTHING = Money(0)


class Prepayment(StoreOwned):
    """Money a customer left in advance (预收款)."""

    class Kind(models.TextChoices):
        DEPOSIT = "deposit"
        EARNEST = "earnest"
        SERVICE = "service"

    no = models.CharField(max_length=24)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="prepayments")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    method = models.CharField(max_length=16)
    amount = MoneyField()
    used = MoneyField(default=NOTHING)
    refunded = MoneyField(default=NOTHING)
    business_on = models.DateField()

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["store", "no"], name="settlement_prepayment_no"),
            models.CheckConstraint(
                condition=Q(amount__gt=NOTHING, used__gte=NOTHING, refunded__gte=NOTHING)
                & Q(amount__gte=F("used") + F("refunded")),
                name="settlement_prepayment_not_over",
            ),
        ]

    def __str__(self) -> str:
        return self.no

    @property
    def left(self) -> Money:
        """What can still be used."""
        return self.amount - self.used - self.refunded


class Payment(StoreOwned):
    """Money received on a bill (收款); the receipt number has no gaps."""

    class State(models.TextChoices):
        PENDING = "pending"
        SUCCESS = "success"
        FAILED = "failed"
        REFUNDED = "refunded"
        PARTIAL_REFUND = "partial_refund"

    receipt_no = models.CharField(max_length=24)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="payments")
    method = models.CharField(max_length=16)
    amount = MoneyField()
    change = MoneyField(default=NOTHING)
    refunded = MoneyField(default=NOTHING)
    channel_txn_no = models.CharField(max_length=64, blank=True)
    prepayment = models.ForeignKey(Prepayment, on_delete=models.PROTECT, null=True, blank=True, related_name="payments")
    received_at = models.DateTimeField()
    business_on = models.DateField()
    cashier_id = models.BigIntegerField(null=True, blank=True)
    cashier_name = models.CharField(max_length=60)
    state = models.CharField(max_length=16, choices=State.choices)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["store", "receipt_no"], name="settlement_payment_receipt_no"),
            models.UniqueConstraint(
                fields=["store", "method", "channel_txn_no"],
                name="settlement_payment_channel_once",
                condition=~Q(channel_txn_no=""),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=NOTHING, change__gte=NOTHING, refunded__gte=NOTHING)
                & Q(amount__gte=F("refunded")),
                name="settlement_payment_amounts",
            ),
        ]
        indexes = [models.Index(fields=["store", "business_on", "method"], name="settlement_payment_day")]

    def __str__(self) -> str:
        return self.receipt_no


class Refund(StoreOwned):
    """Money given back on a payment, or of a deposit (退款); never changed.

    What a payment gives back goes the way it came, so ``method`` is empty there; a deposit's says its way.
    """

    append_only = True
    no = models.CharField(max_length=24)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds")
    prepayment = models.ForeignKey(Prepayment, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds")
    method = models.CharField(max_length=16, blank=True)
    amount = MoneyField()
    reason = models.CharField(max_length=100)
    business_on = models.DateField()
    approved_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["store", "no"], name="settlement_refund_no"),
            models.CheckConstraint(condition=Q(amount__gt=NOTHING), name="settlement_refund_positive"),
            models.CheckConstraint(
                condition=Q(payment__isnull=False, prepayment__isnull=True, method="")
                | (Q(payment__isnull=True, prepayment__isnull=False) & ~Q(method="")),
                name="settlement_refund_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.no
