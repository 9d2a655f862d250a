"""What must hold of cars at every moment (reliability.md 3)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F

from cheyi.foundation.invariants import invariant
from cheyi.foundation.models import SearchKey
from cheyi.vehicles.models import Plate, Vehicle, VehicleOwnership, VehicleStore


@invariant("I13")
def plates_agree_with_their_history() -> Iterator[str]:
    """A car's plate is the one open row of its history, and no plate is open on two cars."""
    open_plates = dict(Plate.objects.filter(until_on=None).values_list("vehicle_id", "number"))
    for pk, plate in Vehicle.objects.values_list("pk", "plate").iterator():
        if plate != open_plates.get(pk, ""):
            yield f"car {pk} carries {plate or 'no plate'}, its history says {open_plates.get(pk, 'none')}"


@invariant("I13")
def a_car_has_one_owner() -> Iterator[str]:
    """A car has at most one owner at a time."""
    owners = VehicleOwnership.objects.filter(role="owner", until_on=None).values("vehicle_id")
    for row in owners.annotate(count=Count("pk")).filter(count__gt=1):
        yield f"car {row['vehicle_id']} has {row['count']} owners"


@invariant("I7")
def cars_are_known_within_their_group() -> Iterator[str]:
    """A store knows cars of its own group only, and each car is known to some store."""
    for row in VehicleStore.objects.exclude(vehicle__group_id=F("store__group_id")).iterator():
        yield f"store {row.store_id} knows car {row.vehicle_id} of another group"
    for vehicle in Vehicle.objects.exclude(pk__in=VehicleStore.objects.values("vehicle_id")).iterator():
        yield f"car {vehicle.pk} is known to no store"


@invariant("I2")
def known_cars_are_found() -> Iterator[str]:
    """Every car has search keys in each store that knows it, and in no other."""
    keyed: set[tuple[int | None, int]] = set(
        SearchKey.objects.filter(thing="vehicle").values_list("store_id", "target_id").distinct()
    )
    known: set[tuple[int | None, int]] = set(VehicleStore.objects.values_list("store_id", "vehicle_id"))
    for store, vehicle in sorted(known - keyed, key=str):
        yield f"car {vehicle} cannot be found in store {store}"
    for store, vehicle in sorted(keyed - known, key=str):
        yield f"car {vehicle} is found in store {store}, which does not know it"
