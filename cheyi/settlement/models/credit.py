"""Who may pay later, what is owed so, and the tax rates by date."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cheyi.foundation.fields import MoneyField, RateField
from cheyi.foundation.scope import LegalEntityOwned
from cheyi.kernel import Money, Rate
from cheyi.settlement.models.bills import Bill

NOTHING = Money(0)


class TaxRate(LegalEntityOwned):
    """A tax rate of a kind of sale, from a date on (税率); data, never a constant."""

    kind = models.CharField(max_length=16)
    rate = RateField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta(LegalEntityOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["legal_entity", "kind", "valid_from"], name="settlement_tax_rate_once"),
            models.CheckConstraint(
                condition=Q(rate__gte=Rate(0), rate__lt=Rate.percent(100)), name="settlement_tax_rate_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.rate}"


class CreditAccount(LegalEntityOwned):
    """What a payer may owe, and for how long (挂账账户)."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="credit_accounts")
    limit = MoneyField()
    days = models.PositiveSmallIntegerField(default=30)
    used = MoneyField(default=NOTHING)

    class Meta(LegalEntityOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["legal_entity", "customer"], name="settlement_credit_account_once"),
            models.CheckConstraint(
                condition=Q(limit__gte=NOTHING, used__gte=NOTHING), name="settlement_credit_account_amounts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.limit}"

    @property
    def free(self) -> Money:
        """What the payer may still owe; nothing where a lowered limit is used up already."""
        return max(self.limit - self.used, NOTHING)


class Receivable(LegalEntityOwned):
    """A bill that a payer settles later (应收)."""

    store_id = models.BigIntegerField()
    bill = models.OneToOneField(Bill, on_delete=models.PROTECT, related_name="receivable")
    payer_type = models.CharField(max_length=10)
    payer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="receivables"
    )
    amount = MoneyField()
    collected = MoneyField(default=NOTHING)
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(LegalEntityOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=NOTHING, collected__gte=NOTHING, amount__gte=models.F("collected")),
                name="settlement_receivable_amounts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bill_id} {self.amount}"
