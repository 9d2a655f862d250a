"""Which days and numbers can be true of a car."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cheyi.kernel import Refused
from cheyi.vehicles.rules.mileage import MOST_KM

PAST = ("purchase_on", "invoice_on", "delivered_on", "first_registered_on")
COMING = (
    *("warranty_until", "battery_warranty_until", "insurance_until", "inspection_due_on", "next_service_on"),
    *("warranty_km", "battery_warranty_km", "next_service_km"),
)
FIRST_YEAR = 1950
FURTHEST_YEARS = 30


def check(columns: Mapping[str, Any], *, today: date) -> None:
    """Refuse what cannot be, at its field; empty ones may always be.

    A day of the past lies between 1950 and today (``vehicles.vehicle.in_future``, ``.too_far_off``), one to come at most
    thirty years ahead; a model year at most one year ahead; a distance between 0 and two million km (``.out_of_range``).
    """
    for name, value in columns.items():
        if isinstance(value, date):
            _check_day(name, value, today)
        elif name.endswith("_km") and value is not None and not 0 <= value <= MOST_KM:
            raise Refused("vehicles.vehicle.out_of_range", field=name, number=value, least=0, most=MOST_KM)
        elif name == "model_year" and value is not None and not FIRST_YEAR <= value <= today.year + 1:
            raise Refused(
                "vehicles.vehicle.out_of_range", field=name, number=value, least=FIRST_YEAR, most=today.year + 1
            )


def _check_day(name: str, day: date, today: date) -> None:
    if name in PAST and day > today:
        raise Refused("vehicles.vehicle.in_future", field=name, day=day.isoformat())
    if not FIRST_YEAR <= day.year <= today.year + FURTHEST_YEARS:
        raise Refused("vehicles.vehicle.too_far_off", field=name, day=day.isoformat())
