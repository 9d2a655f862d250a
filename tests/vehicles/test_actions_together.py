"""Two people at one car's file: different fields both hold, the same field asks, and each change can be taken back."""

from __future__ import annotations

from datetime import date

import pytest

from cheyi.foundation.acts import undo
from cheyi.foundation.models import AuditEntry
from cheyi.foundation.scope import within
from cheyi.foundation.sources import Source
from cheyi.vehicles import actions
from cheyi.vehicles.models import Vehicle, VehicleStore
from tests.customers.people import NOW, anywhere, told
from tests.foundation.org import hire
from tests.vehicles.cars import OTHER_VIN, PLATE, VIN, add_car, seal_model

CHANGED = "vehicles.vehicle.changed_meanwhile"
DUE = {"next_service_on": date(2026, 12, 1), "next_service_km": 30_000}


def fresh(car) -> Vehicle:
    with anywhere():
        return Vehicle.objects.get(pk=car.pk)


def acting(street, by=None):
    return {"store": street.home, "by": by or street.advisor(), "now": NOW}


def edit(street, car, by=None, **changes):
    return actions.edit(car, **changes, **acting(street, by))


def change_plate(street, car, plate, by=None, **more):
    return actions.change_plate(car, plate=plate, **more, **acting(street, by))


def read(street, car, km, by=None, **more):
    return actions.record_mileage(car, km=km, source=Source("x", 1), **more, **acting(street, by))


def last() -> AuditEntry:
    return AuditEntry.objects.exclude(inverse=None).latest("pk")


def take_back(street, entry=None):
    return undo((entry or last()).uid, by=street.advisor(), now=NOW)


def test_plate_colour_mileage_and_next_service_by_four_people_all_hold(street):
    car = add_car(street)
    for name, act in {
        "甲": lambda by: change_plate(street, car, "沪B80002", by, version=1),
        "乙": lambda by: edit(street, car, by, version=1, body_colour="白"),
        "丙": lambda by: read(street, car, 24_800, by, version=1),
        "丁": lambda by: edit(street, car, by, version=1, **DUE),
    }.items():
        act(hire(street.home, "advisor", name))
    row = fresh(car)
    assert (row.plate, row.body_colour, row.last_mileage, row.version) == ("沪B80002", "白", 24_800, 5)
    assert (row.next_service_on, row.next_service_km) == (DUE["next_service_on"], DUE["next_service_km"])
    assert told("vehicles.vehicle.service_planned")[-1]["due_km"] == 30_000


def test_the_same_field_is_refused_and_nothing_is_overwritten(street):
    car = add_car(street)
    other = hire(street.home, "advisor", "王芳")
    change_plate(street, car, "沪B80002", other)
    read(street, car, 24_800, other)
    edit(street, car, other, inspection_due_on=date(2027, 1, 1), note="备胎没气")
    for mine in (
        lambda: change_plate(street, car, "沪C80003", version=1),
        lambda: read(street, car, 25_000, version=1),
        lambda: edit(street, car, version=1, inspection_due_on=date(2027, 2, 1)),
        lambda: edit(street, car, version=1, note="没备胎"),
    ):
        refused = street.refused(mine)
        assert (refused.code, refused.facts["who"]) == (CHANGED, "王芳")
    assert edit(street, car, version=1, body_colour="白").body_colour == "白"
    assert (fresh(car).plate, fresh(car).last_mileage) == ("沪B80002", 24_800)


def test_a_plate_that_another_car_took_over_counts_as_a_change_of_both(street):
    first, second = add_car(street), add_car(street, "沪B80002", OTHER_VIN)
    change_plate(street, second, PLATE, confirmed=("vehicles.vehicle.plate_taken",))
    for car in (first, second):
        refused = street.refused(lambda car=car: change_plate(street, car, "沪D80004", version=1))
        assert (refused.code, refused.field, refused.facts["who"]) == (CHANGED, "plate", "刘洋")


def test_each_change_is_taken_back(street):
    car = add_car(street, model=seal_model(street), body_colour="黑")
    read(street, car, 20_000)
    before = fresh(car)
    edit(street, car, vin=OTHER_VIN, model=None, body_colour="白", note="新", insurance_until=date(2027, 1, 1), **DUE)
    take_back(street)
    change_plate(street, car, "沪B80002")
    take_back(street)
    read(street, car, 20_300, may_undo=True)
    take_back(street)
    row = fresh(car)
    for name in ("vin", "vin_stem", "model_id", "body_colour", "insurance_until", "next_service_on", "plate"):
        assert getattr(row, name) == getattr(before, name), name
    assert (row.last_mileage, VehicleStore.objects.get(vehicle=car).note) == (20_000, "")


def test_what_a_colleague_did_to_the_field_since_is_not_taken_back(street):
    car = add_car(street)
    acts = []
    for act in (
        lambda: edit(street, car, body_colour="白"),
        lambda: change_plate(street, car, "沪B80002"),
        lambda: (read(street, car, 20_000), read(street, car, 20_300, may_undo=True)),
    ):
        act()
        acts.append(last())
    other = hire(street.home, "advisor", "王芳")
    edit(street, car, other, body_colour="灰")
    change_plate(street, car, "沪C80003", other)
    read(street, car, 20_400, other)
    for mine in acts:
        assert street.refused(lambda mine=mine: take_back(street, mine)).code == CHANGED
    assert (fresh(car).body_colour, fresh(car).plate, fresh(car).last_mileage) == ("灰", "沪C80003", 20_400)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("purchase_on", date(2026, 6, 16), "vehicles.vehicle.in_future"),
        ("first_registered_on", date(2026, 6, 16), "vehicles.vehicle.in_future"),
        ("inspection_due_on", date(2126, 6, 16), "vehicles.vehicle.too_far_off"),
        ("insurance_until", date(1926, 6, 16), "vehicles.vehicle.too_far_off"),
        ("next_service_km", 2_000_001, "vehicles.vehicle.out_of_range"),
        ("warranty_km", -1, "vehicles.vehicle.out_of_range"),
        ("model_year", 2028, "vehicles.vehicle.out_of_range"),
        ("note", "长" * 300, "vehicles.vehicle.too_long"),
        ("body_colour", "白" * 300, "vehicles.vehicle.too_long"),
        ("vin", "🚗" * 17, "customers.vin.foreign_character"),
        ("vin", VIN[:8] + "0" + VIN[9:], "vehicles.vehicle.check_digit"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(street, field, value, code):
    car = add_car(street)
    refused = street.refused(lambda: edit(street, car, **{field: value}))
    assert (refused.code, refused.field) == (code, field)


def test_a_note_stays_as_it_was_typed_and_a_plate_is_made_narrow(street):
    car = add_car(street)
    edit(street, car, note="左后门有划痕（旧），别碰。")
    change_plate(street, car, "沪Ｂ８０００２", version=fresh(car).version)
    assert VehicleStore.objects.get(vehicle=car).note == "左后门有划痕（旧），别碰。"
    assert fresh(car).plate == "沪B80002"


def test_a_store_that_does_not_know_the_car_has_no_note_on_it(street):
    car = add_car(street, store=street.near)
    with within(street.home):
        refused = street.refused(lambda: edit(street, car, note="?"))
    assert (refused.code, refused.field) == ("vehicles.vehicle.not_known_here", "note")
