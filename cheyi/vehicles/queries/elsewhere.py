"""Cars that only sister stores know: found by a whole plate or VIN, shown masked (design.md 13)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from cheyi.customers.engine import plates, vins
from cheyi.customers.queries import may_see_shared
from cheyi.customers.rules.texts import plain
from cheyi.foundation import masks
from cheyi.foundation.models import Store
from cheyi.foundation.scope import everywhere
from cheyi.vehicles.models import Vehicle, VehicleOwnership, VehicleStore


@dataclass(frozen=True, slots=True)
class VehicleElsewhere:
    """A car that sister stores know, as much of it as may be shown here."""

    vehicle_id: int
    plate: str
    vin: str
    model_name: str
    stores: tuple[str, ...]


def elsewhere(text: str, *, store: Store) -> list[VehicleElsewhere]:
    """Which car of the group has this whole plate or VIN and is not known here; masked. Empty for a part of one."""
    return [
        VehicleElsewhere(
            row.pk,
            masks.plate(row.plate),
            masks.vin(row.vin),
            row.model_text,
            tuple(name for _, name in _known_at(row)),
        )
        for row in strangers(text, store=store)
    ]


def strangers(text: str, *, store: Store) -> list[Vehicle]:
    """The rows behind ``elsewhere``, for the action that makes one known.

    A car is shown when a store of the same legal entity knows it, or its owner consented to sharing in the group.
    """
    plate, vin = plates.normalise(plain(text)), vins.normalise(plain(text))
    wanted = Q(plate=plate) if len(plate) >= 7 else Q(pk=None)
    if len(vin) == vins.LENGTH:
        wanted |= Q(vin=vin)
    here = VehicleStore.objects.filter(store=store).values("vehicle_id")
    rows = Vehicle.objects.filter(wanted, group_id=store.group_id).exclude(pk__in=here).order_by("pk")
    return [row for row in rows if _showable(row, store)]


def _showable(vehicle: Vehicle, store: Store) -> bool:
    with everywhere("whether a store of the same legal entity knows this car"):
        rows = VehicleStore.objects.filter(vehicle=vehicle, store__legal_entity_id=store.legal_entity_id)
        if rows.exists():
            return True
    owner = VehicleOwnership.objects.filter(vehicle=vehicle, role="owner", until_on=None).first()
    return owner is not None and may_see_shared(owner.customer_id, store=store)


def _known_at(vehicle: Vehicle) -> list[tuple[int, str]]:
    with everywhere("which stores of the group know this car"):
        rows = VehicleStore.objects.filter(vehicle=vehicle, store__group_id=vehicle.group_id)
        return list(rows.order_by("store__code").values_list("store_id", "store__name"))
