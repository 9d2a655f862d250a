"""What the workshop's API takes and gives: whole fen, thousandths and hundredths, moments with their zone."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Field, Schema

from cheyi.foundation.api import Body, Id
from cheyi.workshop.models import Appointment, WorkOrder
from cheyi.workshop.models.lines import Line

Kind = Literal["labour", "part", "sublet", "fee"]
PayerName = Literal["customer", "insurer", "oem", "internal", "fleet"]
Via = Literal["counter", "phone", "link", "signature", "claim"]
Level = Literal["self", "team", "final"]
Fee = Literal["diagnosis", "test", "rescue", "towing", "material_aux", "storage", "other"]
UrgencyName = Literal["now", "soon", "watch"]
OldParts = Literal["", "take", "give_up", "none"]
Responsible = Literal["workshop", "part", "diagnosis", "customer_use", "none_found"]
Outcome = Literal["satisfied", "not_satisfied", "not_reached"]
OrderTypes = Literal[
    "maintenance",
    "repair",
    "accident",
    "warranty",
    "recall",
    "free_service",
    "rework",
    "accessory",
    "pdi",
    "internal",
    "detailing",
]


class OrderOut(Schema):
    """An order as it stands after a verb."""

    id: int
    no: str
    state: str
    hold_reason: str
    type: str
    vehicle_id: int
    customer_id: int | None
    plate: str
    vin: str
    mileage_in: int | None
    promised_at: datetime | None
    version: int

    @classmethod
    def of(cls, order: WorkOrder) -> OrderOut:
        """The shape of a row."""
        return cls.model_validate(order, from_attributes=True)


class LineOut(Schema):
    """A line as it stands after a verb; ``net_fen`` is left out where the viewer sees no prices."""

    id: int
    kind: str
    order_id: int
    state: str
    name: str
    payer: str

    @classmethod
    def of(cls, line: Line) -> LineOut:
        """The shape of a row."""
        return cls.model_validate(line, from_attributes=True)


class LinesOut(Schema):
    """Several lines."""

    lines: list[LineOut]


class AppointmentOut(Schema):
    """An appointment after a verb."""

    id: int
    no: str
    state: str
    wanted_at: datetime
    vehicle_id: int | None
    customer_id: int | None
    over_booked: bool

    @classmethod
    def of(cls, row: Appointment) -> AppointmentOut:
        """The shape of a row."""
        return cls.model_validate(row, from_attributes=True)


class JobIn(Body):
    """A wanted job: an operation's code, who pays."""

    op_code: str = Field(max_length=20)
    payer: str = Field(default="customer", max_length=10)
    advice_id: Id | None = None
