"""The work order: whose car, what for, where it stands, what was promised."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from cheyi.foundation.fields import MoneyField
from cheyi.foundation.scope import StoreOwned
from cheyi.kernel import Money
from cheyi.workshop.models.choices import (
    HoldReason,
    OldPartsChoice,
    OrderState,
    OrderType,
    RegulatoryClass,
    Responsibility,
)
from cheyi.workshop.rules.life import OPEN_STATES

EMPLOYEE = "foundation.Employee"


class WorkOrder(StoreOwned):
    """A repair contract and job record (工单)."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    no = models.CharField(max_length=24, blank=True)
    type = models.CharField(max_length=12, choices=OrderType.choices, default=OrderType.MAINTENANCE)
    regulatory_class = models.CharField(max_length=10, choices=RegulatoryClass.choices, default=RegulatoryClass.NONE)
    state = models.CharField(max_length=10, choices=OrderState.choices)
    state_at = models.DateTimeField()
    hold_reason = models.CharField(max_length=20, choices=HoldReason.choices, blank=True)
    hold_note = models.CharField(max_length=200, blank=True)
    flow_profile = models.ForeignKey("workshop.FlowProfile", on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(
        "workshop.Appointment", on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )

    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.PROTECT, related_name="work_orders")
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="work_orders"
    )
    sender = models.ForeignKey(
        "customers.CustomerContact", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    plate = models.CharField(max_length=12, blank=True)
    vin = models.CharField(max_length=17, blank=True)
    model_name = models.CharField(max_length=100, blank=True)
    mileage_in = models.PositiveIntegerField(null=True, blank=True)
    mileage_confirmed = models.BooleanField(default=False)
    mileage_out = models.PositiveIntegerField(null=True, blank=True)
    energy_in = models.CharField(max_length=8, blank=True)

    advisor = models.ForeignKey(EMPLOYEE, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey("foundation.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    request_text = models.TextField(blank=True)
    interview = models.JSONField(default=dict, blank=True)
    diagnosis = models.TextField(blank=True)
    root_cause = models.CharField(max_length=200, blank=True)
    waits_in_store = models.BooleanField(default=False)
    wash_wanted = models.BooleanField(default=False)
    old_parts_choice = models.CharField(max_length=8, choices=OldPartsChoice.choices, blank=True)
    approved_in_writing = models.BooleanField(default=False)
    walk_around = models.CharField(max_length=8, blank=True)
    checks = models.JSONField(default=list, blank=True)

    received_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    promised_at = models.DateTimeField(null=True, blank=True)
    first_promised_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    estimate_total = MoneyField(default=Money(0))
    approved_total = MoneyField(default=Money(0))
    sent_back = models.PositiveSmallIntegerField(default=0)
    rework_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reworks")
    rework_responsibility = models.CharField(max_length=12, choices=Responsibility.choices, blank=True)
    second_order_reason = models.CharField(max_length=100, blank=True)
    cancel_reason = models.CharField(max_length=100, blank=True)
    keys_out = models.BooleanField(default=False)
    list_given = models.CharField(max_length=8, blank=True)
    next_service_on = models.DateField(null=True, blank=True)
    next_service_km = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    extra = models.JSONField(default=dict, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["store", "no"], name="workshop_order_no", condition=~Q(no="")),
            models.UniqueConstraint(
                fields=["store", "vehicle"],
                name="workshop_order_one_open_per_car",
                condition=Q(state__in=OPEN_STATES, second_order_reason=""),
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(state="cancelled") | ~Q(no=""), name="workshop_order_numbered"
            ),
            models.CheckConstraint(
                condition=Q(state="hold") & ~Q(hold_reason="") | ~Q(state="hold") & Q(hold_reason=""),
                name="workshop_order_hold_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(settled_at__isnull=False, delivered_at__isnull=False),
                name="workshop_order_settled_before_delivered",
            ),
            models.CheckConstraint(
                condition=Q(mileage_in__isnull=True) | Q(mileage_in__lte=2_000_000), name="workshop_order_mileage"
            ),
            models.CheckConstraint(
                condition=Q(mileage_out__isnull=True)
                | Q(mileage_in__isnull=True)
                | Q(mileage_out__gte=F("mileage_in")),
                name="workshop_order_mileage_out",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "state", "promised_at"], name="workshop_order_board"),
            models.Index(fields=["store", "advisor", "state"], name="workshop_order_advisor"),
            models.Index(fields=["vehicle", "-received_at"], name="workshop_order_history"),
        ]

    def __str__(self) -> str:
        return self.no or self.plate or self.vin


class OrderSpell(StoreOwned):
    """A stretch of an order's life in one state; the last one has no end."""

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="spells")
    state = models.CharField(max_length=10, choices=OrderState.choices)
    hold_reason = models.CharField(max_length=20, choices=HoldReason.choices, blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["store", "order"], name="workshop_order_spell_one_open", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")), name="workshop_order_spell_span"
            ),
        ]
        indexes = [models.Index(fields=["store", "state", "began_at"], name="workshop_order_spell_state")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.state}"


class PromiseChange(StoreOwned):
    """One change of the promised time, and whether the customer was told."""

    append_only = True
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="promises")
    old_at = models.DateTimeField(null=True, blank=True)
    new_at = models.DateTimeField()
    reason = models.CharField(max_length=100, blank=True)
    told_customer = models.BooleanField(default=False)

    class Meta(StoreOwned.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.order_id} {self.new_at:%F %H:%M}"
