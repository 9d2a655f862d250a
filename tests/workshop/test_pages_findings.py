"""A finding on its way: the line proposed from it with its picture, what the owner is asked, what the technician reads."""

import re

import pytest
from django.test import Client

from cheyi.kernel import Money
from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted, PartWanted
from cheyi.workshop.models import Answer, LabourLine, PartLine
from cheyi.workshop.queries.progress import progress, token_of
from cheyi.workshop.rules.pricing import has_price
from tests.foundation.org import NOW
from tests.workshop.shop import after, q, yuan
from tests.workshop.test_pages_order import page
from tests.workshop.test_pages_phone import kept_photo
from tests.workshop.test_pages_reception import at_desk
from tests.workshop.test_queries import long_order

LOOKING = "我们还在看"


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


def without_price(line):
    """A job that the catalogue gives no price, as a proposed line has it."""
    nothing = {"gross": Money(0), "discount": Money(0), "net": Money(0)}
    LabourLine.objects.filter(pk=line.pk).update(rate=Money(0), **nothing)
    PartLine.objects.filter(labour_line=line).update(unit_price=Money(0), **nothing)


def test_a_finding_in_words_is_looked_at_until_a_job_is_proposed_for_it(shop):
    order = shop.opened("DT004", to=shop.technician())
    actions.report_finding(order, item="轮胎偏磨", by=shop.technician(), now=after(minutes=5))
    text = owner_s_page(order)
    assert ("轮胎偏磨" in text, LOOKING in text, 'id="answers"' in text) == (True, True, False)
    actions.add_extra(order, jobs=[JobWanted("CH001")], by=shop.advisor, now=after(minutes=9))
    text = owner_s_page(order)
    assert (LOOKING in text, text.count('class="yes-no"')) == (False, 1)


def test_a_job_proposed_for_another_finding_leaves_this_one_to_be_looked_at(shop):
    order = shop.opened("DT004", to=shop.technician())
    actions.report_finding(order, item="轮胎偏磨", by=shop.technician(), now=after(minutes=5))
    found(shop, order, "EL001", note="蓄电池只剩六成")
    text = owner_s_page(order)
    assert (text.count(LOOKING), text.count('class="yes-no"')) == (1, 1)


def test_nothing_is_looked_at_any_more_once_the_car_is_done(shop):
    order = shop.opened("DT004", to=shop.technician())
    actions.report_finding(order, item="轮胎偏磨", by=shop.technician(), now=NOW)
    shop.work(order, shop.technician())
    text = owner_s_page(shop.fresh(order))
    assert ("轮胎偏磨" in text, LOOKING in text) == (True, False)


def test_a_proposed_job_without_a_price_asks_nothing_of_the_owner_until_it_has_one(shop, advisor):
    order = shop.opened("DT004", to=shop.technician())
    finding, _ = found(shop, order, "EL001", note="蓄电池只剩六成")
    without_price(finding.line)
    text = owner_s_page(order)
    assert ("蓄电池只剩六成" in text, LOOKING in text, 'id="answers"' in text) == (True, True, False)
    assert progress(order.progress_link, now=NOW).shown == "planned"
    assert "还没有价格，暂不问车主" in page(advisor, order)
    actions.change_price(finding.line, unit_price=yuan(300), reason="领导审批", by=shop.advisor, now=NOW)
    assert f'data-price="{shop.fresh(finding.line).net.fen}"' in owner_s_page(order)
    assert LOOKING not in owner_s_page(order)
    assert "还没有价格" not in page(advisor, order)


def test_an_answer_to_a_job_without_a_price_is_not_taken(shop):
    order = shop.opened("DT004", to=shop.technician())
    finding, _ = found(shop, order, "EL001", note="蓄电池只剩六成")
    without_price(finding.line)
    form = {"_key": "k", f"line-labour-{finding.line_id}": "yes", f"price-labour-{finding.line_id}": "0"}
    answer = Client().post(f"/workshop/p/{token_of(order.progress_link)}/answer", form)
    assert (answer.status_code, shop.fresh(finding.line).state, Answer.objects.count()) == (422, "pending", 0)


def test_a_job_with_a_part_that_has_no_price_is_not_offered_and_one_with_the_owner_s_own_part_is(shop):
    order = shop.opened("DT004", to=shop.technician())
    own, unpriced = PartWanted(q(1), name="自带件"), PartWanted(q(1), shop.part("X-1", "传感器", "0").pk)
    for part in (own, unpriced):
        actions.add_extra(order, jobs=[JobWanted("EL001", parts=[part])], by=shop.advisor, now=NOW)
    view = progress(order.progress_link, now=NOW)
    assert [one.asked.line.pk for one in view.proposals] == [shop.labour(order, 1).pk]


@pytest.mark.parametrize(
    ("gross", "payer", "meant", "said"),
    [
        (30000, "customer", False, True),
        (0, "customer", False, False),
        (0, "oem", False, True),
        (0, "customer", True, True),
    ],
)
def test_a_line_has_a_price_when_it_costs_something_somebody_else_pays_or_nothing_is_meant(gross, payer, meant, said):
    assert has_price(Money(gross), payer=payer, meant=meant) is said
