"""Facts about cars."""

from __future__ import annotations

from datetime import date

from cheyi.foundation.events import Event, fact


@fact("vehicles.vehicle.added")
class VehicleAdded(Event):
    """A car is on file."""

    vehicle_id: int


@fact("vehicles.vehicle.adopted")
class VehicleAdopted(Event):
    """A store knows a car from now on that only sister stores knew before."""

    vehicle_id: int


@fact("vehicles.vehicle.changed")
class VehicleChanged(Event):
    """Something in the car's file changed; ``fields`` are the names of the columns."""

    vehicle_id: int
    fields: tuple[str, ...]


@fact("vehicles.vehicle.mileage_recorded")
class MileageRecorded(Event):
    """The odometer was read; ``counts`` is False for a doubtful reading."""

    vehicle_id: int
    km: int
    counts: bool


@fact("vehicles.vehicle.owner_changed")
class OwnerChanged(Event):
    """The car has another owner; ``former_id`` is None when none was known."""

    vehicle_id: int
    customer_id: int
    former_id: int | None


@fact("vehicles.vehicle.plate_changed")
class PlateChanged(Event):
    """The car carries another plate, or none (empty)."""

    vehicle_id: int
    plate: str
    former: str


@fact("vehicles.vehicle.service_planned")
class ServicePlanned(Event):
    """The next service is due on a day or at a mileage, whichever comes first."""

    vehicle_id: int
    due_on: date | None
    due_km: int | None


@fact("vehicles.vehicle.recall_open")
class RecallOpen(Event):
    """A recall names a car that is on file."""

    vehicle_id: int
    recall_id: int
