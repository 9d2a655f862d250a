"""The cashier takes the money while the keeper takes a part of it back: one is first, the other hears why not."""

from __future__ import annotations

import pytest

from cheyi.foundation import invariants
from cheyi.foundation.scope import everywhere, within
from cheyi.kernel import Money
from cheyi.parts.models import RequestLine
from cheyi.settlement.models import Bill
from cheyi.workshop.models import PartLine, WorkOrder
from tests.foundation.racing import run_at_once
from tests.workshop.shop import open_shop

PREPARATION = """
from datetime import UTC, datetime
from cheyi.foundation.access import viewer_of
from cheyi.foundation.models import Store
from cheyi.foundation.scope import within
from cheyi.kernel import Money, Quantity, Refused
from cheyi.parts import actions as parts
from cheyi.parts.models import RequestLine
from cheyi.settlement import actions as settlement
from cheyi.settlement.queries import bills_of
from cheyi.workshop.actions.stock import source_of
from cheyi.workshop.models import WorkOrder
store = Store.objects.get(pk={store})
by = viewer_of({user})
now = datetime(2026, 6, 15, 3, 0, tzinfo=UTC)
with within(store):
    orders = list(WorkOrder.objects.filter(pk__in={orders}).order_by("pk"))
    lines = list(RequestLine.objects.filter(pk__in={lines}).order_by("request__source_id"))
"""
PAYING = """
with within(store):
    for order in orders:
        try:
            bills = [view.bill for view in bills_of(source_of(order)) if not view.is_met]
            due = sum(bill.outstanding.fen for bill in bills)
            settlement.take_payment(bills, [settlement.Tender("cash", Money(due))], store=store, by=by, now=now)
            print("paid", order.pk)
        except Refused as refused:
            print(refused.code, order.pk)
"""
BACK = """
with within(store):
    for line in lines:
        try:
            parts.take_back(line, quantity=Quantity.of("1"), condition="good", by=by, now=now)
            print("back", line.request.source_id)
        except Refused as refused:
            print(refused.code, line.request.source_id)
"""
CARS = 5


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_money_and_a_part_that_go_at_once_the_books_know_both():
    shop = open_shop()
    with within(shop.store):
        cars = [
            shop.car(
                f"沪A8000{number}", vin="", owner=shop.customer(f"方{'一二三四五'[number]}", f"1990000111{number}")
            )
            for number in range(CARS)
        ]
        orders = [shop.ready("MA001", car=car).pk for car in cars]
        lines = list(RequestLine.objects.filter(part=shop.filter).values_list("pk", flat=True))
        people = [shop.cashier.user_id, shop.keeper.user_id]
    words = {"store": shop.store.pk, "orders": orders, "lines": lines}
    scripts = [(PREPARATION.format(user=user, **words), act) for user, act in zip(people, (PAYING, BACK), strict=True)]
    paying, back = run_at_once(scripts)
    assert (len(paying), len(back)) == (CARS, CARS)
    with everywhere("counting"):
        for order in WorkOrder.objects.order_by("pk"):
            returned = PartLine.objects.get(order=order, part=shop.filter).state == "returned"
            paid = order.state == "settled"
            assert (f"back {order.pk}" in back) == returned
            assert (f"paid {order.pk}" in paying) == paid
            assert returned or f"workshop.order.parts_paid {order.pk}" in back
            live = Bill.objects.filter(source_id=order.pk).exclude(state="void")
            assert sum((bill.net_due + bill.rounding_off for bill in live), Money(0)) == order.estimate_total
        assert [line for finding in invariants.check() for line in finding.violations] == []
