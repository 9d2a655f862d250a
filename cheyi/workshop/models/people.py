"""Who does the work and where: skills, technician profiles, bays."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cheyi.foundation.fields import MoneyField
from cheyi.foundation.scope import GroupOwned, StoreOwned
from cheyi.workshop.models.choices import BayKind


class Skill(GroupOwned):
    """A trade of the workshop (技能)."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=30)
    name_en = models.CharField(max_length=40, blank=True)

    class Meta(GroupOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["group", "code"], name="workshop_skill_code")]

    def __str__(self) -> str:
        return self.name


class TechnicianProfile(StoreOwned):
    """What a technician of this store can do and what an hour of him costs (技师档案)."""

    employee = models.ForeignKey("foundation.Employee", on_delete=models.PROTECT, related_name="technician_profiles")
    high_voltage_no = models.CharField(max_length=40, blank=True)
    high_voltage_until = models.DateField(null=True, blank=True)
    brand_certificates = models.JSONField(default=list, blank=True)
    hourly_cost = MoneyField(null=True, blank=True)
    parallel_ok = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    news_seen_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["store", "employee"], name="workshop_technician_profile_once")]

    def __str__(self) -> str:
        return f"{self.employee_id}"


class TechnicianSkill(StoreOwned):
    """A technician's level in one skill, 1 to 5."""

    profile = models.ForeignKey(TechnicianProfile, on_delete=models.PROTECT, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["store", "profile", "skill"], name="workshop_technician_skill_once"),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="workshop_technician_skill_level"),
        ]

    def __str__(self) -> str:
        return f"{self.profile_id} {self.skill_id} {self.level}"


class Bay(StoreOwned):
    """A work place for one car (工位)."""

    code = models.CharField(max_length=10)
    kind = models.CharField(max_length=10, choices=BayKind.choices, default=BayKind.GENERAL)
    ev_safe = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta(StoreOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["store", "code"], name="workshop_bay_code")]

    def __str__(self) -> str:
        return self.code
