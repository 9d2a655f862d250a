"""The workshop for machines: an order is read with its lines, changed, undone; photos and findings; prices only for some."""

from __future__ import annotations

import io
import json
from itertools import count

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cheyi.foundation.scope import within
from cheyi.workshop.models import Finding, PartLine
from tests.customers.visits import browser
from tests.workshop.shop import open_shop, q

pytestmark = pytest.mark.django_db
_keys = count(1)


@pytest.fixture
def shop():
    shop = open_shop()
    with within(shop.store):
        yield shop


def call(client, where, /, **body):
    headers = {"Idempotency-Key": f"w{next(_keys)}"}
    return client.post(f"/api/v1{where}", json.dumps(body), content_type="application/json", headers=headers)


def a_photo():
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(content, "PNG")
    return SimpleUploadedFile("pads.png", content.getvalue(), "image/png")


def test_lines_say_prices_only_to_who_may_see_them(shop):
    order = shop.opened("MA001", to=shop.technician())
    asked = f"/api/v1/orders/{order.pk}/lines"
    seen = {role: browser(person).get(asked).json()["lines"] for role, person in people(shop).items()}
    assert {line["net_fen"] for line in seen["technician"]} == {None}
    assert {line["net_fen"] for line in seen["foreman"]} == {None}
    assert all(line["net_fen"] > 0 for line in seen["advisor"])
    assert len({len(lines) for lines in seen.values()}) == 1


def people(shop):
    return {"technician": shop.technician(), "foreman": shop.foreman, "advisor": shop.advisor}


def test_a_part_is_added_changed_and_its_removal_undone_by_machine(shop):
    order, advisor = shop.opened("MA001"), browser(shop.advisor)
    line = call(advisor, f"/orders/{order.pk}/add-part", part_id=shop.pads.pk, quantity=1000).json()
    changed = call(advisor, f"/lines/part/{line['id']}/change-quantity", quantity=2000)
    assert changed.status_code == 200, changed.content
    assert PartLine.objects.get(pk=line["id"]).quantity == q("2")
    gone = call(advisor, f"/lines/part/{line['id']}/remove", reason="不要了")
    assert PartLine.objects.get(pk=line["id"]).state == "cancelled"
    assert call(advisor, f"/undo/{gone.headers['X-Undo']}").status_code == 200
    assert PartLine.objects.get(pk=line["id"]).state != "cancelled"


def test_a_finding_names_photos_that_the_same_person_kept(shop):
    wang = shop.technician()
    order = shop.opened("MA001", to=wang)
    technician, foreman = browser(wang), browser(shop.foreman)
    headers = {"Idempotency-Key": "photo"}
    kept = technician.post(f"/api/v1/orders/{order.pk}/keep-photo", {"photo": a_photo()}, headers=headers).json()
    stolen = call(foreman, f"/orders/{order.pk}/report-finding", item="刹车片", photos=[kept["uid"]])
    assert (stolen.status_code, Finding.objects.count()) == (404, 0)
    made = call(technician, f"/orders/{order.pk}/report-finding", item="刹车片", photos=[kept["uid"]]).json()
    assert (made["item"], made["photos"]) == ("刹车片", [kept["uid"]])
    listed = foreman.get(f"/api/v1/orders/{order.pk}/findings").json()["findings"]
    assert [row["id"] for row in listed] == [made["id"]]
    broken = SimpleUploadedFile("x.png", b"no picture", "image/png")
    answer = technician.post(
        f"/api/v1/orders/{order.pk}/keep-photo", {"photo": broken}, headers={"Idempotency-Key": "b"}
    )
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")


def test_a_finding_is_noted_by_machine_and_asks_again_after_undo(shop):
    wang = shop.technician()
    order, advisor = shop.opened("MA001", to=wang), browser(shop.advisor)
    found = call(browser(wang), f"/orders/{order.pk}/report-finding", item="轮胎偏磨").json()
    assert (found["noted_by"], found["noted_at"]) == ("", None)
    assert call(browser(wang), f"/findings/{found['id']}/note").status_code == 403
    noted = call(advisor, f"/findings/{found['id']}/note")
    assert (noted.status_code, noted.json()["noted_by"]) == (200, shop.advisor.name)
    assert call(advisor, f"/undo/{noted.headers['X-Undo']}").status_code == 200
    [after] = advisor.get(f"/api/v1/orders/{order.pk}/findings").json()["findings"]
    assert (after["noted_by"], after["noted_at"]) == ("", None)
