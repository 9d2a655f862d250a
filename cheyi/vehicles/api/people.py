"""Who uses a car, until when; its next service and its recalls."""

from __future__ import annotations

from typing import Any

from ninja import Field, Router

from cheyi.foundation.api import Body, Day, Nothing, verb
from cheyi.vehicles import access, actions, queries
from cheyi.vehicles.api.cars import VehicleOut

router = Router()


class NextServiceIn(Body):
    """When the next service is due: a day, a mileage, or both, whichever comes first."""

    on: Day | None = None
    km: int | None = Field(default=None, ge=0, le=2_000_000)


class RecallDoneIn(Body):
    """Which recall was done, and when."""

    code: str = Field(min_length=1, max_length=30)
    on: Day


@verb(router, "/ownerships/{int:ownership_id}/end", permission="vehicles.vehicle.change_owner", response=VehicleOut)
def end_person(request: Any, ownership_id: int, body: Nothing) -> Any:
    """Somebody no longer uses, pays for or brings the car."""
    del body
    row = access.ownership(request.viewer, ownership_id)
    actions.end_person(row, store=request.store, by=request.viewer, now=request.now)
    return queries.profile(row.vehicle_id, request.viewer)


@verb(router, "/vehicles/{int:vehicle_id}/set-next-service", permission="vehicles.vehicle.edit", response=VehicleOut)
def set_next_service(request: Any, vehicle_id: int, body: NextServiceIn) -> Any:
    """Write when the next service is due."""
    row = access.vehicle_to_edit(request.viewer, vehicle_id)
    actions.set_next_service(row, on=body.on, km=body.km, by=request.viewer, now=request.now)
    return queries.profile(vehicle_id, request.viewer)


@verb(router, "/vehicles/{int:vehicle_id}/close-recall", permission="vehicles.vehicle.edit", response=VehicleOut)
def close_recall(request: Any, vehicle_id: int, body: RecallDoneIn) -> Any:
    """Write that a recall was done on a car."""
    row = access.vehicle_to_edit(request.viewer, vehicle_id)
    actions.close_recall(row, code=body.code, on=body.on, by=request.viewer, now=request.now)
    return queries.profile(vehicle_id, request.viewer)
