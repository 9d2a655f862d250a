"""``cheyi check`` finds a car whose plate, keys or store do not fit, and nothing on sound ground."""

from __future__ import annotations

import pytest

from cheyi.foundation.invariants import check
from cheyi.foundation.models import SearchKey
from cheyi.vehicles import actions
from cheyi.vehicles.models import Vehicle
from tests.customers.people import NOW
from tests.vehicles.cars import PLATE, add_car


def found() -> list[str]:
    return [
        violation
        for finding in check()
        if finding.invariant.proof.__module__ == "cheyi.vehicles.invariants"
        for violation in finding.violations
    ]


@pytest.fixture
def vehicle(street):
    return add_car(street, owner=street.add())


def test_sound_ground_has_no_violations_through_a_cars_life(street, vehicle):
    by = street.advisor()
    actions.change_plate(vehicle, plate="沪B80002", store=street.home, by=by, now=NOW)
    actions.change_owner(vehicle, owner=street.add("李梅", "13911112222"), store=street.home, by=by, now=NOW)
    add_car(street, "沪B80002", "", store=street.near)
    assert found() == []


def test_a_plate_that_its_history_does_not_know_is_found(vehicle):
    Vehicle.objects.filter(pk=vehicle.pk).update(plate="沪C80003")
    assert found() == [f"car {vehicle.pk} carries 沪C80003, its history says {PLATE}"]


def test_a_car_that_cannot_be_found_is_found(street, vehicle):
    SearchKey.objects.filter(thing="vehicle").delete()
    assert found() == [f"car {vehicle.pk} cannot be found in store {street.home.pk}"]
