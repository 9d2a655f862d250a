"""Bookings of a car for a day and hour."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q

from cheyi.foundation.scope import StoreOwned
from cheyi.workshop.models.choices import AppointmentState


class Appointment(StoreOwned):
    """A booked slot with wanted work (预约单)."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    no = models.CharField(max_length=24)
    state = models.CharField(max_length=10, choices=AppointmentState.choices)
    channel = models.CharField(max_length=12, default="phone")
    vehicle = models.ForeignKey(
        "vehicles.Vehicle", on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    wanted_at = models.DateTimeField()
    minutes = models.PositiveIntegerField(default=60)
    over_booked = models.BooleanField(default=False)
    request_text = models.TextField(blank=True)
    op_codes = models.JSONField(default=list, blank=True)
    advisor = models.ForeignKey(
        "foundation.Employee", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    rescheduled = models.PositiveSmallIntegerField(default=0)
    arrived_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=100, blank=True)
    parts_prepared = models.BooleanField(default=False)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["store", "no"], name="workshop_appointment_no"),
            models.CheckConstraint(
                condition=Q(vehicle__isnull=False) | Q(customer__isnull=False), name="workshop_appointment_whose"
            ),
        ]
        indexes = [models.Index(fields=["store", "wanted_at"], name="workshop_appointment_day")]

    def __str__(self) -> str:
        return self.no
