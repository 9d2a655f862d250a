"""Bills are presented, paid, refunded, voided and put on credit; the journal follows to the fen."""

import pytest

from cheyi.customers.models import Customer
from cheyi.foundation.models import AuditEntry
from cheyi.foundation.scope import within
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Refused
from cheyi.settlement import actions, queries
from cheyi.settlement.actions import BillLineDraft, Gap, Tender
from cheyi.settlement.models import Bill, JournalLine, Payment, Receivable
from tests.foundation.org import NOW, found_town

pytestmark = pytest.mark.django_db
YUAN = Money.yuan
ORDER = Source("test.paper", 81, "ROSH012606150001")


@pytest.fixture
def town():
    town = found_town()
    with within(town.store):
        yield town


@pytest.fixture
def cashier(town):
    return town.person("cashier")


def customer(town):
    return Customer.objects.create(group=town.group, name="方志强", created_at=NOW, updated_at=NOW)


def built(town, by, *lines, **more):
    drafts = lines or (BillLineDraft("customer", "labour", "小保养", YUAN("213.60")),)
    return actions.build(ORDER, drafts, store=town.store, by=by, now=NOW, **more)


def pays(town, by, bills, *tenders):
    return actions.take_payment(bills, tenders, store=town.store, by=by, now=NOW)


def balance(account):
    return sum(row.amount.parts for row in JournalLine.objects.filter(account=account))


def test_a_bill_is_presented_rounded_down_with_its_lines_and_tax(town, cashier):
    (bill,) = built(town, cashier)
    assert (bill.no, bill.state, bill.net_due, bill.rounding_off) == (
        "BLSH012606150001",
        "due",
        YUAN("213.00"),
        YUAN("0.60"),
    )
    (view,) = queries.bills_of(ORDER)
    assert [(line.seq, line.name, line.net) for line in view.lines] == [(1, "小保养", YUAN("213.60"))]
    assert [(part.net, part.tax) for part in view.taxes] == [(YUAN("213.00"), YUAN("24.50"))]
    assert (balance("receivable_customer"), balance("revenue"), balance("output_tax")) == (21300, -18850, -2450)


def test_two_ways_of_paying_meet_the_bill_and_number_their_receipts(town, cashier):
    bills = built(town, cashier)
    payments = pays(town, cashier, bills, Tender("wechat", YUAN(200), "WX1"), Tender("cash", YUAN(20)))
    assert [(row.receipt_no, row.amount, row.change) for row in payments] == [
        ("RCSH012606150001", YUAN(200), YUAN(0)),
        ("RCSH012606150002", YUAN(13), YUAN(7)),
    ]
    assert queries.all_met(ORDER)
    assert (balance("receivable_customer"), balance("money_wechat"), balance("money_cash")) == (0, 20000, 1300)
    day = queries.takings(town.store, town.store.business_date(NOW))
    assert (day.total, day.count) == (YUAN(213), 2)
    assert [(one.method, one.net) for one in day.methods] == [("wechat", YUAN(200)), ("cash", YUAN(13))]


def test_a_part_payment_leaves_the_rest_due(town, cashier):
    bills = built(town, cashier)
    pays(town, cashier, bills, Tender("cash", YUAN(13)))
    bill = Bill.objects.get()
    assert (bill.state, bill.outstanding) == ("partial", YUAN(200))
    assert not queries.all_met(ORDER)


def test_too_much_is_refused_and_nothing_is_booked(town, cashier):
    bills = built(town, cashier)
    with pytest.raises(Refused) as refused:
        pays(town, cashier, bills, Tender("wechat", YUAN("213.01")))
    assert (refused.value.code, refused.value.facts["more"]) == ("settlement.payment.too_much", YUAN("0.01"))
    assert not Payment.objects.exists()
    assert Bill.objects.get().state == "due"


def test_a_paid_bill_takes_no_second_payment(town, cashier):
    bills = built(town, cashier)
    pays(town, cashier, bills, Tender("cash", YUAN(213)))
    with pytest.raises(Refused) as refused:
        pays(town, cashier, bills, Tender("cash", YUAN(213)))
    assert refused.value.code == "settlement.bill.not_now"
    assert Payment.objects.count() == 1


def test_a_channel_number_is_booked_once(town, cashier):
    bills = built(town, cashier)
    pays(town, cashier, bills, Tender("wechat", YUAN(100), "WX1"))
    with pytest.raises(Refused) as refused:
        pays(town, cashier, bills, Tender("wechat", YUAN(113), "WX1"))
    assert refused.value.code == "settlement.payment.channel_used"
    assert Bill.objects.get().paid == YUAN(100)


def test_the_refused_payment_leaves_no_gap_in_the_receipts(town, cashier):
    bills = built(town, cashier)
    pays(town, cashier, bills, Tender("wechat", YUAN(100), "WX1"))
    with pytest.raises(Refused):
        pays(town, cashier, bills, Tender("wechat", YUAN(13), "WX1"))
    (row,) = pays(town, cashier, bills, Tender("wechat", YUAN(113), "WX2"))
    assert row.receipt_no == "RCSH012606150002"


def test_insurer_and_maker_owe_on_credit_the_house_pays_itself(town, cashier):
    lines = [
        BillLineDraft("insurer", "labour", "喷漆", YUAN(2050)),
        BillLineDraft("oem", "part", "雨刮电机", YUAN(540)),
        BillLineDraft("internal", "labour", "善意检查", YUAN(96)),
        BillLineDraft("customer", "labour", "保养", YUAN("863.60")),
    ]
    bills = built(town, cashier, *lines, gap=Gap(YUAN(1900), "customer"))
    assert {bill.payer_type: (bill.state, bill.net_due) for bill in bills} == {
        "insurer": ("on_credit", YUAN(1900)),
        "oem": ("on_credit", YUAN(540)),
        "internal": ("on_credit", YUAN(96)),
        "customer": ("due", YUAN("1013.00")),
    }
    assert sorted(row.amount for row in Receivable.objects.all()) == [YUAN(540), YUAN(1900)]
    assert not queries.all_met(ORDER)


def test_the_insurers_money_closes_the_receivable(town, cashier):
    (bill,) = built(town, cashier, BillLineDraft("insurer", "labour", "喷漆", YUAN(1900)))
    pays(town, cashier, [bill], Tender("insurer_transfer", YUAN(1900)))
    bill = Bill.objects.get()
    assert (bill.state, bill.paid, bill.credit) == ("paid", YUAN(1900), YUAN(0))
    assert Receivable.objects.get().closed_at == NOW


def test_a_bill_of_nothing_is_met_at_once(town, cashier):
    line = BillLineDraft("customer", "labour", "检查", YUAN(96), YUAN(96))
    (bill,) = built(town, cashier, line)
    assert (bill.state, bill.net_due) == ("paid", YUAN(0))
    assert queries.all_met(ORDER)


def test_building_again_voids_the_unpaid_bill(town, cashier):
    built(town, cashier)
    (second,) = built(town, cashier, BillLineDraft("customer", "labour", "大保养", YUAN(500)))
    assert [bill.state for bill in Bill.objects.order_by("pk")] == ["void", "due"]
    assert balance("receivable_customer") == second.net_due.parts == 50000


def test_what_is_paid_is_not_voided(town, cashier):
    bills = built(town, cashier)
    pays(town, cashier, bills, Tender("cash", YUAN(13)))
    with pytest.raises(Refused) as refused:
        actions.void_unpaid(ORDER, store=town.store, by=cashier, now=NOW)
    assert refused.value.code == "settlement.bill.paid_already"
    assert Bill.objects.get().state == "partial"


def test_a_deposit_is_taken_used_and_never_overdrawn(town, cashier):
    person = customer(town)
    deposit = actions.take_prepayment(
        customer_id=person.pk, amount=YUAN(100), method="cash", kind="deposit", store=town.store, by=cashier, now=NOW
    )
    bills = built(town, cashier, customer_id=person.pk)
    with pytest.raises(Refused) as refused:
        pays(town, cashier, bills, Tender("deposit_offset", YUAN(101), prepayment_id=deposit.pk))
    assert refused.value.code == "settlement.prepayment.too_little"
    pays(town, cashier, bills, Tender("deposit_offset", YUAN(100), prepayment_id=deposit.pk))
    assert queries.prepayments_of(person.pk) == []
    assert balance("prepayments") == 0
    assert queries.takings(town.store, town.store.business_date(NOW)).total == YUAN(100)


def test_credit_ends_at_the_limit(town, cashier):
    person = customer(town)
    (bill,) = built(town, cashier, customer_id=person.pk)
    with pytest.raises(Refused) as refused:
        actions.put_on_credit(bill, store=town.store, by=cashier, now=NOW)
    assert refused.value.code == "settlement.credit.no_account"
    for limit, answer in ((YUAN("212.99"), "settlement.credit.over_limit"), (YUAN(213), None)):
        actions.set_limit(customer_id=person.pk, limit=limit, days=30, store=town.store, by=cashier, now=NOW)
        if answer:
            with pytest.raises(Refused) as refused:
                actions.put_on_credit(bill, store=town.store, by=cashier, now=NOW)
            assert refused.value.code == answer
            assert Bill.objects.get().state == "due"
    assert actions.put_on_credit(bill, store=town.store, by=cashier, now=NOW).state == "on_credit"
    assert queries.all_met(ORDER)


def test_a_small_refund_needs_one_person_a_large_one_two(town, cashier):
    bills, accountant = built(town, cashier), town.person("accountant")
    (row,) = pays(town, cashier, bills, Tender("wechat", YUAN(213)))

    def refund(amount, **more):
        return actions.refund(row, amount=YUAN(amount), reason="多收", store=town.store, by=accountant, now=NOW, **more)

    assert refund("12.00").no == "RFSH012606150001"
    with pytest.raises(Refused) as refused:
        refund("201.00")
    assert refused.value.code == "settlement.refund.second_person"
    with pytest.raises(Refused):
        refund("201.00", approver=cashier)
    refund("201.00", approver=town.person("store_manager"))
    assert (Bill.objects.get().state, Payment.objects.get().state) == ("due", "refunded")
    assert balance("money_wechat") == 0
    assert queries.takings(town.store, town.store.business_date(NOW)).total == YUAN(0)


@pytest.mark.parametrize(
    ("amount", "reason", "code"),
    [
        ("0", "x", "settlement.refund.not_positive"),
        ("213.01", "x", "settlement.refund.too_much"),
        ("1", " ", "settlement.refund.reason_missing"),
    ],
)
def test_impossible_refunds_are_refused(town, cashier, amount, reason, code):
    (row,) = pays(town, cashier, built(town, cashier), Tender("wechat", YUAN(213)))
    with pytest.raises(Refused) as refused:
        actions.refund(row, amount=YUAN(amount), reason=reason, store=town.store, by=cashier, now=NOW)
    assert refused.value.code == code
    assert Payment.objects.get().refunded == YUAN(0)


def test_every_act_is_on_record(town, cashier):
    pays(town, cashier, built(town, cashier), Tender("cash", YUAN(213)))
    codes = AuditEntry.objects.filter(code__startswith="settlement.").values_list("code", flat=True)
    assert sorted(codes) == ["settlement.bill.due", "settlement.payment.succeeded"]


def test_an_entry_that_does_not_sum_to_zero_is_never_written(town):
    from cheyi.settlement.actions.posting import post

    with pytest.raises(ValueError, match="zero"):
        post("x", ORDER, {"a": YUAN(1), "b": YUAN("-0.99")}, store=town.store, now=NOW, by_id=None)
