"""Two managers take the same settlements back at the same moment, one beside the cashier and one from his page: once."""

from __future__ import annotations

import pytest

from cheyi.foundation.invariants import check
from cheyi.foundation.scope import everywhere, within
from cheyi.kernel import Money
from cheyi.settlement.models import Approval, Payment, Refund
from cheyi.workshop import actions
from cheyi.workshop.models import WorkOrder
from tests.foundation.org import NOW
from tests.foundation.racing import run_at_once
from tests.workshop.shop import open_shop

PREPARATION = """
from datetime import UTC, datetime
from cheyi.foundation.access import viewer_of
from cheyi.foundation.models import Store
from cheyi.foundation.scope import within
from cheyi.kernel import Refused
from cheyi.settlement import actions as settlement
from cheyi.settlement.models import Approval
from cheyi.workshop import actions
from cheyi.workshop.models import WorkOrder
store = Store.objects.get(pk={store})
by, manager = viewer_of({by}), viewer_of({manager})
now = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
"""
BESIDE = """
with within(store):
    for order in WorkOrder.objects.order_by("pk"):
        try:
            actions.unsettle(order, reason="x", approver=manager, by=by, now=now)
            print("back")
        except Refused as refused:
            print(refused.code)
"""
FROM_THE_PAGE = """
with within(store):
    for row in Approval.objects.order_by("pk"):
        try:
            settlement.agree(row, store=store, by=manager, now=now)
            print("back")
        except Refused as refused:
            print(refused.code)
"""
CARS = 4


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_managers_take_the_same_settlements_back_at_once():
    shop = open_shop()
    with within(shop.store):
        for number in range(CARS):
            owner = shop.customer(name=f"方志强{number}", mobile=f"1990000222{number}")
            order = shop.pay(shop.ready("DT004", car=shop.car(f"沪A8000{number}", vin="", owner=owner)))
            actions.ask_unsettle(order, reason="收错", by=shop.cashier, now=NOW)
    people = {"store": shop.store.pk, "by": shop.cashier.user_id}
    managers = [shop.town.person("store_manager", name).user_id for name in ("one", "two")]
    lines = run_at_once(
        [
            (PREPARATION.format(manager=managers[0], **people), BESIDE),
            (PREPARATION.format(manager=managers[1], **people), FROM_THE_PAGE),
        ]
    )
    said = sorted(line for answer in lines for line in answer)
    assert said.count("back") == CARS
    assert set(said) - {"back"} <= {"workshop.order.not_now", "settlement.approval.decided"}
    with everywhere("counting"):
        assert Refund.objects.count() == CARS
        assert {row.state for row in WorkOrder.objects.all()} == {"ready"}
        assert {row.refunded - row.amount for row in Payment.objects.all()} == {Money(0)}
        assert {row.state for row in Approval.objects.all()} <= {"agreed", "lapsed"}
        assert [line for finding in check(["I3", "I4", "I5", "I10"]) for line in finding.violations] == []
