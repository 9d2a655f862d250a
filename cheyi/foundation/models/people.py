"""Who works here and what they may do: users, employees, grants, shifts, absences, attendance, tokens."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cheyi.foundation.models.organisation import Group, Store
from cheyi.foundation.scope import GroupOwned, Installation, StoreOwned


class User(AbstractBaseUser):
    """A sign-in. What it may do stands in its grants."""

    scope_kind = "installation"
    append_only = False
    name = models.CharField(max_length=60, unique=True)
    is_active = models.BooleanField(default=True)  # type: ignore[misc,assignment,unused-ignore]
    language = models.CharField(max_length=10, blank=True)
    theme = models.CharField(max_length=5, blank=True)
    single_keys = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = BaseUserManager()

    def __str__(self) -> str:
        return self.name


class Employee(GroupOwned):
    """A person who works in the group (员工)."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        LEAVE = "leave"
        LEFT = "left"

    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="employee")
    no = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    home_store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="employees")
    hired_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    version = models.PositiveIntegerField(default=1)

    class Meta(GroupOwned.Meta):
        constraints = [models.UniqueConstraint("group", "no", name="foundation_employee_no")]

    def __str__(self) -> str:
        return self.name


class Grant(Installation):
    """A role at a node: one store, or a whole group (授权)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20)
    store = models.ForeignKey(Store, on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("user", "role", "store", name="foundation_grant_store", condition=Q(group=None)),
            models.UniqueConstraint("user", "role", "group", name="foundation_grant_group", condition=Q(store=None)),
            models.CheckConstraint(
                condition=Q(store__isnull=True, group__isnull=False) | Q(store__isnull=False, group__isnull=True),
                name="foundation_grant_one_node",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class WorkShift(StoreOwned):
    """Planned working time of one person (排班), or with ``off`` a whole day that is planned as free (休)."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    break_starts_at = models.DateTimeField(null=True, blank=True)
    break_ends_at = models.DateTimeField(null=True, blank=True)
    off = models.BooleanField(default=False)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="foundation_work_shift_order"),
            models.UniqueConstraint("store", "employee", "starts_at", name="foundation_work_shift_once"),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.starts_at:%F %H:%M}"


class Absence(StoreOwned):
    """Time in which a person is not here although the roster or the opening hours say so (请假、离岗)."""

    class Why(models.TextChoices):
        SICK = "sick", _("Sick")
        PERSONAL = "personal", _("Personal")
        TRAINING = "training", _("Training")
        OTHER = "other", _("Other")

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    why = models.CharField(max_length=10, choices=Why.choices, default=Why.OTHER)
    words = models.CharField(max_length=60, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="foundation_absence_order"),
            models.UniqueConstraint("store", "employee", "starts_at", name="foundation_absence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.starts_at:%F %H:%M}"


class Attendance(StoreOwned):
    """Clocked presence of one person on one day (考勤)."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="attendance")
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                "store", "employee", name="foundation_attendance_one_open", condition=Q(left_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.came_at:%F}"


class ApiToken(Installation):
    """A key for machines, with the rights of a user in one store; only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    permissions = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
