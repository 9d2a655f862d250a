"""The fields of a car's file that are changed where they stand, and what their forms send."""

from __future__ import annotations

from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy as _

from cheyi.foundation.pages.cells import Cell, More
from cheyi.vehicles.pages.forms import CHOICES, INSISTED, details
from cheyi.vehicles.queries import VehicleProfile

PLATE_KIND = More(
    "plate_kind",
    _("Special kind"),
    choices=CHOICES["plate_kind"],
    when=("customers.plate.choose_kind", "customers.plate.province_or_kind"),
)
ODD = ("vehicles.mileage.lower", "vehicles.mileage.too_far", "vehicles.mileage.unknown_reason")
WHY = More("mileage_reason", _("Reason for an odd one"), choices=CHOICES["mileage_reason"], when=ODD)


def _insist(*codes: str) -> tuple[More, ...]:
    return tuple(More("confirmed", label, code, when=(code,)) for code, label in INSISTED if code in codes)


PLATE = Cell("plate", _("Plate"), "plate", more=(*_insist("vehicles.vehicle.plate_taken"), PLATE_KIND))
MILEAGE = Cell("mileage", _("Mileage"), "km", more=(WHY,))
CAR = (
    PLATE,
    Cell(
        "vin",
        _("VIN"),
        more=_insist(
            "vehicles.vehicle.check_digit", "vehicles.vehicle.foreign_check_digit", "vehicles.vehicle.odd_vin"
        ),
    ),
    MILEAGE,
    Cell("model", _("Model"), "choice", empty="–"),
    Cell("model_text", _("Model as text")),
    Cell("model_year", _("Model year")),
    Cell("energy", _("Energy"), "choice", CHOICES["energy"], "–"),
    Cell("use", _("Used for"), "choice", CHOICES["use"], "–"),
    Cell("status", _("Status"), "choice", CHOICES["status"]),
    Cell("body_colour", _("Colour")),
    Cell("engine_no", _("Engine no.")),
    Cell("motor_no", _("Motor no.")),
    Cell("battery_pack_no", _("Battery no.")),
    Cell("purchase_on", _("Bought on"), "day"),
    Cell("first_registered_on", _("First registered"), "day"),
)
DUE = (
    Cell("next_service_on", _("Next service"), "day"),
    Cell("next_service_km", _("Next service at"), "km"),
    Cell("inspection_due_on", _("Inspection due"), "day"),
    Cell("insurance_until", _("Insured until"), "day"),
    Cell("insurer", _("Insurance company")),
    Cell("compulsory_policy_no", _("Compulsory policy")),
    Cell("commercial_policy_no", _("Commercial policy")),
    Cell("warranty_until", _("Warranty until"), "day"),
    Cell("warranty_km", _("Warranty until km"), "km"),
)
NOTE = Cell("note", _("Note"), "long", hint=_("Of this store, for the next one who works on the car"))
CELLS = {cell.name: cell for cell in (*CAR, *DUE, NOTE)}
ALWAYS = frozenset(
    ["plate", "vin", "mileage", "model", "next_service_on", "inspection_due_on", "insurance_until", "status", "note"]
)
POSTED = {"plate": "vehicles:plate", "mileage": "vehicles:mileage"}
"""Fields whose form goes to a verb of its own."""
READ = {"mileage": "last_mileage", "model": "model_id"}


def cell_of(name: str) -> Cell:
    """The field with a name. Raises Http404."""
    if name not in CELLS:
        raise Http404(f"field {name}")
    return CELLS[name]


def value_of(car: VehicleProfile, cell: Cell) -> Any:
    """What stands in a field."""
    return getattr(car, READ.get(cell.name, cell.name))


def typed(cell: Cell, posted: QueryDict) -> dict[str, Any]:
    """What the form of one field says, in the words of ``edit``. Raises Refused for a day or number that is none."""
    if cell.name in {"vin", "note"}:
        return {cell.name: posted.get(cell.name, "").strip()}
    one = QueryDict(mutable=True)
    one[cell.name] = posted.get(cell.name, "")
    return details(one)
