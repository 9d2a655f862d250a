"""Under which texts a car is found in each store that knows it (design.md 5)."""

from __future__ import annotations

from collections.abc import Sequence

from cheyi.customers.engine import plates, vins
from cheyi.foundation import search
from cheyi.foundation.models import Store
from cheyi.foundation.scope import everywhere
from cheyi.foundation.search import Key
from cheyi.foundation.searchkeys import folded
from cheyi.vehicles.models import Vehicle, VehicleStore

THING = "vehicle"


def keys_of(vehicle: Vehicle) -> tuple[Key, ...]:
    """The plate with each of its tails, the VIN with its last eight, six and four; whole numbers first."""
    return tuple(
        Key(folded(text), int(place > 0))
        for texts in (plates.plate_keys(vehicle.plate), vins.vin_keys(vehicle.vin))
        for place, text in enumerate(texts)
    )


def write_for(vehicle: Vehicle, stores: Sequence[Store], *, fresh: bool = False) -> None:
    """Write the keys for some stores that know it; ``fresh`` says that they have none of it yet."""
    keys = keys_of(vehicle)
    sets = [search.KeySet(store.group_id, store.pk, THING, vehicle.pk, keys) for store in stores]
    search.write_keys_many(sets, fresh=fresh)


def rewrite(vehicle: Vehicle) -> None:
    """Write the keys anew in every store that knows it, after its plate or VIN has changed."""
    with everywhere("a car is found by its new plate in every store that knows it"):
        rows = VehicleStore.objects.filter(vehicle=vehicle, store__group_id=vehicle.group_id)
        write_for(vehicle, [row.store for row in rows.select_related("store").order_by("store_id")])
