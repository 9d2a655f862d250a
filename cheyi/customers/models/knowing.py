"""Which store knows whom, who has looked at what is sealed, and what stood on a card before a change."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cheyi.customers.models.people import Customer
from cheyi.foundation.models import Employee
from cheyi.foundation.scope import GroupOwned, StoreOwned
from cheyi.foundation.sealed import SealedField
from cheyi.foundation.sources import Sourced


class CustomerStore(StoreOwned, Sourced):
    """A store knows a customer (本店客户), since ``created_at``, by the paper that ``source`` names (design.md 13)."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="stores")
    advisor = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    served_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    last_visit_on = models.DateField(null=True, blank=True)
    external_no = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["store", "customer"], name="customers_customer_store_once"),
            models.UniqueConstraint(
                fields=["store", "external_no"], name="customers_customer_store_external", condition=~Q(external_no="")
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-last_visit_on"], name="customers_customer_store_visit"),
            models.Index(fields=["store", "external_no"], name="customers_store_external_no"),
        ]

    def __str__(self) -> str:
        return f"{self.store_id} {self.customer_id}"


class OldNumber(StoreOwned):
    """A further number (原系统编号) of a customer whom a store's old system had under several, kept for its other tables."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="old_numbers")
    number = models.CharField(max_length=40)

    class Meta(StoreOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["store", "number"], name="customers_old_number_once")]

    def __str__(self) -> str:
        return f"{self.store_id} {self.number}"


class Reveal(GroupOwned):
    """A person saw a sealed value in clear, or asked for somebody his store does not know (查看明文). Kept for ever."""

    append_only = True

    class Kind(models.TextChoices):
        CLEAR = "clear", _("Shown in clear")
        PROBE = "probe", _("Asked across stores")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="reveals")
    user_id = models.BigIntegerField()
    kind = models.CharField(max_length=5, choices=Kind.choices, default=Kind.CLEAR)
    field = models.CharField(max_length=30)
    reason = models.CharField(max_length=30, blank=True)
    seen_on = models.DateField()

    class Meta(GroupOwned.Meta):
        indexes = [
            models.Index(fields=["user_id", "seen_on"], name="customers_reveal_day"),
            models.Index(fields=["user_id", "created_at"], name="customers_reveal_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.customer_id} {self.field}"


class FormerDetails(GroupOwned):
    """What stood in the changed fields of a card (改前信息), sealed; kept for a day to take the change back."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    details = SealedField(mask="hidden")

    class Meta(GroupOwned.Meta):
        indexes = [models.Index(fields=["created_at"], name="customers_former_details_age")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.created_at:%F %H:%M}"
