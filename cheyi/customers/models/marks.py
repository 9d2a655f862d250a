"""Tags, and pairs of customers that may be one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cheyi.customers.models.people import Customer
from cheyi.foundation.scope import GroupOwned


class Tag(GroupOwned):
    """A word that a group's stores put on customers (标签)."""

    code = models.CharField(max_length=30)
    name = models.CharField(max_length=30)
    name_en = models.CharField(max_length=40, blank=True)
    active = models.BooleanField(default=True)

    class Meta(GroupOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["group", "code"], name="customers_tag_code")]

    def __str__(self) -> str:
        return self.name


class CustomerTag(GroupOwned):
    """A tag on a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="tags")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="+")

    class Meta(GroupOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["group", "customer", "tag"], name="customers_customer_tag_once")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.tag_id}"


class DuplicatePair(GroupOwned):
    """Two customers that may be one (疑似重复), the older one first; a person decides (domain.md 6.10)."""

    class State(models.TextChoices):
        OPEN = "open", _("To decide")
        DISTINCT = "distinct", _("Two persons")
        MERGED = "merged", _("Merged")

    first = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta(GroupOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["group", "first", "second"], name="customers_duplicate_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="customers_duplicate_pair_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"
