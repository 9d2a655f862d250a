"""The technician's pages: one thing to do first, times that cannot be taken for the clock, nobody's name and no price."""

import io
import re
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cheyi.foundation.files import keep
from cheyi.foundation.images import clean_image
from cheyi.workshop import actions
from cheyi.workshop.queries.jobs import OFTEN_FOUND
from cheyi.workshop.rules.quality import CHECK
from tests.foundation.org import NOW
from tests.workshop.shop import after
from tests.workshop.test_pages_reception import at_desk


@pytest.fixture
def wang(shop):
    return shop.technician()


@pytest.fixture
def order(shop, wang):
    shop.stock(shop.oil, 8)
    return shop.opened("MA001", "DT004", to=wang)


def page(wang, address):
    return at_desk(wang).get(address).content.decode()


def job(shop, order, nth=0):
    return f"/workshop/jobs/{shop.labour(order, nth).pk}"


def pause(shop, wang, order, minutes):
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    actions.pause_job(shop.labour(order), reason="wait_tool", by=wang, now=after(minutes=minutes))


@pytest.mark.parametrize(("minutes", "said"), [(17, "待工具 · 已做 17 分"), (75, "待工具 · 已做 75 分"), (0, "待工具")])
def test_a_job_put_aside_tells_the_minutes_worked_not_a_time_of_day(shop, wang, order, minutes, said):
    pause(shop, wang, order, minutes)
    for address in ("/workshop/my-jobs", job(shop, order)):
        text = page(wang, address)
        assert f"{said}</div>" in text
        assert 'role="timer"' not in text


def test_one_button_comes_first_whether_a_job_waits_runs_or_is_done(shop, wang, order):
    line = shop.labour(order)
    assert page(wang, job(shop, order)).count("btn-primary") == 1
    actions.start_job(line, by=wang, now=NOW)
    assert page(wang, job(shop, order)).count("btn-primary") == 1
    assert page(wang, "/workshop/my-jobs").count("btn-primary") == 1
    type(line).objects.filter(pk=line.pk).update(state="done")
    line.clocks.update(stopped_at=after(minutes=5))
    assert page(wang, job(shop, order)).count("btn-primary") == 1


def test_no_page_of_a_technician_names_the_owner_or_a_price(shop, wang, order):
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    owner = order.customer.name
    for address in ("/workshop/my-jobs", job(shop, order), "/workshop/scan?q=jylqq", "/workshop/my-messages"):
        text = page(wang, address)
        assert (owner in text, "¥" in text, str(shop.filter.retail_price) in text) == (False, False, False), address


def test_a_job_opens_when_all_that_is_often_found_is_on_the_order_already(shop, wang):
    order = shop.opened("DT004", *OFTEN_FOUND, to=wang)
    answer = at_desk(wang).get(job(shop, order))
    assert (answer.status_code, 'name="op"' in answer.content.decode()) == (200, False)


WHY = "陶红 06-15 10:00 退回：异响"


@pytest.fixture
def sent_back(shop, wang):
    """A job of an hour that the inspector sent back, with a picture, while another one waits."""
    shop.opened("MA001", car=shop.car("沪A80002", vin="", owner=None), to=wang, promised_at=after(hours=2))
    order = shop.opened("EN001", to=wang, by=shop.foreman, promised_at=after(hours=5))
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    actions.finish_job(shop.labour(order), self_checked=True, by=wang, now=after(hours=1))
    return bring_back(shop, order)


def bring_back(shop, order):
    tao = shop.town.person("inspector", "陶红")
    actions.send_back(shop.fresh(order), lines=[shop.labour(order)], reason="异响", by=tao, now=after(hours=1))
    photo = kept_photo(shop, tao)
    actions.report_finding(order, item="异响", system=CHECK, photos=[photo], by=tao, now=after(hours=1))
    return shop.fresh(order), photo


def kept_photo(shop, by):
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(picture, "JPEG")
    clean = clean_image(SimpleUploadedFile("check.jpg", picture.getvalue(), "image/jpeg"))
    return keep(clean, store=shop.store, name="check.jpg", access="workshop.finding", by=by, now=after(hours=1))


def test_work_that_was_sent_back_stands_first_with_who_when_and_why_and_is_no_pause(wang, sent_back):
    text = page(wang, "/workshop/my-jobs")
    cards = text.split('<section class="next')[1:]
    assert (WHY in cards[0], "返工</span>" in cards[0], "暂停" in text) == (True, True, False)
    assert "返工" not in cards[1]


def test_the_page_of_a_job_sent_back_begins_with_the_reason_and_its_photo(shop, wang, sent_back):
    order, photo = sent_back
    text = page(wang, job(shop, order))
    main = text.split('id="main"')[1]
    note = main[: main.index("<section")]
    assert ('class="note bad"' in note, WHY in note, str(photo.uid) in note, "暂停" in note) == (
        True,
        True,
        True,
        False,
    )


def test_a_job_done_again_is_no_longer_sent_back(shop, wang, sent_back):
    order, _photo = sent_back
    line = shop.labour(order)
    actions.start_job(line, by=wang, now=after(hours=2))
    assert WHY in page(wang, job(shop, order))
    actions.finish_job(line, self_checked=True, by=wang, now=after(hours=3))
    assert WHY not in page(wang, job(shop, order))


def test_a_job_sent_back_and_paused_says_both(shop, wang, sent_back):
    order, _photo = sent_back
    line = shop.labour(order)
    actions.start_job(line, by=wang, now=after(hours=2))
    actions.pause_job(line, reason="wait_tool", by=wang, now=after(hours=2, minutes=10))
    text = page(wang, "/workshop/my-jobs")
    assert (WHY in text, "待工具 · 已做 70 分" in text) == (True, True)


@pytest.mark.parametrize("said", ["😀😀", " …！ ", ""])
def test_a_finding_in_signs_alone_is_refused_at_its_field(shop, wang, order, said):
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    assert 'id="said-error"' in page(wang, job(shop, order))
    form = {"said": said, "urgency": "soon", "_key": "k1"}
    answer = at_desk(wang).post(f"{job(shop, order)}/report", form, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'data-field="said"' in text
    assert "写一句发现了什么" in text
    assert not order.findings.exists()


def test_signs_beside_a_word_or_a_chosen_job_without_words_are_a_finding(shop, wang, order):
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    client = at_desk(wang)
    client.post(f"{job(shop, order)}/report", {"said": "漏油😀", "urgency": "soon", "_key": "k1"})
    client.post(f"{job(shop, order)}/report", {"said": "", "op": "EL001", "urgency": "soon", "_key": "k2"})
    assert [one.item for one in order.findings.order_by("pk")] == ["漏油😀", shop.op("EL001").name]


def test_a_picture_that_cannot_be_read_is_named_with_its_place_and_nothing_is_reported(shop, wang, order):
    good = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(good, "JPEG")
    sent = [
        SimpleUploadedFile("disc.jpg", good.getvalue(), "image/jpeg"),
        SimpleUploadedFile("notes.jpg", b"tightened to 110 Nm", "image/jpeg"),
        SimpleUploadedFile("IMG_2041.HEIC", b"\0\0\0\x18ftypheic", "image/heic"),
    ]
    form = {"_key": "k1", "said": "刹车盘有沟", "urgency": "soon", "photo": sent}
    address = f"/workshop/jobs/{shop.labour(order).pk}/report"
    answer = at_desk(wang).post(address, form, headers={"HX-Request": "true"})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert 'data-field="photo" data-left-out="1 2"' in said
    assert "notes.jpg、IMG_2041.HEIC 没加上：无法识别为图片" in said
    assert order.findings.count() == 0


def test_the_bar_counts_what_is_new_until_the_messages_are_opened_and_they_mark_it_once(shop, wang):
    shop.opened("DT004", to=wang, now=datetime.now(UTC))
    tab = re.compile(r'消息<span class="badge">(\d+)</span>')
    assert tab.findall(page(wang, "/workshop/my-jobs")) == ["1"]
    opened = page(wang, "/workshop/my-messages")
    assert (opened.count(">新</span>"), tab.findall(opened)) == (1, [])
    again = page(wang, "/workshop/my-messages")
    assert (again.count(">新</span>"), again.count("<b>新派的活</b>")) == (0, 1)
    assert tab.findall(page(wang, "/workshop/my-jobs")) == []
