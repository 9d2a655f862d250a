"""The lines of an order: labour, parts, sublet work and fees."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from cheyi.foundation.fields import HoursField, MoneyField, QuantityField, RateField
from cheyi.foundation.scope import StoreOwned
from cheyi.kernel import Hours, Money, Quantity, Rate
from cheyi.workshop.models.choices import (
    ApprovalChannel,
    FeeKind,
    Grade,
    LabourState,
    LineSource,
    OtherState,
    PartState,
    Payer,
    RegulatoryClass,
)
from cheyi.workshop.models.orders import WorkOrder
from cheyi.workshop.rules.quality import needs_road_test


class Line(StoreOwned):
    """What every line has: its place, its payer, its money and the customer's answer."""

    kind = ""
    if TYPE_CHECKING:
        state: str
        order: WorkOrder
        order_id: int
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    seq = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    source = models.CharField(max_length=8, choices=LineSource.choices, default=LineSource.REQUEST)
    payer = models.CharField(max_length=8, choices=Payer.choices, default=Payer.CUSTOMER)
    shares = models.JSONField(default=list, blank=True)
    gross = MoneyField(default=Money(0))
    discount_rate = RateField(default=Rate(0))
    discount = MoneyField(default=Money(0))
    discount_reason = models.CharField(max_length=30, blank=True)
    discount_waits = models.BooleanField(default=False)
    list_price = MoneyField(default=Money(0))
    net = MoneyField(default=Money(0))
    cost = MoneyField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_via = models.CharField(max_length=10, choices=ApprovalChannel.choices, blank=True)
    decided_net = MoneyField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta(StoreOwned.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def listed(self) -> Money:
        """What the line costs by list, as its prices were when it was put on the order; nothing where none is known."""
        return self.list_price

    @property
    def label(self) -> tuple[str, int]:
        """How a link names the line: its kind and id."""
        return (self.kind, self.pk)


def money_adds_up(name: str) -> models.CheckConstraint:
    """Net = gross - discount in every line, in the database too."""
    return models.CheckConstraint(
        condition=Q(net=F("gross") - F("discount")) & Q(discount_rate__range=(Rate(0), Rate(Rate.PER_UNIT))), name=name
    )


class LabourLine(Line):
    """A labour operation on an order (工时行)."""

    kind = "labour"
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="labour")
    state = models.CharField(max_length=10, choices=LabourState.choices)
    op = models.ForeignKey("workshop.LabourOp", on_delete=models.PROTECT, related_name="+")
    op_code = models.CharField(max_length=20)
    skill_code = models.CharField(max_length=20, blank=True)
    min_level = models.PositiveSmallIntegerField(default=1)
    difficult = models.BooleanField(default=False)
    bay_kind = models.CharField(max_length=10, blank=True)
    high_voltage = models.BooleanField(default=False)
    regulatory_class = models.CharField(max_length=10, choices=RegulatoryClass.choices, default=RegulatoryClass.NONE)
    std_hours = HoursField(default=Hours(0))
    sold_hours = HoursField(default=Hours(0))
    rate_code = models.CharField(max_length=2, blank=True)
    rate = MoneyField(default=Money(0))
    fixed_price = MoneyField(null=True, blank=True)
    pause_reason = models.CharField(max_length=20, blank=True)
    qa_km = models.PositiveIntegerField(default=0)
    qa_days = models.PositiveIntegerField(default=0)
    fault_code = models.CharField(max_length=20, blank=True)
    rework_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reworks")

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["store", "order", "seq"], name="workshop_labour_line_seq"),
            money_adds_up("workshop_labour_line_money"),
            models.CheckConstraint(condition=Q(sold_hours__gte=Hours(0)), name="workshop_labour_line_hours"),
        ]
        indexes = [models.Index(fields=["store", "op"], name="workshop_labour_line_op")]

    @property
    def listed(self) -> Money:
        """The operation's hours by its rate, or its fixed price."""
        return self.list_price.times(self.std_hours) if self.fixed_price is None else self.list_price

    @property
    def needs_road_test(self) -> bool:
        """Whether the car is driven before this work, once done, passes; reads the operation."""
        return self.state == "done" and needs_road_test(
            system=self.op.system, skill=self.skill_code, bay_kind=self.bay_kind
        )


class PartLine(Line):
    """A part on an order (配件行); what the store issued and took back stands beside what was asked for."""

    kind = "part"
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="parts")
    state = models.CharField(max_length=12, choices=PartState.choices)
    labour_line = models.ForeignKey(LabourLine, on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    part = models.ForeignKey("parts.Part", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    part_no = models.CharField(max_length=40, blank=True)
    grade = models.CharField(max_length=12, choices=Grade.choices, default=Grade.ORIGINAL)
    unit = models.CharField(max_length=8, blank=True)
    quantity = QuantityField()
    unit_price = MoneyField(default=Money(0))
    issued = QuantityField(default=Quantity(0))
    returned = QuantityField(default=Quantity(0))
    issued_value = MoneyField(default=Money(0))

    @property
    def listed(self) -> Money:
        """All pieces at the store's price."""
        return self.list_price.times(self.quantity)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["store", "order", "seq"], name="workshop_part_line_seq"),
            money_adds_up("workshop_part_line_money"),
            models.CheckConstraint(
                condition=Q(quantity__gt=Quantity(0), issued__gte=Quantity(0), returned__gte=Quantity(0))
                & Q(returned__lte=F("issued"), issued__lte=F("quantity") + F("returned")),
                name="workshop_part_line_quantities",
            ),
            models.CheckConstraint(
                condition=Q(part__isnull=False) | Q(grade="customer"), name="workshop_part_line_has_part"
            ),
        ]
        indexes = [models.Index(fields=["store", "part", "state"], name="workshop_part_line_part")]


class SubletLine(Line):
    """Work done by another firm (外加工)."""

    kind = "sublet"
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="sublets")
    state = models.CharField(max_length=10, choices=OtherState.choices)
    supplier_name = models.CharField(max_length=60, blank=True)
    invoice_no = models.CharField(max_length=40, blank=True)
    checked_by = models.CharField(max_length=60, blank=True)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["store", "order", "seq"], name="workshop_sublet_line_seq"),
            money_adds_up("workshop_sublet_line_money"),
        ]


class FeeLine(Line):
    """Another fee: diagnosis, towing, storage (其他费用)."""

    kind = "fee"
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="fees")
    state = models.CharField(max_length=10, choices=OtherState.choices)
    fee = models.CharField(max_length=12, choices=FeeKind.choices, default=FeeKind.OTHER)

    class Meta(StoreOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["store", "order", "seq"], name="workshop_fee_line_seq"),
            money_adds_up("workshop_fee_line_money"),
        ]
