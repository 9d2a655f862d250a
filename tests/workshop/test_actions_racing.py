"""Two advisors open the same car at the same moment: one order, and the other one hears its number."""

from __future__ import annotations

import pytest

from cheyi.foundation.scope import everywhere, within
from cheyi.parts.models import PartsRequest
from cheyi.workshop.models import WorkOrder
from tests.foundation.racing import run_at_once
from tests.workshop.shop import open_shop

PREPARATION = """
from datetime import UTC, datetime
from cheyi.foundation.access import viewer_of
from cheyi.foundation.models import Store
from cheyi.foundation.scope import within
from cheyi.kernel import Refused
from cheyi.vehicles.models import Vehicle
from cheyi.workshop import actions
store = Store.objects.get(pk={store})
by = viewer_of({user})
now = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
with within(store):
    cars = list(Vehicle.objects.filter(pk__in={cars}).order_by("pk"))
"""
RACE = """
with within(store):
    for car in cars:
        try:
            actions.open_order(vehicle=car, jobs=[actions.JobWanted("MA001")], mileage=20400, by=by, now=now)
            print("opened")
        except Refused as refused:
            print(refused.code, refused.facts["no"])
"""
CARS = 6


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_advisors_open_the_same_cars_at_once():
    shop = open_shop()
    with within(shop.store):
        cars = [shop.car(f"沪A8000{number}", vin="", owner=False).pk for number in range(CARS)]
        people = [shop.town.person("advisor", name) for name in ("Anna", "Lina")]
    scripts = [(PREPARATION.format(store=shop.store.pk, user=one.user_id, cars=cars), RACE) for one in people]
    printed = run_at_once(scripts)
    lines = [line for answer in printed for line in answer]
    with everywhere("counting"):
        orders = list(WorkOrder.objects.order_by("pk").values_list("vehicle_id", "no", "state"))
        assert sorted(vehicle for vehicle, _, _ in orders) == cars
        assert {state for _, _, state in orders} == {"open"}
        assert PartsRequest.objects.count() == CARS
    assert lines.count("opened") == CARS
    assert sorted(line for line in lines if line != "opened") == sorted(
        f"workshop.order.car_has_order {no}" for _, no, _ in orders
    )
