"""What the database itself refuses of cars."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from cheyi.vehicles.models import Plate, Vehicle, VehicleOwnership
from tests.customers.people import NOW
from tests.vehicles.cars import OTHER_VIN, PLATE, VIN, add_car

TODAY = date(2026, 6, 15)


def refused(act) -> bool:
    try:
        with transaction.atomic():
            act()
    except IntegrityError:
        return True
    return False


@pytest.fixture
def vehicle(street):
    return add_car(street, owner=street.add())


def row(street, **fields) -> Vehicle:
    return Vehicle(group=street.town.group, created_at=NOW, updated_at=NOW, **fields)


def test_vin_and_plate_stand_once_in_a_group_and_one_of_them_is_there(street, vehicle):
    assert refused(row(street, vin=VIN).save)
    assert refused(row(street, plate=PLATE).save)
    assert refused(row(street).save)
    assert not refused(row(street, vin=OTHER_VIN).save)


def test_a_mileage_beyond_two_million_is_refused(street, vehicle):
    assert refused(lambda: Vehicle.objects.filter(pk=vehicle.pk).update(last_mileage=2_000_001))


def test_a_car_carries_one_plate_and_a_plate_is_on_one_car(street, vehicle):
    other = row(street, vin=OTHER_VIN)
    other.save()
    fields = {"group": street.town.group, "from_on": TODAY, "created_at": NOW}
    assert refused(Plate(vehicle=vehicle, number="沪B80002", **fields).save)
    assert refused(Plate(vehicle=other, number=PLATE, **fields).save)
    assert refused(Plate(vehicle=other, number="沪C80003", until_on=date(2026, 6, 14), **fields).save)
    assert not refused(Plate(vehicle=other, number=PLATE, until_on=TODAY, **fields).save)


def test_a_car_has_one_owner_at_a_time(street, vehicle):
    other = street.add("李梅", "13911112222")
    fields = {"group": street.town.group, "vehicle": vehicle, "customer": other, "from_on": TODAY, "created_at": NOW}
    assert refused(VehicleOwnership(role="owner", **fields).save)
    assert not refused(VehicleOwnership(role="user", **fields).save)
    assert refused(VehicleOwnership(role="user", **fields).save)
