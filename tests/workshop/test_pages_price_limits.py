"""A price below the list price on pages and for machines: what is said of the limit, and who agrees or not."""

import json
from urllib.parse import unquote

import pytest
from django.utils.translation import override

from cheyi.foundation.models import AuditEntry
from cheyi.foundation.pages.answers import TOAST_COOKIE
from cheyi.kernel import Hours, Rate, Refused
from cheyi.workshop import actions, saying
from cheyi.workshop.models import LabourLine
from cheyi.workshop.rules.pricing import Given
from tests.foundation.org import NOW
from tests.workshop.shop import everything, yuan
from tests.workshop.test_pages_api import call
from tests.workshop.test_pages_order import page, send_line
from tests.workshop.test_pages_reception import at_desk

LOW = "等经理批：比标价 ¥320.00 低 37.5%；你的权限是 10%，最低 ¥288.00。店总可以批"


@pytest.fixture
def line(shop):
    return shop.labour(shop.opened("CH001"))


def said(answer):
    return [toast["text"] for toast in json.loads(unquote(answer.headers.get("X-Toast", "[]")))]


def test_a_price_below_the_limit_says_what_the_limit_is_and_who_agrees(shop, line):
    advisor = at_desk(shop.advisor)
    answer = send_line(advisor, line, "price", price="200", hours="1", reason="old_customer")
    assert said(answer) == [f"{line.name}已改价，{LOW}"]
    strip = advisor.get(f"/workshop/lines/labour/{line.pk}/strip").content.decode()
    assert LOW.split("：")[1] in strip
    assert "approve-discount" not in strip
    row = page(advisor, line.order).split(f'data-line="labour/{line.pk}"')[1].split("</tr>")[0]
    assert "#alert-triangle" in row
    assert shop.fresh(line).discount_reason == "老客户"


def test_hours_of_nothing_wait_for_somebody_who_does_not_exist(shop, line):
    answer = send_line(at_desk(shop.advisor), line, "price", hours="0", reason="old_customer")
    assert said(answer) == [
        f"{line.name}已改价，等经理批：比标价 ¥320.00 低 100%，没有人能批；你的权限是 10%，最低 ¥288.00"
    ]
    assert shop.fresh(line).net == yuan(0)


def test_a_price_within_the_limit_says_nothing_of_it(shop, line):
    answer = send_line(at_desk(shop.advisor), line, "price", price="288", reason="old_customer")
    assert said(answer) == [f"{line.name}已改价"]


def test_the_cashier_s_discount_says_the_limit_too_and_prices_are_not_hers_to_change(shop):
    line = shop.labour(shop.ready("CH001"))
    cashier = at_desk(shop.cashier)
    form = {"line": f"labour:{line.pk}", "percent": "11", "reason": "老客户", "_key": "d"}
    answer = cashier.post(f"/workshop/orders/{line.order_id}/discount", form)
    words = json.loads(unquote(answer.cookies[TOAST_COOKIE].value))[0]["text"]
    assert words.endswith("比标价 ¥320.00 低 11%；你的权限是 10%，最低 ¥288.00。服务经理或店总可以批")
    before = everything(LabourLine)
    assert send_line(cashier, line, "price", price="319", reason="old_customer").status_code == 403
    assert call(cashier, f"/lines/labour/{line.pk}/change-price", price_fen=31900, reason="x").status_code == 403
    assert everything(LabourLine) == before


def test_the_manager_s_page_shows_what_is_given_away_and_puts_the_list_price_back(shop, line):
    send_line(at_desk(shop.advisor), line, "price", price="200", reason="old_customer")
    fee = actions.add_fee(line.order, name="拖车", amount=yuan(200), by=shop.advisor, now=NOW)
    actions.change_price(fee, unit_price=yuan(150), reason="老客户", by=shop.advisor, now=NOW)
    manager = at_desk(shop.manager)
    shown = manager.get("/workshop/today").content.decode()
    for one, text in ((line, "38% · -¥120.00"), (fee, "25% · -¥50.00")):
        part = shown.split(f'id="decision-discount-{line.order_id}-{one.kind}-{one.pk}"')[1]
        assert text in part[:600]
    manager.post(f"/workshop/lines/labour/{line.pk}/refuse-discount", {"_key": "r"})
    manager.post(f"/workshop/lines/fee/{fee.pk}/agree-discount", {"_key": "a"})
    line, fee = shop.fresh(line), shop.fresh(fee)
    assert (line.net, line.discount_waits, fee.net, fee.discount_waits) == (yuan(320), False, yuan(150), False)


def test_a_manager_does_not_agree_on_the_order_s_page(shop, line):
    send_line(at_desk(shop.advisor), line, "price", price="200", reason="old_customer")
    manager = at_desk(shop.manager)
    assert "take-discount-off" in manager.get(f"/workshop/lines/labour/{line.pk}/strip").content.decode()
    assert send_line(at_desk(shop.advisor), line, "take-discount-off").status_code == 403
    assert send_line(manager, line, "take-discount-off").status_code == 200
    assert shop.fresh(line).net == yuan(320)
    entry = AuditEntry.objects.get(code="workshop.line.discount_refused")
    assert (entry.facts["before"], entry.facts["after"]) == (20_000, 32_000)


def test_by_machine_price_and_hours_are_judged_alike(shop, line):
    advisor, manager = at_desk(shop.advisor), at_desk(shop.manager)
    where = f"/lines/labour/{line.pk}"
    assert call(advisor, f"{where}/change-price", price_fen=28_800, reason="老客户").status_code == 200
    assert shop.fresh(line).discount_waits is False
    assert call(advisor, f"{where}/change-price", hours=99, reason="老客户").status_code == 200
    changed = shop.fresh(line)
    assert (changed.sold_hours, changed.rate, changed.discount_waits) == (Hours.of("0.99"), yuan(288), True)
    assert call(advisor, f"{where}/refuse-discount").status_code == 403
    assert call(manager, f"{where}/refuse-discount").status_code == 200
    back = shop.fresh(line)
    assert (back.sold_hours, back.rate, back.net, back.discount_waits) == (Hours.of(1), yuan(320), yuan(320), False)
    again = call(manager, f"{where}/refuse-discount")
    assert (again.status_code, again.json()["code"]) == (422, "workshop.line.discount_waits_not")


@pytest.mark.parametrize(
    "body", [{"price_fen": -1}, {"hours": -1}, {"price_fen": 10**13}, {"price_fen": 10**9}, {"hours": 10**6}]
)
def test_by_machine_too_a_price_beyond_all_reason_changes_nothing(shop, line, body):
    before = everything(LabourLine)
    assert call(at_desk(shop.advisor), f"/lines/labour/{line.pk}/change-price", reason="x", **body).status_code == 422
    assert everything(LabourLine) == before


def test_a_refused_agreement_says_limit_and_amount(shop, line):
    actions.change_price(line, unit_price=yuan(200), reason="老客户", by=shop.advisor, now=NOW)
    service = at_desk(shop.town.person("service_manager"))
    answer = send_line(service, line, "approve-discount")
    assert answer.status_code == 422
    assert "比标价 ¥320.00 低 37.5%，超出你的权限 20%（最低 ¥256.00）。找店总批" in answer.content.decode()


def test_the_sentence_is_english_too(shop, line):
    line = actions.discount(line, rate=Rate.percent(15), reason="老客户", by=shop.advisor, now=NOW)
    with override("en"):
        assert saying.beyond(Given.of(line), "labour", {"advisor"}) == (
            "15% off the list price ¥320.00; your limit is 10%, so ¥288.00. Service manager or Store manager agrees"
        )


def test_who_may_not_discount_at_all_has_a_limit_of_nothing(shop, line):
    line = actions.discount(line, rate=Rate.percent(15), reason="老客户", by=shop.advisor, now=NOW)
    with pytest.raises(Refused) as refusal:
        actions.approve_discount(line, by=shop.foreman, now=NOW)
    assert (refusal.value.facts["limit"], refusal.value.facts["least"]) == ("0", yuan(320))
