"""The cars' screens: what each role may open, what stands on them, what their forms do."""

from __future__ import annotations

import re

import pytest

from cheyi.foundation.scope import within
from cheyi.vehicles.models import MileageReading, Vehicle, VehicleOwnership
from tests.customers.people import anywhere
from tests.customers.visits import browser, send
from tests.foundation.org import hire
from tests.vehicles.cars import OTHER_VIN, PLATE, VIN, add_car, seal_model


@pytest.fixture
def advisor(street):
    return browser(street.advisor())


def fresh(vehicle) -> Vehicle:
    with anywhere():
        return Vehicle.objects.get(pk=vehicle.pk)


def test_the_list_shows_known_cars_and_finds_them(street, advisor):
    vehicle = add_car(street, owner=street.add())
    add_car(street, "沪B80002", OTHER_VIN, store=street.near)
    page = advisor.get("/vehicles/").content.decode()
    assert (f"/vehicles/{vehicle.pk}" in page, "王建国" in page, "80002" in page) == (True, True, False)
    assert f"/vehicles/{vehicle.pk}" in advisor.get("/vehicles/?q=80001").content.decode()
    assert advisor.get("/vehicles/?q=nothing").status_code == 200


def test_the_file_shows_history_and_panels_on_both_cards(street, advisor):
    owner = street.add()
    vehicle = add_car(street, model=seal_model(street), owner=owner)
    send(advisor, f"/vehicles/{vehicle.pk}/mileage", mileage="24,800")
    page = advisor.get(f"/vehicles/{vehicle.pk}").content.decode()
    for text in (VIN, "海豹 550km 精英型", "王建国", "138****8000", "24,800"):
        assert text in page
    assert "13800138000" not in page
    assert f"/vehicles/{vehicle.pk}" in advisor.get(f"/customers/{owner.pk}").content.decode()


def test_a_technician_sees_the_car_but_no_owner(street):
    vehicle = add_car(street, owner=street.add())
    page = browser(hire(street.home, "technician", "赵磊")).get(f"/vehicles/{vehicle.pk}").content.decode()
    assert (VIN in page, "王建国" in page, "138****" in page, "/mileage" in page) == (True, False, False, False)


@pytest.mark.parametrize(
    ("role", "status"), [("advisor", 200), ("technician", 200), ("parts_keeper", 200), ("administrator", 403)]
)
def test_who_may_open_the_list(street, role, status):
    assert browser(hire(street.home, role, "某人")).get("/vehicles/").status_code == status


def test_a_sister_stores_car_does_not_exist_here(street, advisor):
    vehicle = add_car(street, store=street.near)
    for address in ("", "/edit", "/owner"):
        assert advisor.get(f"/vehicles/{vehicle.pk}{address}").status_code == 404
    for address in ("mileage", "plate", "owner"):
        assert send(advisor, f"/vehicles/{vehicle.pk}/{address}", mileage="1", plate="沪C80003").status_code == 404


def test_a_new_car_from_the_form_with_a_typed_plate_and_model(street, advisor):
    model = seal_model(street)
    assert advisor.get("/vehicles/new").status_code == 200
    answer = send(
        advisor,
        "/vehicles/new",
        plate="沪ad·80001",
        vin=VIN.lower(),
        model=model.pk,
        purchase_on="2026-05-01",
        energy="",
    )
    with within(street.home):
        car = Vehicle.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/vehicles/{car.pk}")
    assert (car.plate, car.vin, car.model_id, car.energy, str(car.warranty_until)) == (
        "沪AD80001",
        VIN,
        model.pk,
        "bev",
        "2029-05-01",
    )


@pytest.mark.parametrize(("text", "field"), [("沪A8K62", "plate"), (VIN, "vin"), ("方志强", "")])
def test_what_was_searched_for_stands_in_the_form_of_a_new_car(street, advisor, text, field):
    found = advisor.get("/vehicles/", {"q": text}).content.decode()
    link = re.search(r'href="(/vehicles/new\?text=[^"]+)"', found)
    page = advisor.get(link[1]).content.decode()
    filled = re.findall(r'<input type="text" name="(\w+)" id="\w+" value="([^"]+)"', page)
    assert filled == ([(field, text)] if field else [])


def test_a_wrong_ninth_digit_stands_beside_the_field_and_may_be_confirmed(street, advisor):
    wrong = "LSVAU2180N2183294"
    answer = send(advisor, "/vehicles/new", htmx=True, vin=wrong)
    assert (answer.status_code, 'data-field="vin"' in answer.content.decode()) == (422, True)
    assert send(advisor, "/vehicles/new", vin=wrong, confirmed="vehicles.vehicle.check_digit").status_code == 303


def test_a_lower_mileage_is_refused_in_place_and_taken_with_a_reason(street, advisor):
    vehicle = add_car(street)
    assert send(advisor, f"/vehicles/{vehicle.pk}/mileage", mileage="24800").status_code == 303
    answer = send(advisor, f"/vehicles/{vehicle.pk}/mileage", htmx=True, mileage="14800")
    assert (answer.status_code, 'data-field="mileage"' in answer.content.decode()) == (422, True)
    assert fresh(vehicle).last_mileage == 24_800
    send(advisor, f"/vehicles/{vehicle.pk}/mileage", mileage="14800", mileage_reason="typo")
    assert fresh(vehicle).last_mileage == 14_800
    answer = send(advisor, f"/vehicles/{vehicle.pk}/mileage", htmx=True, mileage="viel")
    assert answer.status_code == 422
    with anywhere():
        assert MileageReading.objects.count() == 2


def test_the_plate_changes_and_undo_is_offered(street, advisor):
    vehicle = add_car(street)
    answer = send(advisor, f"/vehicles/{vehicle.pk}/plate", plate="沪b·80002")
    assert (answer.status_code, fresh(vehicle).plate, "cheyi_toast" in answer.cookies) == (303, "沪B80002", True)
    assert send(advisor, f"/vehicles/{vehicle.pk}/plate", plate="沪B8000").status_code == 422
    assert fresh(vehicle).plate == "沪B80002"


def test_the_owner_is_found_and_changed(street, advisor):
    vehicle = add_car(street, owner=street.add())
    other = street.add("李梅", "13911112222")
    page = advisor.get(f"/vehicles/{vehicle.pk}/owner?q=lm").content.decode()
    assert f'name="customer" value="{other.pk}"' in page
    assert send(advisor, f"/vehicles/{vehicle.pk}/owner", customer=other.pk).status_code == 303
    with anywhere():
        assert VehicleOwnership.objects.get(vehicle=vehicle, until_on=None).customer_id == other.pk
    assert send(advisor, f"/vehicles/{vehicle.pk}/owner", customer=0).status_code == 404


def test_a_whole_plate_asks_the_group_and_takes_the_car_over(street, advisor):
    vehicle = add_car(street, store=street.near)
    page = send(advisor, "/vehicles/elsewhere", number="沪a·80001").content.decode()
    assert ("沪A***01" in page, "城北店" in page) == (True, True)
    answer = send(advisor, "/vehicles/adopt", number=PLATE)
    assert (answer.status_code, answer["Location"]) == (303, f"/vehicles/{vehicle.pk}")
    assert send(advisor, "/vehicles/adopt", number="沪C80003").status_code == 422


def test_the_file_takes_eight_statements_with_sign_in_and_panels(street, advisor, django_assert_max_num_queries):
    vehicle = add_car(street, model=seal_model(street), owner=street.add())
    advisor.get(f"/vehicles/{vehicle.pk}")
    with django_assert_max_num_queries(8):
        assert advisor.get(f"/vehicles/{vehicle.pk}").status_code == 200
