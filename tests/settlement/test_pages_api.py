"""Settlement for machines: the same verbs, permissions and refusals; a second person is a second token."""

from __future__ import annotations

import json
from itertools import count

import pytest
from django.test import Client

from cheyi.customers.models import Customer
from cheyi.foundation.models import Store, User
from cheyi.foundation.scope import within
from cheyi.foundation.sources import Source
from cheyi.project.accounts import make_token
from cheyi.settlement import actions
from cheyi.settlement.actions import BillLineDraft
from cheyi.settlement.models import Bill, CashierShift, Payment, Prepayment, Refund
from tests.customers.visits import browser
from tests.foundation.org import NOW
from tests.workshop.shop import yuan

pytestmark = pytest.mark.django_db
_keys = count(1)


@pytest.fixture(autouse=True)
def inside(town):
    with within(town.store):
        yield


def call(client: Client, where: str, /, headers=None, **body):
    return client.post(
        f"/api/v1{where}",
        json.dumps(body),
        content_type="application/json",
        headers={"Idempotency-Key": f"s{next(_keys)}", **(headers or {})},
    )


def a_bill(town, amount="500", payer="customer"):
    line = BillLineDraft(payer, "fee", "检测费", yuan(amount))
    paper = Source("trial.paper", next(_keys), "P")
    (bill,) = actions.build(paper, [line], store=town.store, by=town.person("store_manager"), now=NOW)
    return bill


def token_of(town, role, *, store: Store | None = None):
    viewer = town.person(role, "second" if store else role, store=store or town.store)
    user = User.objects.get(pk=viewer.user_id)
    return make_token(user, store=store or town.store, name="second", now=NOW)


def test_a_bill_is_listed_paid_in_two_ways_and_given_back_in_part(town):
    bill, cashier = a_bill(town), browser(town.person("cashier"))
    listed = cashier.get("/api/v1/bills", {"source_kind": "trial.paper"}).json()
    assert [(row["id"], row["outstanding_fen"]) for row in listed["bills"]] == [(bill.pk, 50_000)]
    tenders = [{"method": "wechat", "amount_fen": 20_000}, {"method": "cash", "amount_fen": 31_000}]
    paid = call(cashier, f"/bills/{bill.pk}/take-payment", tenders=tenders).json()
    assert [(row["method"], row["amount_fen"], row["change_fen"]) for row in paid["payments"]] == [
        ("wechat", 20_000, 0),
        ("cash", 30_000, 1_000),
    ]
    assert [(row["state"], row["outstanding_fen"]) for row in paid["bills"]] == [("paid", 0)]
    whole = cashier.get(f"/api/v1/bills/{bill.pk}").json()
    assert [(line["name"], line["net_fen"]) for line in whole["lines"]] == [("检测费", 50_000)]
    payment = paid["payments"][0]["id"]
    refused = call(cashier, f"/payments/{payment}/refund", amount_fen=100, reason="多收")
    assert (refused.status_code, refused.json()["code"]) == (422, "settlement.refund.not_alone")
    accountant = browser(town.person("accountant"))
    back = call(accountant, f"/payments/{payment}/refund", amount_fen=100, reason="多收").json()
    assert (back["payment_id"], back["amount_fen"]) == (payment, 100)
    assert Payment.objects.get(pk=payment).refunded.fen == 100


def test_a_large_refund_needs_the_token_of_a_second_person_of_this_store_who_may_refund(town):
    bill, accountant = a_bill(town), browser(town.person("accountant"))
    tenders = [{"method": "cash", "amount_fen": 50_000}]
    call(browser(town.person("cashier")), f"/bills/{bill.pk}/take-payment", tenders=tenders)
    address, body = f"/payments/{Payment.objects.get().pk}/refund", {"amount_fen": 30_000, "reason": "退车"}
    answers = {
        "nobody": call(accountant, address, **body),
        "himself": call(accountant, address, headers={"Approver-Token": token_of(town, "accountant")}, **body),
        "no right": call(accountant, address, headers={"Approver-Token": token_of(town, "technician")}, **body),
        "elsewhere": call(
            accountant,
            address,
            headers={"Approver-Token": token_of(town, "store_manager", store=town.sister)},
            **body,
        ),
        "made up": call(accountant, address, headers={"Approver-Token": "cheyi_x"}, **body),
    }
    second, unknown = "settlement.refund.second_person", "foundation.account.unknown_approver"
    assert {name: answer.json()["code"] for name, answer in answers.items()} == {
        "nobody": second,
        "himself": second,
        "no right": second,
        "elsewhere": unknown,
        "made up": unknown,
    }
    assert Refund.objects.count() == 0
    manager = {"Approver-Token": token_of(town, "store_manager")}
    assert call(accountant, address, headers=manager, **body).json()["amount_fen"] == 30_000


def test_a_shift_is_opened_counted_closed_and_audited_by_another_person(town):
    cashier, accountant = browser(town.person("cashier")), browser(town.person("accountant"))
    shift = call(cashier, "/shifts/open", float_fen=50_000).json()
    assert (shift["state"], shift["float_fen"]) == ("open", 50_000)
    counted = call(cashier, f"/shifts/{shift['id']}/count", counted=[{"method": "cash", "amount_fen": 50_000}]).json()
    assert counted["counts"] == [{"method": "cash", "expected_fen": 50_000, "counted_fen": 50_000}]
    assert call(cashier, f"/shifts/{shift['id']}/close").json()["state"] == "closed"
    assert call(accountant, f"/shifts/{shift['id']}/audit").json()["state"] == "audited"
    assert [row["id"] for row in accountant.get("/api/v1/shifts", {"state": "audited"}).json()["shifts"]] == [
        shift["id"]
    ]
    assert CashierShift.objects.get().state == "audited"


def test_bills_turn_their_pages_without_leaving_one_out(town):
    made = [a_bill(town, "10").pk for _ in range(52)]
    cashier = browser(town.person("cashier"))
    first = cashier.get("/api/v1/bills").json()
    second = cashier.get("/api/v1/bills", {"after": first["next"]}).json()
    assert [row["id"] for row in first["bills"] + second["bills"]] == made
    assert second["next"] is None
    for wrong in ("-1", "x", "9" * 30, "１２", ""):
        assert cashier.get("/api/v1/bills", {"after": wrong}).status_code == 422
    assert Bill.objects.count() == 52


def test_one_way_of_paying_counted_twice_is_said_and_nothing_is_kept(town):
    cashier = browser(town.person("cashier"))
    shift = call(cashier, "/shifts/open", float_fen=0).json()["id"]
    twice = [{"method": "cash", "amount_fen": 100}, {"method": "cash", "amount_fen": 0}]
    answer = call(cashier, f"/shifts/{shift}/count", counted=twice)
    assert (answer.status_code, answer.json()["code"]) == (422, "settlement.shift.counted_twice")
    assert CashierShift.objects.get().state == "open"


def test_a_deposit_goes_back_by_two_people_and_never_more_than_is_left(town):
    owner = Customer.objects.create(group=town.group, name="方志强", created_at=NOW, updated_at=NOW)
    at = {"store": town.store, "by": town.person("store_manager"), "now": NOW}
    row = actions.take_prepayment(customer_id=owner.pk, amount=yuan(300), method="wechat", kind="deposit", **at)
    address, cashier = f"/prepayments/{row.pk}/refund", browser(town.person("cashier"))
    body = {"amount_fen": 30_000, "method": "wechat", "reason": "不修了"}
    manager = {"Approver-Token": token_of(town, "store_manager")}
    assert call(cashier, address, **body).json()["code"] == "settlement.refund.not_alone"
    more = call(cashier, address, headers=manager, **{**body, "amount_fen": 30_001})
    assert more.json()["code"] == "settlement.refund.left_of_deposit"
    back = call(cashier, address, headers=manager, **body).json()
    assert (back["payment_id"], back["prepayment_id"], back["method"]) == (None, row.pk, "wechat")
    assert call(cashier, address, headers=manager, **body).json()["code"] == "settlement.refund.left_of_deposit"
    assert Prepayment.objects.get().refunded == yuan(300)


def test_a_refund_is_asked_for_listed_and_agreed_to_once(town):
    bill, cashier, manager = a_bill(town), browser(town.person("cashier")), browser(town.person("store_manager"))
    call(cashier, f"/bills/{bill.pk}/take-payment", tenders=[{"method": "cash", "amount_fen": 50_000}])
    payment = Payment.objects.get().pk
    asked = call(cashier, f"/payments/{payment}/ask-refund", amount_fen=50_000, reason="退车").json()
    assert (asked["state"], asked["act"], asked["thing_id"]) == ("waiting", "refund", payment)
    assert call(cashier, f"/approvals/{asked['id']}/agree").status_code == 403
    listed = manager.get("/api/v1/approvals", {"state": "waiting"}).json()["approvals"]
    assert [(row["id"], row["asked_by"], row["amount_fen"]) for row in listed] == [(asked["id"], "cashier", 50_000)]
    assert (
        call(manager, f"/approvals/{asked['id']}/decline", answer=" ").json()["code"] == "settlement.approval.no_answer"
    )
    agreed = call(manager, f"/approvals/{asked['id']}/agree").json()
    assert (agreed["state"], agreed["decided_by"]) == ("agreed", "store_manager")
    assert call(manager, f"/approvals/{asked['id']}/agree").json()["code"] == "settlement.approval.decided"
    assert Refund.objects.get().amount.fen == 50_000
