"""What a payer owes for a document."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cheyi.foundation.fields import MoneyField, RateField
from cheyi.foundation.scope import StoreOwned
from cheyi.foundation.sources import Sourced
from cheyi.kernel import Money

NOTHING = Money(0)


class Bill(StoreOwned, Sourced):
    """One payer's bill of a document (结算单): net = gross - discounts - coupon - package + gap - rounding off."""

    class Payer(models.TextChoices):
        CUSTOMER = "customer"
        INSURER = "insurer"
        OEM = "oem"
        INTERNAL = "internal"
        FLEET = "fleet"

    class State(models.TextChoices):
        DRAFT = "draft"
        DUE = "due"
        PARTIAL = "partial"
        PAID = "paid"
        ON_CREDIT = "on_credit"
        REFUNDED = "refunded"
        WRITTEN_OFF = "written_off"
        VOID = "void"

    no = models.CharField(max_length=24)
    legal_entity = models.ForeignKey("foundation.LegalEntity", on_delete=models.PROTECT, related_name="+")
    payer_type = models.CharField(max_length=10, choices=Payer.choices)
    payer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="bills"
    )
    gross = MoneyField()
    line_discount = MoneyField(default=NOTHING)
    coupon = MoneyField(default=NOTHING)
    package_offset = MoneyField(default=NOTHING)
    gap_amount = MoneyField(default=NOTHING)
    rounding_off = MoneyField(default=NOTHING)
    net_due = MoneyField()
    tax = MoneyField()
    paid = MoneyField(default=NOTHING)
    credit = MoneyField(default=NOTHING)
    state = models.CharField(max_length=12, choices=State.choices)
    presented_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["store", "no"], name="settlement_bill_no"),
            models.CheckConstraint(
                condition=Q(
                    net_due=F("gross")
                    - F("line_discount")
                    - F("coupon")
                    - F("package_offset")
                    + F("gap_amount")
                    - F("rounding_off")
                ),
                name="settlement_bill_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(net_due__gte=NOTHING, paid__gte=NOTHING, credit__gte=NOTHING),
                name="settlement_bill_not_negative",
            ),
            models.CheckConstraint(condition=Q(net_due__gte=F("paid") + F("credit")), name="settlement_bill_not_over"),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(net_due=F("paid") + F("credit")), name="settlement_bill_paid_whole"
            ),
            models.UniqueConstraint(
                fields=["store", "source_kind", "source_id", "payer_type"],
                name="settlement_bill_one_living_per_payer",
                condition=~Q(state__in=["void", "refunded"]),
            ),
        ]
        indexes = [
            models.Index(fields=["store", "source_kind", "source_id"], name="settlement_bill_source"),
            models.Index(fields=["store", "state"], name="settlement_bill_state"),
        ]

    def __str__(self) -> str:
        return self.no

    @property
    def outstanding(self) -> Money:
        """What is still to be paid, or put on credit."""
        return self.net_due - self.paid - self.credit


class BillLine(StoreOwned):
    """A line of a bill with its words and prices as they were."""

    append_only = True
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="lines")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    line_id = models.BigIntegerField(null=True, blank=True)
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=40, blank=True)
    grade = models.CharField(max_length=12, blank=True)
    amount_text = models.CharField(max_length=20, blank=True)
    unit = models.CharField(max_length=8, blank=True)
    unit_price = MoneyField(null=True, blank=True)
    gross = MoneyField()
    discount = MoneyField(default=NOTHING)
    net = MoneyField()
    tax_rate = RateField()

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["store", "bill", "seq"], name="settlement_bill_line_seq"),
        ]

    def __str__(self) -> str:
        return self.name


class BillTax(StoreOwned):
    """What of a bill stands under one tax rate: ex + tax = net."""

    append_only = True
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="taxes")
    rate = RateField()
    net = MoneyField()
    tax = MoneyField()

    class Meta(StoreOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["store", "bill", "rate"], name="settlement_bill_tax_rate")]

    def __str__(self) -> str:
        return f"{self.rate} {self.tax}"
