"""The money of an order's page: what is agreed to and what waits."""

import re

import pytest

from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted
from tests.foundation.org import NOW
from tests.workshop.test_pages_order import page, send_line
from tests.workshop.test_pages_reception import at_desk


@pytest.fixture
def advisor(shop):
    return at_desk(shop.advisor)


def totals(client, order):
    """What the decision says of money and jobs, in words."""
    found = re.search(
        r'<div class="part keep">(.*?)</div></div>|<div class="part keep">(.*?)</div>\n', page(client, order)
    )
    return re.sub(r"<[^>]+>", " ", found[1] or found[2]).split()


def test_the_total_says_what_of_it_the_customer_has_still_to_agree_to(shop, advisor):
    order = shop.opened("DT004")
    agreed = totals(advisor, order)
    assert agreed[:2] == ["合计（含税）", "¥160.00"]
    assert "待确认" not in agreed
    actions.add_extra(order, jobs=[JobWanted("CH001")], by=shop.advisor, now=NOW)
    order = shop.fresh(order)
    waiting = order.estimate_total - order.approved_total
    said = " ".join(totals(advisor, order))
    assert f"已确认 ¥160.00 · 待确认 ¥{waiting}" in said
    assert "2 项" in said


def test_jobs_that_were_declined_or_taken_off_are_not_counted(shop, advisor):
    order = shop.opened("MA001", "DT004")
    made = actions.add_extra(order, jobs=[JobWanted("CH001")], by=shop.advisor, now=NOW)
    actions.decline(made.labour, by=shop.advisor, now=NOW)
    send_line(advisor, shop.labour(order, 1), "remove")
    said = " ".join(totals(advisor, order))
    assert "1 项" in said
    assert "待确认" not in said
