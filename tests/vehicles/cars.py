"""Cars for the tests: numbers with a right check digit, and the verbs inside a store's scope."""

from __future__ import annotations

from typing import Any

from cheyi.foundation.models import Store
from cheyi.foundation.scope import within
from cheyi.vehicles import actions
from cheyi.vehicles.models import Vehicle, VehicleModel
from tests.customers.people import NOW, Street

PLATE, GREEN = "沪A80001", "沪AD80001"
VIN, OTHER_VIN = "LSVAA4184N2183294", "LGXCE4CB9P0123456"


def add_car(street: Street, plate: str = PLATE, vin: str = VIN, *, store: Store | None = None, **more: Any) -> Vehicle:
    at = store or street.home
    with within(at):
        return actions.add(plate=plate, vin=vin, store=at, by=street.advisor(at), now=NOW, **more)


def seal_model(street: Street) -> VehicleModel:
    """海豹, battery-electric, with service every 10,000 km or 12 months."""
    by = street.advisor()
    brand = actions.put_brand(code="BYD", name="比亚迪", name_en="BYD", store=street.home, by=by, now=NOW)
    series = actions.put_series(brand=brand, code="SEAL", name="海豹", by=by, now=NOW)
    return actions.put_model(
        series=series,
        code="SEAL-550",
        name="海豹 550km 精英型",
        energy="bev",
        by=by,
        now=NOW,
        battery_warranty_months=96,
        battery_warranty_km=150_000,
    )
