"""The tables of the vehicles package."""

from cheyi.vehicles.models.catalogue import Brand, Series, VehicleModel
from cheyi.vehicles.models.history import MileageReading, Plate, VehicleOwnership
from cheyi.vehicles.models.recalls import Recall, RecallVehicle
from cheyi.vehicles.models.vehicles import Vehicle, VehicleStore

__all__ = [
    "Brand",
    "MileageReading",
    "Plate",
    "Recall",
    "RecallVehicle",
    "Series",
    "Vehicle",
    "VehicleModel",
    "VehicleOwnership",
    "VehicleStore",
]
