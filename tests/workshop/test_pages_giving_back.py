"""Money that goes back at the screen: who must agree is said, agrees on the spot, and it happens once."""

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheyi.foundation.models import AuditEntry, User
from cheyi.foundation.sign_in import WRONG_TRIES
from cheyi.foundation.web.viewers import SESSION_USER
from cheyi.settlement.actions import take_prepayment
from cheyi.settlement.models import CashierShift, Payment, Prepayment, Refund
from tests.foundation.org import NOW
from tests.workshop.shop import everything, yuan
from tests.workshop.test_pages_counter import part_paid, send
from tests.workshop.test_pages_reception import at_desk

RIGHT = "correct horse battery"


@pytest.fixture
def cashier(shop):
    return at_desk(shop.cashier)


@pytest.fixture
def boss(shop):
    return known(shop.manager)


@pytest.fixture
def accountant(shop):
    return known(shop.town.person("accountant"))


def known(viewer):
    User.objects.filter(pk=viewer.user_id).update(password=make_password(RIGHT))
    return viewer


def agreed(who, password=RIGHT):
    return {"approver": who.user_id, "approver_password": password}


def problem(answer):
    assert answer.status_code == 422
    return answer["X-Problem"]


def test_the_dialog_says_who_must_agree_and_who_may(shop, cashier, boss, accountant):
    order, payment = part_paid(shop)
    known(shop.town.person("service_manager"))
    with CaptureQueriesContext(connection) as context:
        text = cashier.get(f"/workshop/orders/{order.pk}/give-back", {"payment": payment.pk}).content.decode()
    assert "退款要第二个人同意，可以找：store_manager（店总）、accountant（会计）" in text
    assert "service_manager" not in text
    assert len(context.captured_queries) <= 8


def test_the_accountant_is_asked_for_a_second_person_only_above_the_limit(shop, boss, accountant):
    order, payment = part_paid(shop)
    desk = at_desk(accountant)
    address = f"/workshop/orders/{order.pk}/give-back"
    small = desk.get(address, {"payment": payment.pk}).content.decode()
    assert 'data-agree-above="20000" hidden disabled' in small
    assert "累计超过 ¥200.00 要第二个人同意，可以找：store_manager（店总）" in small
    Payment.objects.update(amount=yuan(300))
    assert 'data-agree-above="20000">' in desk.get(address, {"payment": payment.pk}).content.decode()


def test_the_manager_agrees_at_the_cashiers_screen_who_stays_signed_in(shop, cashier, boss):
    order, payment = part_paid(shop)
    form = {"payment": payment.pk, "amount": "60", "reason": "多收了"}
    answer = send(cashier, f"/workshop/orders/{order.pk}/give-back", **form, **agreed(boss))
    assert answer.status_code == 200
    row = Refund.objects.get()
    assert (row.amount, row.approved_by_id, row.created_by_id) == (yuan(60), boss.user_id, shop.cashier.user_id)
    assert cashier.session[SESSION_USER] == shop.cashier.user_id
    assert AuditEntry.objects.filter(code="foundation.account.agreed", thing_id=boss.user_id).count() == 1


def test_a_second_click_gives_nothing_more_back(shop, cashier, boss):
    order, payment = part_paid(shop)
    form = {"payment": payment.pk, "amount": "30", "reason": "多收了", **agreed(boss)}
    first = send(cashier, f"/workshop/orders/{order.pk}/give-back", **form)
    again = send(cashier, f"/workshop/orders/{order.pk}/give-back", **form)
    assert (first.status_code, again.status_code, again["X-Replayed"]) == (200, 200, "1")
    assert Refund.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "password", "code"),
    [
        ("store_manager", "", "settlement.refund.not_alone"),
        ("store_manager", "x", "foundation.account.agreement_wrong"),
        ("advisor", RIGHT, "settlement.refund.not_alone"),
        ("service_manager", RIGHT, "settlement.refund.not_alone"),
        ("cashier", RIGHT, "foundation.account.agreement_self"),
    ],
)
def test_whoever_cannot_agree_changes_nothing(shop, cashier, role, password, code):
    order, payment = part_paid(shop)
    who = known(shop.town.person(role))
    before = everything(Payment, Refund)
    form = {"payment": payment.pk, "amount": "60", "reason": "多收了", **agreed(who, password)}
    assert problem(send(cashier, f"/workshop/orders/{order.pk}/give-back", **form)) == code
    assert everything(Payment, Refund) == before


def test_wrong_passwords_are_counted_and_lock_like_a_sign_in(shop, cashier, boss):
    order, payment = part_paid(shop)
    form = {"payment": payment.pk, "amount": "60", "reason": "多收了"}
    address = f"/workshop/orders/{order.pk}/give-back"
    for number in range(WRONG_TRIES):
        send(cashier, address, key=f"w{number}", **form, **agreed(boss, "x"))
    assert AuditEntry.objects.filter(code="foundation.account.agreement_failed").count() == WRONG_TRIES
    assert problem(send(cashier, address, **form, **agreed(boss))) == "foundation.account.agreement_locked"
    assert not Refund.objects.exists()


@pytest.mark.parametrize("who", ["", "x", "-1", "0", "9" * 30, "１"])
def test_a_made_up_colleague_is_no_second_person(shop, cashier, who):
    order, payment = part_paid(shop)
    form = {"payment": payment.pk, "amount": "60", "reason": "x", "approver": who, "approver_password": "x"}
    answer = send(cashier, f"/workshop/orders/{order.pk}/give-back", **form)
    assert problem(answer) in ("settlement.refund.not_alone", "foundation.account.agreement_nobody")
    assert not Refund.objects.exists()


def test_a_settlement_is_taken_back_with_the_manager_beside(shop, cashier, boss, accountant):
    order = shop.pay(shop.ready("DT004"))
    address = f"/workshop/orders/{order.pk}/unsettle"
    text = cashier.get(address).content.decode()
    assert "反结算要第二个人同意，可以找：store_manager（店总）" in text
    assert "¥160.00" in text
    assert "accountant" not in text
    assert problem(send(cashier, address, reason="收错")) == "workshop.order.second_person"
    assert problem(send(cashier, address, reason="收错", **agreed(accountant))) == "workshop.order.second_person"
    assert problem(send(cashier, address, reason=" ", **agreed(boss))) == "workshop.order.no_reason"
    assert shop.fresh(order).state == "settled"
    assert send(cashier, address, key="k2", reason="收错", **agreed(boss)).status_code == 200
    assert (shop.fresh(order).state, Payment.objects.get().state) == ("ready", "refunded")
    assert Refund.objects.get().approved_by_id == boss.user_id
    late = send(cashier, address, key="k3", reason="收错", **agreed(boss))
    assert problem(late).endswith(".not_now")


def test_the_counter_offers_what_can_be_taken_back(shop, cashier, accountant):
    order = shop.pay(shop.ready("DT004"))
    place = f"/workshop/orders/{order.pk}/unsettle"
    for desk in (cashier, at_desk(accountant)):
        assert place in desk.get("/workshop/counter").content.decode()
    assert place not in at_desk(shop.manager).get("/workshop/counter").content.decode()
    assert place in cashier.get(f"/workshop/orders/{order.pk}/hand-over").content.decode()
    assert place in cashier.get(f"/workshop/orders/{order.pk}/settle").content.decode()


def test_a_deposit_goes_back_at_the_counter(shop, cashier, boss):
    order = shop.ready("DT004")
    left = {"customer_id": order.customer_id, "amount": yuan(500), "method": "wechat", "kind": "service"}
    row = take_prepayment(**left, store=shop.store, by=shop.cashier, now=NOW)
    address = f"/workshop/counter/deposits/{row.pk}/give-back"
    for page in ("/workshop/counter", f"/workshop/orders/{order.pk}/settle"):
        assert address in cashier.get(page).content.decode()
    with CaptureQueriesContext(connection) as context:
        text = cashier.get(address).content.decode()
    assert "store_manager（店总）" in text
    assert len(context.captured_queries) <= 8
    form = {"amount": "500", "method": "cash", "reason": "不修了"}
    assert problem(send(cashier, address, **form)) == "settlement.refund.not_alone"
    assert problem(send(cashier, address, **{**form, "amount": "500.01"}, **agreed(boss))) == (
        "settlement.refund.left_of_deposit"
    )
    assert send(cashier, address, key="k2", **form, **agreed(boss)).status_code == 200
    assert (Prepayment.objects.get().left, Refund.objects.get().method) == (yuan(0), "cash")
    assert address not in cashier.get("/workshop/counter").content.decode()


def test_a_till_far_off_is_handed_over_with_the_manager_beside(shop, cashier, boss):
    send(cashier, "/workshop/counter/shift", act="open", float="500")
    send(cashier, "/workshop/counter/shift", key="k2", act="count", **{"way-cash": "450"})
    assert "第二人同意" not in cashier.get("/workshop/counter/shift").content.decode()
    send(cashier, "/workshop/counter/shift", key="k3", act="count", **{"way-cash": "449"})
    page = cashier.get("/workshop/counter/shift").content.decode()
    assert "差额超过 ¥50.00，要第二个人同意，可以找：store_manager（店总）" in page
    form = {"act": "close", "note": "找零多给"}
    assert problem(send(cashier, "/workshop/counter/shift", key="k4", **form)) == "settlement.shift.manager"
    answer = send(cashier, "/workshop/counter/shift", key="k5", **form, **agreed(boss))
    assert answer.status_code == 200
    assert (CashierShift.objects.get().state, CashierShift.objects.get().approved_by_id) == ("closed", boss.user_id)


def test_one_way_of_paying_typed_twice_is_said(shop, cashier):
    send(cashier, "/workshop/counter/shift", act="open", float="500")
    answer = send(cashier, "/workshop/counter/shift", key="k2", act="count", **{"way-cash": ["500", "1"]})
    assert problem(answer) == "settlement.shift.counted_twice"
    assert CashierShift.objects.get().state == "open"


def test_a_slip_of_the_finger_in_cash_is_asked_about(shop, cashier):
    order = shop.ready("DT004")
    form = {"act": "pay", "way": ["cash"], "amount": ["1000000"], "deposit": [""], "number": [""]}
    assert problem(send(cashier, f"/workshop/orders/{order.pk}/pay", **form)) == "settlement.payment.change"
    assert not Payment.objects.exists()
