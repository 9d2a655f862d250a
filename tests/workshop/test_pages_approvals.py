"""Asking a manager who is not beside: it stands among his decisions, and the asker sees what became of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheyi.foundation.invariants import check
from cheyi.kernel import Refused
from cheyi.settlement import actions as settlement
from cheyi.settlement.actions import Tender, take_prepayment
from cheyi.settlement.models import Approval, CashierShift, Payment, Prepayment, Refund
from cheyi.workshop import actions
from cheyi.workshop.queries.counter import counter, settling
from cheyi.workshop.queries.figures import day_figures
from tests.foundation.org import NOW
from tests.workshop.shop import after, everything, yuan
from tests.workshop.test_pages_counter import part_paid, send
from tests.workshop.test_pages_giving_back import problem
from tests.workshop.test_pages_reception import at_desk


@pytest.fixture
def cashier(shop):
    return at_desk(shop.cashier)


@pytest.fixture
def manager(shop):
    return at_desk(shop.manager)


def asks_to_unsettle(shop, cashier):
    order = shop.pay(shop.ready("DT004"))
    assert send(cashier, f"/workshop/orders/{order.pk}/unsettle", act="ask", reason="收错").status_code == 200
    return order, Approval.objects.get()


def test_the_request_stands_first_among_the_managers_decisions(shop, cashier, manager):
    _order, row = asks_to_unsettle(shop, cashier)
    with CaptureQueriesContext(connection) as context:
        view = day_figures(shop.store, after(hours=1))
    first = view.decisions[0]
    assert (first.approval, first.code, first.plate, first.amount) == (row.pk, "unsettle", "沪A80001", yuan(160))
    assert len(context.captured_queries) <= 11
    text = manager.get("/workshop/today").content.decode()
    assert "申请反结算" in text
    assert f"/workshop/approvals/{row.pk}/agree" in text
    assert "cashier · 收错" in text


def test_one_click_takes_the_settlement_back_once_and_the_cashier_sees_it(shop, cashier, manager):
    order, row = asks_to_unsettle(shop, cashier)
    assert "待答复" in cashier.get("/workshop/counter").content.decode()
    assert send(manager, f"/workshop/approvals/{row.pk}/agree").status_code == 200
    assert (shop.fresh(order).state, Refund.objects.get().approved_by_id) == ("ready", shop.manager.user_id)
    assert Refund.objects.get().created_by_id == shop.cashier.user_id
    assert problem(send(manager, f"/workshop/approvals/{row.pk}/agree", key="k2")) == "settlement.approval.decided"
    text = cashier.get("/workshop/counter").content.decode()
    assert "已同意办好" in text
    assert [line for finding in check(["I4", "I5", "I10"]) for line in finding.violations] == []


def test_declining_needs_a_reason_and_one_click_gives_it(shop, cashier, manager):
    order, row = asks_to_unsettle(shop, cashier)
    address = f"/workshop/approvals/{row.pk}/decline"
    assert 'value="先跟我说一声" data-key="1"' in manager.get(address).content.decode()
    assert problem(send(manager, address, answer=" ")) == "settlement.approval.no_answer"
    assert send(manager, address, key="k2", answer="先跟我说一声").status_code == 200
    assert shop.fresh(order).state == "settled"
    text = cashier.get("/workshop/counter").content.decode()
    assert "未同意" in text
    assert "先跟我说一声" in text


def test_a_settlement_that_was_taken_back_meanwhile_is_not_taken_back_again(shop, cashier, manager):
    order, row = asks_to_unsettle(shop, cashier)
    actions.unsettle(order, reason="收错", approver=shop.manager, by=shop.cashier, now=NOW)
    assert problem(send(manager, f"/workshop/approvals/{row.pk}/agree")) == "settlement.approval.decided"
    assert Refund.objects.count() == 1


def test_a_car_that_left_meanwhile_stays_paid(shop, cashier, manager):
    order, row = asks_to_unsettle(shop, cashier)
    shop.handed_over(order)
    before = everything(Payment, Refund, Approval)
    assert problem(send(manager, f"/workshop/approvals/{row.pk}/agree")).endswith(".not_now")
    assert everything(Payment, Refund, Approval) == before


def test_a_refund_asked_for_before_the_order_was_settled_does_not_leave_it_half_paid(shop, cashier, manager):
    order, payment = part_paid(shop)
    form = {"act": "ask", "payment": payment.pk, "amount": "60", "reason": "多收了"}
    assert send(cashier, f"/workshop/orders/{order.pk}/give-back", **form).status_code == 200
    row = Approval.objects.get()
    bills = settling(order).open_bills
    settlement.take_payment(bills, [Tender("cash", yuan(100))], store=shop.store, by=shop.cashier, now=NOW)
    assert shop.fresh(order).state == "settled"
    assert problem(send(manager, f"/workshop/approvals/{row.pk}/agree")) == "workshop.order.settled_whole"
    assert (Refund.objects.count(), Approval.objects.get().state) == (0, "waiting")


def test_money_of_a_settled_order_does_not_go_back_piece_by_piece(shop):
    shop.pay(shop.ready("DT004"))
    back = {"amount": yuan(1), "reason": "x", "store": shop.store, "by": shop.town.person("accountant"), "now": NOW}
    with pytest.raises(Refused) as refusal:
        settlement.refund(Payment.objects.get(), **back)
    assert refusal.value.code == "workshop.order.settled_whole"
    assert not Refund.objects.exists()


def test_the_accountant_decides_about_refunds_at_the_counter(shop, cashier):
    order, payment = part_paid(shop)
    form = {"act": "ask", "payment": payment.pk, "amount": "60", "reason": "多收了"}
    send(cashier, f"/workshop/orders/{order.pk}/give-back", **form)
    row = Approval.objects.get()
    accountant = shop.town.person("accountant")
    with CaptureQueriesContext(connection) as context:
        view = counter(shop.store, after(hours=1), viewer=accountant)
    assert [(one.may_decide, one.is_own, one.plate) for one in view.asked] == [(True, False, "沪A80001")]
    assert len(context.captured_queries) <= 10
    desk = at_desk(accountant)
    assert f"/workshop/approvals/{row.pk}/agree" in desk.get("/workshop/counter").content.decode()
    assert send(desk, f"/workshop/approvals/{row.pk}/agree").status_code == 200
    assert Refund.objects.get().approved_by_id == accountant.user_id


def test_the_accountant_does_not_see_what_only_the_manager_decides(shop, cashier):
    asks_to_unsettle(shop, cashier)
    assert counter(shop.store, after(hours=1), viewer=shop.town.person("accountant")).asked == ()


def test_a_deposit_and_a_till_are_asked_for_and_named_without_a_car(shop, cashier, manager):
    left = {"customer_id": shop.ready("DT004").customer_id, "amount": yuan(500), "method": "cash", "kind": "service"}
    deposit = take_prepayment(**left, store=shop.store, by=shop.manager, now=NOW)
    form = {"act": "ask", "amount": "500", "method": "cash", "reason": "不修了"}
    send(cashier, f"/workshop/counter/deposits/{deposit.pk}/give-back", **form)
    send(cashier, "/workshop/counter/shift", key="s1", act="open", float="500")
    send(cashier, "/workshop/counter/shift", key="s2", act="count", **{"way-cash": "400"})
    send(cashier, "/workshop/counter/shift", key="s3", act="close", note="找零", ask="1")
    text = manager.get("/workshop/today").content.decode()
    assert f"{deposit.no} · cashier · 不修了" in text
    assert "交班有差额" in text
    for row in Approval.objects.order_by("-pk"):  # what goes back in cash would ask for another count
        assert send(manager, f"/workshop/approvals/{row.pk}/agree", key=f"a{row.pk}").status_code == 200
    assert (Prepayment.objects.get().left, CashierShift.objects.get().state) == (yuan(0), "closed")


def test_the_asker_withdraws(shop, cashier, manager):
    _order, row = asks_to_unsettle(shop, cashier)
    other = at_desk(shop.town.person("cashier", "other"))
    assert problem(send(other, f"/workshop/approvals/{row.pk}/withdraw")) == "settlement.approval.not_own"
    assert send(cashier, f"/workshop/approvals/{row.pk}/withdraw", key="w1").status_code == 200
    assert f"/workshop/approvals/{row.pk}" not in manager.get("/workshop/today").content.decode()
