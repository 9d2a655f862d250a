"""Who the business is: group, region, legal entity, store, team."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

from cheyi.foundation.scope import GroupOwned, Installation, StoreOwned


class Group(Installation):
    """Stores that share customers, vehicles and stock views (集团)."""

    name = models.CharField(max_length=100)
    settings = models.JSONField(default=dict, blank=True)
    demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Region(GroupOwned):
    """A node between group and store (区域)."""

    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class LegalEntity(Installation):
    """The firm that signs, bills and pays tax (法人主体)."""

    class Taxpayer(models.TextChoices):
        GENERAL = "general"
        SMALL = "small"

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="legal_entities")
    name = models.CharField(max_length=100)
    uscc = models.CharField(max_length=20, blank=True)
    taxpayer = models.CharField(max_length=10, choices=Taxpayer.choices, default=Taxpayer.GENERAL)
    bank = models.CharField(max_length=100, blank=True)
    bank_account = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("group", "name", name="foundation_legal_entity_name")]

    def __str__(self) -> str:
        return self.name


class Store(Installation):
    """One place of business (门店). Its code is unique in the installation, so a document number is unique everywhere."""

    class Kind(models.TextChoices):
        DEALER = "4S"
        GARAGE = "garage"
        QUICK = "quick"
        BODY_SHOP = "body_shop"
        WAREHOUSE = "warehouse"

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="stores")
    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="stores")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="stores")
    code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.GARAGE)
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    cut_over_hour = models.PositiveSmallIntegerField(default=0)
    region_code = models.CharField(max_length=6, blank=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    repair_licence = models.CharField(max_length=30, blank=True)
    settings = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z0-9]{1,8}$"), name="foundation_store_code"),
            models.CheckConstraint(condition=Q(cut_over_hour__lt=24), name="foundation_store_cut_over"),
        ]

    def __str__(self) -> str:
        return self.name

    def local(self, moment: datetime) -> datetime:
        """The moment on the store's wall clock."""
        return moment.astimezone(ZoneInfo(self.zone))

    def business_date(self, moment: datetime) -> date:
        """The business day (营业日): the local date, before the cut-over hour still yesterday's."""
        return (self.local(moment) - timedelta(hours=self.cut_over_hour)).date()

    def setting(self, name: str, default: Any) -> Any:
        """A store setting, or the shipped default."""
        return self.settings.get(name, default)


class Team(StoreOwned):
    """A working team with a leader (班组)."""

    name = models.CharField(max_length=40)
    leader = models.ForeignKey("foundation.Employee", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    members = models.ManyToManyField("foundation.Employee", related_name="teams")

    class Meta(StoreOwned.Meta):
        constraints = [models.UniqueConstraint("store", "name", name="foundation_team_name")]

    def __str__(self) -> str:
        return self.name
