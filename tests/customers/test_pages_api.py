"""The API of customers and cars: the same verbs, rights and refusals as the pages, and no number in clear."""

from __future__ import annotations

import json
from itertools import count

import pytest

from cheyi.customers.models import Customer
from cheyi.foundation.models import IdempotencyKey
from cheyi.vehicles.models import Vehicle
from tests.customers.people import WANG_MOBILE, anywhere
from tests.customers.visits import browser
from tests.foundation.org import hire
from tests.vehicles.cars import OTHER_VIN, PLATE, VIN, add_car, seal_model

_keys = count(1)


@pytest.fixture
def advisor(street):
    return browser(street.advisor())


def call(client, where: str, /, **body):
    return client.post(
        f"/api/v1{where}",
        json.dumps(body),
        content_type="application/json",
        headers={"Idempotency-Key": f"a{next(_keys)}"},
    )


def test_a_customer_is_added_read_found_and_changed(street, advisor):
    answer = call(advisor, "/customers", name="王先生", mobile="+86 138-0013-8000", level="gold")
    made = answer.json()
    assert (answer.status_code, made["name"], made["mobile"], made["gender"]) == (200, "王先生", "138****8000", "male")
    assert advisor.get(f"/api/v1/customers/{made['id']}").json() == made
    found = advisor.get("/api/v1/customers?q=8000").json()["customers"]
    assert [one["id"] for one in found] == [made["id"]]
    changed = call(advisor, f"/customers/{made['id']}/edit", version=1, name="王建国", birthday_on="1985-03-08").json()
    assert (changed["name"], changed["birthday_on"], changed["version"], changed["level"]) == (
        "王建国",
        "1985-03-08",
        2,
        "gold",
    )
    old = call(advisor, f"/customers/{made['id']}/edit", version=1, name="王建军", level="silver")
    assert (old.status_code, old.json()["code"]) == (422, "customers.customer.changed_meanwhile")
    assert list(old.json()["fields"]) == ["name"]
    beside = call(advisor, f"/customers/{made['id']}/edit", version=1, level="silver", note="下午来").json()
    assert (beside["name"], beside["level"], beside["version"]) == ("王建国", "silver", 3)
    cleared = call(advisor, f"/customers/{made['id']}/edit", version=3, mobile="", birthday_on=None).json()
    assert (cleared["mobile"], cleared["birthday_on"]) == ("", None)


def test_refusals_name_code_and_field_and_leave_nothing(street, advisor):
    street.add()
    answer = call(advisor, "/customers", name="王建国", mobile="13800138001")
    assert (answer.status_code, answer.json()["code"]) == (422, "customers.customer.maybe_same")
    assert list(answer.json()["fields"]) == ["mobile"]
    assert call(advisor, "/customers", name="王建国", mobile="13800138001", confirmed_new=True).status_code == 200
    with anywhere():
        assert Customer.objects.count() == 2


def test_a_clear_number_takes_two_calls_and_is_kept_in_no_answer(street, advisor):
    customer = street.add()
    assert advisor.get(f"/api/v1/customers/{customer.pk}/clear/mobile").status_code == 404
    where = call(advisor, f"/customers/{customer.pk}/reveal", slot="mobile", reason="call").json()["address"]
    assert advisor.get(where).json() == {"text": WANG_MOBILE}
    assert all(WANG_MOBILE.encode() not in bytes(row.body) for row in IdempotencyKey.objects.all())


def test_contacts_consents_and_holds(street, advisor):
    customer = street.add()
    at = f"/customers/{customer.pk}"
    card = call(advisor, f"{at}/add-contact", name="李梅", mobile="13911112222", relation="spouse").json()
    assert card["contacts"][0]["mobile"] == "139****2222"
    assert call(advisor, f"/contacts/{card['contacts'][0]['id']}/drop").json()["contacts"] == []
    asked = call(advisor, f"{at}/record-consent", purpose="sharing_oem", channel="oral", wording_version="1")
    assert asked.json()["code"] == "customers.consent.separate_needed"
    given = call(advisor, f"{at}/record-consent", purpose="marketing", channel="oral", wording_version="1").json()
    assert [one["purpose"] for one in given["consents"]] == ["marketing"]
    assert call(advisor, f"{at}/withdraw-consent", purpose="marketing").json()["consents"] == []
    held = call(advisor, f"{at}/hold-contact", reason="wish", reach="all").json()["holds"]
    assert call(advisor, f"/holds/{held[0]['id']}/release").json()["holds"] == []


def test_a_sister_stores_customer_is_asked_for_and_taken_over(street, advisor):
    customer = street.add(store=street.near)
    assert advisor.get(f"/api/v1/customers/{customer.pk}").status_code == 404
    found = call(advisor, "/customers/look-elsewhere", number=WANG_MOBILE).json()["customers"]
    assert [(one["name"], one["stores"]) for one in found] == [("王**", ["城北店"])]
    assert call(advisor, "/customers/adopt", number=WANG_MOBILE).json()["id"] == customer.pk


def test_who_may_not_is_refused(street):
    customer = street.add()
    technician = browser(hire(street.home, "technician", "赵磊"))
    assert technician.get("/api/v1/customers").status_code == 403
    assert call(technician, f"/customers/{customer.pk}/edit", version=1).status_code == 403
    vehicle = add_car(street, owner=customer)
    answer = technician.get(f"/api/v1/vehicles/{vehicle.pk}").json()
    assert (answer["plate"], answer["owner"]) == (PLATE, None)


def test_a_car_is_added_read_found_and_changed(street, advisor):
    owner, model = street.add(), seal_model(street)
    answer = call(
        advisor,
        "/vehicles",
        plate="沪ad·80001",
        vin=VIN,
        model_id=model.pk,
        owner_id=owner.pk,
        purchase_on="2026-05-01",
    )
    made = answer.json()
    assert (answer.status_code, made["plate"], made["energy"], made["warranty_until"]) == (
        200,
        "沪AD80001",
        "bev",
        "2029-05-01",
    )
    assert (made["owner"]["name"], made["owner"]["mobile"]) == ("王建国", "138****8000")
    for text in ("80001", "wjg", ""):
        found = advisor.get(f"/api/v1/vehicles?q={text}").json()["vehicles"]
        assert [one["id"] for one in found] == [made["id"]]
    at = f"/vehicles/{made['id']}"
    assert call(advisor, f"{at}/edit", version=1, body_colour="白", insurance_until="2027-04-01").json()["version"] == 2
    assert call(advisor, f"{at}/edit", version=2, insurance_until=None, vin=OTHER_VIN).json()["insurance_until"] is None
    assert call(advisor, f"{at}/record-mileage", km=24_800).json()["last_mileage"] == 24_800
    assert call(advisor, f"{at}/record-mileage", km=100).json()["code"] == "vehicles.mileage.lower"
    assert call(advisor, f"{at}/record-mileage", km=100, reason="replaced").json()["last_mileage"] == 100
    assert call(advisor, f"{at}/change-plate", plate="沪B80002").json()["plate"] == "沪B80002"
    other = street.add("李梅", "13911112222")
    assert call(advisor, f"{at}/change-owner", customer_id=other.pk).json()["owner"]["name"] == "李梅"
    assert call(advisor, f"{at}/add-person", customer_id=owner.pk, role="user").status_code == 200
    with anywhere():
        assert Vehicle.objects.get().vin == OTHER_VIN


def test_a_sister_stores_car_is_asked_for_and_taken_over(street, advisor):
    vehicle = add_car(street, store=street.near)
    assert call(advisor, "/vehicles/look-elsewhere", number=PLATE).json()["vehicles"][0]["plate"] == "沪A***01"
    assert call(advisor, "/vehicles/adopt", number=PLATE).json()["id"] == vehicle.pk


@pytest.mark.parametrize("text", ["🚗" * 20, "' OR 1=1 --", "{{7*7}}", "\u202e王"])
def test_odd_texts_are_taken_or_refused_but_never_break(street, advisor, text):
    for address, body in (
        ("/customers", {"name": text, "mobile": text}),
        ("/customers", {"name": text, "occupation": text, "address": text}),
        ("/customers/look-elsewhere", {"number": text}),
        ("/vehicles", {"plate": text, "vin": text}),
        ("/vehicles", {"plate": text, "plate_kind": "temporary", "model_text": text, "vin": VIN}),
        ("/vehicles/adopt", {"number": text}),
    ):
        assert call(advisor, address, **body).status_code in {200, 422}
    customer = street.add("李梅", "13911112222")
    assert call(advisor, f"/customers/{customer.pk}/hold-contact", reason=text).status_code == 422
    consent = {"purpose": "service", "channel": "paper", "wording_version": text[:20]}
    assert call(advisor, f"/customers/{customer.pk}/record-consent", **consent).status_code in {200, 422}
    assert advisor.get("/api/v1/customers", {"q": text}).status_code == 200
    assert advisor.get("/api/v1/vehicles", {"q": text}).status_code == 200


def test_a_text_with_a_nul_is_refused_whole_as_no_database_could_keep_it_alike(street, advisor):
    text = "王\0建国"
    for address, body in (
        ("/customers", {"name": text}),
        ("/customers", {"name": "王建国", text: 1}),
        ("/customers/look-elsewhere", {"number": text}),
        ("/vehicles", {"plate": PLATE, "confirmed": [text]}),
    ):
        answer = call(advisor, address, **body)
        assert (answer.status_code, answer.json()["code"]) == (400, "foundation.form.unreadable")
    for address in ("/customers", "/vehicles"):
        answer = advisor.get(f"/api/v1{address}", {"q": text})
        assert (answer.status_code, answer.json()["code"]) == (422, "foundation.form.unreadable")
    with anywhere():
        assert (Customer.objects.count(), Vehicle.objects.count(), IdempotencyKey.objects.count()) == (0, 0, 0)


def test_customers_and_cars_turn_their_pages(street, advisor):
    """All that the store knows come once each, and nobody whom only a sister store knows."""
    people = [street.add(name=f"客{number}", mobile=f"199{10_203_017 + 37 * number}") for number in range(52)]
    street.add(name="外店", mobile="19930405066", store=street.near)
    cars = [add_car(street, f"沪A{number:05}", "", owner=one) for number, one in enumerate(people)]
    for name, rows in (("customers", people), ("vehicles", cars)):
        first = advisor.get(f"/api/v1/{name}", {"after": 0}).json()
        second = advisor.get(f"/api/v1/{name}", {"after": first["next"]}).json()
        assert (len(first[name]), first["next"], second["next"]) == (50, rows[49].pk, None)
        assert [row["id"] for row in [*first[name], *second[name]]] == [row.pk for row in rows]
        assert advisor.get(f"/api/v1/{name}", {"after": -1}).status_code == 422
