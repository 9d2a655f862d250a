"""Each main act is cut short at every one of its statements: it has not happened then, and done again it happens once.

The test regime of reliability.md 10, row "crash at each statement".
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import partial

import pytest
from django.apps import apps
from django.db import OperationalError, connection, transaction

from cheyi.foundation import acts, invariants
from cheyi.foundation.models import AuditEntry
from cheyi.kernel import Money, Rate
from cheyi.parts import actions as parts
from cheyi.parts.actions import Incoming
from cheyi.parts.models import Balance, RequestLine
from cheyi.settlement import actions as settlement
from cheyi.settlement.actions import Tender
from cheyi.settlement.models import Payment
from cheyi.settlement.queries import bills_of
from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted, LeavingCar
from cheyi.workshop.actions.stock import source_of
from tests.foundation.org import NOW
from tests.workshop.shop import everything, q, yuan

WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK")
ROLES = ("store_manager", "advisor", "foreman", "inspector", "cashier", "parts_keeper")
FEWEST, MOST = 5, 400  # statements of an act
LEAVING = LeavingCar(old_parts_choice="give_up", keys_out=True)


def tables_written_by(act):
    """The tables that an act writes to; it is tried out and taken back."""
    written = set()

    def look(execute, sql, params, many, context):
        written.update(WRITES.findall(str(sql)))
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(look):
            act()
        transaction.set_rollback(True)
    return [model for model in apps.get_models() if model._meta.db_table in written]


@contextmanager
def cut_at(place):
    """The connection breaks at the statement of this number."""
    left = [place]

    def cut(execute, sql, params, many, context):
        if not str(sql).startswith(CONTROL):
            left[0] -= 1
            if left[0] == 0:
                raise OperationalError("cut short")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(cut):
        yield


# Each prepares a shop and gives the act, which reads its rows anew as a page does.


def opening(shop):
    car, wang = shop.car(), shop.employee(shop.technician())
    jobs = [JobWanted(code) for code in ("MA001", "CH001", "DT004")]
    return lambda: actions.open_order(
        vehicle=car, jobs=jobs, mileage=20_400, dispatch_to=wang, by=shop.advisor, now=NOW
    )


def adding_a_line(shop):
    order = shop.opened("MA001")
    return lambda: actions.add_line(shop.fresh(order), jobs=[JobWanted("CH001")], by=shop.advisor, now=NOW)


def dispatching(shop):
    order, wang = shop.opened("MA001", "DT004"), shop.employee(shop.technician())
    return lambda: actions.dispatch(shop.fresh(order), technician=wang, by=shop.foreman, now=NOW)


def starting(shop):
    wang = shop.technician()
    order = shop.opened("MA001", to=wang)
    return lambda: actions.start_job(shop.labour(order), by=wang, now=NOW)


def _at_work(shop, *codes):
    wang = shop.technician()
    order = shop.opened(*(codes or ("MA001",)), to=wang)
    shop.hand_out(order)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    return order, wang


def pausing(shop):
    order, wang = _at_work(shop)
    return lambda: actions.pause_job(shop.labour(order), by=wang, now=NOW)


def finishing(shop):
    order, wang = _at_work(shop)
    return lambda: actions.finish_job(shop.labour(order), self_checked=True, by=wang, now=NOW)


def finding_more(shop):
    order, wang = _at_work(shop)
    op = shop.op("CH001")
    return lambda: actions.report_finding(shop.fresh(order), item="刹车片薄", op=op, urgency="now", by=wang, now=NOW)


def agreeing_to_more(shop):
    order, wang = _at_work(shop)
    actions.add_extra(order, jobs=[JobWanted("CH001")], by=wang, now=NOW)
    return lambda: actions.approve(actions.pending_lines(shop.fresh(order)), by=shop.advisor, now=NOW)


def declining_more(shop):
    order, wang = _at_work(shop)
    actions.add_extra(order, jobs=[JobWanted("CH001")], by=wang, now=NOW)
    return lambda: actions.decline(actions.pending_lines(shop.fresh(order)), by=shop.advisor, now=NOW)


def holding(shop):
    order, wang = _at_work(shop)
    return lambda: actions.hold(shop.fresh(order), reason="wait_tool", by=wang, now=NOW)


def cancelling(shop):
    order = shop.opened("MA001", to=shop.technician())
    return lambda: actions.cancel(shop.fresh(order), reason="customer_gave_up", by=shop.manager, now=NOW)


def taking_a_line_off(shop):
    order = shop.opened("MA001", "CH001")
    return lambda: actions.remove_line(shop.labour(order, 1), reason="customer", by=shop.advisor, now=NOW)


def changing_a_price(shop):
    order = shop.ready("MA001")
    return lambda: actions.change_price(
        shop.labour(order), unit_price=yuan(99), reason="agreed", by=shop.manager, now=NOW
    )


def giving_a_discount(shop):
    order = shop.ready("MA001")
    return lambda: actions.discount(shop.labour(order), rate=Rate(500), reason="regular", by=shop.manager, now=NOW)


def handing_out(shop):
    order = shop.opened("MA001", to=shop.technician())
    line = RequestLine.objects.get(request__source_id=order.pk, part=shop.oil)
    words = {"quantity": q(4), "typed_number": shop.oil.part_no, "by": shop.keeper, "now": NOW}
    return lambda: parts.issue(shop.fresh(line), **words)


def undoing_a_handing_out(shop):
    handing_out(shop)()
    entry = AuditEntry.objects.get(code="parts.request.issued")
    return lambda: acts.undo(entry.uid, by=shop.keeper, now=NOW)


def bringing_back(shop):
    order = shop.ready("MA001")
    line = RequestLine.objects.get(request__source_id=order.pk, part=shop.oil)
    words = {"quantity": q("1.5"), "condition": "good", "by": shop.keeper, "now": NOW}
    return lambda: parts.take_back(shop.fresh(line), **words)


def receiving(shop):
    shop.opened("MA001")
    incoming = [Incoming(part.pk, q(5), yuan(200)) for part in (shop.oil, shop.filter)]
    return lambda: parts.receive(incoming=incoming, store=shop.store, by=shop.keeper, now=NOW)


def counting(shop):
    row = Balance.objects.order_by("pk")[0]
    return lambda: parts.adjust(shop.fresh(row), found=q(3), reason="盘点", by=shop.keeper, now=NOW)


def passing_the_check(shop):
    order, wang = _at_work(shop, "CH001")
    actions.finish_job(shop.labour(order), self_checked=True, by=wang, now=NOW)
    passing = partial(actions.pass_check, answers=shop.ticked(), road_test_km=3, by=shop.inspector, now=NOW)
    return lambda: passing(shop.fresh(order))


def sending_back(shop):
    order, wang = _at_work(shop, "CH001")
    actions.finish_job(shop.labour(order), self_checked=True, by=wang, now=NOW)
    lines = [shop.labour(order)]
    return lambda: actions.send_back(shop.fresh(order), lines=lines, reason="noise", by=shop.inspector, now=NOW)


def _due(order):
    bills = [view.bill for view in bills_of(source_of(order)) if not view.is_met]
    return bills, sum((bill.outstanding for bill in bills), Money(0))


def paying(shop):
    order = shop.ready("MA001")

    def pay():
        bills, due = _due(order)
        tenders = [Tender("cash", yuan(100)), Tender("wechat", due - yuan(100))]
        settlement.take_payment(bills, tenders, store=shop.store, by=shop.cashier, now=NOW)

    return pay


def paying_and_handing_over(shop):
    order = shop.ready("MA001")

    def pay():
        tenders = [Tender("cash", _due(order)[1])]
        actions.pay_and_hand_over(shop.fresh(order), tenders=tenders, leaving=LEAVING, by=shop.cashier, now=NOW)

    return pay


def giving_money_back(shop):
    order = shop.ready("MA001")
    settlement.take_payment(_due(order)[0], [Tender("cash", yuan(100))], store=shop.store, by=shop.cashier, now=NOW)
    row = Payment.objects.get()
    words = {"reason": "wrong", "approver": shop.manager, "store": shop.store, "by": shop.cashier, "now": NOW}
    return lambda: settlement.refund(shop.fresh(row), amount=yuan(60), **words)


def taking_a_settlement_back(shop):
    order = shop.pay(shop.ready("MA001"))
    words = {"reason": "wrong", "approver": shop.manager, "by": shop.cashier, "now": NOW}
    return lambda: actions.unsettle(shop.fresh(order), **words)


def handing_over(shop):
    order = shop.pay(shop.ready("MA001"))
    return lambda: actions.hand_over(shop.fresh(order), leaving=LEAVING, by=shop.advisor, now=NOW)


def booking(shop):
    car = shop.car()
    return lambda: actions.book(
        wanted_at=NOW.replace(hour=6), vehicle=car, op_codes=["MA001"], by=shop.advisor, now=NOW
    )


ACTS = [
    opening,
    adding_a_line,
    dispatching,
    starting,
    pausing,
    finishing,
    finding_more,
    agreeing_to_more,
    declining_more,
    holding,
    cancelling,
    taking_a_line_off,
    changing_a_price,
    giving_a_discount,
    handing_out,
    undoing_a_handing_out,
    bringing_back,
    receiving,
    counting,
    passing_the_check,
    sending_back,
    paying,
    paying_and_handing_over,
    giving_money_back,
    taking_a_settlement_back,
    handing_over,
    booking,
]


@pytest.mark.parametrize("prepare", ACTS)
def test_an_act_cut_short_at_any_statement_has_not_happened_and_is_done_again(shop, prepare):
    for role in ROLES:
        shop.town.person(role)
    act = prepare(shop)
    tables = tables_written_by(act)
    before = everything(*tables)
    for place in range(1, MOST):
        try:
            with cut_at(place):
                act()
        except OperationalError:
            assert everything(*tables) == before, f"cut at statement {place}"
        else:
            break
    assert FEWEST < place < MOST
    assert everything(*tables) != before
    assert [line for finding in invariants.check() for line in finding.violations] == []
