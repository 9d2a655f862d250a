"""The questions about cars; read only."""

from cheyi.vehicles.queries.elsewhere import VehicleElsewhere, elsewhere
from cheyi.vehicles.queries.history import CarFile, ReadingLine, curve_of, file_of, owners_of
from cheyi.vehicles.queries.lists import (
    MOST_ROWS,
    CarLine,
    CarPage,
    Found,
    cars_of,
    latest,
    list_page,
    models_to_choose,
    plates_of_customers,
    search,
    shown,
)
from cheyi.vehicles.queries.looking import (
    find_by_plate,
    find_by_vin,
    known,
    model_of_vin,
    seen_by,
)
from cheyi.vehicles.queries.profiles import VehicleProfile, model_name, open_recalls, profile

__all__ = [
    "MOST_ROWS",
    "CarFile",
    "CarLine",
    "CarPage",
    "Found",
    "ReadingLine",
    "VehicleElsewhere",
    "VehicleProfile",
    "cars_of",
    "curve_of",
    "elsewhere",
    "file_of",
    "find_by_plate",
    "find_by_vin",
    "known",
    "latest",
    "list_page",
    "model_name",
    "model_of_vin",
    "models_to_choose",
    "open_recalls",
    "owners_of",
    "plates_of_customers",
    "profile",
    "search",
    "seen_by",
    "shown",
]
