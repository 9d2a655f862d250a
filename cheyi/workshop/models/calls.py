"""What came of calling a customer after the car was handed over."""

from __future__ import annotations

from django.db import models

from cheyi.foundation.scope import StoreOwned
from cheyi.workshop.models.choices import CallOutcome
from cheyi.workshop.models.orders import WorkOrder


class CallBack(StoreOwned):
    """One try to reach the customer about an order (回访记录): what came of it, and what he said.

    ``todo_id`` is the to-do that it belongs to and ``due_at`` when that was due: a call taken back is due then again.
    """

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="calls")
    todo_id = models.BigIntegerField()
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=13, choices=CallOutcome.choices)
    note = models.CharField(max_length=500, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(outcome="not_satisfied", note=""), name="workshop_call_back_complaint_has_words"
            )
        ]
        indexes = [models.Index(fields=["store", "order"], name="workshop_call_back_order")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.outcome}"
