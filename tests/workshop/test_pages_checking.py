"""The inspector's screens: who waits, every item ticked before a car passes, sent back with reasons and pictures."""

import io

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


def test_the_page_names_who_worked_and_the_next_car(shop, waiting):
    view = check_page(waiting, employee_id=shop.inspector.employee_id)
    assert (view.mine, view.next_order_id, view.items) == (False, None, tuple(FINAL))
