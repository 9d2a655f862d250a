"""Two colleagues at one car's file at the same moment, in real processes: both fields hold, of one field only one."""

from __future__ import annotations

import pytest

from cheyi.foundation.scope import everywhere
from cheyi.vehicles.models import Vehicle
from tests.customers.people import open_street
from tests.foundation.org import hire
from tests.foundation.racing import run_at_once
from tests.vehicles.cars import add_car

PREPARATION = """
from datetime import UTC, date, datetime
from cheyi.foundation.access import viewer_of
from cheyi.foundation.models import Store
from cheyi.foundation.scope import within
from cheyi.foundation.sources import Source
from cheyi.kernel import Refused
from cheyi.vehicles import actions
from cheyi.vehicles.models import Vehicle
store = Store.objects.get(pk={store})
by = viewer_of({user})
said = dict(store=store, by=by, now=datetime(2026, 6, 15, 1, 0, tzinfo=UTC))
with within(store):
    seen = list(Vehicle.objects.order_by("pk"))
"""
RACE = """
with within(store):
    for number, car in enumerate(seen):
        try:
            {act}
            print("kept")
        except Refused as refused:
            print(refused.code)
"""
PLATE = 'actions.change_plate(car, plate=f"沪{letter}9000{{number}}", version=car.version, **said)'
MILEAGE = 'actions.record_mileage(car, km={km}, source=Source("x", 1), version=car.version, **said)'
DUE = "actions.edit(car, version=car.version, inspection_due_on=date(2027, 1, 1), **said)"
CARS = 6
CHANGED = "vehicles.vehicle.changed_meanwhile"


def race(*acts: str) -> tuple[list[list[str]], list[Vehicle]]:
    """What people printed who each act on six cars at once, and the cars afterwards."""
    street = open_street()
    for number in range(CARS):
        add_car(street, f"沪A8000{number}", "")
    people = [hire(street.home, "advisor", f"顾问{at}") for at in range(len(acts))]
    printed = run_at_once(
        [
            (PREPARATION.format(store=street.home.pk, user=by.user_id), RACE.replace("{act}", act))
            for by, act in zip(people, acts, strict=True)
        ]
    )
    with everywhere("looking afterwards"):
        return printed, list(Vehicle.objects.order_by("pk"))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_plate_mileage_and_inspection_of_the_same_cars_all_hold():
    acts = (PLATE.format(letter="B"), MILEAGE.format(km=200), DUE)
    printed, cars = race(*acts)
    assert printed == [["kept"] * CARS] * 3
    assert [car.plate for car in cars] == [f"沪B9000{number}" for number in range(CARS)]
    assert {(car.last_mileage, str(car.inspection_due_on), car.version) for car in cars} == {(200, "2027-01-01", 4)}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("acts", "values", "field"),
    [
        ([PLATE.format(letter=letter) for letter in "BC"], ["沪B9000{}", "沪C9000{}"], "plate"),
        ([MILEAGE.format(km=km) for km in (200, 300)], ["200", "300"], "last_mileage"),
    ],
    ids=["plate", "mileage"],
)
def test_of_the_same_field_one_holds_and_the_other_hears_of_it(acts, values, field):
    printed, cars = race(*acts)
    for number, (car, *said) in enumerate(zip(cars, *printed, strict=True)):
        assert set(said) == {CHANGED, "kept"}
        assert (str(getattr(car, field)), car.version) == (values[said.index("kept")].format(number), 2)
