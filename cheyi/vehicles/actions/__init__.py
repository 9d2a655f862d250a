"""The verbs on cars; the only code that writes their tables."""

from cheyi.vehicles.actions.adding import Details, add
from cheyi.vehicles.actions.bulk import BulkRow, Outcome, bulk_add
from cheyi.vehicles.actions.catalogue import put_brand, put_model, put_series
from cheyi.vehicles.actions.editing import edit
from cheyi.vehicles.actions.knowing import adopt, date_visits, know
from cheyi.vehicles.actions.mileage import (
    PaperReading,
    keep_readings,
    record_mileage,
    record_service,
    set_daily_km,
    set_next_service,
)
from cheyi.vehicles.actions.owners import add_person, change_owner, end_person
from cheyi.vehicles.actions.plates import change_plate
from cheyi.vehicles.actions.recalls import close_recall, open_recall

__all__ = [
    "BulkRow",
    "Details",
    "Outcome",
    "PaperReading",
    "add",
    "add_person",
    "adopt",
    "bulk_add",
    "change_owner",
    "change_plate",
    "close_recall",
    "date_visits",
    "edit",
    "end_person",
    "keep_readings",
    "know",
    "open_recall",
    "put_brand",
    "put_model",
    "put_series",
    "record_mileage",
    "record_service",
    "set_daily_km",
    "set_next_service",
]
