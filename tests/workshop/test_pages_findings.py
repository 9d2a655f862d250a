"""A finding on its way: the line proposed from it with its picture, what the owner is asked, what the technician reads."""

import re

import pytest
from django.test import Client

from cheyi.workshop import actions
from cheyi.workshop.queries.progress import token_of
from tests.foundation.org import NOW
from tests.workshop.test_pages_order import page
from tests.workshop.test_pages_phone import kept_photo
from tests.workshop.test_pages_reception import at_desk
from tests.workshop.test_queries import long_order


@pytest.fixture
def advisor(shop):
    return at_desk(shop.advisor)


def found(shop, order, code, *, note, photos=1):
    """A finding with photos that proposes a job."""
    wang = shop.technician()
    pictures = [kept_photo(shop, wang) for _ in range(photos)]
    return actions.report_finding(order, item="", note=note, op=shop.op(code), photos=pictures, by=wang, now=NOW), [
        str(one.uid) for one in pictures
    ]


def owner_s_page(order) -> str:
    return Client().get(f"/workshop/p/{token_of(order.progress_link)}").content.decode()


def proposed(text) -> dict[str, list[str]]:
    """The pictures beside each line that waits for the customer, by its name: (large, small) addresses."""
    card = text.partition('id="approval"')[2].partition("</section>")[0]
    rows = re.findall(
        r'<div class="line answer">(.*?<b>([^<]+)</b>.*?)(?=<div class="line answer">|\Z)', card, re.DOTALL
    )
    return {name: re.findall(r'/files/([0-9a-f-]+)/(1600|320)"', row) for row, name in rows}


def test_the_picture_of_a_finding_stands_beside_the_line_proposed_from_it_and_opens_large(shop, advisor):
    order = shop.opened("DT004", to=shop.technician())
    _, (battery,) = found(shop, order, "EL001", note="蓄电池只剩六成")
    _, pads = found(shop, order, "CH001", note="前片剩 2 mm", photos=2)
    text = page(advisor, order)
    names = [shop.labour(order, place).name for place in (1, 2)]
    assert proposed(text) == {
        names[0]: [(battery, "1600"), (battery, "320")],
        names[1]: [(pads[0], "1600"), (pads[0], "320"), (pads[1], "1600"), (pads[1], "320")],
    }
    assert "蓄电池只剩六成" in text.partition('id="approval"')[2].partition("</section>")[0]


def test_the_owner_sees_beside_a_job_the_finding_it_comes_from_and_no_other_of_the_same_kind(shop):
    order = shop.opened("DT004", to=shop.technician())
    first, _ = found(shop, order, "EL001", note="蓄电池只剩六成")
    actions.remove_line(first.line, reason="录入错误", by=shop.advisor, now=NOW)
    found(shop, order, "EL001", note="蓄电池只剩三成")
    asked = owner_s_page(order).partition('id="answers"')[2].partition("</form>")[0]
    assert "蓄电池只剩三成" in asked
    assert "蓄电池只剩六成" not in asked


def test_pictures_beside_many_proposed_lines_cost_no_further_statement(shop, advisor, django_assert_max_num_queries):
    order = long_order(shop)
    for code in ("EL001", "CH002", "CH003"):
        found(shop, order, code, note="磨损")
    page(advisor, order)
    with django_assert_max_num_queries(8):
        text = page(advisor, order)
    assert [len(one) for one in proposed(text).values()] == [2, 2, 2]
