"""A part that comes back is no longer paid for, whenever it comes; what is settled is taken back first."""

import pytest

from cheyi.foundation import acts
from cheyi.foundation.models import AuditEntry
from cheyi.kernel import Refused
from cheyi.parts import actions as parts
from cheyi.parts.models import Balance, Move, RequestLine
from cheyi.settlement import queries as bills
from cheyi.workshop.actions.stock import source_of
from cheyi.workshop.models import PartLine, WorkOrder
from tests.foundation.org import NOW
from tests.workshop.shop import everything, q, yuan


def wanted(order, part) -> RequestLine:
    return RequestLine.objects.get(request__source_id=order.pk, part=part)


def brought_back(shop, order, part, pieces, condition="good"):
    parts.take_back(wanted(order, part), quantity=q(pieces), condition=condition, by=shop.keeper, now=NOW)


def billed(order):
    return [view.bill.net_due + view.bill.rounding_off for view in bills.bills_of(source_of(order))]


def test_a_part_that_comes_back_whole_while_the_car_is_at_work_is_off_the_order(shop):
    order = shop.opened("CH001", to=shop.technician())
    before = shop.fresh(order).estimate_total
    shop.hand_out(order)
    brought_back(shop, order, shop.pads, 1)
    order = shop.fresh(order)
    assert before - order.estimate_total == yuan(420)
    assert order.approved_total == order.estimate_total
    assert [line.state for line in shop.parts_of(order)] == ["returned"]


def test_pieces_that_come_back_after_the_work_are_not_billed(shop):
    order = shop.ready("MA001")
    assert billed(order) == [order.estimate_total]
    total = order.estimate_total
    brought_back(shop, order, shop.oil, "1.5")
    order = shop.fresh(order)
    oil = PartLine.objects.get(order=order, part=shop.oil)
    assert (oil.state, oil.quantity, oil.net) == ("used", q("2.5"), yuan("237.50"))
    assert total - order.estimate_total == yuan("142.50")
    assert billed(order) == [order.estimate_total]
    brought_back(shop, order, shop.oil, "2.5", "opened")
    order = shop.fresh(order)
    assert total - order.estimate_total == yuan(380)
    assert billed(order) == [order.estimate_total]


def test_a_part_that_is_paid_for_stays_until_the_settlement_is_taken_back(shop):
    order = shop.pay(shop.ready("MA001"))
    kept = (WorkOrder, PartLine, RequestLine, Balance, Move)
    before = everything(*kept)
    with pytest.raises(Refused, match=r"workshop.order.parts_paid"):
        brought_back(shop, order, shop.filter, 1)
    assert everything(*kept) == before


def test_for_a_car_that_is_gone_the_keeper_hears_another_way_than_a_settlement_that_cannot_go_back(shop):
    order = shop.handed_over(shop.pay(shop.ready("MA001")))
    before = everything(WorkOrder, PartLine, RequestLine, Balance, Move)
    with pytest.raises(Refused, match=r"workshop.order.parts_gone"):
        brought_back(shop, order, shop.filter, 1)
    assert everything(WorkOrder, PartLine, RequestLine, Balance, Move) == before


def test_handing_out_cannot_be_undone_once_the_part_is_used(shop):
    order = shop.ready("CH001")
    handed_out = AuditEntry.objects.get(code="parts.request.issued")
    kept = (WorkOrder, PartLine, RequestLine, Balance, Move)
    before = everything(*kept)
    with pytest.raises(Refused) as refused:
        acts.undo(handed_out.uid, by=shop.keeper, now=NOW)
    assert (refused.value.code, order.state) == ("workshop.line.not_now", "qc")
    assert everything(*kept) == before
