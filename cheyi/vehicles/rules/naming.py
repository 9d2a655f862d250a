"""Recognising a car by what is typed: which faults a person may insist on, and what follows from plate and VIN."""

from __future__ import annotations

_CONFIRMABLE = {
    ("customers.vin.wrong_check_digit", "error"): "vehicles.vehicle.check_digit",
    ("customers.vin.wrong_check_digit", "warn"): "vehicles.vehicle.foreign_check_digit",
    ("customers.vin.all_equal", "warn"): "vehicles.vehicle.odd_vin",
    ("customers.vin.tail_not_digits", "warn"): "vehicles.vehicle.odd_vin",
    ("customers.vin.year_code", "warn"): "vehicles.vehicle.odd_vin",
    ("customers.plate.other_kind", "warn"): "vehicles.vehicle.plate_kind",
}
MERE_DOUBTS = frozenset(
    ["vehicles.vehicle.foreign_check_digit", "vehicles.vehicle.odd_vin", "vehicles.vehicle.plate_kind"]
)
ENERGY_OF_PLATE = {"bev": "bev", "other": "phev"}


def confirm_code(fault: str, severity: str) -> str:
    """The code by which a person insists on something odd, or "" for a fault that nobody can wave through."""
    return _CONFIRMABLE.get((fault, severity), "")


def vin_stem(vin: str) -> str:
    """What cars of one model share: the first eight characters and the year code (the tenth); "" for no full VIN."""
    return vin[:8] + vin[9] if len(vin) == 17 else ""
