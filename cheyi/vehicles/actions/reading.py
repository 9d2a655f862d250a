"""What is known of a car becomes columns; what follows from model, plate and VIN is filled in, never over what is typed."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import models

from cheyi.customers.rules.texts import plain
from cheyi.kernel import Refused
from cheyi.vehicles.actions.identifying import PlateForm, VinForm
from cheyi.vehicles.models import Vehicle, VehicleModel
from cheyi.vehicles.models.catalogue import Energy
from cheyi.vehicles.rules import facts
from cheyi.vehicles.rules.service import add_months

FIELDS = frozenset(
    (
        *("model_text", "model_year", "energy", "displacement_ml", "transmission", "engine_no", "motor_no", "status"),
        *("battery_pack_no", "body_colour", "interior_colour", "use", "sold_by_us", "purchase_on", "invoice_on"),
        *("delivered_on", "first_registered_on", "warranty_until", "warranty_km", "battery_warranty_until", "insurer"),
        *("battery_warranty_km", "compulsory_policy_no", "commercial_policy_no", "insurance_until"),
        *("inspection_due_on", "next_service_on", "next_service_km"),
    )
)
DAYS = frozenset(name for name in FIELDS if name.endswith(("_on", "_until")))
CHOICES: Mapping[str, Collection[str]] = {
    "energy": ["", *Energy.values],
    "use": ["", *Vehicle.Use.values],
    "status": Vehicle.Status.values,
}


def checked(typed: Mapping[str, Any], *, today: date | None = None) -> dict[str, Any]:
    """The typed columns, narrowed. Raises Refused ``vehicles.vehicle.unknown_choice``, ``.too_long``.

    With ``today`` days and numbers are compared with what can be: ``.in_future``, ``.too_far_off``, ``.out_of_range``.
    """
    unknown = typed.keys() - FIELDS
    if unknown:
        raise TypeError(f"a car has no {sorted(unknown)}")
    columns = {name: plain(value) if isinstance(value, str) else value for name, value in typed.items()}
    for name, value in columns.items():
        if name in CHOICES and value not in CHOICES[name]:
            raise Refused("vehicles.vehicle.unknown_choice", field=name, value=value)
        longest = _longest().get(name)
        if longest and isinstance(value, str) and len(value) > longest:
            raise Refused("vehicles.vehicle.too_long", field=name, longest=longest)
    if today is not None:
        facts.check(columns, today=today)
    return columns


@functools.cache
def _longest() -> dict[str, int]:
    fields = Vehicle._meta.concrete_fields  # noqa: SLF001 - Django's documented API
    return {
        field.name: field.max_length for field in fields if isinstance(field, models.CharField) and field.max_length
    }


def columns_of(
    typed: Mapping[str, Any], *, model: VehicleModel | None, plate: PlateForm, vin: VinForm
) -> dict[str, Any]:
    """The columns of a new car: what was typed, then what model, plate colour and VIN tell of the rest.

    Warranties run from the invoice, else the purchase, for as long as the model promises (domain.md 8.3).
    """
    columns = checked(typed)
    columns["model"] = model
    filled: dict[str, Any] = {"model_year": vin.year, "energy": plate.energy}
    if model is not None:
        filled |= {
            "energy": model.energy,
            "displacement_ml": model.displacement_ml,
            "transmission": model.transmission,
            **_warranties(model, columns.get("invoice_on") or columns.get("purchase_on")),
        }
    return {**columns, **{name: value for name, value in filled.items() if not columns.get(name)}}


def _warranties(model: VehicleModel, start: date | None) -> dict[str, Any]:
    if start is None:
        return {}
    found: dict[str, Any] = {
        "warranty_until": add_months(start, model.warranty_months),
        "warranty_km": model.warranty_km,
    }
    if model.battery_warranty_months:
        found |= {
            "battery_warranty_until": add_months(start, model.battery_warranty_months),
            "battery_warranty_km": model.battery_warranty_km,
        }
    return found
