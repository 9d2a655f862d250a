"""Whose car it is, who uses it, who pays for it, who brings it."""

from __future__ import annotations

from datetime import date, datetime

from cheyi.customers.models import Customer
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, inverse, lock
from cheyi.foundation.models import Store
from cheyi.kernel import Refused
from cheyi.vehicles.events import OwnerChanged
from cheyi.vehicles.models import Vehicle, VehicleOwnership
from cheyi.vehicles.words import owner_back


@act
def change_owner(
    vehicle: Vehicle, *, owner: Customer, store: Store, by: Viewer, now: datetime, from_on: date | None = None
) -> Vehicle:
    """Write that a car belongs to somebody else (过户) from a day on, today unless said; nothing when it does already.

    Raises Refused ``vehicles.owner.before_former`` for a day before the former owner's first.
    """
    vehicle = lock(vehicle)
    on = from_on or store.business_date(now)
    former = VehicleOwnership.objects.filter(vehicle=vehicle, role="owner", until_on=None).first()
    if former is not None and former.customer_id == owner.pk:
        return vehicle
    if former is not None:
        if on < former.from_on:
            raise Refused("vehicles.owner.before_former", field="from_on", since=former.from_on.isoformat())
        former.until_on = on
        former.save(update_fields=["until_on"])
    bind(vehicle, owner, role=VehicleOwnership.Role.OWNER, on=on, by=by, now=now)
    former_id = former.customer_id if former else None
    undo = ("vehicles.vehicle.change_owner", {"vehicle_id": vehicle.pk, "former_id": former_id, "to_id": owner.pk})
    audit(by, "vehicles.vehicle.owner_changed", vehicle, now=now, undo=undo, owner=owner.pk, former=former_id)
    announce(
        OwnerChanged(
            vehicle_id=vehicle.pk, customer_id=owner.pk, former_id=former_id, store_id=store.pk, happened_at=now
        )
    )
    return vehicle


@inverse("vehicles.vehicle.change_owner")
def undo_owner(*, vehicle_id: int, former_id: int | None, to_id: int, by: Viewer, now: datetime) -> str:
    """Give the car back to its former owner, or to nobody. Raises Refused when it has changed hands again."""
    vehicle = lock(Vehicle.objects.get(pk=vehicle_id))
    present = VehicleOwnership.objects.filter(vehicle=vehicle, role="owner", until_on=None).first()
    if present is None or present.customer_id != to_id:
        raise Refused("foundation.undo.impossible")
    store = Store.objects.get(pk=by.store_id or 0)
    if former_id is None:
        unbind(present, on=store.business_date(now), by=by, now=now)
    else:
        change_owner(vehicle, owner=Customer.objects.get(pk=former_id), store=store, by=by, now=now)
    return owner_back()


@act
def add_person(
    vehicle: Vehicle, *, customer: Customer, role: str, store: Store, by: Viewer, now: datetime
) -> VehicleOwnership:
    """Write who uses a car, pays for it or brings it; harmless when it is written. Owners go by ``change_owner``.

    Raises Refused ``vehicles.owner.unknown_role``.
    """
    if role not in {"user", "payer", "sender"}:
        raise Refused("vehicles.owner.unknown_role", field="role", role=role)
    vehicle = lock(vehicle)
    row = VehicleOwnership.objects.filter(vehicle=vehicle, customer=customer, role=role, until_on=None).first()
    if row is None:
        row = bind(vehicle, customer, role=role, on=store.business_date(now), by=by, now=now)
        audit(by, "vehicles.vehicle.person_added", vehicle, now=now, customer=customer.pk, role=role)
    return row


@act
def end_person(ownership: VehicleOwnership, *, store: Store, by: Viewer, now: datetime) -> None:
    """Somebody no longer uses, pays for or brings the car. Harmless when it has ended."""
    ownership = lock(ownership)
    if ownership.until_on is None:
        unbind(ownership, on=store.business_date(now), by=by, now=now)


def bind(vehicle: Vehicle, customer: Customer, *, role: str, on: date, by: Viewer, now: datetime) -> VehicleOwnership:
    """The row that ties somebody to a car; inside an act."""
    row = VehicleOwnership(
        group_id=vehicle.group_id,
        vehicle=vehicle,
        customer=customer,
        role=role,
        from_on=on,
        created_at=now,
        created_by_id=by.user_id,
    )
    row.save(force_insert=True)
    return row


def unbind(ownership: VehicleOwnership, *, on: date, by: Viewer, now: datetime) -> None:
    """End what ties somebody to a car; inside an act."""
    ownership.until_on = max(on, ownership.from_on)
    ownership.save(update_fields=["until_on"])
    audit(
        by,
        "vehicles.vehicle.person_ended",
        ownership.vehicle,
        now=now,
        customer=ownership.customer_id,
        role=ownership.role,
    )
