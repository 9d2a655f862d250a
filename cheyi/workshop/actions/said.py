"""What is said when a car comes; everything may stay empty and follow later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from cheyi.customers.models import Customer, CustomerContact
from cheyi.workshop.models import Appointment


@dataclass(frozen=True, slots=True)
class Reception:
    """Who comes with the car and what was said; everything may stay empty and follow later."""

    customer: Customer | None = None
    sender: CustomerContact | None = None
    mileage: int | None = None
    mileage_reason: str = ""
    energy: str = ""
    request_text: str = ""
    order_type: str = ""
    promised_at: datetime | None = None
    waits_in_store: bool = False
    wash_wanted: bool = False
    second_order_reason: str = ""
    appointment: Appointment | None = None


class Said(TypedDict, total=False):
    """The fields of a Reception as keywords, so that a call reads ``open_order(vehicle=car, mileage=20_400, …)``."""

    customer: Customer | None
    sender: CustomerContact | None
    mileage: int | None
    mileage_reason: str
    energy: str
    request_text: str
    order_type: str
    promised_at: datetime | None
    waits_in_store: bool
    wash_wanted: bool
    second_order_reason: str
    appointment: Appointment | None
