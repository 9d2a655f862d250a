"""The verbs and questions on cars for machines: ``/api/v1/vehicles``. Mileage in km; phones are masked."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Field, Router, Schema

from cheyi.customers import access as customers
from cheyi.foundation.api import Body, Cursor, Day, Id, question, turned, verb
from cheyi.foundation.sources import Source
from cheyi.vehicles import access, actions, queries
from cheyi.vehicles.models import VehicleModel
from cheyi.vehicles.queries import VehicleProfile

router = Router()
Text = Annotated[str, Field(max_length=80)]
Search = Annotated[str, Field(max_length=60)]
Km = Annotated[int, Field(ge=-(10**9), le=10**9)]


class OwnerOut(Schema):
    """The owner in one line; the mobile is masked."""

    id: int
    name: str
    mobile: str


class VehicleOut(Schema):
    """A car; ``owner`` is missing where it is unknown or not to be seen. ``version`` goes back with a change."""

    id: int
    version: int
    plate: str
    plate_kind: str
    vin: str
    brand_name: str
    series_name: str
    model_id: int | None
    model_name: str
    model_year: int | None
    energy: str
    body_colour: str
    status: str
    owner: OwnerOut | None
    last_mileage: int | None
    last_mileage_on: date | None
    last_service_on: date | None
    last_service_km: int | None
    next_service_on: date | None
    next_service_km: int | None
    warranty_until: date | None
    warranty_km: int | None
    insurance_until: date | None
    inspection_due_on: date | None
    last_visit_on: date | None
    open_recalls: list[str]


class CarLineOut(Schema):
    """A car in a list."""

    id: int
    plate: str
    vin: str
    model_name: str
    last_mileage: int | None
    status: str
    owner: OwnerOut | None


class VehiclesOut(Schema):
    """Cars that a search found, or a page of all; at most 50. ``next`` is the cursor of the following page."""

    vehicles: list[CarLineOut]
    next: int | None = None


class CarElsewhereOut(Schema):
    """A car that only sister stores know, masked."""

    vehicle_id: int
    plate: str
    vin: str
    model_name: str
    stores: list[str]


class CarsElsewhereOut(Schema):
    """Which car of the group has a whole plate or VIN."""

    vehicles: list[CarElsewhereOut]


class CarFieldsIn(Body):
    """What may be known of a car; what is left out stays as it is."""

    model_id: Id | None = None
    model_text: Text | None = None
    model_year: Annotated[int, Field(ge=1900, le=2200)] | None = None
    energy: Text | None = None
    use: Text | None = None
    engine_no: Text | None = None
    motor_no: Text | None = None
    battery_pack_no: Text | None = None
    body_colour: Text | None = None
    insurer: Text | None = None
    purchase_on: Day | None = None
    first_registered_on: Day | None = None
    warranty_until: Day | None = None
    warranty_km: Annotated[int, Field(ge=0, le=2_000_000)] | None = None
    insurance_until: Day | None = None
    inspection_due_on: Day | None = None
    confirmed: list[Text] = Field(default_factory=list, max_length=10)

    def typed(self) -> dict[str, Any]:
        """The fields that were sent; the model by its id."""
        apart = {"model_id", "confirmed", "plate", "plate_kind", "owner_id", "version"}
        sent = self.model_dump(exclude_unset=True, exclude=apart)
        texts = {name for name, kind in type(self).model_fields.items() if "str" in str(kind.annotation)}
        found = {name: value for name, value in sent.items() if value is not None or name not in texts}
        if "model_id" in self.model_fields_set:
            found["model"] = VehicleModel.objects.get(pk=self.model_id) if self.model_id else None
        return found


class AddCarIn(CarFieldsIn):
    """A new car: plate or VIN is enough."""

    plate: Text = ""
    plate_kind: Text = ""
    vin: Text = ""
    owner_id: Id | None = None


class ChangeCarIn(CarFieldsIn):
    """A change, with the version that was read."""

    version: int
    vin: Text | None = None
    next_service_on: Day | None = None
    next_service_km: Annotated[int, Field(ge=0, le=2_000_000)] | None = None
    note: Annotated[str, Field(max_length=400)] | None = None


class ReadingIn(Body):
    """A reading; ``reason`` for an odd one: replaced, typo, doubtful, checked; ``version`` as for the plate."""

    km: Km
    reason: Annotated[str, Field(max_length=20)] = ""
    version: int | None = None


class PlateIn(Body):
    """Another plate, or none (empty); with ``version`` only when nobody has changed it since."""

    version: int | None = None

    plate: Text = ""
    plate_kind: Text = ""
    confirmed: list[Text] = Field(default_factory=list, max_length=10)


class OwnerIn(Body):
    """The new owner, a customer whom the store knows."""

    customer_id: Id
    from_on: Day | None = None


class PersonIn(Body):
    """Somebody who uses the car, pays for it or brings it: user, payer, sender."""

    customer_id: Id
    role: Annotated[str, Field(max_length=10)]


class PlateOrVinIn(Body):
    """A whole plate or VIN."""

    number: Text


@question(router, "/vehicles", permission="vehicles.vehicle.view", response=VehiclesOut)
def vehicles(request: Any, q: Search = "", after: Cursor | None = None) -> dict[str, Any]:
    """Known cars by plate, VIN or owner; without ``q`` those that came last. At most 50.

    With ``after`` (0 for the beginning) all of them page by page, in the order of their ids, when ``q`` is empty.
    """
    if after is not None and not q.strip():
        rows, following = turned(queries.seen_by(request.viewer), after)
        return {"vehicles": queries.shown([row.pk for row in rows], request.viewer), "next": following}
    if not q.strip():
        return {"vehicles": queries.latest(request.viewer)}
    return {"vehicles": queries.search(q, store=request.store, viewer=request.viewer).cars}


@question(router, "/vehicles/{int:vehicle_id}", permission="vehicles.vehicle.view", response=VehicleOut)
def vehicle(request: Any, vehicle_id: int) -> VehicleProfile:
    """One car."""
    return queries.profile(vehicle_id, request.viewer)


@verb(router, "/vehicles", permission="vehicles.vehicle.add", response=VehicleOut)
def add(request: Any, body: AddCarIn) -> VehicleProfile:
    """Put a car on file, or link the one that a sister store knows."""
    row = actions.add(
        plate=body.plate,
        plate_kind=body.plate_kind,
        owner=customers.customer(request.viewer, body.owner_id) if body.owner_id else None,
        confirmed=tuple(body.confirmed),
        **body.typed(),
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    return queries.profile(row.pk, request.viewer)


@verb(router, "/vehicles/{int:vehicle_id}/edit", permission="vehicles.vehicle.edit", response=VehicleOut)
def edit(request: Any, vehicle_id: int, body: ChangeCarIn) -> VehicleProfile:
    """Change the fields that are sent."""
    actions.edit(
        access.vehicle_to_edit(request.viewer, vehicle_id),
        version=body.version,
        confirmed=tuple(body.confirmed),
        **body.typed(),
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    return queries.profile(vehicle_id, request.viewer)


@verb(
    router,
    "/vehicles/{int:vehicle_id}/record-mileage",
    permission="vehicles.vehicle.record_mileage",
    response=VehicleOut,
)
def record_mileage(request: Any, vehicle_id: int, body: ReadingIn) -> VehicleProfile:
    """Keep a reading of the odometer."""
    actions.record_mileage(
        access.vehicle_to_edit(request.viewer, vehicle_id),
        km=body.km,
        reason=body.reason,
        version=body.version,
        may_undo=True,
        source=Source("vehicles.vehicle", vehicle_id),
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    return queries.profile(vehicle_id, request.viewer)


@verb(
    router, "/vehicles/{int:vehicle_id}/change-plate", permission="vehicles.vehicle.change_plate", response=VehicleOut
)
def change_plate(request: Any, vehicle_id: int, body: PlateIn) -> VehicleProfile:
    """Give the car another plate, or none."""
    actions.change_plate(
        access.vehicle_to_edit(request.viewer, vehicle_id),
        plate=body.plate,
        plate_kind=body.plate_kind,
        confirmed=tuple(body.confirmed),
        version=body.version,
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    return queries.profile(vehicle_id, request.viewer)


@verb(
    router, "/vehicles/{int:vehicle_id}/change-owner", permission="vehicles.vehicle.change_owner", response=VehicleOut
)
def change_owner(request: Any, vehicle_id: int, body: OwnerIn) -> VehicleProfile:
    """Write who owns the car now."""
    actions.change_owner(
        access.vehicle_to_edit(request.viewer, vehicle_id),
        owner=customers.customer(request.viewer, body.customer_id),
        from_on=body.from_on,
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    return queries.profile(vehicle_id, request.viewer)


@verb(router, "/vehicles/{int:vehicle_id}/add-person", permission="vehicles.vehicle.change_owner", response=VehicleOut)
def add_person(request: Any, vehicle_id: int, body: PersonIn) -> VehicleProfile:
    """Write who uses the car, pays for it or brings it."""
    actions.add_person(
        access.vehicle_to_edit(request.viewer, vehicle_id),
        customer=customers.customer(request.viewer, body.customer_id),
        role=body.role,
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    return queries.profile(vehicle_id, request.viewer)


@verb(router, "/vehicles/look-elsewhere", permission="vehicles.vehicle.adopt", response=CarsElsewhereOut)
def look_elsewhere(request: Any, body: PlateOrVinIn) -> dict[str, Any]:
    """Which car of the group has a whole plate or VIN and is not known here."""
    return {"vehicles": queries.elsewhere(body.number, store=request.store)}


@verb(router, "/vehicles/adopt", permission="vehicles.vehicle.adopt", response=VehicleOut)
def adopt(request: Any, body: PlateOrVinIn) -> VehicleProfile:
    """Take over a sister store's car that has a whole plate or VIN."""
    row = actions.adopt(number=body.number, store=request.store, by=request.viewer, now=request.now)
    return queries.profile(row.pk, request.viewer)
