"""What one person may not do alone and has asked another one to agree to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cheyi.foundation.fields import MoneyField
from cheyi.foundation.scope import StoreOwned
from cheyi.foundation.sources import Sourced


class Approval(StoreOwned, Sourced):
    """A request to agree (待批申请); ``thing_id`` is the payment, deposit, order or shift that the act is about.

    The source is the document to look at. ``asked_by`` and ``decided_by`` are names as they were.
    """

    class Act(models.TextChoices):
        REFUND = "refund"
        REFUND_PREPAYMENT = "refund_prepayment"
        UNSETTLE = "unsettle"
        CLOSE_SHIFT = "close_shift"
        CANCEL_ORDER = "cancel_order"

    class State(models.TextChoices):
        WAITING = "waiting"
        AGREED = "agreed"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"
        LAPSED = "lapsed"

    act = models.CharField(max_length=20, choices=Act.choices)
    thing_id = models.BigIntegerField()
    amount = MoneyField()
    method = models.CharField(max_length=16, blank=True)
    reason = models.CharField(max_length=200)
    asked_by = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State.choices)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_by_id = models.BigIntegerField(null=True, blank=True)
    answer = models.CharField(max_length=100, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["store", "act", "thing_id"],
                name="settlement_approval_one_waiting",
                condition=Q(state="waiting"),
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(decided_at__isnull=False), name="settlement_approval_decided"
            ),
        ]
        indexes = [models.Index(fields=["store", "created_at"], name="settlement_approval_asked")]

    def __str__(self) -> str:
        return f"{self.act} {self.source_label}"
