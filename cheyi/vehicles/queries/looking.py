"""Finding cars that the open store knows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from cheyi.customers.engine import plates, vins
from cheyi.customers.rules.texts import plain
from cheyi.foundation.access import Viewer
from cheyi.foundation.questions import Question
from cheyi.vehicles.models import Vehicle, VehicleStore
from cheyi.vehicles.rules.naming import vin_stem

VIEW = "vehicles.vehicle.view"
AGREEING_CARS = 3


def known() -> QuerySet[Vehicle]:
    """The cars that the stores of the scope know."""
    rows: QuerySet[Vehicle] = Vehicle.objects.filter(_is_known())
    return rows


def _is_known(**more: Any) -> Exists:
    """Asked car by car: the list of all that a store knows is long."""
    return Exists(VehicleStore.objects.filter(vehicle_id=OuterRef("pk"), **more))


KNOWN = Question(lambda vehicle: known().filter(pk=vehicle))
HIS_OWN = Question(lambda vehicle, employee: Vehicle.objects.filter(_is_known(advisor_id=employee), pk=vehicle))


def seen_by(viewer: Viewer, permission: str = VIEW) -> QuerySet[Vehicle]:
    """Which cars a viewer may see under a permission: known ones; with group reach all; with own reach his own."""
    reach = viewer.reach(permission)
    if reach == "group":
        rows: QuerySet[Vehicle] = Vehicle.objects.all()
        return rows
    if reach == "store":
        return known()
    if reach == "own" and viewer.employee_id:
        own: QuerySet[Vehicle] = Vehicle.objects.filter(_is_known(advisor_id=viewer.employee_id))
        return own
    nothing: QuerySet[Vehicle] = Vehicle.objects.none()
    return nothing


def one_seen_by(viewer: Viewer, vehicle_id: int) -> Vehicle:
    """A car that the viewer may see. Raises Vehicle.DoesNotExist."""
    reach = viewer.reach(VIEW)
    if reach == "store":
        row = KNOWN.first(vehicle=vehicle_id)
    elif reach == "own" and viewer.employee_id:
        row = HIS_OWN.first(vehicle=vehicle_id, employee=viewer.employee_id)
    else:
        row = seen_by(viewer).filter(pk=vehicle_id).first()
    if row is None:
        raise Vehicle.DoesNotExist
    return row


def find_by_plate(text: str) -> Vehicle | None:
    """The known car that carries this whole plate now."""
    plate = plates.normalise(plain(text))
    return known().filter(plate=plate).first() if plate else None


def find_by_vin(text: str) -> Vehicle | None:
    """The known car with this whole VIN."""
    vin = vins.normalise(plain(text))
    return known().filter(vin=vin).first() if vin else None


def in_order(rows: QuerySet[Vehicle], ids: Collection[int]) -> list[Vehicle]:
    """The rows with these ids, in the order of the ids."""
    found = {row.pk: row for row in rows.filter(pk__in=ids).select_related("model__series__brand")}
    return [found[one] for one in dict.fromkeys(ids) if one in found]


def model_of_vin(text: str) -> int | None:
    """The model that a VIN's beginning tells, when at least three of the group's cars agree and none differs."""
    stem = vin_stem(vins.normalise(text))
    if not stem:
        return None
    rows = Vehicle.objects.filter(vin_stem=stem).exclude(model=None).values_list("model_id", flat=True)[:50]
    models = list(rows)
    return models[0] if len(models) >= AGREEING_CARS and len(set(models)) == 1 else None
