"""Whatever is billed, paid, lent and given back, the figures add up; what does not is found."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from cheyi.customers.models import Customer
from cheyi.foundation.invariants import check
from cheyi.foundation.scope import within
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Refused
from cheyi.settlement import actions
from cheyi.settlement.actions import BillLineDraft, Gap, Tender
from cheyi.settlement.models import Bill, CreditAccount, JournalEntry, JournalLine, Payment, Receivable
from tests.foundation.org import NOW, found_town

pytestmark = pytest.mark.django_db
YUAN = Money.yuan
PAPER = Source("test.paper", 1, "T1")
CODES = ["I3", "I4", "I5", "I10"]


@pytest.fixture
def town():
    town = found_town()
    with within(town.store):
        yield town


@pytest.fixture
def cashier(town):
    return town.person("cashier")


@pytest.fixture
def payer(town):
    return Customer.objects.create(group=town.group, name="方志强", created_at=NOW, updated_at=NOW)


def wrong() -> list[str]:
    return [line for finding in check(CODES) for line in finding.violations]


def built(town, by, payer, *amounts, source=PAPER, **more):
    drafts = [BillLineDraft("customer", "labour", "x", YUAN(amount)) for amount in amounts or ("213.60",)]
    return actions.build(source, drafts, store=town.store, by=by, now=NOW, customer_id=payer.pk, **more)


def lend(town, by, payer, bill, limit="5000"):
    actions.set_limit(customer_id=payer.pk, limit=YUAN(limit), days=30, store=town.store, by=by, now=NOW)
    return actions.put_on_credit(bill, store=town.store, by=by, now=NOW)


def pays(town, by, bills, *tenders):
    return actions.take_payment(bills, tenders, store=town.store, by=by, now=NOW)


def test_money_collected_on_credit_makes_room_again(town, cashier, payer):
    (bill,) = built(town, cashier, payer)
    lend(town, cashier, payer, bill)
    assert CreditAccount.objects.get().used == YUAN(213)
    pays(town, cashier, [bill], Tender("transfer", YUAN(200)))
    assert CreditAccount.objects.get().used == YUAN(13)
    assert Bill.objects.get().state == "on_credit"
    pays(town, cashier, [bill], Tender("cash", YUAN(13)))
    assert (CreditAccount.objects.get().used, Bill.objects.get().state) == (YUAN(0), "paid")
    assert wrong() == []


def test_a_withdrawn_bill_on_credit_makes_room_again(town, cashier, payer):
    (bill,) = built(town, cashier, payer)
    lend(town, cashier, payer, bill)
    actions.void_unpaid(PAPER, store=town.store, by=cashier, now=NOW)
    assert (CreditAccount.objects.get().used, Bill.objects.get().state) == (YUAN(0), "void")
    assert wrong() == []


def test_what_is_overdue_for_sixty_days_lends_no_more(town, cashier, payer):
    (bill,) = built(town, cashier, payer)
    lend(town, cashier, payer, bill)
    (second,) = built(town, cashier, payer, "10", source=Source("test.paper", 2))
    for days, refused in ((90, False), (91, True)):
        Receivable.objects.update(due_on=(NOW - timedelta(days=days - 30)).date())
        if not refused:
            continue
        with pytest.raises(Refused) as refusal:
            actions.put_on_credit(second, store=town.store, by=cashier, now=NOW)
        assert refusal.value.code == "settlement.credit.overdue"
    Receivable.objects.update(due_on=(NOW - timedelta(days=60)).date())
    assert actions.put_on_credit(second, store=town.store, by=cashier, now=NOW).state == "on_credit"


def test_a_loss_is_written_off_by_two(town, cashier, payer):
    accountant, boss = town.person("accountant"), town.person("store_manager")
    (bill,) = built(town, cashier, payer)
    lend(town, cashier, payer, bill)
    pays(town, cashier, [bill], Tender("transfer", YUAN(13)))

    def give_up(reason="公司注销", approver=boss):
        return actions.write_off(bill, reason=reason, approver=approver, store=town.store, by=accountant, now=NOW)

    for arguments, code in (
        ({"approver": None}, "settlement.bill.second_person"),
        ({"approver": accountant}, "settlement.bill.second_person"),
        ({"approver": cashier}, "settlement.bill.second_person"),
        ({"reason": " "}, "settlement.bill.reason_missing"),
    ):
        with pytest.raises(Refused) as refusal:
            give_up(**arguments)
        assert refusal.value.code == code
    assert Bill.objects.get().state == "on_credit"
    written = give_up()
    assert (written.state, written.outstanding) == ("written_off", YUAN(0))
    assert JournalLine.objects.get(account="bad_debt").amount == YUAN(200)
    assert CreditAccount.objects.get().used == YUAN(0)
    assert wrong() == []
    with pytest.raises(Refused, match="not_now"):
        give_up()


def test_a_bill_given_back_whole_is_reversed_and_can_be_built_anew(town, cashier, payer):
    bills = built(town, cashier, payer)
    (row,) = pays(town, cashier, bills, Tender("wechat", YUAN(213), "WX1"))
    actions.refund(
        row,
        amount=YUAN(213),
        reason="重开",
        store=town.store,
        by=cashier,
        now=NOW,
        approver=town.person("accountant"),
    )
    assert Bill.objects.get().state == "refunded"
    assert sum(line.amount.parts for line in JournalLine.objects.filter(account="revenue")) == 0
    (again,) = built(town, cashier, payer, "100")
    assert again.state == "due"
    assert wrong() == []


def test_one_transfer_for_two_bills_keeps_its_number_once(town, cashier, payer):
    drafts = [BillLineDraft("customer", "labour", "a", YUAN(60)), BillLineDraft("fleet", "labour", "b", YUAN(40))]
    bills = actions.build(PAPER, drafts, store=town.store, by=cashier, now=NOW, customer_id=payer.pk)
    payments = pays(town, cashier, bills, Tender("transfer", YUAN(100), "T-77"))
    assert [(row.amount, row.channel_txn_no) for row in payments] == [(YUAN(60), "T-77"), (YUAN(40), "")]
    (third,) = built(town, cashier, payer, "100", source=Source("test.paper", 2))
    with pytest.raises(Refused, match="channel_used"):
        pays(town, cashier, [third], Tender("transfer", YUAN(100), "T-77"))
    assert Payment.objects.count() == 2
    assert wrong() == []


def test_a_cashier_rounds_off_five_yuan_at_most(town, cashier, payer):
    with pytest.raises(Refused) as refusal:
        built(town, cashier, payer, "106.00", round_to=YUAN(10))
    assert refusal.value.code == "settlement.bill.rounding_too_large"
    assert (refusal.value.facts["amount"], refusal.value.facts["limit"]) == (YUAN(6), YUAN(5))
    assert not Bill.objects.exists()
    (bill,) = built(town, cashier, payer, "105.00", round_to=YUAN(10))
    assert (bill.net_due, bill.rounding_off) == (YUAN(100), YUAN(5))
    (bill,) = built(town, town.person("store_manager"), payer, "109.00", round_to=YUAN(10))
    assert bill.rounding_off == YUAN(9)


@pytest.mark.parametrize("seed", range(4))
def test_after_every_step_of_a_random_day_the_money_adds_up(town, cashier, payer, seed):
    chance = random.Random(seed)
    day = Day(town, cashier, payer, chance)
    for _ in range(12):
        day.step()
        assert wrong() == [], f"seed {seed} after {day.done}"
    assert len(day.done) >= 6


class Day:
    """Random acts on random bills; what the rules refuse is simply not done."""

    def __init__(self, town, by, payer, chance):
        self.town, self.by, self.payer, self.chance = town, by, payer, chance
        self.done: list[str] = []
        self.at = {"store": town.store, "by": by, "now": NOW}
        actions.set_limit(customer_id=payer.pk, limit=YUAN(3000), days=30, **self.at)

    def step(self):
        name = self.chance.choice(["bill", "bill", "pay", "pay", "pay", "lend", "refund", "void", "deposit", "offset"])
        try:
            getattr(self, name)()
        except Refused:
            return
        self.done.append(name)

    def money(self, most=2000):
        return Money(self.chance.randrange(1, most * 100))

    def any_bill(self):
        return self.chance.choice(list(Bill.objects.order_by("pk")) or [None])

    def bill(self):
        payers = self.chance.choices(
            ["customer", "customer", "insurer", "oem", "internal"], k=self.chance.randrange(1, 5)
        )
        lines = [BillLineDraft(payer, "labour", "x", self.money(), Money(1)) for payer in payers]
        insured = sum(line.gross.parts - 1 for line in lines if line.payer == "insurer")
        gap = Gap(Money(insured // 2), self.chance.choice(["customer", "store", "renegotiate"])) if insured else None
        paper = Source("test.paper", self.chance.randrange(1, 4))
        actions.build(paper, lines, customer_id=self.payer.pk, gap=gap, **self.at)

    def pay(self):
        bill = self.any_bill()
        if bill is not None:
            tenders = [Tender("wechat", self.money(600)), Tender("cash", self.money(1500))]
            actions.take_payment([bill], tenders[: self.chance.randrange(1, 3)], **self.at)

    def lend(self):
        bill = self.any_bill()
        if bill is not None:
            actions.put_on_credit(bill, **self.at)

    def refund(self):
        row = self.chance.choice(list(Payment.objects.order_by("pk")) or [None])
        if row is not None:
            amount = self.chance.choice([row.amount, Money(max(1, row.amount.parts // 3))])
            actions.refund(row, amount=amount, reason="x", approver=self.town.person("accountant"), **self.at)

    def void(self):
        actions.void_unpaid(Source("test.paper", self.chance.randrange(1, 4)), **self.at)

    def deposit(self):
        actions.take_prepayment(
            customer_id=self.payer.pk, amount=self.money(500), method="pos", kind="deposit", **self.at
        )

    def offset(self):
        from cheyi.settlement.queries import prepayments_of

        bill, (deposit, *_) = self.any_bill(), [*prepayments_of(self.payer.pk), None]
        if bill is not None and deposit is not None:
            amount = min(deposit.left, bill.outstanding) or deposit.left
            actions.take_payment([bill], [Tender("deposit_offset", amount, prepayment_id=deposit.pk)], **self.at)


@pytest.mark.parametrize(
    ("model", "damage", "found"),
    [
        (Bill, {"tax": YUAN("24.51")}, "tax 24.51, its rates say 24.50"),
        (Bill, {"paid": YUAN(0), "state": "due"}, "0.00 paid, payments say 213.00"),
        (Bill, {"state": "partial"}, "is partial with 213.00 paid"),
        (Bill, {"state": "lost"}, "is lost with 213.00 paid"),
        (Bill, {"gap_amount": YUAN(1), "gross": YUAN("212.60")}, "213.00 due, lines say 214.00"),
        (Payment, {"amount": YUAN(212)}, "account money_wechat of legal entity"),
        (Payment, {"refunded": YUAN(1)}, "1.00 refunded, refunds say 0.00"),
        (CreditAccount, {"used": YUAN("0.05")}, "0.05 in use, receivables say 0.00"),
    ],
)
def test_what_does_not_add_up_is_found(town, cashier, payer, model, damage, found):
    actions.set_limit(customer_id=payer.pk, limit=YUAN(10), days=30, store=town.store, by=cashier, now=NOW)
    pays(town, cashier, built(town, cashier, payer), Tender("wechat", YUAN(213)))
    assert wrong() == []
    model.objects.update(**damage)
    assert [line for line in wrong() if found in line] != []


def test_an_entry_that_does_not_sum_to_zero_is_found(town, cashier, payer):
    built(town, cashier, payer)
    entry = JournalEntry.objects.get()
    JournalLine.objects.create(
        legal_entity=town.store.legal_entity, entry=entry, account="revenue", amount=YUAN(1), created_at=NOW
    )
    assert wrong() == [
        f"journal entry {entry.pk} (bill BLSH012606150001) has 4 lines and sums to 1.00",
        f"the journal of legal entity {town.store.legal_entity_id} sums to 1.00",
    ]
