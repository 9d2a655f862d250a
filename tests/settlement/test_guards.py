"""What must not be done with money: another's deposit, another store's bill, small refunds one after the other."""

from __future__ import annotations

import pytest

from cheyi.customers.models import Customer
from cheyi.foundation.invariants import check
from cheyi.foundation.scope import within
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Refused
from cheyi.settlement import actions
from cheyi.settlement.actions import BillLineDraft, Tender
from cheyi.settlement.models import (
    Bill,
    CashierShift,
    CreditAccount,
    Payment,
    Prepayment,
    Receivable,
    Refund,
    ShiftCount,
)
from tests.foundation.org import NOW, found_town

pytestmark = pytest.mark.django_db
YUAN = Money.yuan


@pytest.fixture
def town():
    town = found_town()
    with within(town.store, town.sister):
        yield town


@pytest.fixture
def at(town):
    return {"store": town.store, "by": town.person("cashier"), "now": NOW}


def person(town, name):
    return Customer.objects.create(group=town.group, name=name, created_at=NOW, updated_at=NOW)


def built(at, customer=None, payer="customer", amount="213", number=1):
    line = BillLineDraft(payer, "labour", "x", YUAN(amount))
    source = Source("test.paper", number, f"T{number}")
    (bill,) = actions.build(source, [line], customer_id=customer and customer.pk, **at)
    return bill


def deposit_of(customer, at, amount="100"):
    return actions.take_prepayment(customer_id=customer.pk, amount=YUAN(amount), method="cash", kind="deposit", **at)


def clerk(town):
    """Who may give back alone: the accountant; a cashier never does (domain.md 5.9)."""
    return {"store": town.store, "by": town.person("accountant"), "now": NOW}


def refused(call, *arguments, **more):
    """The code of the refusal, and that nothing was written."""
    tables = (Bill, Payment, Prepayment, Refund, Receivable, CreditAccount, CashierShift, ShiftCount)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    with pytest.raises(Refused) as refusal:
        call(*arguments, **more)
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before
    return refusal.value.code


def wrong():
    return [line for finding in check(["I3", "I4", "I5", "I10"]) for line in finding.violations]


def test_a_deposit_pays_only_the_bills_of_whoever_left_it(town, at):
    owner, other = person(town, "方志强"), person(town, "何晓梅")
    deposit = deposit_of(owner, at)
    offset = [Tender("deposit_offset", YUAN(50), prepayment_id=deposit.pk)]
    for number, (customer, payer) in enumerate([(other, "customer"), (None, "customer"), (owner, "insurer")], 1):
        bill = built(at, customer, payer, number=number)
        assert refused(actions.take_payment, [bill], offset, **at) == "settlement.payment.others_deposit"
    own = built(at, owner, number=9)
    (payment,) = actions.take_payment([own], offset, **at)
    assert (payment.bill_id, payment.amount, Prepayment.objects.get().left) == (own.pk, YUAN(50), YUAN(50))
    assert wrong() == []


def test_a_deposit_on_two_payers_bills_at_once_pays_none_of_them(town, at):
    owner = person(town, "方志强")
    deposit = deposit_of(owner, at, "300")
    drafts = [BillLineDraft("customer", "fee", "a", YUAN(60)), BillLineDraft("insurer", "fee", "b", YUAN(40))]
    bills = actions.build(Source("test.paper", 1), drafts, customer_id=owner.pk, **at)
    offset = [Tender("deposit_offset", YUAN(100), prepayment_id=deposit.pk)]
    assert refused(actions.take_payment, bills, offset, **at) == "settlement.payment.others_deposit"


@pytest.mark.parametrize("number", [None, 0, -1, 2**63 - 1])
def test_an_offset_names_a_deposit_that_is_there(town, at, number):
    bill = built(at, person(town, "方志强"))
    offset = [Tender("deposit_offset", YUAN(50), prepayment_id=number)]
    assert refused(actions.take_payment, [bill], offset, **at) == "settlement.payment.deposit_missing"


def test_another_stores_deposit_is_not_there(town, at):
    owner = person(town, "方志强")
    deposit = deposit_of(owner, {**at, "store": town.sister})
    offset = [Tender("deposit_offset", YUAN(50), prepayment_id=deposit.pk)]
    assert refused(actions.take_payment, [built(at, owner)], offset, **at) == "settlement.payment.deposit_missing"


def test_money_that_is_no_offset_names_no_deposit(town, at):
    """Given back, it would fill the deposit again, and the deposit could be spent twice."""
    owner = person(town, "方志强")
    deposit, bill = deposit_of(owner, at), built(at, owner)
    actions.take_payment([bill], [Tender("deposit_offset", YUAN(100), prepayment_id=deposit.pk)], **at)
    tenders = [Tender("wechat", YUAN(100), "WX1", prepayment_id=deposit.pk)]
    assert refused(actions.take_payment, [bill], tenders, **at) == "settlement.payment.not_by_deposit"


def test_bills_of_two_documents_are_paid_one_by_one(town, at):
    owner = person(town, "方志强")
    bills = [built(at, owner, number=1), built(at, owner, number=2)]
    tenders = [Tender("cash", YUAN(426))]
    assert refused(actions.take_payment, bills, tenders, **at) == "settlement.payment.other_document"


def test_no_money_is_taken_on_what_the_house_bears(at):
    bill = built(at, payer="internal")
    assert refused(actions.take_payment, [bill], [Tender("cash", YUAN(213))], **at) == "settlement.payment.internal"


def test_another_stores_bill_is_neither_paid_nor_lent_nor_given_back_nor_given_up(town, at):
    owner, there = person(town, "方志强"), {**at, "store": town.sister}
    paid, lent = built(there, owner, number=1), built(there, owner, number=2)
    (payment,) = actions.take_payment([paid], [Tender("cash", YUAN(13))], **there)
    actions.set_limit(customer_id=owner.pk, limit=YUAN(900), days=30, **there)
    actions.put_on_credit(lent, **there)
    boss = town.person("store_manager")
    assert [
        refused(actions.take_payment, [paid], [Tender("cash", YUAN(13))], **at),
        refused(actions.put_on_credit, paid, **at),
        refused(actions.refund, payment, amount=YUAN(13), reason="x", **at),
        refused(actions.write_off, lent, reason="x", approver=boss, **at),
    ] == ["settlement.bill.other_store"] * 4


def test_what_is_withdrawn_or_given_back_whole_takes_no_money(town, at):
    gone, back = built(at, number=1), built(at, number=2)
    actions.void_unpaid(Source("test.paper", 1), **at)
    (payment,) = actions.take_payment([back], [Tender("cash", YUAN(213))], **at)
    approver = town.person("accountant")
    actions.refund(payment, amount=YUAN(213), reason="x", approver=approver, **at)
    for bill in (gone, back):
        assert refused(actions.take_payment, [bill], [Tender("cash", YUAN(1))], **at) == "settlement.bill.not_now"
    again = {"amount": YUAN(1), "reason": "x", "approver": approver, **at}
    assert refused(actions.refund, payment, **again) == "settlement.refund.too_much"


def test_small_refunds_one_after_the_other_need_a_second_person_too(town, at):
    (payment,) = actions.take_payment([built(at, amount="900")], [Tender("cash", YUAN(900))], **at)
    actions.refund(payment, amount=YUAN(200), reason="x", **clerk(town))
    alone = {"amount": YUAN("0.01"), "reason": "x", **clerk(town)}
    assert refused(actions.refund, payment, **alone) == "settlement.refund.second_person"
    actions.refund(payment, amount=YUAN(500), reason="x", approver=town.person("store_manager"), **clerk(town))
    assert Payment.objects.get().refunded == YUAN(700)


def test_what_was_agreed_by_two_does_not_count_against_one(town, at):
    (payment,) = actions.take_payment([built(at, amount="900")], [Tender("cash", YUAN(900))], **at)
    actions.refund(payment, amount=YUAN(500), reason="x", approver=town.person("accountant"), **at)
    actions.refund(payment, amount=YUAN(200), reason="x", **clerk(town))
    assert Payment.objects.get().refunded == YUAN(700)


def test_a_bill_given_back_in_part_goes_on_credit_a_second_time(town, at):
    owner = person(town, "方志强")
    bill = built(at, owner)
    actions.set_limit(customer_id=owner.pk, limit=YUAN(900), days=30, **at)
    actions.put_on_credit(bill, **at)
    (payment,) = actions.take_payment([bill], [Tender("transfer", YUAN(213))], **at)
    actions.refund(payment, amount=YUAN(13), reason="x", **clerk(town))
    assert actions.put_on_credit(bill, **at).credit == YUAN(13)
    row = Receivable.objects.get()
    assert (row.amount - row.collected, row.closed_at, CreditAccount.objects.get().used) == (YUAN(13), None, YUAN(13))
    assert wrong() == []
    actions.take_payment([bill], [Tender("transfer", YUAN(13))], **at)
    assert (Bill.objects.get().state, CreditAccount.objects.get().used) == ("paid", YUAN(0))
    assert wrong() == []


@pytest.mark.parametrize("amount", ["0", "-1", "-0.01", "10000000.01", "1000000000"])
def test_amounts_that_nobody_pays_are_refused(town, at, amount):
    owner = person(town, "方志强")
    bill = built(at, owner)
    code = "too_large" if YUAN(amount) > YUAN(0) else "not_positive"
    assert refused(actions.take_payment, [bill], [Tender("cash", YUAN(amount))], **at) == f"settlement.payment.{code}"
    assert refused(deposit_of, owner, at, amount) == f"settlement.payment.{code}"


def test_a_channel_number_is_the_same_with_blanks_around_it(town, at):
    bill = built(at, person(town, "方志强"))
    actions.take_payment([bill], [Tender("wechat", YUAN(1), "WX1")], **at)
    again = [Tender("wechat", YUAN(1), " WX1 ")]
    assert refused(actions.take_payment, [bill], again, **at) == "settlement.payment.channel_used"


def test_a_till_is_counted_in_amounts_and_ways_that_exist(town, at):
    for amount in ("-0.01", "10000000.01", "1000000000"):
        assert refused(actions.open_shift, float_amount=YUAN(amount), **at) == "settlement.shift.float"
    shift = actions.open_shift(float_amount=YUAN(500), **at)
    who = {"by": at["by"], "now": NOW}
    for counted, code in (
        ({"cash": YUAN("-0.01")}, "settlement.shift.impossible"),
        ({"cash": YUAN("10000000.01")}, "settlement.shift.impossible"),
        ({"cash": YUAN(500), "gold": YUAN(1)}, "settlement.payment.unknown_method"),
        ({"cash": YUAN(500), "deposit_offset": YUAN(1)}, "settlement.payment.unknown_method"),
    ):
        assert refused(actions.count, shift, counted=counted, **who) == code
    stranger = {"by": town.person("store_manager"), "now": NOW}
    assert refused(actions.count, shift, counted={"cash": YUAN(500)}, **stranger) == "settlement.shift.not_yours"


@pytest.mark.parametrize(
    ("model", "damage", "found"),
    [
        (Payment, {"prepayment_id": None}, "names no deposit"),
        (Payment, {"method": "wechat"}, "names a deposit"),
        (Prepayment, {"customer_id": None}, "pays a bill of somebody else"),
        (Receivable, {"amount": YUAN(214)}, "213.00 on credit, its receivable says 214.00"),
        (ShiftCount, {"counted": YUAN(-1)}, "counted -1.00 of cash"),
    ],
)
def test_what_should_never_have_been_booked_is_found(town, at, model, damage, found):
    owner, other = person(town, "方志强"), person(town, "何晓梅")
    deposit, bill, lent = deposit_of(owner, at), built(at, owner), built(at, owner, number=2)
    offset = Tender("deposit_offset", YUAN(100), prepayment_id=deposit.pk)
    (payment,) = actions.take_payment([bill], [offset], **at)
    actions.refund(payment, amount=YUAN(1), reason="x", **clerk(town))
    actions.set_limit(customer_id=owner.pk, limit=YUAN(900), days=30, **at)
    actions.put_on_credit(lent, **at)
    shift = actions.open_shift(float_amount=YUAN(0), **at)
    actions.count(shift, counted={"cash": YUAN(100)}, by=at["by"], now=NOW)
    assert wrong() == []
    if "customer_id" in damage:
        damage = {"customer_id": other.pk}
    model.objects.update(**damage)
    assert [line for line in wrong() if found in line] != []


def test_money_on_what_the_house_bears_is_found(at):
    house = built(at, payer="internal")
    money = {"bill": house, "amount": YUAN(1), "method": "cash", "state": "success", "received_at": NOW}
    Payment.objects.create(receipt_no="RC1", store=at["store"], business_on=NOW.date(), created_at=NOW, **money)
    assert f"payment RC1 pays bill {house.no}, which the house bears" in wrong()


def test_who_approves_himself_is_no_second_person(town, at):
    (payment,) = actions.take_payment([built(at, amount="900")], [Tender("cash", YUAN(900))], **at)
    himself = {"amount": YUAN(200), "reason": "x", "approver": town.person("accountant"), **clerk(town)}
    assert actions.refund(payment, **himself).approved_by_id is None
    assert refused(actions.refund, payment, **himself) == "settlement.refund.second_person"


def test_a_cashier_gives_nothing_back_alone(town, at):
    """CSH asks, ACC or GM agrees (domain.md 5.9); who agrees is written down."""
    (payment,) = actions.take_payment([built(at, amount="900")], [Tender("cash", YUAN(900))], **at)
    for approver in (None, at["by"], town.person("cashier", "other"), town.person("service_manager")):
        asked = {"amount": YUAN("0.01"), "reason": "x", "approver": approver, **at}
        assert refused(actions.refund, payment, **asked) == "settlement.refund.not_alone"
    boss = town.person("store_manager")
    row = actions.refund(payment, amount=YUAN(900), reason="x", approver=boss, **at)
    assert (row.approved_by_id, row.created_by_id) == (boss.user_id, at["by"].user_id)
    assert wrong() == []


@pytest.mark.parametrize("amount", ["10213.01", "1000000", "10000000"])
def test_more_change_than_a_drawer_gives_is_asked_about(town, at, amount):
    bill = built(at)
    given = [Tender("cash", YUAN(amount))]
    assert refused(actions.take_payment, [bill], given, **at) == "settlement.payment.change"
    (payment,) = actions.take_payment([bill], [Tender("cash", YUAN(10213))], **at)
    assert (payment.amount, payment.change) == (YUAN(213), YUAN(10_000))
