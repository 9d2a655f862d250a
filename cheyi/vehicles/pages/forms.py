"""What the forms of a car send, read into the words of the actions."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cheyi.customers.engine import vins
from cheyi.customers.imports import day, whole
from cheyi.foundation.pages.numbers import number_in
from cheyi.kernel import Refused
from cheyi.vehicles.models import MileageReading, Vehicle, VehicleModel
from cheyi.vehicles.models.catalogue import Energy

TEXTS = (
    *("model_text", "energy", "use", "engine_no", "motor_no", "battery_pack_no", "body_colour", "interior_colour"),
    *("insurer", "compulsory_policy_no", "commercial_policy_no", "status"),
)
DAYS = (
    "purchase_on",
    "first_registered_on",
    "warranty_until",
    "insurance_until",
    "inspection_due_on",
    "next_service_on",
)
NUMBERS = ("model_year", "warranty_km", "next_service_km")
INSISTED = (
    ("vehicles.vehicle.check_digit", _("The VIN reads exactly so on the car")),
    ("vehicles.vehicle.foreign_check_digit", _("The maker does not use the check digit")),
    ("vehicles.vehicle.odd_vin", _("The VIN is unusual and right")),
    ("vehicles.vehicle.plate_taken", _("The plate has moved to this car")),
)
CHOICES: dict[str, Any] = {
    "energy": Energy.choices,
    "use": Vehicle.Use.choices,
    "status": Vehicle.Status.choices,
    "plate_kind": [
        one for one in Vehicle.PlateKind.choices if one[0] in {"armed_police", "military", "temporary", "foreign"}
    ],
    "mileage_reason": MileageReading.Reason.choices,
}


def details(posted: QueryDict) -> dict[str, Any]:
    """The fields that were sent; empty days and numbers are None. Raises Refused beside what cannot be read."""
    found: dict[str, Any] = {name: posted.get(name, "").strip() for name in TEXTS if name in posted}
    for name in (*DAYS, *NUMBERS):
        if name in posted:
            text = posted.get(name, "").strip()
            found[name] = _read(name, text) if text else None
    if "model" in posted:
        found["model"] = VehicleModel.objects.filter(pk=number_in(posted.get("model")) or 0).first()
    return found


def typed(text: str) -> dict[str, str]:
    """What somebody searched for, in the field where it belongs; a name belongs in none."""
    plain = text.strip()[:30]
    if vins.looks_like_vin(plain):
        return {"plate": "", "vin": plain}
    return {"plate": plain if any(sign.isdigit() for sign in plain) else "", "vin": ""}


def insisted(posted: QueryDict) -> tuple[str, ...]:
    """The faults that the person insists on."""
    known = {code for code, _label in INSISTED}
    return tuple(code for code in posted.getlist("confirmed") if code in known)


def km_of(posted: QueryDict) -> int:
    """The mileage that was typed. Raises Refused beside the field."""
    return int(_read("mileage", posted.get("mileage", "").strip()))


def _read(name: str, text: str) -> Any:
    try:
        return day(text) if name in DAYS else whole(text)
    except Refused as refused:
        raise Refused(refused.code, field=name, text=text) from None
