"""The inspector's screens: who waits, every item ticked before a car passes, sent back with reasons and pictures."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cheyi.workshop.models import Finding, FindingPhoto, QCRecord
from cheyi.workshop.queries.checking import check_page, to_check
from cheyi.workshop.queries.progress import progress
from cheyi.workshop.rules.quality import FINAL
from tests.foundation.org import NOW
from tests.workshop.shop import after
from tests.workshop.test_pages_reception import at_desk


@pytest.fixture
def inspector(shop):
    return at_desk(shop.inspector)


@pytest.fixture
def waiting(shop):
    """A dispatched order whose work is done and which waits for the final check."""
    wang = shop.technician()
    order = shop.opened("DT004", to=wang, order_type="repair")
    order.state, order.state_at = "qc", NOW
    type(order).objects.filter(pk=order.pk).update(state="qc", state_at=NOW)
    shop.labour(order).assignments.update(ended_at=NOW)
    type(shop.labour(order)).objects.filter(order=order).update(state="done")
    return shop.fresh(order)


def send(client, path, key="k1", **form):
    return client.post(path, form, HTTP_IDEMPOTENCY_KEY=key, HTTP_HX_REQUEST="true")


def test_the_list_says_how_long_each_car_waits(shop, inspector, waiting):
    (row,) = to_check(shop.store, after(minutes=95))
    assert (row.order.pk, row.minutes) == (waiting.pk, 95)
    assert f"/workshop/orders/{waiting.pk}/check" in inspector.get("/workshop/checks").content.decode()


def test_a_car_passes_only_with_every_item_ticked(shop, inspector, waiting):
    path = f"/workshop/orders/{waiting.pk}/check/pass"
    assert send(inspector, path, ok=FINAL[:-1]).status_code in (409, 422)
    assert shop.fresh(waiting).state == "qc"
    assert send(inspector, path, key="k2", ok=FINAL).status_code == 200
    assert shop.fresh(waiting).state in ("wash", "ready")


@pytest.fixture
def brakes(shop, waiting):
    """The same with rear brake pads."""
    shop.labour(waiting)._meta.model.objects.filter(order=waiting).update(op=shop.op("CH002"), bay_kind="general")
    return waiting


@pytest.mark.parametrize(
    ("km", "said"),
    [
        ("", "动过刹车、转向或变速箱：路试后填公里"),
        ("-3", "路试公里填整数，例如 3"),
        ("两公里", "路试公里填整数，例如 3"),
        ("3.5", "路试公里填整数，例如 3"),
        ("9999", "路试公里填整数，例如 3"),
    ],
)
def test_a_road_test_that_is_needed_or_unreadable_is_said_at_its_field(shop, inspector, brakes, km, said):
    answer = send(inspector, f"/workshop/orders/{brakes.pk}/check/pass", ok=FINAL, road_test_km=km)
    text = answer.content.decode()
    assert (said in text, 'data-field="road_test_km"' in text, shop.fresh(brakes).state) == (True, True, "qc")


def test_the_page_says_that_the_road_test_is_required(inspector, waiting, brakes):
    page = inspector.get(f"/workshop/orders/{brakes.pk}/check").content.decode()
    assert "必填：刹车、转向或变速箱" in page
    assert 'id="road-test-km-error"' in page


def test_the_page_requires_no_road_test_after_other_work(inspector, waiting):
    assert "必填" not in inspector.get(f"/workshop/orders/{waiting.pk}/check").content.decode()


def test_the_km_of_a_road_test_are_kept(inspector, brakes):
    assert send(inspector, f"/workshop/orders/{brakes.pk}/check/pass", ok=FINAL, road_test_km="3").status_code == 200
    assert QCRecord.objects.get(result="passed").road_test_km == 3


def test_nothing_is_ticked_beforehand(inspector, waiting):
    page = inspector.get(f"/workshop/orders/{waiting.pk}/check").content.decode()
    assert page.count('name="ok"') == len(FINAL)
    assert 'name="ok" value="lamps" checked' not in page


def test_a_car_is_sent_back_with_reasons_and_a_picture_that_the_customer_never_sees(shop, inspector, waiting):
    line = shop.labour(waiting)
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(picture, "JPEG")
    file = SimpleUploadedFile("leak.jpg", picture.getvalue(), "image/jpeg")
    path = f"/workshop/orders/{waiting.pk}/check/send-back"
    assert send(inspector, path, line=line.pk, cause="渗漏", reason="左前", photo=file).status_code == 200
    record = QCRecord.objects.get(result="failed")
    assert (record.failed_lines, record.note) == ([line.pk], "渗漏，左前")
    assert (Finding.objects.get().item, FindingPhoto.objects.count()) == ("渗漏，左前", 1)
    assert not FindingPhoto.objects.get().file.customer_may_see
    assert "渗漏" not in repr(progress(waiting.progress_link, now=NOW))


def test_without_reason_or_job_nothing_is_sent_back(shop, inspector, waiting):
    path = f"/workshop/orders/{waiting.pk}/check/send-back"
    assert send(inspector, path, line=shop.labour(waiting).pk, reason=" ").status_code in (409, 422)
    assert send(inspector, path, key="k2", cause="渗漏").status_code in (409, 422)
    assert shop.fresh(waiting).state == "qc"


def test_what_is_wrong_without_a_word_is_asked_for_at_its_field(shop, inspector, waiting):
    page = inspector.get(f"/workshop/orders/{waiting.pk}/check").content.decode()
    assert 'name="reason" id="why-back"' in page
    assert 'id="why-back-error"' in page
    path = f"/workshop/orders/{waiting.pk}/check/send-back"
    text = send(inspector, path, line=shop.labour(waiting).pk, reason=" ").content.decode()
    assert ("点一个原因，或写一句" in text, 'data-field="reason"' in text) == (True, True)


def test_road_test_and_photos_are_ticked_by_hand(inspector, waiting):
    page = inspector.get(f"/workshop/orders/{waiting.pk}/check").content.decode()
    assert re.findall(r'value="(\w+)" data-open-row data-by-hand', page) == ["road_test", "photos"]


def test_both_decisions_stand_in_one_bar_each_for_its_form(inspector, waiting):
    page = inspector.get(f"/workshop/orders/{waiting.pk}/check").content.decode()
    bar = page[page.index('class="card decision') :]
    assert re.findall(r'<button type="submit"[^>]* form="([\w-]+)"', bar) == ["send-back", "pass"]
    assert page.count('id="pass"') == page.count('id="send-back"') == 1


def test_the_page_names_who_worked_and_the_next_car(shop, waiting):
    view = check_page(waiting, employee_id=shop.inspector.employee_id)
    assert (view.mine, view.next_order_id, view.items) == (False, None, tuple(FINAL))
