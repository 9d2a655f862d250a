"""A cashier counts the till: what should be there, what a difference needs, and who may say so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cheyi.customers.models import Customer
from cheyi.foundation.models import AuditEntry
from cheyi.foundation.scope import within
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Refused
from cheyi.settlement import actions
from cheyi.settlement.actions import BillLineDraft, Tender
from cheyi.settlement.models import CashierShift, ShiftCount
from cheyi.settlement.rules.shifts import Movement, Tally, demand_explained, expected, once_each, tallies
from tests.foundation.org import NOW, found_town

YUAN = Money.yuan


def test_the_till_should_hold_float_and_receipts_less_refunds():
    should = expected(YUAN(500), {"cash": Movement(YUAN(3260), YUAN(120)), "wechat": Movement(YUAN(80))})
    assert should == {"cash": YUAN(3640), "wechat": YUAN(80)}
    rows = tallies(should, {"cash": YUAN(3635), "wechat": YUAN(80)})
    assert [(row.method, row.difference) for row in rows] == [("cash", YUAN(-5)), ("wechat", YUAN(0))]


def test_five_yuan_missing_need_a_note_and_no_manager():
    rows = [Tally("cash", YUAN(3640), YUAN(3635))]
    with pytest.raises(Refused, match="note_missing"):
        demand_explained(rows, note=" ", has_manager=True)
    demand_explained(rows, note="找零", has_manager=False)


@pytest.mark.parametrize(("counted", "needed"), [("3590.00", False), ("3589.99", True), ("3690.01", True)])
def test_above_fifty_yuan_the_manager_must_agree(counted, needed):
    rows = [Tally("cash", YUAN(3640), YUAN(counted))]
    demand_explained(rows, note="x", has_manager=True)
    if needed:
        with pytest.raises(Refused, match=r"settlement\.shift\.manager"):
            demand_explained(rows, note="x", has_manager=False)
    else:
        demand_explained(rows, note="x", has_manager=False)


def test_every_way_of_paying_that_moved_is_counted():
    with pytest.raises(Refused) as refused:
        tallies({"cash": YUAN(0), "wechat": YUAN(1)}, {})
    assert (refused.value.code, refused.value.facts) == ("settlement.shift.not_counted", {"methods": "cash、wechat"})
    assert [row.difference for row in tallies({"cash": YUAN(0)}, {"cash": YUAN(0), "pos": YUAN(3)})] == [
        YUAN(0),
        YUAN(3),
    ]


@pytest.mark.django_db
class TestOneDay:
    @pytest.fixture(autouse=True)
    def _open(self):
        self.town = found_town()
        self.cashier, self.boss = self.town.person("cashier"), self.town.person("store_manager")
        with within(self.town.store):
            yield

    def at(self, minutes: int = 0, by=None):
        return {"by": by or self.cashier, "now": NOW + timedelta(minutes=minutes)}

    def opened(self) -> CashierShift:
        return actions.open_shift(float_amount=YUAN(500), store=self.town.store, **self.at())

    def takes(self, minutes, *tenders, number=1, by=None):
        paper = Source("test.paper", number, str(number))
        line = BillLineDraft("customer", "labour", "x", YUAN(sum(tender.amount.parts for tender in tenders) // 100))
        bills = actions.build(paper, [line], store=self.town.store, **self.at(minutes, by))
        return actions.take_payment(bills, tenders, store=self.town.store, **self.at(minutes, by))

    def closes(self, shift, minutes=90, **more):
        return actions.close_shift(shift, store=self.town.store, **self.at(minutes), **more)

    def test_a_shift_counts_what_its_cashier_took_and_gave_back(self):
        self.takes(-5, Tender("cash", YUAN(1000)), number=1)
        shift = self.opened()
        (cash, _) = self.takes(10, Tender("cash", YUAN(300)), Tender("wechat", YUAN(80), "W1"), number=2)
        self.takes(11, Tender("cash", YUAN(77)), number=3, by=self.town.person("cashier", "other"))
        back = {"store": self.town.store, "approver": self.boss, **self.at(20)}
        actions.refund(cash, amount=YUAN(20), reason="x", **back)
        actions.count(shift, counted={"cash": YUAN(780), "wechat": YUAN(80)}, **self.at(60))
        assert {row.method: (row.expected, row.counted) for row in ShiftCount.objects.all()} == {
            "cash": (YUAN(780), YUAN(780)),
            "wechat": (YUAN(80), YUAN(80)),
        }
        closed = self.closes(shift)
        assert (closed.state, closed.note, closed.closed_at) == ("closed", "", NOW + timedelta(minutes=90))
        with pytest.raises(Refused, match=r"settlement\.shift\.own"):
            actions.audit_shift(shift, **self.at(99))
        audited = actions.audit_shift(shift, **self.at(100, self.town.person("accountant")))
        assert audited.state == "audited"
        codes = AuditEntry.objects.filter(code__startswith="settlement.shift.").order_by("pk")
        assert [entry.code.rsplit(".", 1)[1] for entry in codes] == ["opened", "counted", "closed", "audited"]

    def test_money_that_moves_after_the_count_asks_for_another_count(self):
        shift = self.opened()
        actions.count(shift, counted={"cash": YUAN(500)}, **self.at(60))
        self.takes(70, Tender("pos", YUAN(5)))
        with pytest.raises(Refused, match="count_again"):
            self.closes(shift)
        assert CashierShift.objects.get().state == "counted"
        actions.count(shift, counted={"cash": YUAN(500), "pos": YUAN(5)}, **self.at(80))
        assert self.closes(shift).state == "closed"

    def test_a_large_difference_needs_the_manager(self):
        shift = self.opened()
        actions.count(shift, counted={"cash": YUAN(400)}, **self.at(60))
        for approver in (None, self.cashier, self.town.person("advisor")):
            with pytest.raises(Refused, match=r"settlement\.shift\.manager"):
                self.closes(shift, note="?", approver=approver)
        assert CashierShift.objects.get().state == "counted"
        assert self.closes(shift, note="?", approver=self.boss).approved_by_id == self.boss.user_id

    def test_a_cashier_has_one_running_shift_and_only_counts_the_own(self):
        shift = self.opened()
        with pytest.raises(Refused, match=r"settlement\.shift\.running"):
            self.opened()
        with pytest.raises(Refused, match="not_yours"):
            actions.count(shift, counted={}, **self.at(60, self.boss))
        with pytest.raises(Refused, match="not_yours"):
            actions.close_shift(shift, store=self.town.store, **self.at(60, self.boss))
        with pytest.raises(Refused, match="not_now"):
            self.closes(shift)
        with pytest.raises(Refused, match="float"):
            actions.open_shift(float_amount=YUAN(-1), store=self.town.store, **self.at(0, self.boss))
        assert CashierShift.objects.get().state == "open"

    def test_a_deposit_that_went_back_is_out_of_the_till(self):
        owner = Customer.objects.create(group=self.town.group, name="方志强", created_at=NOW, updated_at=NOW)
        shift = self.opened()
        left = {"customer_id": owner.pk, "kind": "deposit", "store": self.town.store}
        deposit = actions.take_prepayment(amount=YUAN(300), method="wechat", **left, **self.at(5))
        back = {"store": self.town.store, "approver": self.boss, "reason": "不修了"}
        actions.refund_prepayment(deposit, amount=YUAN(100), method="cash", **back, **self.at(10))
        actions.refund_prepayment(deposit, amount=YUAN(50), method="wechat", **back, **self.at(11))
        actions.count(shift, counted={"cash": YUAN(400), "wechat": YUAN(250)}, **self.at(60))
        assert {row.method: row.expected for row in ShiftCount.objects.all()} == {
            "cash": YUAN(400),
            "wechat": YUAN(250),
        }
        assert self.closes(shift).state == "closed"


def test_a_way_of_paying_is_counted_once():
    assert once_each([("cash", YUAN(1)), ("pos", YUAN(2))]) == {"cash": YUAN(1), "pos": YUAN(2)}
    with pytest.raises(Refused) as refused:
        once_each([("cash", YUAN(1)), ("cash", YUAN(1))])
    assert (refused.value.code, refused.value.facts) == ("settlement.shift.counted_twice", {"method": "cash"})
