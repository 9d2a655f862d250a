"""A car's file changed where its fields stand: the input, the answer, the refusal at the field, the clash."""

from __future__ import annotations

import pytest

from cheyi.foundation.scope import within
from cheyi.vehicles import actions
from cheyi.vehicles.models import Vehicle
from cheyi.vehicles.pages.cells import CELLS, POSTED
from tests.customers.people import NOW, anywhere
from tests.customers.visits import browser, send
from tests.foundation.org import hire
from tests.vehicles.cars import OTHER_VIN, VIN, add_car, seal_model

HTMX = {"HX-Request": "true"}
WRONG_VIN = "LSVAU2180N2183294"


@pytest.fixture
def advisor(street):
    return browser(street.advisor())


@pytest.fixture
def car(street):
    return add_car(street)


def fresh(car) -> Vehicle:
    with anywhere():
        return Vehicle.objects.get(pk=car.pk)


def asked(client, car, **query):
    return client.get(f"/vehicles/{car.pk}/edit", query, headers=HTMX).content.decode()


def put(client, car, field, value, *, version=1, **more):
    address = POSTED.get(field, "vehicles:edit").partition(":")[2]
    return send(
        client, f"/vehicles/{car.pk}/{address}", htmx=True, field=field, version=version, **{field: value}, **more
    )


def by_colleague(street, car, **changes):
    with within(street.home):
        actions.edit(car, store=street.home, by=hire(street.home, "advisor", "王芳"), now=NOW, **changes)


def test_every_field_of_the_file_is_opened_where_it_stands(advisor, car):
    page = advisor.get(f"/vehicles/{car.pk}").content.decode()
    for name in CELLS:
        assert page.count(f'/vehicles/{car.pk}/edit?field={name}"') == 1, name
        form = asked(advisor, car, field=name)
        assert (f'id="edit-{name}"' in form, 'name="version" value="1"' in form) == (True, True), name


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("vin", "lgxce4cb9p0123456", OTHER_VIN),
        ("body_colour", "白", "白"),
        ("next_service_on", "2026-12-01", "2026-12-01"),
        ("next_service_km", "30,000 km", "30000"),
        ("inspection_due_on", "2027-01-31", "2027-01-31"),
        ("insurance_until", "2027年3月1日", "2027-03-01"),
        ("model_year", "2024", "2024"),
        ("plate", "沪b·80002", "沪B80002"),
    ],
)
def test_what_is_typed_is_kept_and_the_answer_is_the_field_with_an_undo(advisor, car, field, value, kept):
    answer = put(advisor, car, field, value)
    assert (answer.status_code, f'id="cell-{field}"' in answer.content.decode()) == (200, True)
    assert "undo" in answer["X-Toast"]
    assert (str(getattr(fresh(car), field)), fresh(car).version) == (kept, 2)


def test_a_day_is_emptied_and_a_note_is_the_stores(advisor, car):
    put(advisor, car, "insurance_until", "2027-03-01")
    put(advisor, car, "insurance_until", "", version=2)
    assert fresh(car).insurance_until is None
    assert "备胎没气" in put(advisor, car, "note", "备胎没气", version=3).content.decode()
    assert "备胎没气" in advisor.get(f"/vehicles/{car.pk}").content.decode()


def test_the_model_is_chosen_from_the_catalogue_and_read_by_its_name(street, advisor, car):
    model = seal_model(street)
    assert f'<option value="{model.pk}">' in asked(advisor, car, field="model")
    assert "海豹 550km 精英型" in put(advisor, car, "model", model.pk).content.decode()
    assert fresh(car).model_id == model.pk
    assert f'<option value="{model.pk}" selected>' in asked(advisor, car, field="model")
    assert f'<option value="{model.pk}" selected>' in advisor.get(f"/vehicles/{car.pk}?edit=model").content.decode()


def test_a_new_reading_comes_back_with_the_list_and_a_lower_one_asks_why(advisor, car):
    page = put(advisor, car, "mileage", "24800").content.decode()
    assert ('id="car-mileage"' in page, "24,800" in page) == (True, True)
    refused = put(advisor, car, "mileage", "14800", version=2)
    assert (refused.status_code, 'data-field="mileage"' in refused.content.decode()) == (422, True)
    assert refused["X-Problem"] in asked(advisor, car, field="mileage")
    answer = put(advisor, car, "mileage", "14800", version=2, mileage_reason="typo")
    assert ("undo" in answer["X-Toast"], fresh(car).last_mileage) == (True, 14_800)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("vin", WRONG_VIN, "第 9 位"),
        ("vin", "LSVAO4184N2183294", "第 5 位"),
        ("vin", "🚗" * 17, "🚗"),
        ("plate", "沪B8000", "6"),
        ("plate", "", "VIN"),
        ("purchase_on", "2999-01-01", "2999-01-01"),
        ("inspection_due_on", "morgen", "morgen"),
        ("next_service_km", "viel", "viel"),
        ("body_colour", "白" * 300, "20"),
        ("note", "长" * 300, "200"),
    ],
)
def test_a_refusal_stands_at_the_field_in_words(street, advisor, field, value, words):
    car = add_car(street, vin="" if words == "VIN" else VIN)
    answer = put(advisor, car, field, value)
    page = answer.content.decode()
    if words == "VIN":
        words = "车架号"
    assert (answer.status_code, f'data-field="{field}"' in page, words in page) == (422, True, True)
    assert fresh(car).version == 1


def test_a_vin_that_reads_so_on_the_car_is_insisted_on(advisor, car):
    assert 'data-when="vehicles.vehicle.check_digit" hidden' in asked(advisor, car, field="vin")
    assert put(advisor, car, "vin", WRONG_VIN, confirmed="vehicles.vehicle.check_digit").status_code == 200
    assert fresh(car).vin == WRONG_VIN


def test_somebody_faster_at_the_same_field_is_shown_beside_mine_and_one_of_us_decides(street, advisor, car):
    by_colleague(street, car, body_colour="灰")
    refused = put(advisor, car, "body_colour", "白")
    assert (refused.status_code, refused["X-Problem"]) == (422, "vehicles.vehicle.changed_meanwhile")
    question = asked(advisor, car, field="body_colour", since=1)
    assert ("王芳" in question, "灰" in question, 'name="instead" value="2"' in question) == (True, True, True)
    assert fresh(car).body_colour == "灰"
    assert put(advisor, car, "body_colour", "白", instead="2").status_code == 200
    assert fresh(car).body_colour == "白"


@pytest.mark.parametrize(("field", "theirs", "mine"), [("plate", "沪B80002", "沪C80003"), ("mileage", "200", "300")])
def test_plate_and_mileage_ask_as_well(advisor, car, field, theirs, mine):
    put(advisor, car, field, theirs)
    refused = put(advisor, car, field, mine)
    assert refused["X-Problem"] == "vehicles.vehicle.changed_meanwhile"
    assert put(advisor, car, field, mine, instead="2").status_code == 200


def test_somebody_faster_at_another_field_is_in_nobodys_way(street, advisor, car):
    by_colleague(street, car, insurer="平安")
    assert put(advisor, car, "plate", "沪B80002").status_code == 200
    assert (fresh(car).insurer, fresh(car).plate, fresh(car).version) == ("平安", "沪B80002", 3)


def test_the_order_page_leads_to_the_open_field(advisor, car):
    answer = advisor.get(f"/vehicles/{car.pk}/edit")
    assert (answer.status_code, answer["Location"]) == (303, f"/vehicles/{car.pk}?edit=vin")
    assert 'id="edit-vin"' in advisor.get(answer["Location"]).content.decode()


def test_who_may_only_look_finds_no_input(street, car):
    technician = browser(hire(street.home, "technician", "赵磊"))
    page = technician.get(f"/vehicles/{car.pk}?edit=vin").content.decode()
    assert ("edit?field" in page, 'id="edit-vin"' in page, VIN in page) == (False, False, True)
    assert put(technician, car, "body_colour", "白").status_code == 403


def test_an_unknown_field_and_a_form_without_version_change_nothing(advisor, car):
    assert put(advisor, car, "avg_daily_km", "1").status_code == 404
    assert put(advisor, car, "body_colour", "白", version="").status_code == 422
    assert fresh(car).version == 1
