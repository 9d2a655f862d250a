"""The workshop's proofs: silent over a whole day, and each one finds its fault."""

from __future__ import annotations

import pytest

from cheyi.foundation.scope import everywhere
from cheyi.kernel import Rate
from cheyi.settlement.models import Bill
from cheyi.workshop import actions, invariants
from cheyi.workshop.actions import JobWanted
from cheyi.workshop.models import Assignment, LabourLine, OrderSpell, PartLine, WorkOrder
from tests.foundation.org import NOW
from tests.workshop.shop import q, yuan

PROOFS = (
    invariants.wrong_totals,
    invariants.wrong_issues,
    invariants.wrong_shares,
    invariants.wrong_clocks,
    invariants.wrong_payments,
    invariants.wrong_histories,
)


@pytest.fixture
def day(shop):
    """A car that was handed over and one that is at work, with an extra and a part that came back."""
    from cheyi.parts import actions as parts
    from cheyi.parts.models import RequestLine

    wang = shop.technician()
    shop.handed_over(shop.pay(shop.ready("MA001")))
    order = shop.opened("CH001", "DT004", car=shop.car("沪A80002", vin="", owner=False), to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    shop.hand_out(order)
    line = RequestLine.objects.get(request__source_id=order.pk)
    parts.take_back(line, quantity=line.issued, condition="good", by=shop.keeper, now=NOW)
    actions.add_extra(order, jobs=[JobWanted("MA005")], by=wang, now=NOW)
    return order


def violations() -> dict[str, list[str]]:
    with everywhere("checking"):
        return {proof.__name__: found for proof in PROOFS if (found := list(proof()))}


def test_a_day_in_the_workshop_violates_nothing(day):
    assert violations() == {}


@pytest.mark.parametrize(
    ("fault", "proof"),
    [
        (lambda order: WorkOrder.objects.filter(pk=order.pk).update(estimate_total=yuan(1)), "wrong_totals"),
        (lambda order: PartLine.objects.filter(order=order).update(returned=q(0)), "wrong_issues"),
        (lambda order: Assignment.objects.filter(store=order.store).update(share=Rate(9999)), "wrong_shares"),
        (lambda order: LabourLine.objects.filter(order=order, state="working").update(state="done"), "wrong_clocks"),
        (lambda order: OrderSpell.objects.filter(state="working", order=order).update(state="qc"), "wrong_histories"),
        (lambda order: Bill.objects.filter(store=order.store).update(state="partial", paid=yuan(0)), "wrong_payments"),
    ],
)
def test_each_fault_is_found(day, fault, proof):
    fault(day)
    assert list(violations()) == [proof]
