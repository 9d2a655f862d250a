"""A deposit goes back: how much, which way, by whom, and the books agree."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cheyi.foundation.invariants import check
from cheyi.foundation.models import AuditEntry
from cheyi.foundation.scope import everywhere, within
from cheyi.kernel import Money, Refused
from cheyi.settlement import actions, queries
from cheyi.settlement.actions import Tender
from cheyi.settlement.models import JournalLine, Prepayment, Refund
from tests.foundation.org import NOW, found_town
from tests.foundation.racing import run_at_once
from tests.settlement.test_guards import built, person, refused, wrong

YUAN = Money.yuan


@pytest.fixture
def town(db):
    town = found_town()
    with within(town.store, town.sister):
        yield town


@pytest.fixture
def at(town):
    return {"store": town.store, "by": town.person("accountant"), "now": NOW}


def left(town, at, amount="300", method="wechat", kind="deposit"):
    owner = person(town, "方志强")
    return actions.take_prepayment(customer_id=owner.pk, amount=YUAN(amount), method=method, kind=kind, **at)


def back(row, at, amount, method="wechat", **more):
    return actions.refund_prepayment(row, amount=YUAN(amount), method=method, reason="不修了", **{**at, **more})


def test_what_is_left_goes_back_the_way_it_came_or_in_cash(town, at):
    row = left(town, at)
    first = back(row, at, "100")
    second = back(row, at, "50", "cash")
    assert [one.no[:2] for one in (first, second)] == ["RF", "RF"]
    assert first.no != second.no
    assert (Prepayment.objects.get().left, queries.prepayments_of(row.customer_id)[0].left) == (YUAN(150), YUAN(150))
    booked = {}
    for line in JournalLine.objects.all():
        booked[line.account] = booked.get(line.account, YUAN(0)) + line.amount
    assert booked == {"money_wechat": YUAN(200), "money_cash": YUAN(-50), "prepayments": YUAN(-150)}
    day = queries.takings(town.store, town.store.business_date(NOW))
    assert {one.method: one.net for one in day.methods} == {"wechat": YUAN(200), "cash": YUAN(-50)}
    taken = queries.daily_takings(town.store, day.on, day.on, until=NOW)
    assert taken == {day.on: queries.DayTaken(YUAN(150), YUAN(150))}
    taken = queries.daily_takings(town.store, day.on, day.on, until=NOW - timedelta(seconds=1))
    assert taken == {day.on: queries.DayTaken(YUAN(150), YUAN(0))}
    assert wrong() == []


@pytest.mark.parametrize(
    ("amount", "method", "code"),
    [
        ("0", "wechat", "not_positive"),
        ("-1", "wechat", "not_positive"),
        ("300.01", "wechat", "left_of_deposit"),
        ("10", "alipay", "other_way"),
        ("10", "deposit_offset", "other_way"),
        ("10", "", "other_way"),
        ("200.01", "wechat", "second_person"),
    ],
)
def test_what_does_not_fit_is_refused(town, at, amount, method, code):
    assert refused(back, left(town, at), at, amount, method) == f"settlement.refund.{code}"


def test_used_money_does_not_go_back(town, at):
    row = left(town, at)
    bill = built(at, row.customer, amount="250")
    actions.take_payment([bill], [Tender("deposit_offset", YUAN(250), prepayment_id=row.pk)], **at)
    assert refused(back, row, at, "50.01") == "settlement.refund.left_of_deposit"
    back(row, at, "50")
    assert queries.prepayments_of(row.customer_id) == []
    assert wrong() == []


def test_small_pieces_add_up_to_what_needs_two(town, at):
    row = left(town, at)
    back(row, at, "200")
    assert refused(back, row, at, "0.01") == "settlement.refund.second_person"
    boss = town.person("store_manager")
    assert back(row, at, "100", approver=boss).approved_by_id == boss.user_id
    entry = AuditEntry.objects.filter(code="settlement.prepayment.refunded").latest("pk")
    assert (entry.facts["approved_by"], entry.facts["amount"], entry.actor_id) == (
        boss.user_id,
        10_000,
        at["by"].user_id,
    )


def test_a_cashier_and_earnest_money_always_need_two(town, at):
    boss, cashier = town.person("store_manager"), {**at, "by": town.person("cashier")}
    assert refused(back, left(town, at), cashier, "1") == "settlement.refund.not_alone"
    earnest = left(town, at, kind="earnest")
    assert refused(back, earnest, at, "1") == "settlement.refund.earnest"
    assert back(earnest, at, "1", approver=boss).amount == YUAN(1)


def test_another_stores_deposit_is_not_given_back_here(town, at):
    row = left(town, {**at, "store": town.sister})
    assert refused(back, row, at, "1") == "settlement.payment.deposit_missing"


def test_a_reason_is_said(town, at):
    row = left(town, at)
    with pytest.raises(Refused) as refusal:
        actions.refund_prepayment(row, amount=YUAN(1), method="cash", reason=" ", **at)
    assert refusal.value.code == "settlement.refund.reason_missing"


def test_a_deposit_that_says_more_went_back_than_did_is_found(town, at):
    row = left(town, at)
    back(row, at, "100")
    Prepayment.objects.update(refunded=YUAN(120))
    assert f"prepayment {row.no}: 120.00 refunded, refunds say 100.00" in wrong()


def test_the_receipts_of_a_day_sum_to_its_takings(town, at):
    row, boss = left(town, at), town.person("store_manager")
    bill = built(at, row.customer, amount="250")
    offset = Tender("deposit_offset", YUAN(100), prepayment_id=row.pk)
    (_, cash) = actions.take_payment([bill], [offset, Tender("cash", YUAN(150))], **at)
    given = actions.refund(cash, amount=YUAN(50), reason="x", **at)
    back(row, at, "200", "cash", approver=boss)
    day = town.store.business_date(NOW)
    moved = queries.money_on(town.store, day)
    assert sorted((one.amount, one.method) for one in moved) == [
        (YUAN(-200), "cash"),
        (YUAN(-50), "cash"),
        (YUAN(150), "cash"),
        (YUAN(300), "wechat"),
    ]
    assert sum((one.amount for one in moved), YUAN(0)) == queries.takings(town.store, day).total == YUAN(200)
    about = {one.no: one.document.label if one.document else "" for one in moved}
    assert (about[cash.receipt_no], about[given.no], about[row.no]) == ("T1", "T1", "")


PREPARATION = """
from datetime import UTC, datetime
from cheyi.foundation.access import viewer_of
from cheyi.foundation.models import Store
from cheyi.foundation.scope import within
from cheyi.kernel import Money, Refused
from cheyi.settlement import actions
from cheyi.settlement.models import Prepayment
store = Store.objects.get(pk={store})
by, approver = viewer_of({by}), viewer_of({approver})
now = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
"""
RACE = """
with within(store):
    for row in Prepayment.objects.order_by("pk"):
        try:
            actions.refund_prepayment(row, amount=Money.yuan(300), method="cash", reason="x", approver=approver,
                                      store=store, by=by, now=now)
            print("back")
        except Refused as refused:
            print(refused.code)
"""


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_people_give_the_same_deposits_back_at_once():
    town = found_town()
    with within(town.store):
        at = {"store": town.store, "by": town.person("cashier"), "now": NOW}
        for _ in range(5):
            left(town, at)
        people = town.person
        who = [("cashier", "store_manager"), ("accountant", "store_manager")]
        who = [(people(by), people(approver, f"{approver} of {by}")) for by, approver in who]
    scripts = [
        (PREPARATION.format(store=town.store.pk, by=by.user_id, approver=approver.user_id), RACE)
        for by, approver in who
    ]
    lines = [line for answer in run_at_once(scripts) for line in answer]
    assert sorted(lines) == ["back"] * 5 + ["settlement.refund.left_of_deposit"] * 5
    with everywhere("counting"):
        assert Refund.objects.count() == 5
        assert {row.left for row in Prepayment.objects.all()} == {YUAN(0)}
        assert [line for finding in check(["I3", "I4", "I5"]) for line in finding.violations] == []
