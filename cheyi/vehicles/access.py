"""What may be done with cars, and getters that return only what the viewer may see."""

from __future__ import annotations

from django.db.models import QuerySet

from cheyi.customers.queries import whose
from cheyi.foundation.access import Viewer, permission
from cheyi.vehicles.models import Vehicle, VehicleOwnership
from cheyi.vehicles.queries.looking import one_seen_by, seen_by

VIEW = permission("vehicles.vehicle.view", capability="vehicle_file", letter="V")
ADD = permission("vehicles.vehicle.add", capability="vehicle_file", letter="E")
EDIT = permission("vehicles.vehicle.edit", capability="vehicle_file", letter="E")
ADOPT = permission("vehicles.vehicle.adopt", capability="vehicle_file", letter="E")
MILEAGE = permission("vehicles.vehicle.record_mileage", capability="vehicle_file", letter="E")
OWNER = permission("vehicles.vehicle.change_owner", capability="vehicle_file", letter="E")
CATALOGUE = permission("vehicles.model.edit", capability="price_lists", letter="A")
PLATE = permission("vehicles.vehicle.change_plate", capability="vehicle_file", letter="E")


def vehicles(viewer: Viewer) -> QuerySet[Vehicle]:
    """The cars that the viewer may see."""
    return seen_by(viewer)


def vehicle(viewer: Viewer, vehicle_id: int) -> Vehicle:
    """One of them. Raises Vehicle.DoesNotExist, which answers 404."""
    return one_seen_by(viewer, vehicle_id)


def vehicle_to_edit(viewer: Viewer, vehicle_id: int) -> Vehicle:
    """A car whose file the viewer may change. Raises Vehicle.DoesNotExist."""
    return seen_by(viewer, EDIT.code).get(pk=vehicle_id)


def ownership(viewer: Viewer, ownership_id: int) -> VehicleOwnership:
    """Who has to do with a car whose file the viewer may change. Raises VehicleOwnership.DoesNotExist."""
    found: VehicleOwnership = VehicleOwnership.objects.get(
        whose("vehicle_id", seen_by(viewer, EDIT.code)), pk=ownership_id
    )
    return found
