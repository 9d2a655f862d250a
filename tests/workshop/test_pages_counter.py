"""The cashier's screens: what waits, discount and rounding within authority, deposits, giving back, the shift."""

import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheyi.foundation.qr import qr
from cheyi.kernel import Money
from cheyi.settlement.actions import Tender, take_payment
from cheyi.settlement.models import Bill, CashierShift, Payment, Prepayment, Refund
from cheyi.workshop import mending
from cheyi.workshop.actions.stock import source_of
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.queries.counter import counter, settling
from cheyi.workshop.queries.progress import token_of
from tests.foundation.org import NOW
from tests.workshop.shop import after, yuan
from tests.workshop.test_pages_reception import at_desk


@pytest.fixture
def cashier(shop):
    return at_desk(shop.cashier)


def send(client, path, key="k1", **form):
    return client.post(path, form, HTTP_IDEMPOTENCY_KEY=key, HTTP_HX_REQUEST="true")


def test_the_counter_lists_who_waits_how_long_and_for_what(shop, cashier):
    shop.ready("DT004")
    with CaptureQueriesContext(connection) as context:
        view = counter(shop.store, after(hours=2), viewer=shop.cashier)
    assert [(one.owner, one.due) for one in view.orders] == [("方志强", yuan(160))]
    assert view.orders[0].minutes >= 90
    assert len(context.captured_queries) <= 8
    text = cashier.get("/workshop/counter").content.decode()
    assert 'data-key="1"' in text
    assert "160.00" in text


def test_what_is_missing_leads_to_its_place_or_names_who_mends_it(shop, cashier):
    order = shop.ready("DT004")
    WorkOrder.objects.filter(pk=order.pk).update(mileage_confirmed=False)
    place = f"/workshop/orders/{order.pk}#mileage"
    text = cashier.get(f"/workshop/orders/{order.pk}/settle").content.decode()
    assert "真实里程" in text
    assert "服务顾问" in text
    assert place not in text
    both = replace(shop.cashier, roles=shop.cashier.roles | {"advisor"})  # who works alone
    assert [str(mending.who_else("mileage", one)) for one in (shop.cashier, both)] == ["服务顾问", ""]


def test_an_order_at_work_takes_a_deposit_and_nothing_is_handed_over(shop, cashier):
    order = shop.opened("DT004", to=shop.technician())
    text = cashier.get(f"/workshop/orders/{order.pk}/settle").content.decode()
    assert "还没完工" in text
    assert f'action="/workshop/orders/{order.pk}/take-deposit"' in text
    assert f'action="/workshop/orders/{order.pk}/pay"' not in text
    refused = send(cashier, f"/workshop/orders/{order.pk}/pay", way="wechat", act="pay")
    assert (refused.status_code, shop.fresh(order).state) == (422, "dispatched")


def test_a_discount_at_the_counter_changes_the_bill(shop, cashier):
    order = shop.ready("DT004")
    line = shop.labour(order)
    answer = send(
        cashier, f"/workshop/orders/{order.pk}/discount", line=f"labour:{line.pk}", percent="5", reason="会员"
    )
    assert answer.status_code == 200
    assert settling(shop.fresh(order)).due == yuan(152)


@pytest.mark.parametrize("percent", ["", "-5", "101", "ten", "５0x"])
def test_a_percentage_that_is_none_changes_nothing(shop, cashier, percent):
    order = shop.ready("DT004")
    line = shop.labour(order)
    answer = send(
        cashier, f"/workshop/orders/{order.pk}/discount", line=f"labour:{line.pk}", percent=percent, reason="会员"
    )
    assert answer.status_code in (409, 422)
    assert settling(shop.fresh(order)).due == yuan(160)


def test_a_line_of_another_order_is_not_discounted_through_this_one(shop, cashier):
    mine = shop.ready("DT004")
    other = shop.opened("DT004", car=shop.car("沪A80002", vin="", owner=False))
    line = shop.labour(other)
    answer = send(cashier, f"/workshop/orders/{mine.pk}/discount", line=f"labour:{line.pk}", percent="5", reason="会员")
    assert answer.status_code in (409, 422)
    assert shop.labour(other).net == line.net


def test_rounding_off_stays_within_what_a_cashier_may(shop, cashier):
    order = shop.ready("MA001")
    due = settling(order).due
    send(cashier, f"/workshop/orders/{order.pk}/round-off", step="5")
    rounded = settling(shop.fresh(order)).due
    assert Money(0) <= due - rounded < yuan(5)
    assert rounded.fen % 500 == 0


def test_a_deposit_is_taken_and_offered_as_a_way_of_paying(shop, cashier):
    order = shop.ready("DT004")
    send(cashier, f"/workshop/orders/{order.pk}/take-deposit", way="cash", amount="100.00")
    assert Prepayment.objects.get().amount == yuan(100)
    assert Prepayment.objects.get().no in cashier.get(f"/workshop/orders/{order.pk}/settle").content.decode()


@pytest.mark.parametrize("amount", ["", "abc", "-5", "1e5", "0"])
def test_a_deposit_of_nothing_is_refused(shop, cashier, amount):
    order = shop.ready("DT004")
    answer = send(cashier, f"/workshop/orders/{order.pk}/take-deposit", way="cash", amount=amount)
    assert answer.status_code in (409, 422)
    assert not Prepayment.objects.exists()


def part_paid(shop):
    order = shop.ready("DT004")
    bills = [view.bill for view in settling(order).bills]
    take_payment(bills, [Tender("cash", yuan(60))], store=shop.store, by=shop.cashier, now=NOW)
    return order, Payment.objects.get()


def test_the_accountant_gives_money_back_on_a_payment_with_a_reason(shop):
    accountant = at_desk(shop.town.person("accountant"))
    order, payment = part_paid(shop)
    assert payment.receipt_no in accountant.get("/workshop/counter").content.decode()
    path = f"/workshop/orders/{order.pk}/give-back"
    assert send(accountant, path, payment=payment.pk, amount="60", reason=" ").status_code in (409, 422)
    assert not Refund.objects.exists()
    send(accountant, path, key="k2", payment=payment.pk, amount="60", reason="多收了")
    assert (Refund.objects.get().amount, Refund.objects.get().reason) == (yuan(60), "多收了")
    assert Bill.objects.get(source_id=order.pk, source_kind=source_of(order).kind).state == "due"


def test_a_settled_order_s_money_is_not_given_back_by_one_person(shop):
    order = shop.pay(shop.ready("DT004"))
    payment = Payment.objects.get()
    answer = send(
        at_desk(shop.town.person("accountant")),
        f"/workshop/orders/{order.pk}/give-back",
        payment=payment.pk,
        amount="1",
        reason="试",
    )
    assert answer.status_code in (409, 422)
    assert not Refund.objects.exists()


def test_a_shift_is_opened_counted_and_handed_over_with_a_note_on_the_difference(shop, cashier):
    send(cashier, "/workshop/counter/shift", act="open", float="500")
    shift = CashierShift.objects.get()
    assert (shift.state, shift.float_amount) == ("open", yuan(500))
    answer = send(cashier, "/workshop/counter/shift", key="k2", act="count", **{"way-cash": "495"})
    assert answer.status_code == 200
    page = cashier.get("/workshop/counter/shift").content.decode()
    assert "-¥5.00" in page
    assert send(cashier, "/workshop/counter/shift", key="k3", act="close", note="").status_code in (409, 422)
    assert CashierShift.objects.get().state == "counted"
    send(cashier, "/workshop/counter/shift", key="k4", act="close", note="找零多给 5 元")
    assert (CashierShift.objects.get().state, CashierShift.objects.get().note) == ("closed", "找零多给 5 元")


def test_what_should_be_there_is_not_shown_before_it_is_counted(shop, cashier):
    send(cashier, "/workshop/counter/shift", act="open", float="321.09")
    page = cashier.get("/workshop/counter/shift").content.decode()
    assert page.count("321.09") == 1  # the float in the head, nothing else


def test_the_paper_names_the_grade_in_words_and_its_code_opens_the_owner_s_page(shop, cashier):
    order = shop.ready("MA001")
    text = cashier.get(f"/workshop/orders/{order.pk}/settlement-list").content.decode()
    assert "<th>电话</th>" in text
    address = f"http://testserver/workshop/p/{token_of(order.progress_link)}"
    assert qr(address).partition("|")[2] in text
    assert ("原厂件" in text, "original" in text) == (True, False)


def test_the_paper_says_how_and_when_it_was_paid_and_leads_back(shop, cashier):
    order = shop.ready("DT004")
    address = f"/workshop/orders/{order.pk}/settlement-list"
    unpaid = cashier.get(address).content.decode()
    assert f'<a class="btn" href="/workshop/orders/{order.pk}/settle">' in unpaid
    assert "已收" not in unpaid
    tenders = [Tender("wechat", yuan(100)), Tender("cash", yuan(20))]
    take_payment(settling(order).open_bills, tenders, store=shop.store, by=shop.cashier, now=NOW)
    assert "微信 ¥100.00 现金 ¥20.00 已收，还差 ¥40.00 2026-06-15 09:00" in cashier.get(address).content.decode()
    rest = [Tender("cash", yuan(40))]
    take_payment(settling(order).open_bills, rest, store=shop.store, by=shop.cashier, now=after(hours=1))
    assert "微信 ¥100.00 现金 ¥20.00 现金 ¥40.00 已收讫 2026-06-15 10:00" in cashier.get(address).content.decode()


def test_who_may_not_settle_is_led_from_the_paper_back_to_the_order(shop):
    order = shop.ready("DT004")
    accountant = at_desk(shop.town.person("accountant"))
    text = accountant.get(f"/workshop/orders/{order.pk}/settlement-list").content.decode()
    assert f'<a class="btn" href="/workshop/orders/{order.pk}">' in text


@pytest.mark.parametrize("choice", ["take", "none"])
def test_only_taking_the_payment_keeps_what_was_said_of_the_old_parts(shop, cashier, choice):
    order = shop.ready("DT004")
    answer = send(cashier, f"/workshop/orders/{order.pk}/pay", act="pay", way="cash", old_parts_choice=choice)
    assert answer.status_code == 200
    assert (shop.fresh(order).state, shop.fresh(order).old_parts_choice) == ("settled", choice)
    assert Payment.objects.get().amount == yuan(160)


def test_a_second_tab_is_told_that_the_car_is_paid_for(shop, cashier):
    order = shop.ready("DT004")
    for key in ("first", "second"):
        answer = send(cashier, f"/workshop/orders/{order.pk}/pay", key=key, act="pay", way="cash")
    assert (answer.status_code, answer.headers["X-Problem"]) == (422, "workshop.order.nothing_to_pay")
    assert Payment.objects.get().amount == yuan(160)


def test_an_unknown_choice_for_the_old_parts_takes_no_money(shop, cashier):
    order = shop.ready("DT004")
    answer = send(cashier, f"/workshop/orders/{order.pk}/pay", act="pay", way="cash", old_parts_choice="sell")
    assert answer.headers["X-Problem"] == "workshop.inspection.old_parts"
    assert not Payment.objects.exists()


@pytest.mark.parametrize("typed", ["五万", "55330.5", "-1", "²"])
def test_a_mileage_that_is_none_is_refused_beside_its_field_and_the_car_stays(shop, typed):
    order = shop.pay(shop.ready("DT004"))
    form = {"mileage_out": typed, "old_parts_choice": "give_up"}
    text = send(at_desk(shop.advisor), f"/workshop/orders/{order.pk}/hand-over", **form).content.decode()
    assert 'data-field="mileage_out"' in text
    assert f"“{typed}” 不是里程，填整公里，例如 55330" in text
    assert shop.fresh(order).state == "settled"


def test_a_mileage_is_typed_with_or_without_commas(shop):
    order = shop.pay(shop.ready("DT004"))
    form = {"mileage_out": " 20，410 ", "old_parts_choice": "give_up", "keys_out": "on"}
    assert send(at_desk(shop.advisor), f"/workshop/orders/{order.pk}/hand-over", **form).status_code == 200
    assert shop.fresh(order).mileage_out == 20_410


def test_an_advisor_sees_who_waits_hands_over_and_learns_nothing_of_the_till(shop, django_assert_max_num_queries):
    advisor = at_desk(shop.advisor)
    paid, waits = shop.pay(shop.ready("DT004")), shop.ready("DT004", car=shop.car("沪A80002", vin="", owner=False))
    with django_assert_max_num_queries(8):
        text = advisor.get("/workshop/counter").content.decode()
    assert f'href="/workshop/orders/{paid.pk}/hand-over"' in text
    assert f'href="/workshop/orders/{waits.pk}"' in text
    assert ("¥160.00" in text, "已付" in text) == (True, True)
    assert [words for words in ("今日收款", "班次", "预收款", "退款", "反结算") if words in text] == []
    form = {"old_parts_choice": "give_up", "keys_out": "on"}
    assert send(advisor, f"/workshop/orders/{paid.pk}/hand-over", **form).status_code == 200
    assert shop.fresh(paid).state == "delivered"
    assert advisor.get(f"/workshop/orders/{waits.pk}/settle").status_code == 403


def test_an_advisor_and_a_cashier_read_the_same_sum_for_a_bill_that_was_rounded_off(shop, cashier):
    order = shop.ready("MA001", "DT004")
    line = f"labour:{shop.labour(order).pk}"
    send(cashier, f"/workshop/orders/{order.pk}/discount", line=line, percent="3", reason="会员")
    send(cashier, f"/workshop/orders/{order.pk}/round-off", step="10")
    due = settling(shop.fresh(order)).due
    assert due < shop.fresh(order).approved_total
    seen = [counter(shop.store, NOW, viewer=viewer) for viewer in (shop.advisor, shop.cashier)]
    assert [(one.orders[0].due, one.to_take) for one in seen] == [(due, due)] * 2


def test_the_list_that_is_given_is_said_where_the_car_is_handed_over(shop):
    order = shop.pay(shop.ready("DT004"))
    text = at_desk(shop.advisor).get(f"/workshop/orders/{order.pk}").content.decode()
    assert re.search(rf'<a href="/workshop/orders/{order.pk}/hand-over">\s*结算清单', text)


def paid_line(text, tag) -> str:
    """What a settlement list says was paid, without the markup."""
    return " ".join(re.sub("<[^>]*>", "", text.partition(tag)[2].partition("</p>")[0].partition("</tr>")[0]).split())


def test_the_preview_says_what_was_paid_as_the_paper_does(shop, cashier):
    order = shop.ready("DT004")
    page, paper = (f"/workshop/orders/{order.pk}/{name}" for name in ("settle", "settlement-list"))
    assert 'class="paid"' not in cashier.get(page).content.decode()
    assert send(cashier, f"/workshop/orders/{order.pk}/pay", way=["cash"], amount=["60"], act="pay").status_code == 200
    shown = paid_line(cashier.get(page).content.decode(), '<p class="paid">')
    assert re.fullmatch(r"现金 ¥60.00 已收，还差 ¥100.00 \d{4}-\d\d-\d\d \d\d:\d\d", shown), shown
    assert shown == paid_line(cashier.get(paper).content.decode(), '<tr class="paid-row"><td colspan="4">')
