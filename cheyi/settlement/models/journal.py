"""The double-entry journal: append-only, every entry sums to zero."""

from __future__ import annotations

from django.db import models

from cheyi.foundation.fields import MoneyField
from cheyi.foundation.scope import LegalEntityOwned
from cheyi.foundation.sources import Sourced


class JournalEntry(LegalEntityOwned, Sourced):
    """One business event in money (财务流水)."""

    append_only = True
    kind = models.CharField(max_length=20)
    store_id = models.BigIntegerField()
    posted_on = models.DateField()
    happened_at = models.DateTimeField()
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by")

    class Meta(LegalEntityOwned.Meta):
        indexes = [models.Index(fields=["legal_entity", "posted_on"], name="settlement_journal_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_label}"


class JournalLine(LegalEntityOwned):
    """One side of an entry: debit positive, credit negative."""

    append_only = True
    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="lines")
    account = models.CharField(max_length=30)
    amount = MoneyField()

    class Meta(LegalEntityOwned.Meta):
        indexes = [models.Index(fields=["legal_entity", "account"], name="settlement_journal_account")]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"
