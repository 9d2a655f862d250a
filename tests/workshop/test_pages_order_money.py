"""The money of an order's page: what is agreed to and what waits, and prices changed in their cell."""

import json
import re
from urllib.parse import unquote

import pytest

from cheyi.foundation.models import AuditEntry
from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted
from tests.foundation.org import NOW
from tests.workshop.shop import yuan
from tests.workshop.test_pages_order import PARTIAL, page, send_line
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


def toasts(answer):
    return json.loads(unquote(answer.headers.get("X-Toast", "[]")))


def test_an_empty_price_or_the_same_one_changes_nothing_and_says_nothing(shop, advisor):
    order = shop.opened("CH001")
    line, part = shop.labour(order), order.parts.get()
    for row, form in (
        (part, {"price": ""}),
        (part, {"price": str(part.unit_price)}),
        (line, {"price": "", "hours": str(line.sold_hours)}),
    ):
        answer = send_line(advisor, row, "price", reason="old_customer", **form)
        assert (answer.status_code, toasts(answer)) == (200, [])
    assert not AuditEntry.objects.filter(code="workshop.line.price_changed").exists()


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({"price": "999999999999"}, "price", "单价最多 ¥1,000,000"),
        ({"price": "1000000.01"}, "price", "单价最多 ¥1,000,000"),
        ({"hours": "1000.01"}, "hours", "一项工时最多 1,000 小时"),
    ],
)
def test_a_price_or_hours_beyond_all_reason_are_refused_at_their_field(shop, advisor, form, field, words):
    line = shop.labour(shop.opened("DT004"))
    answer = send_line(advisor, line, "price", reason="old_customer", **form)
    assert answer.status_code == 422
    assert field in answer.content.decode()
    assert words in answer.content.decode()
    assert shop.fresh(line).net == line.net


def test_the_dearest_price_is_a_million(shop, advisor):
    line = shop.labour(shop.opened("DT004"))
    assert send_line(advisor, line, "price", price="1000000", hours="1", reason="old_customer").status_code == 200
    assert shop.fresh(line).net == yuan(1_000_000)


@pytest.mark.parametrize("kind", ["labour", "part", "fee"])
def test_a_changed_price_is_undone_from_its_toast(shop, advisor, kind):
    order = shop.opened("CH001")
    actions.add_fee(order, name="停车费", amount=yuan(20), by=shop.advisor, now=NOW)
    line = {"labour": order.labour, "part": order.parts, "fee": order.fees}[kind].get()
    more = {"hours": "2"} if kind == "labour" else {}
    answer = send_line(advisor, line, "price", price="777", reason="old_customer", **more)
    [toast] = toasts(answer)
    assert toast["undo"]
    assert shop.fresh(line).net != line.net
    assert advisor.post(f"/undo/{toast['undo']}", {"_key": "undo"}, headers=PARTIAL).status_code == 200
    back = shop.fresh(line)
    assert (back.gross, back.net, back.decided_net) == (line.gross, line.net, line.decided_net)


def test_a_fee_of_more_than_a_million_is_refused(shop, advisor):
    order = shop.opened("DT004")
    form = {"fee": "other", "name": "拖车", "amount": "99999999", "_key": "fee"}
    answer = advisor.post(f"/workshop/orders/{order.pk}/add-other", form, headers=PARTIAL)
    assert (answer.status_code, order.fees.count()) == (422, 0)
