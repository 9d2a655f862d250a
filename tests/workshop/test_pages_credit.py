"""Paying later: the limit on the customer's page, the way of paying at the counter, and what is beyond it (挂账)."""

import json
from urllib.parse import unquote

import pytest

from cheyi.foundation.acts import undo
from cheyi.foundation.models import AuditEntry
from cheyi.foundation.pages.answers import TOAST_COOKIE
from cheyi.kernel import Money, Refused
from cheyi.settlement import actions as settlement
from cheyi.settlement.models import Bill, CreditAccount, Payment, Receivable
from cheyi.workshop import actions
from cheyi.workshop.models import WorkOrder
from tests.foundation.org import NOW
from tests.workshop.shop import after, everything, yuan
from tests.workshop.test_pages_api import call
from tests.workshop.test_pages_reception import at_desk

TABLES = (Bill, CreditAccount, Payment, Receivable, WorkOrder)


@pytest.fixture
def accountant(shop):
    return shop.town.person("accountant")


def limit(shop, amount, *, days=30):
    """What the order's customer may owe."""
    owner, who = WorkOrder.objects.get().customer_id, shop.town.person("accountant")
    settlement.set_limit(customer_id=owner, limit=yuan(amount), days=days, store=shop.store, by=who, now=NOW)


def account():
    row = CreditAccount.objects.get()
    return row.limit, row.used, row.free


def settle_page(client, order):
    return client.get(f"/workshop/orders/{order.pk}/settle").content.decode()


def pay(client, order, **form):
    return client.post(
        f"/workshop/orders/{order.pk}/pay", {"keys_out": "on"} | form | {"_key": f"p{sorted(form.items())}"}
    )


def said(answer):
    return json.loads(unquote(answer.cookies[TOAST_COOKIE].value))[0]["text"]


def test_a_customer_without_a_limit_is_not_offered_to_pay_later(shop):
    order = shop.ready("DT004")
    cashier = at_desk(shop.cashier)
    assert 'value="credit"' not in settle_page(cashier, order)
    before = everything(*TABLES)
    answer = pay(cashier, order, way="credit", old_parts_choice="none")
    assert (answer.status_code, answer.headers["X-Problem"]) == (422, "settlement.credit.no_account")
    assert everything(*TABLES) == before


def test_what_is_free_is_shown_and_the_car_leaves_on_credit(shop):
    order = shop.ready("DT004")
    limit(shop, "1000", days=45)
    cashier = at_desk(shop.cashier)
    page = settle_page(cashier, order)
    assert 'value="credit"' in page
    assert "可用 ¥1,000.00" in page
    answer = pay(cashier, order, way="credit", old_parts_choice="none")
    assert said(answer) == "挂账 ¥160.00，沪A·80001 已交车"
    order, owed = shop.fresh(order), Receivable.objects.get()
    assert (order.state, order.old_parts_choice, Payment.objects.count()) == ("delivered", "none", 0)
    assert account() == (yuan(1000), yuan(160), yuan(840))
    today = shop.store.business_date(order.delivered_at)
    assert (owed.amount, (owed.due_on - today).days) == (yuan(160), 45)


def test_the_car_may_stay(shop):
    order = shop.ready("DT004")
    limit(shop, "160")
    answer = pay(at_desk(shop.cashier), order, way="credit", act="pay")
    assert said(answer) == "挂账 ¥160.00"
    assert (shop.fresh(order).state, account()) == ("settled", (yuan(160), yuan(160), yuan(0)))


def test_a_fen_beyond_the_limit_is_refused_in_words_and_changes_nothing(shop):
    order = shop.ready("DT004")
    limit(shop, "159.99")
    before = everything(*TABLES)
    answer = pay(at_desk(shop.cashier), order, way="credit", old_parts_choice="none")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "超出挂账额度：额度 ¥159.99，已用 ¥0.00，这次还要 ¥160.00" in text
    assert "会计或店总在客户页提高额度" in text
    assert everything(*TABLES) == before


def test_what_is_left_after_a_part_in_cash_goes_on_credit(shop):
    order = shop.ready("DT004")
    limit(shop, "100")
    cashier = at_desk(shop.cashier)
    pay(cashier, order, way="cash", amount="60", act="pay")
    pay(cashier, order, way="credit", old_parts_choice="none")
    bill = Bill.objects.exclude(state="void").get()
    assert (bill.state, bill.paid, bill.credit, shop.fresh(order).state) == (
        "on_credit",
        yuan(60),
        yuan(100),
        "delivered",
    )


def test_a_fleet_s_bill_is_settled_on_the_page(shop):
    order = shop.opened("DT004")
    actions.split_payers(shop.labour(order), payer="fleet", by=shop.advisor, now=NOW)
    order = shop.work(order, shop.technician())
    limit(shop, "500")
    pay(at_desk(shop.cashier), order, way="credit", old_parts_choice="none")
    assert (Bill.objects.get().payer_type, Bill.objects.get().state, shop.fresh(order).state) == (
        "fleet",
        "on_credit",
        "delivered",
    )


def test_what_blocks_the_settlement_blocks_the_credit_too(shop):
    order = shop.ready("DT004")
    limit(shop, "500")
    actions.change_price(shop.labour(order), unit_price=yuan(100), reason="老客户", by=shop.advisor, now=NOW)
    before = everything(*TABLES)
    with pytest.raises(Refused) as refusal:
        actions.put_on_credit(shop.fresh(order), by=shop.cashier, now=NOW)
    assert refusal.value.code == "workshop.order.discount_approval_missing"
    assert everything(*TABLES) == before


def test_an_order_that_is_met_has_nothing_to_put_on_credit(shop):
    order = shop.pay(shop.ready("DT004"))
    with pytest.raises(Refused) as refusal:
        actions.put_on_credit(order, by=shop.cashier, now=NOW)
    assert refusal.value.code == "workshop.order.nothing_to_pay"


def test_taking_the_settlement_back_frees_the_credit(shop):
    order = shop.ready("DT004")
    limit(shop, "500")
    order = actions.put_on_credit(order, by=shop.cashier, now=NOW)
    actions.unsettle(order, reason="错", approver=shop.manager, by=shop.cashier, now=after(hours=1))
    assert (shop.fresh(order).state, account()) == ("ready", (yuan(500), yuan(0), yuan(500)))


# --- the limit ----------------------------------------------------------------------------------------------------


def put_limit(client, customer_id, **form):
    return client.post(f"/workshop/customers/{customer_id}/credit-limit", form | {"_key": f"l{sorted(form.items())}"})


@pytest.mark.parametrize("role", ["accountant", "store_manager"])
def test_who_may_sets_the_limit_on_the_customer_s_page_and_undoes_it(shop, role):
    customer = shop.opened("DT004").customer
    person = shop.town.person(role)
    client = at_desk(person)
    assert "设置额度" in client.get(f"/customers/{customer.pk}").content.decode()
    answer = put_limit(client, customer.pk, limit="5,000", days="45")
    assert (answer.status_code, said(answer)) == (303, "挂账额度：¥5,000.00")
    row = CreditAccount.objects.get()
    assert (row.customer_id, row.limit, row.days) == (customer.pk, yuan(5000), 45)
    assert "¥5,000.00" in client.get(f"/customers/{customer.pk}").content.decode()
    put_limit(client, customer.pk, limit="6000", days="60")
    undo(AuditEntry.objects.filter(code="settlement.credit.limit_set").latest("pk").uid, by=person, now=NOW)
    row = CreditAccount.objects.get()
    assert (row.limit, row.days) == (yuan(5000), 45)


def test_an_opened_account_is_undone_to_a_limit_of_nothing(shop, accountant):
    order = shop.ready("DT004")
    put_limit(at_desk(accountant), order.customer_id, limit="500", days="30")
    undo(AuditEntry.objects.get(code="settlement.credit.limit_set").uid, by=accountant, now=NOW)
    assert account() == (yuan(0), yuan(0), yuan(0))
    assert 'value="credit"' not in settle_page(at_desk(shop.cashier), order)


def test_a_limit_below_what_is_used_leaves_nothing_free(shop):
    order = shop.ready("DT004")
    limit(shop, "500")
    actions.put_on_credit(order, by=shop.cashier, now=NOW)
    limit(shop, "100")
    assert account() == (yuan(100), yuan(160), yuan(0))


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"limit": "-1", "days": "30"}, "settlement.credit.negative"),
        ({"limit": "100", "days": "366"}, "settlement.credit.negative"),
        ({"limit": "100", "days": "x"}, "settlement.credit.negative"),
        ({"limit": "viel", "days": "30"}, "workshop.counter.bad_amount"),
        ({"limit": "10000000.01", "days": "30"}, "settlement.payment.too_large"),
    ],
)
def test_a_limit_that_cannot_be_is_refused(shop, accountant, form, code):
    customer = shop.opened("DT004").customer
    answer = put_limit(at_desk(accountant), customer.pk, **form)
    assert (answer.status_code, answer.headers["X-Problem"]) == (422, code)
    assert CreditAccount.objects.count() == 0


def test_the_largest_limit_is_ten_million(shop, accountant):
    customer = shop.opened("DT004").customer
    put_limit(at_desk(accountant), customer.pk, limit="10000000", days="0")
    assert account() == (Money.yuan(10_000_000), yuan(0), Money.yuan(10_000_000))


def test_neither_cashier_nor_advisor_sets_a_limit_or_sees_the_form(shop):
    customer = shop.opened("DT004").customer
    for person in (shop.cashier, shop.advisor):
        client = at_desk(person)
        assert "credit-limit" not in client.get(f"/customers/{customer.pk}").content.decode()
        assert put_limit(client, customer.pk, limit="100", days="30").status_code == 403
    assert CreditAccount.objects.count() == 0


def test_by_machine_an_order_goes_on_credit_with_the_car_or_without(shop):
    order = shop.ready("DT004")
    limit(shop, "159")
    cashier = at_desk(shop.cashier)
    where = f"/orders/{order.pk}/put-on-credit"
    assert call(cashier, where).json()["code"] == "settlement.credit.over_limit"
    assert call(at_desk(shop.advisor), where).status_code == 403
    limit(shop, "160")
    assert call(cashier, where, hand_over=True, keys_out=True, old_parts_choice="none").json()["state"] == "delivered"
    assert call(cashier, where).json()["code"] == "workshop.order.nothing_to_pay"
