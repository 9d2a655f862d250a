"""What happens on the floor: assignments, clocks, walk-around, findings, advice, checks, certificates."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from cheyi.foundation.fields import HoursField, MoneyField, RateField
from cheyi.foundation.scope import StoreOwned
from cheyi.kernel import Rate
from cheyi.workshop.models.choices import ApprovalChannel, CheckLevel, OldPartsChoice, Urgency
from cheyi.workshop.models.lines import LabourLine
from cheyi.workshop.models.orders import WorkOrder

EMPLOYEE = "foundation.Employee"


class Assignment(StoreOwned):
    """A technician on a labour line, with his share of it, bay and planned time (派工); ended ones stay as history."""

    line = models.ForeignKey(LabourLine, on_delete=models.PROTECT, related_name="assignments")
    technician = models.ForeignKey(EMPLOYEE, on_delete=models.PROTECT, related_name="assignments")
    share = RateField(default=Rate(Rate.PER_UNIT))
    bay = models.ForeignKey("workshop.Bay", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    planned_start_at = models.DateTimeField(null=True, blank=True)
    planned_end_at = models.DateTimeField(null=True, blank=True)
    overruled = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=100, blank=True)
    dragged = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["store", "line", "technician"],
                name="workshop_assignment_once",
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(share__gt=Rate(0), share__lte=Rate(Rate.PER_UNIT)), name="workshop_assignment_share"
            ),
            models.CheckConstraint(
                condition=Q(planned_end_at__isnull=True) | Q(planned_end_at__gt=F("planned_start_at")),
                name="workshop_assignment_span",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "technician"], name="workshop_assignment_open", condition=Q(ended_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.technician_id}"


class JobClock(StoreOwned):
    """Clocked time of one technician on one line (打卡)."""

    line = models.ForeignKey(LabourLine, on_delete=models.PROTECT, related_name="clocks")
    technician = models.ForeignKey(EMPLOYEE, on_delete=models.PROTECT, related_name="clocks")
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    stop_reason = models.CharField(max_length=20, blank=True)
    parallel = models.BooleanField(default=False)
    flagged = models.BooleanField(default=False)
    correction = models.CharField(max_length=100, blank=True)
    asked_start_at = models.DateTimeField(null=True, blank=True)
    asked_stop_at = models.DateTimeField(null=True, blank=True)
    asked_reason = models.CharField(max_length=100, blank=True)
    asked_by = models.CharField(max_length=60, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["store", "technician"],
                name="workshop_job_clock_one_running",
                condition=Q(stopped_at__isnull=True, parallel=False),
            ),
            models.UniqueConstraint(
                fields=["store", "line", "technician"],
                name="workshop_job_clock_one_per_line",
                condition=Q(stopped_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(stopped_at__gte=F("started_at")),
                name="workshop_job_clock_span",
            ),
            models.CheckConstraint(
                condition=Q(asked_start_at__isnull=True, asked_stop_at__isnull=True, asked_by="")
                | Q(asked_stop_at__gt=F("asked_start_at")) & ~Q(asked_by=""),
                name="workshop_job_clock_asked",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "flagged"],
                name="workshop_job_clock_to_check",
                condition=Q(flagged=True) | Q(asked_stop_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.technician_id}"


class Inspection(StoreOwned):
    """The walk-around at reception (环车检查)."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="inspections")
    mileage = models.PositiveIntegerField(null=True, blank=True)
    energy = models.CharField(max_length=8, blank=True)
    marks = models.JSONField(default=list, blank=True)
    items = models.JSONField(default=list, blank=True)
    belongings = models.JSONField(default=list, blank=True)
    warnings = models.JSONField(default=list, blank=True)
    valuables_reminded = models.BooleanField(default=False)
    wash_wanted = models.BooleanField(default=False)
    old_parts_choice = models.CharField(max_length=8, choices=OldPartsChoice.choices, blank=True)
    signature = models.ForeignKey(
        "foundation.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    skipped = models.BooleanField(default=False)
    skip_reason = models.CharField(max_length=100, blank=True)
    done_by = models.CharField(max_length=60)
    done_at = models.DateTimeField()

    class Meta(StoreOwned.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(skipped=False) | ~Q(skip_reason=""), name="workshop_inspection_reason")
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.done_at:%F %H:%M}"


class InspectionPhoto(StoreOwned):
    """A photo of the walk-around."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")
    panel = models.CharField(max_length=20, blank=True)

    class Meta(StoreOwned.Meta):
        pass

    def __str__(self) -> str:
        return self.panel or str(self.pk)


class Finding(StoreOwned):
    """What somebody found on the car (检查发现); with a suggested operation it becomes a proposed line."""

    class Decision(models.TextChoices):
        APPROVE = "approve"
        DECLINE = "decline"
        LATER = "later"

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="findings")
    line = models.ForeignKey(LabourLine, on_delete=models.PROTECT, null=True, blank=True, related_name="findings")
    system = models.CharField(max_length=4, blank=True)
    item = models.CharField(max_length=60)
    note = models.CharField(max_length=500, blank=True)
    measured = models.CharField(max_length=20, blank=True)
    unit = models.CharField(max_length=10, blank=True)
    op = models.ForeignKey("workshop.LabourOp", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    urgency = models.CharField(max_length=5, choices=Urgency.choices, default=Urgency.SOON)
    reported_by = models.CharField(max_length=60)
    reported_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    noted_by = models.CharField(max_length=60, blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreOwned.Meta):
        pass

    def __str__(self) -> str:
        return self.item


class FindingPhoto(StoreOwned):
    """A photo of a finding."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta(StoreOwned.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.finding_id}"


class Advice(StoreOwned):
    """Work that was refused or postponed and waits on the car (建议项目)."""

    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.PROTECT, related_name="advice")
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="advice")
    op = models.ForeignKey("workshop.LabourOp", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=100)
    urgency = models.CharField(max_length=5, choices=Urgency.choices, default=Urgency.SOON)
    price = MoneyField(null=True, blank=True)
    refused = models.BooleanField(default=True)
    advised_at = models.DateTimeField()
    resolved_by = models.ForeignKey(
        WorkOrder, on_delete=models.PROTECT, null=True, blank=True, related_name="resolved_advice"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreOwned.Meta):
        indexes = [
            models.Index(fields=["vehicle"], name="workshop_advice_waiting", condition=Q(resolved_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.text


class Answer(StoreOwned):
    """What a customer was shown and what he said to it: the evidence of an approval. Never changed."""

    append_only = True
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="answers")
    line_kind = models.CharField(max_length=6)
    line_id = models.BigIntegerField()
    wording = models.CharField(max_length=200)
    net = MoneyField()
    approved = models.BooleanField()
    via = models.CharField(max_length=10, choices=ApprovalChannel.choices)
    answered_by = models.CharField(max_length=60)
    answered_at = models.DateTimeField()
    evidence = models.ForeignKey(
        "foundation.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(StoreOwned.Meta):
        indexes = [models.Index(fields=["store", "order"], name="workshop_answer_order")]

    def __str__(self) -> str:
        return f"{self.wording} {'+' if self.approved else '-'}"


class QCRecord(StoreOwned):
    """One inspection of finished work: self, team or final (质检单)."""

    class Result(models.TextChoices):
        PASSED = "passed"
        FAILED = "failed"

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="qc_records")
    level = models.CharField(max_length=5, choices=CheckLevel.choices)
    items = models.JSONField(default=dict, blank=True)
    road_test_km = models.PositiveIntegerField(null=True, blank=True)
    result = models.CharField(max_length=6, choices=Result.choices)
    failed_lines = models.JSONField(default=list, blank=True)
    note = models.CharField(max_length=200, blank=True)
    inspector = models.ForeignKey(EMPLOYEE, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    inspector_name = models.CharField(max_length=60)
    checked_at = models.DateTimeField()

    class Meta(StoreOwned.Meta):
        indexes = [models.Index(fields=["store", "order"], name="workshop_qc_record_order")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.level} {self.result}"


class Certificate(StoreOwned):
    """The completion certificate that the law asks for (竣工出厂合格证)."""

    no = models.CharField(max_length=24)
    order = models.OneToOneField(WorkOrder, on_delete=models.PROTECT, related_name="certificate")
    inspector_name = models.CharField(max_length=60)
    issued_at = models.DateTimeField()

    class Meta(StoreOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["store", "no"], name="workshop_certificate_no")]

    def __str__(self) -> str:
        return self.no


class ClockedHours(StoreOwned):
    """Sold and clocked hours of one technician on one finished line: what output figures add up."""

    line = models.ForeignKey(LabourLine, on_delete=models.PROTECT, related_name="output")
    technician = models.ForeignKey(EMPLOYEE, on_delete=models.PROTECT, related_name="+")
    sold_hours = HoursField()
    actual_hours = HoursField()
    done_at = models.DateTimeField()

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["store", "line", "technician"], name="workshop_clocked_hours_once")
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.technician_id}"
