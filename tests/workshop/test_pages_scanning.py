"""The technician's scan page: a plate, an order, a VIN or a part leads to his own job and to nobody else's."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheyi.parts.models import Part
from cheyi.workshop import actions
from cheyi.workshop.queries.scanning import scanned
from tests.foundation.org import NOW
from tests.workshop.shop import VIN, after
from tests.workshop.test_pages_reception import at_desk


@pytest.fixture
def wang(shop):
    return shop.technician()


@pytest.fixture
def mine(shop, wang):
    """An oil change on 沪A80001 that Wang has to do."""
    return shop.opened("MA001", car=shop.car("沪A80001", vin=VIN), to=wang)


def led_to(client, text):
    """Where a scan leads at once, or None when the page shows what it could be."""
    answer = client.get("/workshop/scan", {"q": text})
    return answer.headers.get("Location")


def seen(client, text):
    return client.get("/workshop/scan", {"q": text}).content.decode()


@pytest.mark.parametrize("text", ["沪A80001", "沪a·80001", "80001", "001", VIN, VIN[-6:]])
def test_a_plate_or_vin_or_its_end_leads_to_my_job(shop, wang, mine, text):
    assert led_to(at_desk(wang), text) == f"/workshop/jobs/{shop.labour(mine).pk}"


def test_an_order_number_or_its_end_leads_to_my_job(shop, wang, mine):
    desk, job = at_desk(wang), f"/workshop/jobs/{shop.labour(mine).pk}"
    assert [led_to(desk, text) for text in (mine.no, f" {mine.no.lower()} ", mine.no[-4:])] == [job] * 3


def test_two_jobs_on_one_car_are_shown_the_one_in_hand_first(shop, wang):
    order = shop.opened("MA001", "DT004", car=shop.car("沪A80001"), to=wang)
    oil, search = shop.labour(order), shop.labour(order, 1)
    actions.start_job(search, by=wang, now=NOW)
    page = seen(at_desk(wang), "80001")
    assert re.findall(r'href="/workshop/jobs/(\d+)"', page) == [str(search.pk), str(oil.pk)]


def test_a_colleagues_car_is_not_found_and_nothing_is_said_of_it(shop, wang, mine):
    li = shop.technician("李小", mechanics=3)
    page = seen(at_desk(li), "80001")
    assert "80001" in page
    assert (mine.no in page, mine.model_name in page, "/workshop/jobs/" in page) == (False, False, False)


@pytest.mark.parametrize("text", ["01", "沪"])
def test_less_than_three_signs_or_two_with_a_chinese_one_are_asked_for_more(wang, mine, text):
    assert led_to(at_desk(wang), text) is None
    assert "至少输 3 位，带汉字 2 位就够" in seen(at_desk(wang), text)


def test_two_signs_with_a_chinese_one_are_enough(shop, wang, mine):
    assert led_to(at_desk(wang), "沪a") == f"/workshop/jobs/{shop.labour(mine).pk}"


def test_a_part_leads_to_my_job_that_wants_it(shop, wang, mine):
    job = shop.labour(mine)
    page = seen(at_desk(wang), "flt001")
    assert shop.filter.name in page
    assert f'href="/workshop/jobs/{job.pk}#part"' in page


def test_a_barcode_names_its_part_and_a_part_that_no_job_wants_is_asked_for_the_one_in_hand(shop, wang, mine):
    actions.start_job(shop.labour(mine), by=wang, now=NOW)
    Part.objects.filter(pk=shop.pads.pk).update(barcode="6901234567892")
    page = seen(at_desk(wang), "6901234567892")
    address = f"/workshop/jobs/{shop.labour(mine).pk}?part={shop.pads.pk}#part"
    assert address in page
    job = at_desk(wang).get(address.partition("#")[0]).content.decode()
    assert f'name="part" id="part-id" value="{shop.pads.pk}"' in job
    assert f'value="{shop.pads.name} {shop.pads.part_no}"' in job


@pytest.mark.parametrize("part", ["9" * 20, "9" * 5_000, "0", "-1", "x", ""])
def test_a_part_that_cannot_be_is_not_asked_for(shop, wang, mine, part):
    answer = at_desk(wang).get(f"/workshop/jobs/{shop.labour(mine).pk}", {"part": part})
    assert answer.status_code == 200
    assert 'name="part" id="part-id" value=""' in answer.content.decode()


def test_a_part_is_found_by_its_name_where_no_car_answers(shop, wang, mine):
    page = seen(at_desk(wang), shop.pads.name[:2])
    assert shop.pads.part_no in page
    assert "¥" not in page


def test_a_scan_of_nothing_keeps_what_was_typed(wang, mine):
    page = seen(at_desk(wang), "ZZZ999")
    assert 'value="ZZZ999"' in page
    assert "没有“ZZZ999”" in page


def test_a_finished_job_is_still_found_and_one_of_a_car_that_left_the_workshop_is_not(shop, wang, mine):
    line = shop.labour(mine)
    type(line).objects.filter(pk=line.pk).update(state="done")
    assert led_to(at_desk(wang), "80001") == f"/workshop/jobs/{line.pk}"
    type(mine).objects.filter(pk=mine.pk).update(state="wash", state_at=after(hours=1))
    assert led_to(at_desk(wang), "80001") is None


@pytest.mark.parametrize(("text", "most"), [("80001", 4), ("jylqq", 10)])
def test_a_scan_costs_few_queries_however_many_jobs(shop, wang, text, most):
    for plate in ("沪A80001", "沪A80002", "沪A80003"):
        shop.opened("MA001", "DT004", car=shop.car(plate, vin="", owner=None), to=wang)
    with CaptureQueriesContext(connection) as context:
        scanned(text, wang, store=shop.store, now=NOW)
    assert len(context.captured_queries) <= most, [one["sql"] for one in context.captured_queries]


def test_the_bar_of_a_technician_has_jobs_scan_messages_and_himself(wang, mine):
    page = at_desk(wang).get("/workshop/my-jobs").content.decode()
    tabs = page[page.index("phone-tabs") :]
    assert re.findall(r'class="phone-tab" href="([^"]+)"', tabs) == [
        "/workshop/my-jobs",
        "/workshop/scan",
        "/workshop/my-messages",
        "/account",
    ]
    assert re.findall(r"</svg>([^<]+)</a>", tabs) == ["我的活", "扫一扫", "消息", "我"]
