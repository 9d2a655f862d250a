"""What one person asks and another one decides: it happens once, in the asker's name, or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cheyi.foundation.invariants import check
from cheyi.foundation.models import AuditEntry, Grant
from cheyi.foundation.scope import everywhere, within
from cheyi.kernel import Money, Refused
from cheyi.settlement import actions, queries
from cheyi.settlement.actions import Tender
from cheyi.settlement.models import Approval, CashierShift, Payment, Prepayment, Refund
from tests.foundation.org import NOW, found_town
from tests.foundation.racing import run_at_once
from tests.settlement.test_guards import built, deposit_of, person, refused, wrong

YUAN = Money.yuan


@pytest.fixture
def town(db):
    town = found_town()
    with within(town.store, town.sister):
        yield town


@pytest.fixture
def at(town):
    return {"store": town.store, "by": town.person("cashier"), "now": NOW}


@pytest.fixture
def boss(town):
    return {"store": town.store, "by": town.person("store_manager"), "now": NOW + timedelta(minutes=5)}


def paid(at, amount="300"):
    (payment,) = actions.take_payment([built(at, amount=amount)], [Tender("cash", YUAN(amount))], **at)
    return payment


def asked(at, amount="300", payment=None):
    return actions.ask_refund(payment or paid(at), amount=YUAN(amount), reason="多收了", **at)


def without_store(at):
    return {"by": at["by"], "now": at["now"]}


def test_what_is_asked_waits_and_nothing_happens(at):
    row = asked(at)
    assert (row.state, row.asked_by, row.amount, row.method) == ("waiting", "cashier", YUAN(300), "cash")
    assert (row.source_kind, row.thing_id) == ("test.paper", Payment.objects.get().pk)
    assert not Refund.objects.exists()
    assert queries.waiting_approvals(at["store"]) == [row]


def test_the_same_is_not_asked_twice_while_it_waits(at):
    row = asked(at)
    assert refused(asked, at, payment=Payment.objects.get()) == "settlement.approval.waits"
    actions.withdraw(row, **without_store(at))
    assert asked(at, payment=Payment.objects.get()).state == "waiting"


def test_who_agrees_makes_it_happen_in_the_askers_name_once(at, boss):
    row = actions.agree(asked(at), **boss)
    refund = Refund.objects.get()
    assert (refund.amount, refund.created_by_id, refund.approved_by_id) == (
        YUAN(300),
        at["by"].user_id,
        boss["by"].user_id,
    )
    assert (row.state, row.decided_by, row.decided_at) == ("agreed", "store_manager", boss["now"])
    assert refused(actions.agree, row, **boss) == "settlement.approval.decided"
    assert refused(actions.decline, row, answer="x", **without_store(boss)) == "settlement.approval.decided"
    codes = AuditEntry.objects.filter(code__startswith="settlement.approval.").order_by("pk")
    assert [entry.code.rsplit(".", 1)[1] for entry in codes] == ["asked", "agreed"]
    assert wrong() == []


def test_who_declines_says_why(at, boss):
    row = asked(at)
    assert refused(actions.decline, row, answer=" ", **without_store(boss)) == "settlement.approval.no_answer"
    row = actions.decline(row, answer="先跟我说", **without_store(boss))
    assert (row.state, row.answer, row.decided_by) == ("declined", "先跟我说", "store_manager")
    assert not Refund.objects.exists()


def test_neither_the_asker_nor_somebody_without_the_right_decides(town, at):
    row = asked(at)
    for who, code in (("cashier", "own"), ("service_manager", "no_right"), ("advisor", "no_right")):
        by = {**at, "by": town.person(who)}
        assert refused(actions.agree, row, **by) == f"settlement.approval.{code}"
        assert refused(actions.decline, row, answer="x", **without_store(by)) == f"settlement.approval.{code}"
    other = {**at, "by": town.person("cashier", "other")}
    assert refused(actions.withdraw, row, **without_store(other)) == "settlement.approval.not_own"
    assert Approval.objects.get().state == "waiting"


def test_an_accountant_agrees_to_a_cashiers_refund_but_not_to_his_own(town, at):
    clerk = {**at, "by": town.person("accountant")}
    assert actions.agree(asked(at), **clerk).state == "agreed"
    (other,) = actions.take_payment([built(at, amount="301", number=2)], [Tender("cash", YUAN(301))], **at)
    own = actions.ask_refund(other, amount=YUAN(301), reason="x", **clerk)
    assert refused(actions.agree, own, **clerk) == "settlement.approval.own"


@pytest.mark.parametrize(("amount", "code"), [("300.01", "too_much"), ("0", "not_positive")])
def test_what_is_impossible_is_not_asked(at, amount, code):
    assert refused(asked, at, amount, paid(at)) == f"settlement.refund.{code}"


def test_when_things_have_changed_nothing_happens_and_the_request_still_waits(town, at, boss):
    payment = paid(at)
    row = asked(at, "100", payment)
    actions.refund(payment, amount=YUAN(250), reason="x", approver=boss["by"], **at)
    assert refused(actions.agree, row, **boss) == "settlement.refund.too_much"
    assert Approval.objects.get().state == "waiting"
    assert wrong() == []


def test_what_has_happened_on_the_spot_is_no_longer_asked(town, at, boss):
    payment, deposit = paid(at), deposit_of(person(town, "方志强"), at, "100")
    rows = [
        asked(at, "100", payment),
        actions.ask_refund_prepayment(deposit, amount=YUAN(50), method="cash", reason="x", **at),
    ]
    actions.refund(payment, amount=YUAN(300), reason="x", approver=boss["by"], **at)
    actions.refund_prepayment(deposit, amount=YUAN(100), method="cash", reason="x", approver=boss["by"], **at)
    assert {row.state for row in Approval.objects.all()} == {"lapsed"}
    for row in rows:
        assert refused(actions.agree, row, **boss) == "settlement.approval.decided"


def test_a_deposit_goes_back_when_it_is_agreed_to(town, at, boss):
    deposit = deposit_of(person(town, "方志强"), at, "500")
    row = actions.ask_refund_prepayment(deposit, amount=YUAN(400), method="cash", reason="不修了", **at)
    assert (row.source_label, row.method) == (deposit.no, "cash")
    actions.agree(row, **boss)
    assert (Prepayment.objects.get().left, Refund.objects.get().prepayment_id) == (YUAN(100), deposit.pk)
    assert wrong() == []


def test_a_till_is_handed_over_when_its_difference_is_agreed_to(at, boss):
    shift = actions.open_shift(float_amount=YUAN(500), **at)
    actions.count(shift, counted={"cash": YUAN(400)}, **without_store(at))
    assert refused(actions.ask_close_shift, shift, note=" ", **at) == "settlement.shift.note_missing"
    row = actions.ask_close_shift(shift, note="找零多给", **at)
    assert row.amount == YUAN(-100)
    actions.agree(row, **boss)
    closed = CashierShift.objects.get()
    assert (closed.state, closed.approved_by_id, closed.note) == ("closed", boss["by"].user_id, "找零多给")


def test_money_that_moved_since_keeps_the_till_open(at, boss):
    shift = actions.open_shift(float_amount=YUAN(500), **at)
    actions.count(shift, counted={"cash": YUAN(400)}, **without_store(at))
    row = actions.ask_close_shift(shift, note="x", **at)
    paid({**at, "now": NOW + timedelta(minutes=1)})
    assert refused(actions.agree, row, **boss) == "settlement.shift.count_again"
    assert CashierShift.objects.get().state == "counted"


def test_who_is_gone_cannot_have_it_done(at, boss):
    row = asked(at)
    Grant.objects.filter(user_id=at["by"].user_id).delete()
    with pytest.raises(Refused, match="asker_gone"):
        actions.agree(row, **boss)
    assert not Refund.objects.exists()


PREPARATION = """
from datetime import UTC, datetime
from cheyi.foundation.access import viewer_of
from cheyi.foundation.models import Store
from cheyi.foundation.scope import within
from cheyi.kernel import Refused
from cheyi.settlement import actions
from cheyi.settlement.models import Approval
store = Store.objects.get(pk={store})
by = viewer_of({by})
now = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
"""
RACE = """
with within(store):
    for row in Approval.objects.order_by("pk"):
        try:
            actions.agree(row, store=store, by=by, now=now)
            print("agreed")
        except Refused as refused:
            print(refused.code)
"""


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_managers_agree_at_once():
    town = found_town()
    at = {"store": town.store, "by": town.person("cashier"), "now": NOW}
    with within(town.store):
        for number in range(5):
            bill = built(at, amount="300", number=number + 1)
            (payment,) = actions.take_payment([bill], [Tender("cash", YUAN(300))], **at)
            asked(at, "300", payment)
    people = [town.person("store_manager", name) for name in ("one", "two")]
    scripts = [(PREPARATION.format(store=town.store.pk, by=who.user_id), RACE) for who in people]
    lines = [line for answer in run_at_once(scripts) for line in answer]
    assert sorted(lines) == ["agreed"] * 5 + ["settlement.approval.decided"] * 5
    with everywhere("counting"):
        assert [refund.amount for refund in Refund.objects.all()] == [YUAN(300)] * 5
        assert [line for finding in check(["I3", "I4", "I5", "I10"]) for line in finding.violations] == []
